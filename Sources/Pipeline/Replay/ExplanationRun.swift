public import Capture
public import Rules

/// Runs captures or logs past a rule that is watched; nothing is logged.
public struct ExplanationRun {
  private let explainer: RuleExplainer
  private var configuration: SensorConfiguration

  /// A run with the limits of a configuration.
  public init(_ explainer: RuleExplainer, configuration: SensorConfiguration) {
    self.explainer = explainer
    self.configuration = configuration
    self.configuration.loggedTypes = []
  }

  /// Reads captures to their end.
  public mutating func read(captures paths: [String]) throws(CaptureError) -> RunReport {
    var reader = try PcapReader(paths)
    configuration.inputNames = paths
    var sensor = Sensor(rules: explainer.ruleSet, configuration: configuration, sinks: []) {
      [explainer] alert, _, _, event in
      if alert.rule == explainer.probe { explainer.explain(event) }
    }
    return sensor.run(&reader, stop: StopFlag())
  }

  /// Reads logs to their end.
  public func read(logs paths: [String]) throws(CaptureError) -> RunReport {
    var source = try LoggedEvents(paths)
    var replay = LogReplay(rules: explainer.ruleSet, configuration: configuration, sinks: []) {
      [explainer] alert, _, _, event in
      if alert.rule == explainer.probe { explainer.explain(event) }
    }
    return replay.run(&source, stop: StopFlag())
  }

  /// What came out, up to the end of the input.
  public func finish(_ report: RunReport) -> RuleExplanation { explainer.finish(at: report.end) }
}
