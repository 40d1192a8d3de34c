internal import Events

/// A `sequence` block: events that follow each other.
struct CompiledSequence: Sendable, Equatable {
  /// One of the events.
  struct Step: Sendable, Equatable {
    var keys: Range<Int32>
    /// First step of the part of the condition that reads earlier events, or accept.
    var comparison: Int32
    /// Matches of earlier steps.
    var first: Int
    /// Matches of earlier steps and of this one.
    var last: Int
    /// The captures that this step fills in.
    var captures: [Int]
  }

  /// A value of an event that later steps read.
  struct Capture: Sendable, Equatable {
    var source: ValueSource
    /// Position among those that are text, or none.
    var text: Int?
    /// The step that has it.
    var step: Int
    /// The last step that reads it.
    var lastReader: Int
    /// Where the evaluator has it.
    var place: Int
  }

  /// The rule.
  var rule: Int32
  /// Nanoseconds.
  var length: Int64
  var steps: [Step] = []
  /// Of the event that ends all chains of a key; nil without one.
  var until: Range<Int32>?
  var captures: [Capture] = []
  /// How many of the captures are text.
  var textCount = 0
  /// Whether an exception reads earlier events.
  var hasComparingExceptions = false
  /// Nanoseconds of silence after an alert.
  var silence: Int64

  /// Matches of a whole chain.
  var total: Int { steps.last?.last ?? 0 }
}

/// A value of an event of an earlier step, in the expressions of a later one.
struct CapturedValue: Hashable, Sendable {
  /// The rule's `sid`.
  var rule: Int
  var step: Int
  /// The field; nil for the time of the event.
  var field: Field?
}

extension Operand {
  /// The values of earlier steps in it.
  var captured: [CapturedValue] {
    switch self {
    case .captured(let value): [value]
    case .arithmetic(_, let left, let right): left.captured + right.captured
    case .function(_, let argument): argument.captured
    default: []
    }
  }
}

extension Condition {
  /// The values of earlier steps in it.
  var captured: [CapturedValue] {
    switch kind {
    case .constant: []
    case .not(let inner): inner.captured
    case .all(let parts), .any(let parts): parts.flatMap(\.captured)
    case .test(let test): test.subject.captured + test.check.captured
    }
  }
}

extension Check {
  fileprivate var captured: [CapturedValue] {
    switch self {
    case .equals(let right), .less(let right), .lessOrEqual(let right), .contains(let right),
      .startsWith(let right), .endsWith(let right):
      right.captured
    case .isTrue, .isPresent, .inRanges, .inTexts, .inNetworks, .inList, .matches: []
    }
  }
}
