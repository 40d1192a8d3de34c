internal import Events
internal import Values

/// The left side of a comparison: a value, or the items of a list.
private struct Subject {
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

  private func test(_ subject: Subject, _ check: Check, _ isNegated: Bool, _ span: SourceSpan) -> Condition {
    let isList = subject.quantifier != .one
    let test = Test(
      subject: subject.value.operand, quantifier: subject.quantifier, isNegated: isList && isNegated, check: check)
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

  private mutating func subject(_ tree: ExpressionSyntax) -> Subject? {
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
      return Subject(value: list, quantifier: name == "any" ? .any : .all, type: item)
    }
    guard let value = value(tree) else { return nil }
    guard value.type.item == nil else {
      let name = text(of: value.range)
      error(
        .listInComparison, value.range, "\(name.quoted) is a list, and a list is not compared",
        help: "say any(\(name)) or all(\(name))")
      return nil
    }
    return Subject(value: value, quantifier: .one, type: value.type)
  }

  // MARK: == and <

  private mutating func equality(_ subject: Subject, _ comparison: ComparisonSyntax) -> Check? {
    if case .literal(.range(let lower, let upper), let range) = comparison.right {
      guard subject.type == .number else {
        mismatch(subject, .number, range)
        return nil
      }
      return .inRanges([NumberRange(lower: lower, upper: upper)])
    }
    guard let right = rightValue(subject, comparison) else { return nil }
    guard checkMethod(subject, right) else { return nil }
    return .equals(right.operand)
  }

  private mutating func ordered(_ subject: Subject, _ comparison: ComparisonSyntax) -> Operand? {
    guard let right = rightValue(subject, comparison) else { return nil }
    guard subject.type.isOrdered else {
      error(
        .typeMismatch, comparison.operatorRange,
        "'\(comparison.comparison.rawValue)' orders numbers, durations and times, and this is \(subject.type.phrase)"
      )
      return nil
    }
    return right.operand
  }

