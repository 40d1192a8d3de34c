internal import Events
internal import Values

extension ExpressionChecker {
  // MARK: in

  mutating func membership(_ subject: ComparisonSubject, _ right: ExpressionSyntax) -> Check? {
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
        help: membershipHelp(subject, value))
    }
    return nil
  }

  private func membershipHelp(_ subject: ComparisonSubject, _ value: TypedOperand) -> String? {
    if subject.type == .text, value.type == .text { return "to look inside text, say 'contains'" }
    guard subject.type == .ip, case .text(let bytes) = value.operand else { return nil }
    let word = String(decoding: bytes, as: UTF8.self)
    return IPNetwork(word).map { _ in "write \(word) without quotes" }
  }

  private mutating func membership(_ subject: ComparisonSubject, _ name: String, _ range: Range<Int>)
    -> Check?
  {
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
          .unknownList, range,
          "unknown list '@\(name)'" + Suggestion.phrase(for: name, among: scope.lists.keys.sorted())
        )
      }
      return nil
    }
    result.lists.insert(list.index)
    return list
  }

  private mutating func membership(
    _ subject: ComparisonSubject, _ items: [ExpressionSyntax], _ range: Range<Int>
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
      case (.number, .literal(.integer(let value), let range)):
        isSound = checkNumbers(subject.value, value...value, range) && isSound
        ranges.append(NumberRange(lower: value, upper: value))
      case (.number, .literal(.range(let lower, let upper), let range)):
        isSound = checkNumbers(subject.value, lower...upper, range) && isSound
        ranges.append(NumberRange(lower: lower, upper: upper))
      case (.ip, .literal(.ip(let address), _)):
        networks.append(IPNetwork(address, prefixLength: address.bitWidth))
      case (.ip, .literal(.network(let network), _)): networks.append(network)
      case (.text, .text(let bytes, let range)):
        let operand = TypedOperand(operand: .text(bytes), type: .text, range: range)
        if checkEqual(subject, operand) { texts.append(bytes) } else { isSound = false }
      default:
        isSound = false
        wrongItem(subject, item)
      }
    }
    guard isSound else { return nil }
    if !texts.isEmpty { return .inTexts(texts) }
    return networks.isEmpty ? .inRanges(ranges) : .inNetworks(networks)
  }

  private mutating func wrongItem(_ subject: ComparisonSubject, _ item: ExpressionSyntax) {
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

  mutating func textSearch(_ subject: ComparisonSubject, _ comparison: ComparisonSyntax) -> Check? {
    guard requireText(subject, comparison) else { return nil }
    if case .list(_, let range) = comparison.right {
      error(
        .typeMismatch, range, "'\(comparison.comparison.rawValue)' takes one text",
        help: "write 'in' for a list of type text, glob or prefix, 'matches' for one of type regex")
      return nil
    }
    if case .items(_, let range) = comparison.right {
      error(
        .typeMismatch, range, "'\(comparison.comparison.rawValue)' takes one text",
        help: "join several with 'or', or write matches \"one|other\"")
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
    guard checkPart(subject, comparison.comparison, right) else { return nil }
    switch comparison.comparison {
    case .startsWith: return .startsWith(right.operand)
    case .endsWith: return .endsWith(right.operand)
    default: return .contains(right.operand)
    }
  }

  private mutating func requireText(_ subject: ComparisonSubject, _ comparison: ComparisonSyntax) -> Bool {
    guard subject.type != .text else { return true }
    error(
      .typeMismatch, subject.value.range,
      "'\(comparison.comparison.rawValue)' looks into text, and \(text(of: subject.value.range).quoted) is "
        + subject.type.phrase,
      help: subject.type == .ip ? "write 'in' with an address block" : nil)
    return false
  }

  mutating func matching(_ subject: ComparisonSubject, _ comparison: ComparisonSyntax) -> Check? {
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
          .typeMismatch, range,
          "'@\(name)' is a list of type \(list.type.rawValue); 'matches' takes type regex",
          help: "write 'in'")
        return nil
      }
      return .inList(list.index)
    default:
      error(
        .typeMismatch, comparison.right.range,
        "'matches' takes a regular expression in quotes or a list of type regex")
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
    if let offset = fault.offset, pattern.text.utf8.count == range.count - 2, offset < pattern.text.utf8.count
    {
      place = start + offset..<start + offset + 1
    }
    error(
      .badPattern, place, fault.explanation(of: pattern),
      help: fault.isUnsupported
        ? "matching is linear-time, so there are no back-references and no look-around" : nil)
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
