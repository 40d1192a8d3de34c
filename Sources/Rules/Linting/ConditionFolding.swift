internal import Events

extension Condition {
  /// What the condition is for every event in which its values are present; nil when that differs.
  var constantTruth: Bool? {
    switch kind {
    case .constant(let value): return value
    case .not(let inner): return inner.constantTruth.map { !$0 }
    case .test(let test): return test.constantTruth
    case .all(let parts):
      let truths = parts.map(\.constantTruth)
      if truths.contains(false) || Condition.areContradictory(conjuncts) { return false }
      return truths.allSatisfy { $0 == true } ? true : nil
    case .any(let parts):
      let truths = parts.map(\.constantTruth)
      // One of them is true exactly when not all of them fail.
      let failures = parts.map { Condition(kind: .not($0), span: $0.span) }
      if truths.contains(true) || Condition.areContradictory(failures) { return true }
      return truths.allSatisfy { $0 == false } ? false : nil
    }
  }

  /// Whether conditions can never be true together, because of what they ask of one value.
  static func areContradictory(_ conditions: [Condition]) -> Bool {
    var domains: [Operand: ValueDomain] = [:]
    for condition in conditions {
      guard let (test, holds) = condition.literal, test.quantifier == .one,
        // Between two whole numbers there are others.
        !test.subject.isDecimal
      else { continue }
      domains[test.subject, default: ValueDomain()].restrict(test.check, holds)
      if domains[test.subject]?.isEmpty == true { return true }
    }
    return hasOpposites(conditions)
  }

  /// Whether one condition is among them and also its opposite.
  private static func hasOpposites(_ conditions: [Condition]) -> Bool {
    var seen: [Test: Bool] = [:]
    for condition in conditions {
      guard let (test, holds) = condition.literal else { continue }
      if seen.updateValue(holds, forKey: test) == !holds { return true }
    }
    return false
  }

  /// The test that the condition is, and whether it must hold or fail.
  private var literal: (Test, Bool)? {
    switch kind {
    case .test(let test): (test, true)
    case .not(let inner): inner.literal.map { ($0.0, !$0.1) }
    default: nil
    }
  }
}

extension Test {
  /// The outcome when both sides are constants.
  fileprivate var constantTruth: Bool? {
    switch check {
    case .equals(.text(let right)):
      guard case .text(let left) = subject else { return nil }
      return left == right
    case .equals(let right): return truth(.equal, right)
    case .less(let right): return truth(.less, right)
    case .lessOrEqual(let right): return truth(.lessOrEqual, right)
    default: return nil
    }
  }

  private func truth(_ comparison: ValueComparison, _ right: Operand) -> Bool? {
    guard let left = subject.constantValue, let right = right.constantValue else { return nil }
    switch Arithmetic.compare(comparison, left, right) {
    case .yes: return true
    case .no: return false
    case .unknown: return nil
    }
  }
}

extension Operand {
  /// The number, duration or time that a constant is.
  fileprivate var constantValue: FieldValue? {
    switch self {
    case .integer(let value): return .integer(value)
    case .decimal(let value): return .decimal(value)
    case .duration(let value): return .duration(value)
    case .arithmetic(let arithmetic, let left, let right):
      guard let left = left.constantValue, let right = right.constantValue else { return nil }
      let kind: OperandNode.Kind =
        switch arithmetic {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        }
      let value = Arithmetic.apply(kind, left, right)
      return value == .absent ? nil : value
    default: return nil
    }
  }
}
