import Capture
import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// The RTP streams of real captures are those that another program lists.
@Suite struct StreamCorpusTests {
  /// A stream as both sides know it.
  struct Stream: CustomStringConvertible {
    var source: String
    var destination: String
    var ssrc: Int
    var packets: Int
    var lost: Int
    var duplicates = 0
    /// Highest jitter in milliseconds; nil when it was not measured.
    var jitter: Double?

    var name: String { "\(source) > \(destination) \(String(ssrc, radix: 16))" }
    var description: String { "\(name): \(packets)" }
  }

  /// The reference's list.
  struct Truth: Decodable {
    struct RTP: Decodable {
      var streams: [Entry]
    }

    struct Entry: Decodable {
      var src: String
      var sport: Int
      var dst: String
      var dport: Int
      var ssrc: String
      var packets: Int
      var lost: Int
      // swift-format-ignore: AlwaysUseLowerCamelCase
      var max_jitter_ms: Double
    }

    var rtp: RTP?

    /// The reference's streams of ten packets or more.
    static func streams(of name: String) throws -> [Stream] {
      let file = "truth/" + name.replacingOccurrences(of: "/", with: "__") + ".json"
      let data = try Data(contentsOf: TestFolders.sharedCaptures.appendingPathComponent(file))
      let entries = try JSONDecoder().decode(Truth.self, from: data).rtp?.streams ?? []
      return entries.filter { $0.packets >= 10 }.map { entry in
        Stream(
          source: "\(entry.src):\(entry.sport)", destination: "\(entry.dst):\(entry.dport)",
          ssrc: Int(entry.ssrc.dropFirst(2), radix: 16) ?? -1, packets: entry.packets, lost: entry.lost,
          jitter: entry.max_jitter_ms)
      }
    }
  }

  /// What the reference says of a stream when it does not follow session descriptions, and why that counts.
  struct Correction {
    let file: String
    let stream: String
    /// What its default list has.
    let listed: Int
    let packets: Int
    let lost: Int
    let jitter: Double
    let reason: String
  }

  /// By its default, the reference takes the ports for T.38 from a re-INVITE on that is refused with 488.
  /// With its SIP, SDP and T.38 off and its RTP heuristic on, it counts what the bytes are, which
  /// `FaxStreamTests` looks at: RTP.
  static let corrections: [Correction] = [
    Correction(
      file: "ajbanjara__Wireshark/SampleCaptures/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", stream: faxStream,
      listed: 1838, packets: 3848, lost: 0, jitter: 15.523, reason: "RTP taken for T.38 that was refused"),
    Correction(
      file: "ntop__nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", stream: faxStream,
      listed: 132, packets: 159, lost: 1712, jitter: 7.007, reason: "RTP taken for T.38 that was refused"),
  ]

  private static let faxStream = "10.35.60.100:15580 > 10.23.1.52:16756 eaf0eaf"

  /// A stream whose highest jitter differs, ours in milliseconds, and why.
  struct JitterDifference {
    let file: String
    let stream: String
    let ours: Double
    let reason: String
  }

  static let jitterDifferences: [JitterDifference] = [
    JitterDifference(
      file: "ajbanjara__Wireshark/SampleCaptures/SIP_DTMF2.cap",
      stream: "192.168.105.172:4376 > 192.168.105.110:4376 5711bf84", ours: 0.015,
      reason: "the reference counts telephone events, whose timestamps stand still"),
    JitterDifference(
      file: "ajbanjara__Wireshark/SampleCaptures/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap",
      stream: "10.23.1.52:16756 > 10.35.60.100:15580 17d90134", ours: 15.332,
      reason:
        "the sender's clock leaps by 44 s; in a part of this capture the reference does not count it either"),
    JitterDifference(
      file: "ntop__nDPI/tests/cfgs/default/pcap/skinny.pcap",
      stream: "192.168.195.58:32144 > 192.168.195.50:17718 f6bf57dc", ours: 0.013,
      reason: "the capture has each packet twice, and the reference counts the copies"),
  ]