  /// The right side of a comparison of two single values of one type.
  private mutating func rightValue(_ subject: Subject, _ comparison: ComparisonSyntax) -> TypedOperand? {
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
        .listInComparison, right.range, "\(text(of: right.range).quoted) is a list, and a list is not compared",
        help: "say any(\(text(of: right.range))) or all(…), on the left side")
      return nil
    }
    guard right.type == subject.type else {
      mismatch(subject, right.type, right.range)
      return nil
    }
    return right
  }

  private mutating func mismatch(_ subject: Subject, _ type: ValueType, _ range: Range<Int>) {
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
  private mutating func checkMethod(_ subject: Subject, _ right: TypedOperand) -> Bool {
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

  // MARK: in

  private mutating func membership(_ subject: Subject, _ right: ExpressionSyntax) -> Check? {
    switch right {
    case .list(let name, let range): return membership(subject, name, range)
    case .items(let items, let range): return membership(subject, items, range)
    case .literal(.range, let range), .literal(.network, let range):
      return membership(subject, [right], range)
    default: break
    }
    guard let value = value(right) else { return nil }
    if value.type.item != nil {
      error(
        .listInComparison, value.range, "'in' takes a list of values, and this is a list field",
        help: "write any(\(text(of: value.range))) == \(text(of: subject.value.range))")
    } else {
      error(
        .typeMismatch, value.range, "'in' takes @list, [ … ], a range or an address block",
        help: subject.type == .text && value.type == .text ? "to look inside text, say 'contains'" : nil)
    }
    return nil
  }

  private mutating func membership(_ subject: Subject, _ name: String, _ range: Range<Int>) -> Check? {
    guard let list = list(name, range) else { return nil }
    guard list.type.subjectType == subject.type else {
      error(
        .typeMismatch, range,
        "'@\(name)' is a list of type \(list.type.rawValue), and "
          + "\(text(of: subject.value.range).quoted) is \(subject.type.phrase)")
      return nil
    }
    return .inList(list.index)
  }

  mutating func list(_ name: String, _ range: Range<Int>) -> ExpressionScope.NamedList? {
    guard let list = scope.lists[name] else {
      if !scope.brokenNames.contains(name) {
        error(
          .unknownList, range, "unknown list '@\(name)'" + Suggestion.phrase(for: name, among: scope.lists.keys.sorted())
        )
      }
      return nil
    }
    result.lists.insert(list.index)
    return list
  }

  private mutating func membership(
    _ subject: Subject, _ items: [ExpressionSyntax], _ range: Range<Int>
  ) -> Check? {
    guard !items.isEmpty else {
      error(.typeMismatch, range, "the list is empty, so nothing is in it")
      return nil
    }
    var ranges: [NumberRange] = []
    var texts: [[UInt8]] = []
    var networks: [IPNetwork] = []
    var isSound = true
    for item in items {
      switch (subject.type, item) {
      case (.number, .literal(.integer(let value), _)):
        ranges.append(NumberRange(lower: value, upper: value))
      case (.number, .literal(.range(let lower, let upper), _)):
        ranges.append(NumberRange(lower: lower, upper: upper))
      case (.ip, .literal(.ip(let address), _)):
        networks.append(IPNetwork(address, prefixLength: address.bitWidth))
      case (.ip, .literal(.network(let network), _)): networks.append(network)
      case (.text, .text(let bytes, let range)):
        let operand = TypedOperand(operand: .text(bytes), type: .text, range: range)
        if checkMethod(subject, operand) { texts.append(bytes) } else { isSound = false }
      default:
        isSound = false
        wrongItem(subject, item)
      }
    }
    guard isSound else { return nil }
    if !texts.isEmpty { return .inTexts(texts) }
    return networks.isEmpty ? .inRanges(ranges) : .inNetworks(networks)
  }

  private mutating func wrongItem(_ subject: Subject, _ item: ExpressionSyntax) {
    switch item {
    case .literal(.network, let range): mismatch(subject, .ip, range)
    case .literal(.range, let range): mismatch(subject, .number, range)
    default:
      guard let value = value(item) else { return }
      if value.type == subject.type {
        error(.typeMismatch, value.range, "only values stand in a list, no fields and no sums")
      } else {
        mismatch(subject, value.type, value.range)
      }
    }
  }

  // MARK: Text

  private mutating func textSearch(_ subject: Subject, _ comparison: ComparisonSyntax) -> Check? {
    guard requireText(subject, comparison) else { return nil }
    if case .list(_, let range) = comparison.right {
      error(
        .typeMismatch, range, "'\(comparison.comparison.rawValue)' takes one text",
        help: "write 'in' for a list of type text, glob or prefix, 'matches' for one of type regex")
      return nil
    }
    guard let right = value(comparison.right) else { return nil }
    guard right.type == .text else {
      mismatch(subject, right.type, right.range)
      return nil
    }
    if case .text(let bytes) = right.operand, bytes.isEmpty {
      error(.typeMismatch, right.range, "the empty text is in every text", help: "write exists(…)")
      return nil
    }
    switch comparison.comparison {
    case .startsWith: return .startsWith(right.operand)
    case .endsWith: return .endsWith(right.operand)
    default: return .contains(right.operand)
    }
  }

  private mutating func requireText(_ subject: Subject, _ comparison: ComparisonSyntax) -> Bool {
    guard subject.type != .text else { return true }
    error(
      .typeMismatch, subject.value.range,
      "'\(comparison.comparison.rawValue)' looks into text, and \(text(of: subject.value.range).quoted) is "
        + subject.type.phrase,
      help: subject.type == .ip ? "write 'in' with an address block" : nil)
    return false
  }

  private mutating func matching(_ subject: Subject, _ comparison: ComparisonSyntax) -> Check? {
    guard requireText(subject, comparison) else { return nil }
    switch comparison.right {
    case .pattern(let text, let range):
      guard !text.isEmpty else {
        error(.badPattern, range, "the regular expression is empty")
        return nil
      }
      let pattern = Pattern(text: text, span: source.span(of: range))
      guard let fault = PatternDatabase.fault(of: pattern) else { return .matches(pattern) }
      reject(pattern, fault, range)
      return nil
    case .list(let name, let range):
      guard let list = list(name, range) else { return nil }
      guard list.type == .regex || list.type == .glob else {
        error(
          .typeMismatch, range, "'@\(name)' is a list of type \(list.type.rawValue); 'matches' takes type regex",
          help: "write 'in'")
        return nil
      }
      return .inList(list.index)
    default:
      error(
        .typeMismatch, comparison.right.range, "'matches' takes a regular expression in quotes or a list of type regex")
      return nil
    }
  }
}

extension ExpressionChecker {
  /// Reports a regular expression at the byte that the matcher names, or as a whole.
  fileprivate mutating func reject(_ pattern: Pattern, _ fault: PatternFault, _ range: Range<Int>) {
    var place = range
    let start = range.lowerBound + 1
    // Behind an escaped quote the offsets of text and pattern differ.
    if let offset = fault.offset, pattern.text.utf8.count == range.count - 2, offset < pattern.text.utf8.count {
      place = start + offset..<start + offset + 1
    }
    error(
      .badPattern, place, fault.explanation(of: pattern),
      help: fault.isUnsupported ? "matching is linear-time, so there are no back-references and no look-around" : nil)
  }
}

extension ListType {
  /// The type of what can be in a list.
  var subjectType: ValueType {
    switch self {
    case .cidr, .ip: .ip
    case .prefix, .text, .glob, .regex, .country: .text
    case .number: .number
    case .date: .time
    }
  }
}
