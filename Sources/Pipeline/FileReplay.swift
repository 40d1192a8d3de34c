internal import Capture
internal import Foundation
internal import Output
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
  public func replay(
    _ kind: TestInputFile, _ path: String, ruleFile: String, with ruleSet: CompiledRuleSet
  ) throws(TestReplayFault) -> ReplayedInput {
    let found = try Self.locate(path, ruleFile: ruleFile)
    do throws(CaptureError) {
      switch kind {
      case .capture: return try replay(capture: found, ruleSet)
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

  private func replay(capture path: String, _ ruleSet: CompiledRuleSet) throws(CaptureError) -> ReplayedInput
  {
    var reader = try PcapReader([path])
    var alerts: [ObservedAlert] = []
    var sensor = Sensor(rules: ruleSet, configuration: quiet, sinks: []) { alert, _, group, _ in
      alerts.append(ObservedAlert(alert, group: group))
    }
    let report = sensor.run(&reader, stop: StopFlag())
    if let error = report.captureErrors.first { throw error }
    return ReplayedInput(start: report.start ?? Timestamp(nanoseconds: 0), alerts: alerts)
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
