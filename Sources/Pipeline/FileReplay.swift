internal import Capture
internal import Foundation
internal import Output
internal import Packets
public import Rules
internal import Values

/// Runs captures and logs through rules for their tests, exactly as a sensor runs them, only without a log.
public struct FileReplay: TestReplay {
  private let configuration: SensorConfiguration

  /// A replay with the limits of a configuration.
  public init(configuration: SensorConfiguration = SensorConfiguration()) {
    self.configuration = configuration
  }

  /// All alerts of a capture or a log.
  ///
  /// A relative path is looked for from the working directory, then from the rule file's folder and each
  /// folder above it, so that tests name files from the top of their project wherever they are run.
  ///
  /// - Parameter reloaded: rules that take the place of the others after half of the packets of a capture, if
  ///   any; a replayed log takes no other rules on its way.
  public func replay(
    _ kind: TestInputFile, _ path: String, ruleFile: String, with ruleSet: CompiledRuleSet,
    replacedBy reloaded: CompiledRuleSet?
  ) throws(TestReplayFault) -> ReplayedInput {
    let found = try Self.locate(path, ruleFile: ruleFile)
    do throws(CaptureError) {
      switch kind {
      case .capture: return try replay(capture: found, ruleSet, replacedBy: reloaded)
      case .log: return try replay(log: found, ruleSet)
      }
    } catch {
      throw TestReplayFault(error.description)
    }
  }

  private var quiet: SensorConfiguration {
    var quiet = configuration
    quiet.loggedTypes = []
    return quiet
  }

  private func replay(
    capture path: String, _ ruleSet: CompiledRuleSet, replacedBy reloaded: CompiledRuleSet?
  ) throws(CaptureError) -> ReplayedInput {
    let (whole, packets) = try run(path, ruleSet, exchange: nil, after: 0)
    guard let reloaded else { return whole }
    let adoption = RuleAdoption(reloaded, replacing: ruleSet, limits: configuration.engineLimits)
    let exchange = RuleExchange(adoption, isOfLists: true)
    return try run(path, ruleSet, exchange: exchange, after: packets / 2).input
  }

  private func run(
    _ path: String, _ ruleSet: CompiledRuleSet, exchange: RuleExchange?, after packets: UInt64
  ) throws(CaptureError) -> (input: ReplayedInput, packets: UInt64) {
    let mailbox = SensorMailbox()
    var reader = SplitReader(try PcapReader([path]), at: packets) {
      if let exchange { mailbox.post(.exchange(exchange)) }
    }
    var alerts: [ObservedAlert] = []
    var sensor = Sensor(rules: ruleSet, configuration: quiet, sinks: [], mailbox: mailbox) {
      alert, _, group, _ in alerts.append(ObservedAlert(alert, group: group))
    }
    let report = sensor.run(&reader, stop: StopFlag())
    if let error = report.captureErrors.first { throw error }
    let start = report.start ?? Timestamp(nanoseconds: 0)
    return (ReplayedInput(start: start, alerts: alerts), report["decoder.pkts"])
  }

  /// A log of a test must be whole, so that what it shows is not shown by half of it.
  private func replay(log path: String, _ ruleSet: CompiledRuleSet) throws(CaptureError) -> ReplayedInput {
    var source = try LoggedEvents([path])
    var alerts: [ObservedAlert] = []
    var replay = LogReplay(rules: ruleSet, configuration: quiet, sinks: []) { alert, _, group, _ in
      alerts.append(ObservedAlert(alert, group: group))
    }
    let report = replay.run(&source, stop: StopFlag())
    if let error = report.captureErrors.first { throw error }
    if let fault = report.replay?.firstFault {
      throw CaptureError(
        input: path, lastFrame: fault.line, cause: fault.cause, unit: "line",
        remedy: "mend or remove the line")
    }
    return ReplayedInput(start: report.start ?? Timestamp(nanoseconds: 0), alerts: alerts)
  }

  private static func locate(_ path: String, ruleFile: String) throws(TestReplayFault) -> String {
    if path.hasPrefix("/") || FileManager.default.fileExists(atPath: path) { return path }
    var folder = URL(fileURLWithPath: ruleFile).deletingLastPathComponent()
    while true {
      let candidate = folder.appendingPathComponent(path).path
      if FileManager.default.fileExists(atPath: candidate) { return candidate }
      guard folder.path != "/" else { break }
      folder.deleteLastPathComponent()
    }
    throw TestReplayFault("no file '\(path)' here, beside the rule file or in a folder above it")
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
