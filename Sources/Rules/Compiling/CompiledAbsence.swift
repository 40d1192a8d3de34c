internal import Events

/// An `absence` block: an event that must follow a match of the same key.
struct CompiledAbsence: Sendable, Equatable {
  /// The rule.
  var rule: Int32
  var keys: Range<Int32>
  /// Nanoseconds.
  var length: Int64
  /// The kinds of the expected event; none when the rule is disabled.
  var kinds: EventKindSet
  /// First step of the expected event's condition.
  var start: Int32
}

extension RuleProgram {
  /// How many numbers candidates have: the rules, then the expected event of each absence, then held items.
  var candidateCount: Int { firstHeldItem + heldItems.count }

  /// The number that the first held item has as a candidate.
  var firstHeldItem: Int { rules.count + absences.count }
}
