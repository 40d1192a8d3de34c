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
    return watch { rules, configuration, listener in
      var sensor = Sensor(rules: rules, configuration: configuration, sinks: [], onAlert: listener)
      return sensor.run(&reader, stop: StopFlag())
    }
  }

  /// Reads logs to their end.
  public func read(logs paths: [String]) throws(CaptureError) -> RunReport {
    var source = try LoggedEvents(paths)
    return watch { rules, configuration, listener in
      var replay = LogReplay(rules: rules, configuration: configuration, sinks: [], onAlert: listener)
      return replay.run(&source, stop: StopFlag())
    }
  }

  /// Runs the rule with its probe, whose alerts are the events to explain.
  private func watch(
    _ run: (CompiledRuleSet, SensorConfiguration, @escaping AlertListener) -> RunReport
  ) -> RunReport {
    run(explainer.ruleSet, configuration) { [explainer] alert, _, _, event in
      if alert.rule == explainer.probe { explainer.explain(event) }
    }
  }

  /// What came out, up to the end of the input.
  public func finish(_ report: RunReport) -> RuleExplanation { explainer.finish(at: report.end) }
}
