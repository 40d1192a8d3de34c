internal import Capture
internal import Foundation
internal import Output
internal import Packets
public import Rules
internal import Values

/// Runs captures through rules for their tests, exactly as a sensor runs them, only without a log.
public struct CaptureReplay: PcapReplay {
  private let configuration: SensorConfiguration

  /// A replay with the limits of a configuration.
  public init(configuration: SensorConfiguration = SensorConfiguration()) {
    self.configuration = configuration
  }

  /// All alerts of a capture.
  ///
  /// A relative path is looked for from the working directory, then from the rule file's folder and each
  /// folder above it, so that tests name captures from the top of their project wherever they are run.
  ///
  /// - Parameter reloaded: rules that take the place of the others after half of the packets, if any.
  public func replay(
    _ path: String, ruleFile: String, with ruleSet: CompiledRuleSet, replacedBy reloaded: CompiledRuleSet?
  ) throws(PcapReplayFault) -> ReplayedCapture {
    let found = try Self.locate(path, ruleFile: ruleFile)
    let (whole, packets) = try run(found, ruleSet, exchange: nil, after: 0)
    guard let reloaded else { return whole }
    let adoption = RuleAdoption(reloaded, replacing: ruleSet, limits: configuration.engineLimits)
    let exchange = RuleExchange(adoption, isOfLists: true)
    return try run(found, ruleSet, exchange: exchange, after: packets / 2).capture
  }

  private func run(
    _ path: String, _ ruleSet: CompiledRuleSet, exchange: RuleExchange?, after packets: UInt64
  ) throws(PcapReplayFault) -> (capture: ReplayedCapture, packets: UInt64) {
    let mailbox = SensorMailbox()
    var reader: SplitReader
    do throws(CaptureError) {
      reader = SplitReader(try PcapReader([path]), at: packets) {
        if let exchange { mailbox.post(.exchange(exchange)) }
      }
    } catch {
      throw PcapReplayFault(error.description)
    }
    var alerts: [ObservedAlert] = []
    var quiet = configuration
    quiet.loggedTypes = []
    var sensor = Sensor(rules: ruleSet, configuration: quiet, sinks: [], mailbox: mailbox) {
      alert, _, group, _ in alerts.append(ObservedAlert(alert, group: group))
    }
    let report = sensor.run(&reader, stop: StopFlag())
    if let error = report.captureErrors.first { throw PcapReplayFault(error.description) }
    let start = report.start ?? Timestamp(nanoseconds: 0)
    return (ReplayedCapture(start: start, alerts: alerts), report["decoder.pkts"])
  }

  private static func locate(_ path: String, ruleFile: String) throws(PcapReplayFault) -> String {
    if path.hasPrefix("/") || FileManager.default.fileExists(atPath: path) { return path }
    var folder = URL(fileURLWithPath: ruleFile).deletingLastPathComponent()
    while true {
      let candidate = folder.appendingPathComponent(path).path
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
      guard folder.path != "/" else { break }
      folder.deleteLastPathComponent()
    }
    throw PcapReplayFault("no capture '\(path)' here, beside the rule file or in a folder above it")
  }
}

/// Reads a capture, and calls after some of its frames.
private struct SplitReader: FrameSource, ~Copyable {
  private var reader: PcapReader
  /// Frames until then; 0 when it is done.
  private var remaining: UInt64
  private let onSplit: () -> Void

  init(_ reader: consuming PcapReader, at frames: UInt64, onSplit: @escaping () -> Void) {
    self.reader = reader
    remaining = frames
    self.onSplit = onSplit
  }

  mutating func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> FrameSourceState {
    guard remaining > 0 else { return try reader.read(upTo: limit, visitor: &visitor) }
    let before = reader.statistics.received
    let state = try reader.read(upTo: min(limit, Int(clamping: remaining)), visitor: &visitor)
    let given = reader.statistics.received - before
    guard given >= remaining else {
      remaining -= given
      return state
    }
    remaining = 0
    onSplit()
    return state
  }

  var inputNames: [String] { reader.inputNames }
  var fractionRead: Double? { reader.fractionRead }
  var statistics: CaptureStatistics { reader.statistics }
}
