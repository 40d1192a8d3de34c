internal import Values

/// A typed predicate: true, false or unknown for an event.
struct Condition: Hashable, Sendable {
  /// Its form.
  indirect enum Kind: Hashable, Sendable {
    case constant(Bool)
    case test(Test)
    case not(Condition)
    case all([Condition])
    case any([Condition])
  }

  var kind: Kind
  /// Where it is written; inside a macro, where the macro is written.
  var span: SourceSpan

  /// Two conditions are equal when they mean the same, wherever they are written.
  static func == (left: Condition, right: Condition) -> Bool { left.kind == right.kind }

  func hash(into hasher: inout Hasher) { hasher.combine(kind) }

  /// Number of nodes in the tree.
  var size: Int {
    switch kind {
    case .constant, .test: 1
    case .not(let inner): 1 + inner.size
    case .all(let parts), .any(let parts): parts.reduce(1) { $0 + $1.size }
    }
  }

  /// The tests in it, each with where it is written.
  var tests: [(test: Test, span: SourceSpan)] {
    switch kind {
    case .constant: []
    case .test(let test): [(test, span)]
    case .not(let inner): inner.tests
    case .all(let parts), .any(let parts): parts.flatMap(\.tests)
    }
  }

  /// The parts that must all be true: of a conjunction its members, otherwise itself.
  var conjuncts: [Condition] {
    guard case .all(let parts) = kind else { return [self] }
    return parts.flatMap(\.conjuncts)
  }
}

/// One test of one value: the leaf of a condition.
struct Test: Hashable, Sendable {
  /// How many items of a list must pass.
  enum Quantifier: Hashable, Sendable {
    /// The subject is no list.
    case one
    case any
    case all
  }

  var subject: Operand
  var quantifier: Quantifier = .one
  /// Whether each item must fail the check; used with a quantifier only, otherwise `.not` stands around.
  var isNegated = false
  var check: Check
}

/// What a value is tested for.
enum Check: Hashable, Sendable {
  case isTrue
  case isPresent
  case equals(Operand)
  case less(Operand)
  case lessOrEqual(Operand)
  /// A number in one of some closed ranges.
  case inRanges([NumberRange])
  case inTexts([[UInt8]])
  case inNetworks([IPNetwork])
  /// Membership in the list with this index.
  case inList(Int)
  case contains(Operand)
  case startsWith(Operand)
  case endsWith(Operand)
  case matches(Pattern)
}

/// A closed range of whole numbers.
struct NumberRange: Hashable, Sendable {
  var lower: Int64
  var upper: Int64
}

/// A regular expression; equal ones are the same pattern wherever they stand.
struct Pattern: Hashable, Sendable {
  var text: String
  var isCaseFolded = false
  /// Where it is written, for the message when it cannot be compiled.
  var span: SourceSpan

  static func == (left: Pattern, right: Pattern) -> Bool {
    left.text == right.text && left.isCaseFolded == right.isCaseFolded
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(text)
    hasher.combine(isCaseFolded)
  }
}
