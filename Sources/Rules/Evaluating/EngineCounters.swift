/// What an engine did, for `stats`.
public struct EngineCounters: Hashable, Sendable {
  /// Events processed.
  public var events: UInt64 = 0
  /// Conditions that were true, over all rules.
  public var matches: UInt64 = 0
  /// Alerts, summaries included.
  public var alerts: UInt64 = 0
  /// Alerts that became events for rules over alerts.
  public var chained: UInt64 = 0
  /// Alerts kept back by a silence.
  public var suppressed: UInt64 = 0
  /// Matches that an exception kept silent.
  public var excepted: UInt64 = 0
  /// Matches outside of the rule's schedule.
  public var offSchedule: UInt64 = 0
  /// Matches without a value for a part of the key.
  public var missingKeys: UInt64 = 0
  /// Matches that came too late to be counted.
  public var late: UInt64 = 0
  /// Keys given up because a table was full.
  public var evictions: UInt64 = 0
  /// Matches that wait for an event to follow; at the end of the input what became of them is open.
  public var pendingAbsences: Int = 0
  /// Matches of which lost packets or a pause of packet time hide what followed.
  public var unknownAbsences: UInt64 = 0
  /// Keys with chains of a sequence that are not complete.
  public var pendingSequences: Int = 0
  /// Keys whose chains were given up because nothing is known of some time.
  public var unknownSequences: UInt64 = 0
  /// Live things that gauges count.
  public var liveMembers: Int = 0
  /// Events that had to be looked at before nothing earlier could come, for lack of room.
  public var heldEarly: UInt64 = 0
  /// Keys in windows now.
  public var windowKeys: Int = 0
  /// Keys in silences now, some of which may be over.
  public var suppressedKeys: Int = 0
  /// Bytes of windows and silences.
  public var bytes: Int = 0
  /// Bytes that they take at the most.
  public var byteLimit: Int = 0
  /// Exceptions that have not held yet, expired ones aside.
  public var idleExceptions: Int = 0
  /// Exceptions that count no more.
  public var expiredExceptions: Int = 0
  /// Entries of all lists.
  public var listEntries: Int = 0

  /// All zero.
  public init() {}
}

/// What one rule did.
public struct RuleCounters: Hashable, Sendable {
  /// Times that the condition was true.
  public var matches: UInt64 = 0
  /// Alerts, summaries included.
  public var alerts: UInt64 = 0
  /// Alerts kept back by a silence.
  public var suppressed: UInt64 = 0
  /// Matches without a value for a part of the key.
  public var missingKeys: UInt64 = 0
  /// Matches that came too late to be counted.
  public var late: UInt64 = 0

  /// All zero.
  public init() {}
}

/// What an exception of a rule did.
public struct ExceptionUse: Hashable, Sendable {
  /// The rule.
  public let ruleID: String
  /// Its name.
  public let name: String
  /// How often it kept the rule silent.
  public let hits: UInt64
  /// Whether it counts no more, by packet time.
  public let isExpired: Bool
}
