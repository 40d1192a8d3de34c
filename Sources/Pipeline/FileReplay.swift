internal import Capture
internal import Foundation
internal import Output
internal import Packets
public import Rules
internal import Values

/// Runs captures, simulations and logs through rules for their tests, exactly as a sensor runs them, only without a
/// log.
public struct FileReplay: TestReplay {
  private let configuration: SensorConfiguration
  private let simulator: (any TestSimulator)?

  /// A replay with the limits of a configuration.
  ///
  /// - Parameter simulator: makes the captures of scenarios; without it their tests fail.
  public init(
    configuration: SensorConfiguration = SensorConfiguration(), simulator: (any TestSimulator)? = nil
  ) {
    self.configuration = configuration
    self.simulator = simulator
  }

  /// All alerts of a capture, a simulation or a log.
  ///
  /// A relative path is looked for from the working directory, then from the rule file's folder and each
  /// folder above it, so that tests name files from the top of their project wherever they are run.
  ///
  /// - Parameter reloaded: rules that take the place of the others after half of the packets of a capture, if
  ///   any; a replayed log takes no other rules on its way.
  public func replay(
    _ traffic: TestTraffic, ruleFile: String, with ruleSet: CompiledRuleSet,
    replacedBy reloaded: CompiledRuleSet?
  ) throws(TestReplayFault) -> ReplayedInput {
    if case .log(let path) = traffic {
      return try replay(log: try Self.locate(path.value, ruleFile: ruleFile), ruleSet)
    }
    let (whole, packets) = try run(traffic, ruleFile, ruleSet, exchange: nil, after: 0)
    guard let reloaded else { return whole }
    let adoption = RuleAdoption(reloaded, replacing: ruleSet, limits: configuration.engineLimits)
    let exchange = RuleExchange(adoption, isOfLists: true)
    return try run(traffic, ruleFile, ruleSet, exchange: exchange, after: packets / 2).input
  }

  private var quiet: SensorConfiguration {
    var quiet = configuration
    quiet.loggedTypes = []
    return quiet
  }

  private func run(
    _ traffic: TestTraffic, _ ruleFile: String, _ ruleSet: CompiledRuleSet, exchange: RuleExchange?,
    after packets: UInt64
  ) throws(TestReplayFault) -> (input: ReplayedInput, packets: UInt64) {
    let mailbox = SensorMailbox()
    var reader = SplitReader(try reader(of: traffic, ruleFile), at: packets) {
      if let exchange { mailbox.post(.exchange(exchange)) }
    }
    var alerts: [ObservedAlert] = []
    var sensor = Sensor(rules: ruleSet, configuration: quiet, sinks: [], mailbox: mailbox) {
      alert, _, group, _ in alerts.append(ObservedAlert(alert, group: group))
    }
    let report = sensor.run(&reader, stop: StopFlag())
    if let error = report.captureErrors.first { throw TestReplayFault(error.description) }
    let start = report.start ?? Timestamp(nanoseconds: 0)
    return (ReplayedInput(start: start, alerts: alerts), report["decoder.pkts"])
  }

  /// The packets of a capture or of a scenario, which is simulated as it is read.
  private func reader(of traffic: TestTraffic, _ ruleFile: String) throws(TestReplayFault) -> PcapReader {
    guard case .scenario(let scenario) = traffic else {
      let path = try Self.locate(traffic.name.value, ruleFile: ruleFile)
      return try Self.told { () throws(CaptureError) in try PcapReader([path]) }
    }
    guard let simulator else { throw TestReplayFault("scenarios cannot be simulated here") }
    let name = scenario.name.value
    let isPath = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    let path = isPath ? try Self.locate(name, ruleFile: ruleFile) : nil
    let pieces = CapturePieces(try simulator.capture(of: scenario, at: path))
    return try Self.told { () throws(CaptureError) in try PcapReader(pieces, name: name) }
  }

  /// What cannot be read is a fault of the test.
  private static func told<Value: ~Copyable>(
    _ read: () throws(CaptureError) -> Value
  ) throws(TestReplayFault) -> Value {
    do throws(CaptureError) {
      return try read()
    } catch {
      throw TestReplayFault(error.description)
    }
  }

  /// A log of a test must be whole, so that what it shows is not shown by half of it.
  private func replay(log path: String, _ ruleSet: CompiledRuleSet) throws(TestReplayFault) -> ReplayedInput {
    var source = try Self.told { () throws(CaptureError) in try LoggedEvents([path]) }
    var alerts: [ObservedAlert] = []
    var replay = LogReplay(rules: ruleSet, configuration: quiet, sinks: []) { alert, _, group, _ in
      alerts.append(ObservedAlert(alert, group: group))
    }
    let report = replay.run(&source, stop: StopFlag())
    if let error = report.captureErrors.first { throw TestReplayFault(error.description) }
    if let fault = report.replay?.firstFault {
      let error = CaptureError(
        input: path, lastFrame: fault.line, cause: fault.cause, unit: "line",
        remedy: "mend or remove the line")
      throw TestReplayFault(error.description)
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
