internal import Events

/// What a correlation over several kinds of event wants of one of them: it stands behind all rules in the
/// index, and its events are held until nothing earlier can come.
struct HeldItem: Sendable, Equatable {
  enum Role: Sendable, Equatable {
    /// Ends the chains of a sequence; its index.
    case until(Int32)
    /// A step of a sequence; its index and that of the step.
    case step(Int32, Int32)
    /// Begins something that a gauge counts; its index.
    case beginning(Int32)
    /// Ends it; the index of the gauge.
    case ending(Int32)
  }

  var role: Role
  /// The rule.
  var rule: Int32
  var kinds: EventKindSet
  /// First step of the part of the condition that needs no other event.
  var start: Int32
}
