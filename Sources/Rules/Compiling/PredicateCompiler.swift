internal import Events
internal import Values

/// Turns conditions into steps over distinct predicates.
struct PredicateCompiler {
  private(set) var pool = ConstantPool()
  private(set) var steps: [ConditionStep] = []
  private(set) var patterns = PatternCollector()
  private var tests: [Test] = []
  private var numbers: [Test: Int32] = [:]
  /// Patterns of the lists of type regex, by list index.
  private let listPatterns: [Int: [(pattern: Pattern, expiry: Int64)]]
  /// With fewer literals a direct search is cheaper than the automaton.
  private static let automatonThreshold = 8

  init(listPatterns: [Int: [(pattern: Pattern, expiry: Int64)]]) {
    self.listPatterns = listPatterns
  }

  /// A compiled condition.
  struct Entry: Sendable {
    /// The first step, or accept or reject.
    var start: Int32
    /// What must hold for it, for choosing an index.
    var required: Requirement
  }

  /// Adds a condition.
  mutating func add(_ condition: Condition) -> Entry {
    let required = requirement(condition, negated: false)
    return Entry(
      start: emit(required, ConditionStep.accept, ConditionStep.reject), required: required)
  }

  /// Where a value comes from that is no condition.
  mutating func source(of operand: Operand) -> ValueSource { pool.source(of: operand) }

  /// The condition with negation pushed down to its tests.
  private mutating func requirement(_ condition: Condition, negated: Bool) -> Requirement {
    switch condition.kind {
    case .constant(let value): return value != negated ? .nothing : .any([])
    case .not(let inner): return requirement(inner, negated: !negated)
    case .test(let test): return .literal(ConditionLiteral(predicate: number(of: test), wantsFalse: negated))
    case .all(let parts), .any(let parts):
      var isConjunction = if case .all = condition.kind { true } else { false }
      if negated { isConjunction.toggle() }
      let needs = parts.map { requirement($0, negated: negated) }
      return isConjunction ? .all(needs) : .any(needs)
    }
  }

  private mutating func number(of test: Test) -> Int32 {
    if let number = numbers[test] { return number }
    let number = Int32(truncatingIfNeeded: tests.count)
    tests.append(test)
    numbers[test] = number
    return number
  }

  /// Appends the steps of a condition and returns where it begins; later steps are appended first.
  private mutating func emit(_ requirement: Requirement, _ yes: Int32, _ no: Int32) -> Int32 {
    switch requirement {
    case .literal(let literal):
      steps.append(ConditionStep(literal: literal, ifHolds: yes, ifNot: no))
      return Int32(truncatingIfNeeded: steps.count - 1)
    case .all(let parts): return cheapestFirst(parts).reversed().reduce(yes) { emit($1, $0, no) }
    case .any(let parts): return cheapestFirst(parts).reversed().reduce(no) { emit($1, yes, $0) }
    }
  }

  /// The order of the parts does not change the outcome, so cheap ones go first.
  private func cheapestFirst(_ parts: [Requirement]) -> [Requirement] {
    parts.enumerated().sorted {
      let (left, right) = (cost($0.element), cost($1.element))
      return left != right ? left < right : $0.offset < $1.offset
    }.map(\.element)
  }

  private func cost(_ requirement: Requirement) -> Int {
    switch requirement {
    case .all(let parts), .any(let parts): return parts.reduce(5) { $0 + cost($1) }
    case .literal(let literal):
      let test = tests[Int(literal.predicate)]
      switch test.check {
      case .isTrue, .isPresent: return 1
      case .equals, .less, .lessOrEqual, .inRanges: return test.subject.isPlain ? 3 : 60
      case .startsWith, .endsWith: return 6
      case .inTexts, .inNetworks: return 10
      case .inList: return 30
      case .contains: return 50
      case .matches: return 100
      }
    }
  }

  // MARK: Lowering

  /// The predicates, once all conditions are added.
  mutating func predicates() -> [Predicate] {
    var searchCounts: [Operand: Int] = [:]
    for test in tests where test.isLiteralSearch { searchCounts[test.subject, default: 0] += 1 }
    return tests.map { test in
      let inAutomaton =
        test.isLiteralSearch && searchCounts[test.subject, default: 0] >= Self.automatonThreshold
      return lower(test, inAutomaton: inAutomaton)
    }
  }

