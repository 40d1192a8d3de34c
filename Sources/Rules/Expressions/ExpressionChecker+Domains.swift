internal import Events

extension ExpressionChecker {
  /// Whether a constant can be equal to a value; what never is, is an error.
  mutating func checkEqual(_ subject: ComparisonSubject, _ right: TypedOperand) -> Bool {
    guard checkMethod(subject, right) else { return false }
    let isReversed = subject.value.operand.isConstant
    let constant = isReversed ? subject.value : right
    return checkEqual(isReversed ? right : subject.value, constant)
  }

  private mutating func checkEqual(_ value: TypedOperand, _ constant: TypedOperand) -> Bool {
    switch constant.operand {
    case .text(let bytes):
      let text = String(decoding: bytes, as: UTF8.self)
      return report(ImpossibleValue(text, of: name(of: value), in: domain(of: value)), constant.range)
    case .integer(let number): return checkNumbers(value, number...number, constant.range)
    default: return true
    }
  }

  /// Whether one of some numbers can be equal to a value.
  mutating func checkNumbers(_ value: TypedOperand, _ numbers: ClosedRange<Int64>, _ range: Range<Int>)
    -> Bool
  {
    report(
      ImpossibleValue(numbers, text(of: range), of: name(of: value), in: domain(of: value)), range)
  }

  /// Whether a value can stand in an order to a number.
  mutating func checkOrder(
    _ subject: ComparisonSubject, _ comparison: ComparisonOperator, _ right: TypedOperand
  ) -> Bool {
    guard case .integer(let number) = right.operand else { return true }
    let numbers: ClosedRange<Int64>? =
      switch comparison {
      case .less: number > .min ? .min...(number - 1) : nil
      case .lessOrEqual: .min...number
      case .greater: number < .max ? (number + 1)...(.max) : nil
      default: number...(.max)
      }
    guard let numbers else { return true }
    let words = "\(comparison.rawValue) \(text(of: right.range))"
    return report(
      ImpossibleValue(numbers, words, of: name(of: subject.value), in: domain(of: subject.value)),
      right.range)
  }

  /// Whether a value can have a text as its beginning, its end or somewhere.
  mutating func checkPart(
    _ subject: ComparisonSubject, _ comparison: ComparisonOperator, _ right: TypedOperand
  ) -> Bool {
    guard case .text(let bytes) = right.operand else { return true }
    let part = String(decoding: bytes, as: UTF8.self)
    let (name, domain) = (name(of: subject.value), domain(of: subject.value))
    let fault =
      switch comparison {
      case .startsWith: ImpossibleValue(part, of: name, in: domain, "begins with") { $0.hasPrefix($1) }
      case .endsWith: ImpossibleValue(part, of: name, in: domain, "ends with") { $0.hasSuffix($1) }
      default: ImpossibleValue(part, of: name, in: domain, "contains") { $0.contains($1) }
      }
    return report(fault, right.range)
  }

  private func domain(of value: TypedOperand) -> FieldDomain { scope.words.domain(of: value.operand) }

  /// What the value is called: of `lower(proto)` and of `any(…)` the whole.
  private func name(of value: TypedOperand) -> String { text(of: value.range) }

  private mutating func report(_ fault: ImpossibleValue?, _ range: Range<Int>) -> Bool {
    guard let fault else { return true }
    error(.impossibleValue, range, fault.message, help: fault.help)
    return false
  }
}
