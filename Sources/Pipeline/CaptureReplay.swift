internal import Capture
internal import Foundation
internal import Output
public import Rules
internal import Values

/// Runs captures through rules for their tests, exactly as a sensor runs them, only without a log.
public struct CaptureReplay: TestReplay {
  private let configuration: SensorConfiguration

  /// A replay with the limits of a configuration.
  public init(configuration: SensorConfiguration = SensorConfiguration()) {
    self.configuration = configuration
  }

  /// All alerts of a capture.
  ///
  /// A relative path is looked for from the working directory, then from the rule file's folder and each
  /// folder above it, so that tests name captures from the top of their project wherever they are run.
  public func replay(
    _ path: String, ruleFile: String, with ruleSet: CompiledRuleSet
  ) throws(TestReplayFault) -> ReplayedInput {
    let found = try Self.locate(path, ruleFile: ruleFile)
    var reader: PcapReader
    do throws(CaptureError) {
      reader = try PcapReader([found])
    } catch {
      throw TestReplayFault(error.description)
    }
    var alerts: [ObservedAlert] = []
    var quiet = configuration
    quiet.loggedTypes = []
    var sensor = Sensor(rules: ruleSet, configuration: quiet, sinks: []) { alert, _, group, _ in
      alerts.append(ObservedAlert(alert, group: group))
    }
    let report = sensor.run(&reader, stop: StopFlag())
    if let error = report.captureErrors.first { throw TestReplayFault(error.description) }
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
    throw TestReplayFault("no capture '\(path)' here, beside the rule file or in a folder above it")
  }
}
