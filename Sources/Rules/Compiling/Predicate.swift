/// The outcome of a predicate: three-valued logic, where absent values make *unknown*.
enum Truth: UInt8, Sendable {
  case no, yes, unknown

  init(_ value: Bool) { self = value ? .yes : .no }

  /// The outcome of `not`.
  var negated: Truth {
    switch self {
    case .no: .yes
    case .yes: .no
    case .unknown: .unknown
    }
  }
}

/// Where a value comes from: a plain number pair, so that tables of them hold no references.
struct ValueSource: Hashable, Sendable {
  enum Kind: UInt8, Hashable, Sendable {
    /// `index` is the raw value of a `Field`.
    case field
    /// `index` is a header slot.
    case header
    case timestamp
    /// The bytes of the message.
    case payload
    /// `index` is the place of a measured value.
    case measured
    /// `index` is the place of a value of an earlier step.
    case captured
    /// `index` is a node of the operand arena.
    case computed
  }

  var kind: Kind
  var index: Int32 = 0
}

/// A node of a computed value; operands are nodes with smaller indices.
struct OperandNode: Hashable, Sendable {
  enum Kind: UInt8, Hashable, Sendable {
    /// `left` indexes the sources.
    case source
    case integer, decimal, duration, bool
    /// `left` indexes the address constants.
    case address
    /// `left` indexes the text constants.
    case text
    case add, subtract, multiply, divide
    case length, lower, count, hour, prefix, suffix, digits, entropy
  }

  var kind: Kind
  var left: Int32 = 0
  var right: Int32 = 0
  /// The constant: whole number, bits of a decimal, nanoseconds, 0 or 1, length of a prefix or suffix.
  var constant: Int64 = 0
}

/// A distinct test; one that takes time is evaluated at most once an event, however many rules share it.
struct Predicate: Hashable, Sendable {
  enum Opcode: UInt8, Hashable, Sendable {
    // The first five are those that `isImmediate` asks for.
    case isPresent, isTrue
    /// `first` is the number.
    case equalInteger, lessInteger, lessOrEqualInteger
    /// `first` is the bit pattern of the number.
    case equalDecimal, lessDecimal, lessOrEqualDecimal
    /// `first` and `second` are start and count in the ranges.
    case inRanges
    /// `first` indexes the address constants.
    case equalAddress
    /// `first` and `second` are start and count in the networks.
    case inNetworks
    /// `first` indexes the text constants.
    case equalText, contains, startsWith, endsWith
    /// `first` and `second` are start and count in the text constants.
    case inTexts
    /// `first` is the index of the list.
    case inList
    /// `first` is the pattern group, `second` start and count of the patterns in it.
    case pattern
    /// `first` is the node of the right side, `second` the comparison.
    case compare
  }

  var opcode: Opcode
  var quantifier: Test.Quantifier = .one
  var isNegated = false
  var source: ValueSource
  var first: Int64 = 0
  var second: Int64 = 0

  /// The patterns of a `.pattern` predicate in its group.
  var patterns: Range<Int> {
    let start = Int(truncatingIfNeeded: second & 0xffff_ffff)
    return start..<start + Int(truncatingIfNeeded: second >> 32)
  }

  /// Whether it only looks whether a value is there, is true or is how large.
  var isImmediate: Bool {
    quantifier == .one && source.kind != .computed && opcode.rawValue <= Opcode.lessOrEqualInteger.rawValue
  }

  /// What evaluating it costs, roughly in nanoseconds: cheap ones are tried first.
  var cost: Int {
    switch opcode {
    case .isPresent, .isTrue: 1
    case .equalInteger, .lessInteger, .lessOrEqualInteger, .equalDecimal, .lessDecimal, .lessOrEqualDecimal: 2
    case .inRanges, .equalAddress: 3
    case .equalText, .startsWith, .endsWith: 5
    case .inTexts, .inNetworks: 10
    case .inList: 30
    case .contains: 40
    case .compare: 60
    case .pattern: 100
    }
  }
}

/// What two computed values are compared for; the raw value is kept in `Predicate.second`.
enum ValueComparison: Int64, Sendable {
  case equal, less, lessOrEqual, contains, startsWith, endsWith
}

/// A predicate that must come out true, or one that must come out false.
struct ConditionLiteral: Hashable, Sendable {
  var predicate: Int32
  var wantsFalse: Bool
}

/// What must hold before a condition can be true: its literals, with negation pushed down to them.
indirect enum Requirement: Sendable {
  case literal(ConditionLiteral)
  /// All of them.
  case all([Requirement])
  /// At least one of them.
  case any([Requirement])

  static let nothing = Requirement.all([])

  /// All literals in it.
  var literals: Set<ConditionLiteral> {
    switch self {
    case .literal(let literal): [literal]
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.literals) }
    }
  }
}

/// One step of a condition: test a literal, go on at one of two places.
///
/// Negation is pushed down to the literals beforehand; by De Morgan's laws, which hold in three-valued logic
/// too, the whole is true exactly when the formula over “is true” and “is false” is.
struct ConditionStep: Sendable {
  /// The condition is true.
  static let accept: Int32 = -1
  /// The condition is false or unknown.
  static let reject: Int32 = -2

  var literal: ConditionLiteral
  var ifHolds: Int32
  var ifNot: Int32
}