  /// Goes through a reference's streams with our streams of the same name.
  ///
  /// - Parameter isCorrected: whether the reference's known mistakes are put right before.
  private func compare(
    isCorrected: Bool = true, _ body: (String, Stream, [Stream]) throws -> Void
  ) throws {
    for name in try TestFolders.sharedCaptureNames() {
      let expected = try Truth.streams(of: name)
      guard !expected.isEmpty else { continue }
      let counted = try streams(of: name)
      for var stream in expected {
        if isCorrected,
          let better = Self.corrections.first(where: { $0.file == name && $0.stream == stream.name })
        {
          (stream.packets, stream.lost, stream.jitter) = (better.packets, better.lost, better.jitter)
        }
        try body(name, stream, counted.filter { $0.name == stream.name })
      }
    }
  }

  /// The figures of `docs/compared.md`: the default list as it is, in every file, without a correction.
  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `streams of ten packets or more are those that the reference lists, but for what is explained`() throws
  {
    var (entries, equal) = (0, 0)
    var isEqual: [String: Bool] = [:]
    try compare(isCorrected: false) { name, stream, ours in
      entries += 1
      if ours.map(\.packets) == [stream.packets] {
        equal += 1
        isEqual[stream.name] = isEqual[stream.name] ?? true
        return
      }
      isEqual[stream.name] = false
      let known = Self.corrections.first { $0.file == name && $0.stream == stream.name }
      let explained = try #require(known, "\(name) \(stream), ours \(ours)")
      #expect(stream.packets == explained.listed)
      #expect(ours.map(\.packets) == [explained.packets], "\(name) \(stream)")
    }
    #expect((entries, equal) == (35, 33))
    #expect((isEqual.count, isEqual.values.count { $0 }) == (30, 29))
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `losses are those of the reference, but never negative`() throws {
    var total = 0
    try compare { name, stream, ours in
      guard let found = ours.first else { return }
      total += 1
      // The reference counts a packet that came twice as one that was not lost.
      #expect(found.lost - found.duplicates == stream.lost, "\(name) \(stream)")
      #expect(found.lost >= 0)
    }
    #expect(total >= 35)
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `the highest jitter is that of the reference within five percent`() throws {
    var (total, explained) = (0, 0)
    try compare { name, stream, ours in
      // Zero is what the reference says where it does not know the clock.
      guard let found = ours.first, let expected = stream.jitter, expected > 0 else { return }
      let jitter = try #require(found.jitter, "\(name) \(stream)")
      if let known = Self.jitterDifferences.first(where: { $0.file == name && $0.stream == stream.name }) {
        explained += 1
        #expect(abs(jitter - known.ours) < 0.001, "\(name) \(stream)")
        return
      }
      total += 1
      // The reference cuts its figures to microseconds.
      #expect(abs(jitter - expected) <= max(0.0011, 0.05 * expected), "\(name) \(stream): \(jitter)")
    }
    #expect(total >= 30 && explained == Self.jitterDifferences.count)
  }

  private func streams(of name: String) throws -> [Stream] {
    var configuration = SensorConfiguration()
    configuration.loggedTypes = [.rtp]
    configuration.flowLimit = 1 << 14
    configuration.streamLimit = 1 << 12
    configuration.messageMemory = 1 << 12
    let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
    let run = try SensorRun([path], names: [name], rules: .none, configuration: configuration)
    return try run.objects().compactMap { line in
      let rtp = try line.object("rtp")
      guard rtp["event"] as? String == "ended" else { return nil }
      return Stream(
        source: "\(line["src_ip"] as? String ?? ""):\(line["src_port"] as? Int ?? 0)",
        destination: "\(line["dest_ip"] as? String ?? ""):\(line["dest_port"] as? Int ?? 0)",
        ssrc: rtp["ssrc"] as? Int ?? -1, packets: rtp["packets"] as? Int ?? 0,
        lost: rtp["lost"] as? Int ?? -1, duplicates: rtp["duplicates"] as? Int ?? 0,
        jitter: (rtp["max_jitter"] as? Double).map { $0 * 1000 })
    }
  }
}
