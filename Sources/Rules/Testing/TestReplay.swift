public import Values

/// Runs captures and logs through a rule set; supplied by whoever can read them.
public protocol TestReplay {
  /// All alerts that a file raises.
  ///
  /// - Parameters:
  ///   - path: as the test names it: relative to the working directory, or else to the rule file's folder.
  ///   - ruleFile: the path of the rule file.
  ///   - reloaded: rules that take the place of the others in the middle of the capture, if any.
  func replay(
    _ kind: TestInputFile, _ path: String, ruleFile: String, with ruleSet: CompiledRuleSet,
    replacedBy reloaded: CompiledRuleSet?
  ) throws(TestReplayFault) -> ReplayedInput
}

/// Why a file could not be replayed.
public struct TestReplayFault: Error {
  /// The reason in one line.
  public let message: String

  /// A reason.
  public init(_ message: String) {
    self.message = message
  }
}

/// What came out of a capture or a log.
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
