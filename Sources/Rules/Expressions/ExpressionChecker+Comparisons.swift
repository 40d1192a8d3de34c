internal import Events
internal import Values

/// The left side of a comparison: a value, or the items of a list.
struct ComparisonSubject {
  var value: TypedOperand
  var quantifier: Test.Quantifier
  /// The type of what is compared.
  var type: ValueType
}

extension ExpressionChecker {
  mutating func comparison(_ comparison: ComparisonSyntax, _ tree: ExpressionSyntax) -> Condition? {
    let subject = subject(comparison.left)
    guard let subject else {
      // The right side may have faults of its own.
      checkAlone(comparison.right)
      return nil
    }
    var isNegated = comparison.isNegated
    let check: Check?
    switch comparison.comparison {
    case .isIn: check = membership(subject, comparison.right)
    case .contains, .startsWith, .endsWith: check = textSearch(subject, comparison)
    case .matches: check = matching(subject, comparison)
    case .equal: check = equality(subject, comparison)
    case .notEqual:
      check = equality(subject, comparison)
      isNegated = true
    case .less: check = ordered(subject, comparison).map { .less($0) }
    case .lessOrEqual: check = ordered(subject, comparison).map { .lessOrEqual($0) }
    case .greater:
      check = ordered(subject, comparison).map { .lessOrEqual($0) }
      isNegated = true
    case .greaterOrEqual:
      check = ordered(subject, comparison).map { .less($0) }
      isNegated = true
    }
    guard var check else { return nil }
    if case .equals(.bool(let wanted)) = check {
      check = .isTrue
      if !wanted { isNegated.toggle() }
    }
    return test(subject, check, isNegated, span(tree))
  }

  private func test(_ subject: ComparisonSubject, _ check: Check, _ isNegated: Bool, _ span: SourceSpan)
    -> Condition
  {
    let isList = subject.quantifier != .one
    let test = Test(
      subject: subject.value.operand, quantifier: subject.quantifier, isNegated: isList && isNegated,
      check: check)
    let condition = Condition(kind: .test(test), span: span)
    return isNegated && !isList ? Condition(kind: .not(condition), span: span) : condition
  }

  private mutating func checkAlone(_ tree: ExpressionSyntax) {
    switch tree {
    case .name, .header, .call, .arithmetic, .macro: _ = value(tree)
    case .list(let name, let range): _ = list(name, range)
    default: break
    }
  }

  private mutating func subject(_ tree: ExpressionSyntax) -> ComparisonSubject? {
    if case .call(let name, _, let arguments, let range) = tree, name == "any" || name == "all" {
      guard arguments.count == 1 else {
        error(.wrongArguments, range, "'\(name)' takes one list field")
        return nil
      }
      guard let list = value(arguments[0]) else { return nil }
      guard let item = list.type.item else {
        error(
          .typeMismatch, list.range, "'\(name)' takes a list, and this is \(list.type.phrase)",
          help: "compare '\(text(of: list.range))' directly")
        return nil
      }
      return ComparisonSubject(value: list, quantifier: name == "any" ? .any : .all, type: item)
    }
    guard let value = value(tree) else { return nil }
    guard value.type.item == nil else {
      let name = text(of: value.range)
      error(
        .listInComparison, value.range, "\(name.quoted) is a list, and a list is not compared",
        help: "say any(\(name)) or all(\(name))")
      return nil
    }
    return ComparisonSubject(value: value, quantifier: .one, type: value.type)
  }

  // MARK: == and <

  private mutating func equality(_ subject: ComparisonSubject, _ comparison: ComparisonSyntax) -> Check? {
    if case .literal(.range(let lower, let upper), let range) = comparison.right {
      guard subject.type == .number else {
        mismatch(subject, .number, range)
        return nil
      }
      guard checkNumbers(subject.value, lower...upper, range) else { return nil }
      return .inRanges([NumberRange(lower: lower, upper: upper)])
    }
    guard let right = rightValue(subject, comparison) else { return nil }
    guard checkEqual(subject, right) else { return nil }
    return .equals(right.operand)
  }

  private mutating func ordered(_ subject: ComparisonSubject, _ comparison: ComparisonSyntax) -> Operand? {
    guard let right = rightValue(subject, comparison) else { return nil }
    guard subject.type.isOrdered else {
      error(
        .typeMismatch, comparison.operatorRange,
        "'\(comparison.comparison.rawValue)' orders numbers, durations and times, and this is \(subject.type.phrase)"
      )
      return nil
    }
    return checkOrder(subject, comparison.comparison, right) ? right.operand : nil
  }

  /// The right side of a comparison of two single values of one type.
  private mutating func rightValue(_ subject: ComparisonSubject, _ comparison: ComparisonSyntax)
    -> TypedOperand?
  {
    let name = comparison.comparison.rawValue
    switch comparison.right {
    case .list, .items, .literal(.network, _):
      error(
        .typeMismatch, comparison.operatorRange, "'\(name)' compares with one value",
        help: comparison.comparison == .notEqual ? "write 'not in'" : "write 'in'")
      return nil
    default: break
    }
    guard let right = value(comparison.right) else { return nil }
    guard right.type.item == nil else {
      error(
        .listInComparison, right.range,
        "\(text(of: right.range).quoted) is a list, and a list is not compared",
        help: "say any(\(text(of: right.range))) or all(…), on the left side")
      return nil
    }
    guard right.type == subject.type else {
      mismatch(subject, right.type, right.range)
      return nil
    }
    return right
  }

  mutating func mismatch(_ subject: ComparisonSubject, _ type: ValueType, _ range: Range<Int>) {
    let left = text(of: subject.value.range)
    let right = text(of: range)
    let bare = right.hasPrefix("\"") ? String(right.dropFirst().dropLast()) : right
    var help: String?
    switch (subject.type, type) {
    case (.number, .text) where Int64(bare) != nil: help = "write \(bare) without quotes"
    case (.text, .number): help = "write \"\(right)\""
    case (.duration, .number): help = "write \(right)s for seconds, or ms, m, h, d"
    case (.number, .duration): help = "write a number without a unit"
    case (.ip, .text) where IPNetwork(bare) != nil: help = "write \(bare) without quotes"
    case (.bool, .text) where bare == "true" || bare == "false": help = "write \(bare) without quotes"
    default: break
    }
    error(
      .typeMismatch, range,
      "\(left.quoted) is \(subject.type.phrase), and \(right.hasPrefix("\"") ? right : right.quoted) is \(type.phrase)",
      help: help)
  }

  /// Whether a text that is compared with a method is one.
  mutating func checkMethod(_ subject: ComparisonSubject, _ right: TypedOperand) -> Bool {
    guard case .field(let field) = subject.value.operand, field == .sipMethod || field == .transactionMethod,
      case .text(let bytes) = right.operand
    else { return true }
    let method = String(decoding: bytes, as: UTF8.self)
    guard !SIPMethod.names.contains(method) else { return true }
    error(
      .unknownMethod, right.range,
      "\(method.quoted) is no SIP method" + Suggestion.phrase(for: method, among: SIPMethod.names),
      help: "an extension method is tested with matches \"^NAME$\"")
    return false
  }
}
