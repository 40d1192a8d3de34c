public import Capture
public import Rules

/// Runs captures or logs past a rule that is watched; nothing is logged.
public struct ExplanationRun {
  private var explainer: RuleExplainer
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
    var explainer = explainer
    let probe = explainer.probe
    configuration.inputNames = paths
    var sensor = Sensor(rules: explainer.ruleSet, configuration: configuration, sinks: []) {
      alert, _, _, event in
      if alert.rule == probe { explainer.explain(event) }
    }
    let report = sensor.run(&reader, stop: StopFlag())
    self.explainer = explainer
    return report
  }

  /// Reads logs to their end.
  public mutating func read(logs paths: [String]) throws(CaptureError) -> RunReport {
    var source = try LoggedEvents(paths)
    var explainer = explainer
    let probe = explainer.probe
    var replay = LogReplay(rules: explainer.ruleSet, configuration: configuration, sinks: []) {
      alert, _, _, event in
      if alert.rule == probe { explainer.explain(event) }
    }
    let report = replay.run(&source, stop: StopFlag())
    self.explainer = explainer
    return report
  }

  /// What came out, up to the end of the input.
  public mutating func finish(_ report: RunReport) -> RuleExplanation { explainer.finish(at: report.end) }
}
