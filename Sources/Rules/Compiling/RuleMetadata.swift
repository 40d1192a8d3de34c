public import Events

/// What a log says about a rule; the same for all its alerts.
public struct RuleMetadata: Sendable {
  /// The name that people use.
  public let id: String
  /// `alert.signature_id`.
  public let sid: Int
  /// `alert.gid`: 1, as for all rules that people write.
  public let gid = 1
  /// `alert.rev`.
  public let revision: Int
  /// `alert.signature`.
  public let title: String
  /// `alert.category`.
  public let category: String?
  /// `alert.severity`.
  public let severity: Severity
  /// Free words.
  public let tags: [String]
  /// MITRE ATT&CK techniques.
  public let attackTechniques: [String]
  /// Addresses of further reading.
  public let references: [String]
  /// Prose for the reader of an alert.
  public let documentation: String?
  /// How easily the evidence is forged, 0 … 3, when the rule says.
  public let spoofability: Int?
  /// The rule file.
  public let file: String
  /// Line of the rule in it, from 1.
  public let line: Int
  /// The name in `event`.
  public let eventName: String
  /// The kinds of event that the rule meets.
  public let kinds: EventKindSet
  /// The text of `when`, empty when every event of the kind matches.
  public let clause: String
  /// The texts of the group keys, in order; empty without a correlation block.
  public let groupKeys: [String]
  /// The texts of the keys of a silence, which a summary has; those of the group without keys of its own.
  public let summaryKeys: [String]
  /// Those of both that hold credentials or a body: rules may count by them, the log never shows their values.
  let secretKeys: Set<String>
  /// The names of the values of `measure`, in order.
  public let measuredNames: [String]
  /// Names of the exceptions, in order.
  public let exceptions: [String]
  /// What overrides set: keys, and `params.NAME`.
  public let overriddenKeys: [String]
  /// Whether it runs.
  public let isEnabled: Bool

  /// The texts of the keys whose values an alert has.
  public func keys(of reason: Alert.Reason) -> [String] { reason == .summary ? summaryKeys : groupKeys }
}
