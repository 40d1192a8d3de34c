public import Values

/// Runs captures, simulations and logs through a rule set; supplied by whoever can read them.
public protocol TestReplay {
  /// All alerts that the traffic of a test raises.
  ///
  /// - Parameters:
  ///   - traffic: its paths are as the test names them: relative to the working directory, or else to the rule
  ///     file's folder.
  ///   - ruleFile: the path of the rule file.
  ///   - reloaded: rules that take the place of the others in the middle of the capture, if any.
  func replay(
    _ traffic: TestTraffic, ruleFile: String, with ruleSet: CompiledRuleSet,
    replacedBy reloaded: CompiledRuleSet?
  ) throws(TestReplayFault) -> ReplayedInput
}

/// Makes the captures of scenarios; supplied by whoever has a simulator.
public protocol TestSimulator {
  /// A capture file piece by piece: each call of the result gives the next one, at the end nil.
  ///
  /// - Parameter path: where the scenario is; nil when the test names one that comes with the program.
  func capture(
    of scenario: ScenarioDeclaration, at path: String?
  ) throws(TestReplayFault) -> () -> [UInt8]?
}

/// Why the traffic of a test could not be put into it.
public struct TestReplayFault: Error {
  private let lines: [String]
  private let diagnostics: DiagnosticSink

  /// A reason in one line.
  public init(_ message: String) {
    lines = [message]
    diagnostics = DiagnosticSink()
  }

  /// What is wrong with another file than that of the rule.
  public init(_ report: DiagnosticReport) {
    lines = report.renderText().split(separator: "\n").map(String.init)
    diagnostics = DiagnosticSink()
  }

  /// What is wrong at places of the rule file.
  public init(_ diagnostics: DiagnosticSink) {
    lines = []
    self.diagnostics = diagnostics
  }

  /// The reasons, a line each.
  ///
  /// - Parameter sources: the files of the rules.
  func lines(in sources: SourceFiles) -> [String] {
    lines
      + DiagnosticReport(diagnostics, sources: sources).renderText().split(separator: "\n").map(String.init)
  }
}

/// What came out of a capture, a simulation or a log.
public struct ReplayedInput: Sendable {
  /// Time of the first packet or event: offset 0 of the test.
  public var start: Timestamp
  /// Alerts of all rules, in order.
  public var alerts: [ObservedAlert]

  /// A result.
  public init(start: Timestamp, alerts: [ObservedAlert]) {
    self.start = start
    self.alerts = alerts
  }
}

/// An alert with the values of its group key.
public struct ObservedAlert: Sendable, Equatable {
  /// The alert.
  public var alert: Alert
  /// The values of the keys that `RuleMetadata.keys(of:)` names, from `RuleEngine.group(of:for:)`.
  public var group: [String]

  /// An alert with its key.
  public init(_ alert: Alert, group: [String]) {
    self.alert = alert
    self.group = group
  }
}
