import Capture
import Foundation
import Packets
import Pipeline
import Rules
import Synchronization
import TestCaptures
import Testing
import Values

/// A source that gives requests second by second and says what it lost.
private struct LossySource: FrameSource {
  /// A batch: how many frames, and how many packets were lost before it.
  var batches: [(frames: Int, lost: UInt64)]
  /// Reads that fail before the last batch.
  var failures = 0
  private var number: UInt64 = 0
  private(set) var statistics = CaptureStatistics()

  let inputNames = ["eth9"]
  let fractionRead: Double? = nil

  init(_ batches: [(frames: Int, lost: UInt64)]) {
    self.batches = batches
    statistics.droppedByKernel = batches.first?.lost ?? 0
  }

  mutating func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> FrameSourceState {
    guard !batches.isEmpty else { return .ended }
    if batches.count == 1, failures > 0 {
      failures -= 1
      throw CaptureError(input: "eth9", cause: "it is gone", remedy: "look for it")
    }
    for _ in 0..<batches.removeFirst().frames { give(&visitor) }
    statistics.droppedByKernel += batches.first?.lost ?? 0
    return batches.isEmpty ? .ended : .more
  }

  private mutating func give<V: FrameVisitor & ~Copyable>(_ visitor: inout V) {
    number += 1
    let message = SIPText.request("OPTIONS", callID: "c\(number)", branch: "z9hG4bK\(number)")
    let frame = CaptureBytes.frame(
      message.bytes, from: CaptureBytes.Endpoint(192, 0, 2, UInt8(truncatingIfNeeded: number)),
      to: CaptureBytes.Endpoint(192, 0, 2, 10))
    visitor.visit(
      frame.span,
      FrameHeader(
        timestamp: Timestamp(seconds: 1_772_403_247 + Int64(number), nanoseconds: 0), number: number,
        originalLength: frame.count, linkType: .ethernet))
  }
}

/// Packets that the capture lost: nothing is claimed of what was in them.
@Suite struct CaptureLossTests {
  /// Each request is answered within three seconds, or else.
  private static let rules = """
    rules:
      - id: unanswered
        sid: 1
        title: No answer
        event: sip.request
        absence: {by: [client.ip], within: 3s, expect: {event: sip.response}}
    """

  private func run(_ batches: [(frames: Int, lost: UInt64)]) throws -> SensorRun {
    var source = LossySource(batches)
    return SensorRun(&source, rules: try CompiledRuleSet.compile(Self.rules))
  }

  private func losses(_ run: SensorRun) throws -> [String] {
    try run.objects(of: "anomaly").map { try $0.object("anomaly") }
      .filter { $0["event"] as? String == "capture.packets_lost" }
      .map { try #require($0["detail"] as? String) }
  }

  @Test(arguments: [true, false])
  func `a live input that breaks off is told of once, at once`(inLanes: Bool) throws {
    let told = Mutex<[String]>([])
    var configuration = SensorConfiguration()
    configuration.isOffline = false
    configuration.inputNames = ["eth9"]
    configuration.onInputLost = { error in told.withLock { $0.append(error.description) } }
    var source = LossySource([(10, 0), (10, 0)])
    source.failures = 3
    let run =
      inLanes
      ? SensorRun(inLanes: source, rules: .none, configuration: configuration)
      : SensorRun(&source, rules: .none, configuration: configuration)
    #expect(told.withLock { $0 } == ["eth9: it is gone; look for it"])
    #expect(run.report.captureErrors.count == 1)
    let lines = try run.objects().compactMap { line -> String? in
      guard let anomaly = line["anomaly"] as? [String: Any] else { return line["event_type"] as? String }
      return "\(anomaly["event"] ?? "") \(anomaly["detail"] ?? "")"
    }
    let lost = try #require(lines.firstIndex(of: "capture.input_lost eth9: it is gone"))
    #expect(lines.lastIndex(of: "sip").map { $0 > lost } == true)
    #expect(lines.count { $0.hasPrefix("capture.input_lost") } == 1)
  }

  @Test func `without a loss every absence is claimed once its time is over`() throws {
    let run = try run([(10, 0), (10, 0)])
    // The last four still wait at the end; the deadline of the fourth to last is the time of the last.
    #expect(try run.objects(of: "alert").count == 16)
    #expect(run.report["detect.absences_unknown"] == 0)
    #expect(try losses(run) == [])
  }

  @Test func `an absence that a loss falls into is unknown`() throws {
    let run = try run([(10, 0), (10, 7)])
    // At the loss five wait: one that is due and may still be answered late, and four whose time is not over.
    #expect(run.report["detect.absences_unknown"] == 5)
    #expect(try run.objects(of: "alert").count == 16 - 5)
    #expect(run.report["capture.kernel_drops"] == 7)
    #expect(try losses(run) == ["7 packets"])
  }

  @Test func `losses are reported once a minute with their number`() throws {
    let run = try run([(10, 3)] + Array(repeating: (frames: 1, lost: 1), count: 80) + [(1, 0)])
    #expect(try losses(run) == ["4 packets", "60 packets"])
    #expect(run.report["capture.kernel_drops"] == 83)
  }

  @Test func `a file that says where packets were lost gives the same result each time`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(PcapNG.capture(frames: 20, lostBefore: 10), as: "input.pcapng")
    let rules = try CompiledRuleSet.compile(Self.rules)
    let run = try SensorRun([path], names: ["input.pcapng"], rules: rules)
    #expect(run.report["detect.absences_unknown"] == 5)
    #expect(run.report["capture.kernel_drops"] == 7)
    #expect(try run.objects(of: "alert").count == 16 - 5)
    let again = try SensorRun([path], names: ["input.pcapng"], rules: rules)
    #expect(again.log == run.log)
  }
}

/// A pcapng file of requests, a second apart, in which seven packets were lost.
private enum PcapNG {
  static func capture(frames: Int, lostBefore place: Int) -> [UInt8] {
    var file = block(0x0a0d_0d0a, word(0x1a2b_3c4d, 4) + word(1, 2) + word(0, 2) + word(.max, 8))
    file += block(1, word(1, 2) + word(0, 2) + word(65_535, 4))
    for number in 0..<frames {
      let message = SIPText.request("OPTIONS", callID: "c\(number)", branch: "z9hG4bK\(number)")
      let frame = CaptureBytes.frame(
        message.bytes, from: CaptureBytes.Endpoint(192, 0, 2, UInt8(number + 1)),
        to: CaptureBytes.Endpoint(192, 0, 2, 10))
      let time = (1_772_403_247 + UInt64(number)) * 1_000_000
      var body = word(0, 4) + word(time >> 32, 4) + word(time & 0xffff_ffff, 4)
      body += word(UInt64(frame.count), 4) + word(UInt64(frame.count), 4) + frame
      body += [UInt8](repeating: 0, count: (4 - frame.count % 4) % 4)
      if number == place { body += word(4, 2) + word(8, 2) + word(7, 8) + word(0, 4) }
      file += block(6, body)
    }
    // The statistics of the interface say the same and are not counted again.
    let statistics = word(0, 4) + word(0, 8) + word(5, 2) + word(8, 2) + word(2, 8)
    return file + block(5, statistics + word(7, 2) + word(8, 2) + word(5, 8) + word(0, 4))
  }

  private static func block(_ type: UInt64, _ body: [UInt8]) -> [UInt8] {
    let length = word(UInt64(body.count + 12), 4)
    return word(type, 4) + length + body + length
  }

  private static func word(_ value: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}
