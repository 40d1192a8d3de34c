public import Events
public import Values

/// A rule that fired.
///
/// The event that fired it is the one that was given to the engine, or an earlier one that the engine held;
/// the alert does not repeat its fields.
public struct Alert: Sendable, Equatable {
  /// Why it is there.
  public enum Reason: Sendable {
    /// The rule fired.
    case match
    /// A silence is over, and matches were suppressed in it. No event belongs to this alert.
    case summary
    /// An event did not follow. No event belongs to this alert; it is stamped with the deadline.
    case absence
  }

  /// Index of the rule in `CompiledRuleSet.metadata`.
  public var rule: Int
  /// Why it is there.
  public var reason = Reason.match
  /// Time of the event; of a summary, the end of the silence or the end of the input.
  public var timestamp: Timestamp
  /// Sequence of the event; of a summary, of the last event before it.
  public var sequence: UInt64
  /// Matches in the window, the threshold at most; nil where matches are not counted.
  public var count: Int?
  /// Distinct values in the window, the threshold at most; nil where they are not counted.
  public var distinct: Int?
  /// The window is after this instant; nil without a window. Of a sequence, when its first event was; of a
  /// summary, when the silence began.
  public var windowStart: Timestamp?
  /// The window ends with this instant; nil without a window. Of a summary, when the silence ended.
  public var windowEnd: Timestamp?
  /// Matches that a silence kept back; 0 except in summaries.
  public var suppressedCount: UInt64 = 0
  /// The packets behind it; none in summaries.
  public var evidence = Evidence()
  /// Values of `measure`, in the order of `RuleMetadata.measuredNames`.
  public var measured: [FieldValue] = []
  /// The event that the engine held; nil when another one or none belongs to the alert.
  public internal(set) var heldEvent: HeldEvent?
  /// Values of the group key unless the given event fired it, itself; otherwise ask the engine with the event.
  public var group: [String] = []
  /// The rules whose alerts led to this one.
  public var lineage = AlertLineage()
  /// Whether an alert fired it to which no event belongs.
  var isWithoutEvent = false

  /// Whether the event that was given to the engine fired it, be it through other alerts.
  public var hasEvent: Bool { reason == .match && heldEvent == nil && !isWithoutEvent }
}

/// An event that an engine held and that fired an alert; see `RuleEngine.restoreEvent(of:into:)`.
public struct HeldEvent: Sendable, Equatable {
  /// Where the engine has it.
  let slot: Int

  /// Which place an event had in an engine makes no difference.
  public static func == (left: HeldEvent, right: HeldEvent) -> Bool { true }
}

/// What a key had reached when a rule fired.
struct ReachedThreshold {
  var key: KeyHash
  var count: Int?
  var distinct: Int?
  /// Nanoseconds since 1970, as the end.
  var start: Int64?
  var end: Int64?
  var measured: [FieldValue] = []
}

extension Alert {
  /// Takes over what a key had reached.
  mutating func take(_ reached: ReachedThreshold) {
    count = reached.count
    distinct = reached.distinct
    windowStart = reached.start.map { Timestamp(nanoseconds: $0) }
    windowEnd = reached.end.map { Timestamp(nanoseconds: $0) }
    measured = reached.measured
  }
}
