extension ExpressionParser {
  mutating func primary() throws(ExpressionFault) -> ExpressionSyntax {
    let token = current
    switch token.kind {
    case .literal: return try literalOrRange()
    case .text:
      advance()
      return .text(try LiteralReader.text(bytes, token.range), token.range)
    case .bytes:
      advance()
      return .text(try LiteralReader.bytes(bytes, token.range), token.range)
    case .list:
      advance()
      return .list(String(word(token).dropFirst()), token.range)
    case .macro:
      advance()
      return .macro(String(word(token).dropFirst()), token.range)
    case .name: return try nameOrCall()
    case .symbol: return try bracketed()
    case .end: throw unexpected("the expression is not finished")
    }
  }

  private mutating func literalOrRange() throws(ExpressionFault) -> ExpressionSyntax {
    let token = advance()
    if let date = dateRange(token) {
      throw ExpressionFault(
        code: .badLiteral, range: date, message: "an expression has no dates",
        help: "on which days a rule counts says its schedule: 'during', with a list of type date")
    }
    let first = try LiteralReader.literal(word(token), at: token.range)
    guard isCurrent("..") else { return .literal(first, token.range) }
    advance()
    guard current.kind == .literal else { throw unexpected("the upper end of the range is missing") }
    let end = advance()
    let range = token.range.lowerBound..<end.range.upperBound
    guard case .integer(let lower) = first,
      case .integer(let upper) = try LiteralReader.literal(word(end), at: end.range)
    else {
      throw ExpressionFault(code: .badLiteral, range: range, message: "a range is between two whole numbers")
    }
    guard lower <= upper else {
      throw ExpressionFault(
        code: .badLiteral, range: range, message: "the range is empty", help: "write \(upper)..\(lower)")
    }
    return .literal(.range(lower, upper), range)
  }

  /// Where a date stands, `2026-01-01`.
  private func dateRange(_ token: ExpressionToken) -> Range<Int>? {
    let start = token.range.lowerBound
    guard token.range.count == 4, start + 10 <= bytes.count else { return nil }
    let isDate = (start..<start + 10).allSatisfy { place in
      place - start == 4 || place - start == 7 ? bytes[place] == UInt8(ascii: "-") : bytes[place].isDigit
    }
    return isDate ? start..<start + 10 : nil
  }

  private mutating func nameOrCall() throws(ExpressionFault) -> ExpressionSyntax {
    let token = advance()
    let name = word(token)
    switch name {
    case "true": return .literal(.bool(true), token.range)
    case "false": return .literal(.bool(false), token.range)
    case "and", "or", "in", "contains", "starts_with", "ends_with", "matches":
      throw ExpressionFault(
        code: .expressionSyntax, range: token.range, message: "a value is missing before '\(name)'")
    case "not":
      throw ExpressionFault(
        code: .expressionSyntax, range: token.range, message: "'not' stands before a whole comparison",
        help: "write not (a == b), or a != b")
    default: break
    }
    if let fault = ForeignWord.valueFault(token, name) { throw fault }
    if let fault = dottedHeader(token, name) { throw fault }
    if isCurrent("(") { return try call(name, token.range) }
    if isCurrent("["), name == "header" || name == "sip.header" { return try header(token.range.lowerBound) }
    return .name(name, token.range)
  }

  /// A header that is written like a field, `header.User-Agent`.
  private func dottedHeader(_ token: ExpressionToken, _ name: String) -> ExpressionFault? {
    guard let prefix = ["header.", "sip.header."].first(where: { name.hasPrefix($0) }) else { return nil }
    var end = token.range.upperBound
    while end < bytes.count, bytes[end].isWordByte || bytes[end] == UInt8(ascii: "-") { end += 1 }
    let whole = String(decoding: bytes[token.range.lowerBound..<end], as: UTF8.self)
    return ExpressionFault(
      code: .expressionSyntax, range: token.range.lowerBound..<end,
      message: "the name of a header stands in brackets and quotes",
      help: "write header[\"\(whole.dropFirst(prefix.count))\"]")
  }

  private mutating func call(_ name: String, _ nameRange: Range<Int>) throws(ExpressionFault)
    -> ExpressionSyntax
  {
    advance()
    var arguments: [ExpressionSyntax] = []
    if !isCurrent(")") {
      repeat {
        arguments.append(try descend { (parser) throws(ExpressionFault) in try parser.sum() })
      } while accept(",")
    }
    let end = current.range.upperBound
    try expect(")", " after the arguments of '\(name)'")
    return .call(name, nameRange: nameRange, arguments, nameRange.lowerBound..<end)
  }

  private mutating func header(_ start: Int) throws(ExpressionFault) -> ExpressionSyntax {
    advance()
    guard current.kind == .text else {
      throw unexpected("the header name stands in quotes: header[\"X-Name\"]")
    }
    let token = advance()
    let name = String(decoding: try LiteralReader.text(bytes, token.range), as: UTF8.self)
    guard name.isHeaderName else {
      throw ExpressionFault(
        code: .expressionSyntax, range: token.range, message: "\(name.quoted) is no header name")
    }
    let end = current.range.upperBound
    try expect("]", " after the header name")
    return .header(name, start..<end)
  }

  private mutating func bracketed() throws(ExpressionFault) -> ExpressionSyntax {
    let token = current
    if accept("(") {
      let inner = try descend { (parser) throws(ExpressionFault) in try parser.disjunction() }
      try expect(")", "")
      return inner
    }
    if accept("[") { return try items(token.range.lowerBound) }
    if accept("-") { return try negativeNumber(token.range.lowerBound) }
    throw unexpected("a value is missing")
  }

  private mutating func items(_ start: Int) throws(ExpressionFault) -> ExpressionSyntax {
    var items: [ExpressionSyntax] = []
    while !isCurrent("]") {
      items.append(try descend { (parser) throws(ExpressionFault) in try parser.sum() })
      guard accept(",") else { break }
    }
    let end = current.range.upperBound
    try expect("]", " at the end of the list")
    return .items(items, start..<end)
  }

  private mutating func negativeNumber(_ start: Int) throws(ExpressionFault) -> ExpressionSyntax {
    guard current.kind == .literal, case .literal(let value, let range) = try literalOrRange() else {
      throw ExpressionFault(
        code: .expressionSyntax, range: start..<start + 1, message: "only a number can be negative")
    }
    let whole = start..<range.upperBound
    switch value {
    case .integer(let number): return .literal(.integer(-number), whole)
    case .decimal(let number): return .literal(.decimal(-number), whole)
    case .duration(let number): return .literal(.duration(-number), whole)
    default:
      throw ExpressionFault(code: .expressionSyntax, range: whole, message: "only a number can be negative")
    }
  }
}

extension String {
  /// Whether a header may have this name: it is a token of RFC 3261 §25.1.
  package var isHeaderName: Bool {
    !isEmpty && utf8.allSatisfy { $0.isWordByte || "-.!%*+`'~".utf8.contains($0) }
  }
}
