public import Values

/// What a rule made of each event of a run, summed up.
public struct RuleExplanation: Sendable {
  /// What became of an event.
  public enum Outcome: Hashable, Sendable {
    /// A part of `when` was false, or unknown because a value was absent; the text of the part.
    case stopped(clause: String, isUnknown: Bool)
    /// The schedule of `during` kept the rule silent.
    case offSchedule(String)
    /// An exception of this name held.
    case excepted(String)
    /// A part of the key had no value.
    case missingKey(String)
    /// It came too late to be counted.
    case late
    /// It counts, and the block of the rule asks for more.
    case counted
    /// It counts, and an event is expected to follow.
    case waiting
    /// It is the event that a match waits for, or would be.
    case expected
    /// The rule would fire but for the silence after an alert.
    case suppressed
    /// The rule fired.
    case fired
  }

  /// One event with its outcome.
  public struct Observation: Sendable {
    /// When it happened.
    public let time: Timestamp
    /// Number of its packet; nil without one.
    public let packet: Int64?
    /// What became of it.
    public let outcome: Outcome
    /// What decided, by name; nil is absent.
    public let values: [(name: String, value: String?)]
  }

  /// All events with one outcome.
  public struct Group: Sendable {
    /// The outcome.
    public let outcome: Outcome
    /// How many.
    public internal(set) var count = 0
    /// The first ones.
    public internal(set) var examples: [Observation] = []
  }

  /// An alert with what is behind it.
  public struct FiredAlert: Sendable {
    /// The alert.
    public let alert: Alert
    /// The values of the rule's key.
    public let group: [(name: String, value: String)]
  }

  /// The rule.
  public let rule: RuleMetadata
  /// Events of the kinds that the rule looks at.
  public internal(set) var eventCount = 0
  /// The event that came nearest to the threshold without reaching it.
  public internal(set) var nearest: Observation?
  /// The outcomes in the order in which a rule goes about it.
  public internal(set) var groups: [Group] = []
  /// The alerts, in order.
  public internal(set) var alerts: [FiredAlert] = []
  /// Each event, when all were asked for.
  public internal(set) var observations: [Observation] = []
  /// Matches of which the end of the input does not tell what followed.
  public internal(set) var pendingCount = 0
}