  private mutating func lower(_ test: Test, inAutomaton: Bool) -> Predicate {
    var predicate = Predicate(
      opcode: .isPresent, quantifier: test.quantifier, isNegated: test.isNegated,
      source: pool.source(of: test.subject))
    switch test.check {
    case .isPresent: break
    case .isTrue: predicate.opcode = .isTrue
    case .equals(let right): lowerComparison(&predicate, test.subject, .equal, right)
    case .less(let right): lowerComparison(&predicate, test.subject, .less, right)
    case .lessOrEqual(let right): lowerComparison(&predicate, test.subject, .lessOrEqual, right)
    case .inRanges(let ranges): set(&predicate, .inRanges, pool.ranges(ranges))
    case .inTexts(let texts): set(&predicate, .inTexts, pool.texts(texts))
    case .inNetworks(let networks): set(&predicate, .inNetworks, pool.networks(networks))
    case .inList(let list):
      if let items = listPatterns[list] {
        lower(&predicate, patterns.add(list: list, items, key(predicate)))
      } else {
        predicate.opcode = .inList
        predicate.first = Int64(list)
      }
    case .contains(.text(let bytes)) where inAutomaton:
      lower(&predicate, patterns.add(Pattern(text: Self.quoted(bytes), span: .nowhere), key(predicate)))
    case .contains(let right): lowerSearch(&predicate, .contains, .contains, right)
    case .startsWith(let right): lowerSearch(&predicate, .startsWith, .startsWith, right)
    case .endsWith(let right): lowerSearch(&predicate, .endsWith, .endsWith, right)
    case .matches(let pattern): lower(&predicate, patterns.add(pattern, key(predicate)))
    }
    return predicate
  }

  private func key(_ predicate: Predicate) -> PatternCollector.Key {
    PatternCollector.Key(source: predicate.source, isList: predicate.quantifier != .one)
  }

  private func set(_ predicate: inout Predicate, _ opcode: Predicate.Opcode, _ slice: (Int, Int)) {
    predicate.opcode = opcode
    predicate.first = Int64(slice.0)
    predicate.second = Int64(slice.1)
  }

  private func lower(_ predicate: inout Predicate, _ place: (group: Int, patterns: Range<Int>)) {
    predicate.opcode = .pattern
    predicate.first = Int64(place.group)
    predicate.second = Int64(place.patterns.count) << 32 | Int64(place.patterns.lowerBound)
  }

  private mutating func lowerComparison(
    _ predicate: inout Predicate, _ subject: Operand, _ comparison: ValueComparison, _ right: Operand
  ) {
    switch (right, comparison) {
    case (.text(let bytes), .equal):
      predicate.opcode = .equalText
      predicate.first = Int64(pool.text(bytes))
    case (.ip(let address), .equal):
      predicate.opcode = .equalAddress
      predicate.first = Int64(pool.address(address))
    case (.integer(let value), _) where !subject.isDecimal, (.duration(let value), _):
      predicate.opcode = [.equalInteger, .lessInteger, .lessOrEqualInteger][Int(comparison.rawValue)]
      predicate.first = value
    case (.integer(let value), _):
      predicate.opcode = [.equalDecimal, .lessDecimal, .lessOrEqualDecimal][Int(comparison.rawValue)]
      predicate.first = Int64(bitPattern: Double(value).bitPattern)
    case (.decimal(let value), _):
      predicate.opcode = [.equalDecimal, .lessDecimal, .lessOrEqualDecimal][Int(comparison.rawValue)]
      predicate.first = Int64(bitPattern: value.bitPattern)
    default: lowerGeneral(&predicate, comparison, right)
    }
  }

  private mutating func lowerSearch(
    _ predicate: inout Predicate, _ opcode: Predicate.Opcode, _ comparison: ValueComparison, _ right: Operand
  ) {
    guard case .text(let bytes) = right else { return lowerGeneral(&predicate, comparison, right) }
    predicate.opcode = opcode
    predicate.first = Int64(pool.text(bytes))
  }

  private mutating func lowerGeneral(
    _ predicate: inout Predicate, _ comparison: ValueComparison, _ right: Operand
  ) {
    predicate.opcode = .compare
    predicate.first = Int64(pool.node(for: right))
    predicate.second = comparison.rawValue
  }

  /// A pattern that means exactly these bytes.
  private static func quoted(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return bytes.reduce(into: "") { text, byte in
      if byte.isWordByte, byte != UInt8(ascii: "_") {
        text.append(Character(UnicodeScalar(byte)))
      } else {
        text += "\\x"
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      }
    }
  }
}

extension Test {
  /// Whether it looks for one constant text, which an automaton can do for many tests at once.
  fileprivate var isLiteralSearch: Bool {
    guard quantifier == .one, case .contains(.text(let bytes)) = check else { return false }
    return bytes.count <= PatternDatabase.maximumLength / 4
  }
}

extension Operand {
  /// Whether it is read from the event without computing.
  var isPlain: Bool {
    switch self {
    case .field, .header, .timestamp, .measured, .captured: true
    default: false
    }
  }

  /// Whether its value can have decimals.
  var isDecimal: Bool {
    switch self {
    case .field(let field): FieldCatalog.definition(of: field).type == .decimal
    case .captured(let value):
      value.field.map { FieldCatalog.definition(of: $0).type == .decimal } ?? false
    case .decimal, .function(.entropy, _): true
    case .measured(let value): !value.isCount
    case .arithmetic(let arithmetic, let left, let right):
      arithmetic == .divide || left.isDecimal || right.isDecimal
    default: false
    }
  }
}
