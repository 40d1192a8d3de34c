/// Reads an expression: recursive descent over the grammar of RULES.md section 4.
///
/// Nesting and chains of arithmetic are capped, so that no text exhausts the stack.
struct ExpressionParser {
  /// The deepest nesting of brackets, calls and `not`.
  static let maximumDepth = 64

  /// Words that are no names.
  static let reservedWords: Set = [
    "and", "or", "not", "in", "contains", "starts_with", "ends_with", "matches", "true", "false",
  ]

  let bytes: [UInt8]
  private let tokens: [ExpressionToken]
  private var index = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) throws(ExpressionFault) {
    self.bytes = bytes
    tokens = try ExpressionLexer.tokens(of: bytes)
  }

  /// The tree of a text, or the first fault in it.
  static func parse(_ text: String) throws(ExpressionFault) -> ExpressionSyntax {
    var parser = try ExpressionParser(Array(text.utf8))
    guard parser.current.kind != .end else {
      throw ExpressionFault(code: .expressionSyntax, range: 0..<0, message: "the expression is empty")
    }
    let tree = try parser.disjunction()
    guard parser.current.kind == .end else { throw parser.unexpected("the expression ends here") }
    return tree
  }

  // MARK: Tokens

  var current: ExpressionToken { tokens[index] }

  func word(_ token: ExpressionToken) -> String {
    String(decoding: bytes[token.range], as: UTF8.self)
  }

  func isCurrent(_ symbol: String) -> Bool {
    (current.kind == .symbol || current.kind == .name) && word(current) == symbol
  }

  @discardableResult
  mutating func advance() -> ExpressionToken {
    let token = tokens[index]
    if token.kind != .end { index += 1 }
    return token
  }

  mutating func accept(_ symbol: String) -> Bool {
    guard isCurrent(symbol) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String, _ reason: String) throws(ExpressionFault) {
    guard accept(symbol) else { throw unexpected("'\(symbol)' is missing\(reason)") }
  }

  func unexpected(_ message: String) -> ExpressionFault {
    if let fault = ForeignWord.fault(current, word(current)) { return fault }
    let found = current.kind == .end ? "" : ", but \(word(current).quoted) follows"
    return ExpressionFault(code: .expressionSyntax, range: current.range, message: message + found)
  }

  mutating func descend<Result>(
    _ body: (inout ExpressionParser) throws(ExpressionFault) -> Result
  ) throws(ExpressionFault) -> Result {
    depth += 1
    guard depth <= Self.maximumDepth else {
      throw ExpressionFault(
        code: .expressionTooDeep, range: current.range,
        message: "the expression is nested deeper than \(Self.maximumDepth) levels")
    }
    let result = try body(&self)
    depth -= 1
    return result
  }

  // MARK: and, or, not

  mutating func disjunction() throws(ExpressionFault) -> ExpressionSyntax {
    let first = try negation()
    guard isCurrent("and") || isCurrent("or") else { return first }
    let joint = word(current)
    var parts = [first]
    while isCurrent("and") || isCurrent("or") {
      guard isCurrent(joint) else {
        throw ExpressionFault(
          code: .mixedOperators, range: current.range,
          message: "'and' and 'or' are mixed without parentheses",
          help: "put parentheses around the part that belongs together")
      }
      advance()
      parts.append(try negation())
    }
    return joint == "and" ? .all(parts) : .any(parts)
  }

  private mutating func negation() throws(ExpressionFault) -> ExpressionSyntax {
    guard isCurrent("not") else { return try comparison() }
    let start = advance().range.lowerBound
    let inner = try descend { (parser) throws(ExpressionFault) in try parser.negation() }
    // Up to the parenthesis that closes it.
    return .not(inner, start..<max(inner.range.upperBound, tokens[index - 1].range.upperBound))
  }

  // MARK: Comparisons

  private mutating func comparison() throws(ExpressionFault) -> ExpressionSyntax {
    let left = try sum()
    let start = current.range
    var isNegated = false
    if isCurrent("not") {
      advance()
      isNegated = true
      guard isCurrent("in") else { throw unexpected("'in' must follow 'not'") }
    }
    guard let comparison = comparisonOperator() else {
      if let fault = strayOperator() { throw fault }
      return left
    }
    let operatorRange = start.lowerBound..<advance().range.upperBound
    if comparison == .isIn { try checkBrackets() }
    let right = comparison == .matches ? try patternOrSum() : try sum()
    if comparisonOperator() != nil {
      throw ExpressionFault(
        code: .expressionSyntax, range: current.range, message: "a comparison has two sides only",
        help: "join two comparisons with 'and'")
    }
    return .comparison(
      ComparisonSyntax(
        left: left, comparison: comparison, isNegated: isNegated, right: right, operatorRange: operatorRange))
  }

  /// A list of values in round brackets, as in SQL.
  private func checkBrackets() throws(ExpressionFault) {
    guard isCurrent("(") else { return }
    var depth = 0
    for token in tokens[index...] where token.kind == .symbol {
      switch word(token) {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "," where depth == 1:
        throw ExpressionFault(
          code: .expressionSyntax, range: current.range,
          message: "a list of values stands in square brackets",
          help: "write in [\"INVITE\", \"BYE\"]")
      default: break
      }
      if depth == 0 { return }
    }
  }

  private func comparisonOperator() -> ComparisonOperator? {
    guard current.kind == .symbol || current.kind == .name else { return nil }
    return ComparisonOperator(rawValue: word(current))
  }

  /// A name where an operator must stand is most often a misspelt operator.
  private func strayOperator() -> ExpressionFault? {
    guard current.kind == .name, !isCurrent("and"), !isCurrent("or") else { return nil }
    if let fault = ForeignWord.fault(current, word(current)) { return fault }
    let operators = ["and", "or", "in", "contains", "starts_with", "ends_with", "matches"]
    return ExpressionFault(
      code: .expressionSyntax, range: current.range,
      message: "an operator is missing before \(word(current).quoted)"
        + Suggestion.phrase(for: word(current), among: operators))
  }

  private mutating func patternOrSum() throws(ExpressionFault) -> ExpressionSyntax {
    guard current.kind == .text else { return try sum() }
    let range = advance().range
    let raw = String(decoding: bytes[range.lowerBound + 1..<range.upperBound - 1], as: UTF8.self)
    // Backslashes belong to the regular expression, except the one that keeps a quote inside the text.
    return .pattern(raw.replacing("\\\"", with: "\""), range)
  }

  // MARK: Arithmetic

  mutating func sum() throws(ExpressionFault) -> ExpressionSyntax {
    try chain(["+", "-"]) { (parser) throws(ExpressionFault) in try parser.product() }
  }

  private mutating func product() throws(ExpressionFault) -> ExpressionSyntax {
    try chain(["*", "/"]) { (parser) throws(ExpressionFault) in try parser.primary() }
  }

  private mutating func chain(
    _ symbols: [String], _ operand: (inout ExpressionParser) throws(ExpressionFault) -> ExpressionSyntax
  ) throws(ExpressionFault) -> ExpressionSyntax {
    var left = try operand(&self)
    var length = 0
    while current.kind == .symbol, symbols.contains(word(current)),
      let arithmetic = ArithmeticOperator(rawValue: word(current))
    {
      length += 1
      guard length <= Self.maximumDepth else {
        throw ExpressionFault(
          code: .expressionTooDeep, range: current.range,
          message: "more than \(Self.maximumDepth) arithmetic operators stand in a row")
      }
      advance()
      left = .arithmetic(arithmetic, left, try operand(&self))
    }
    return left
  }
}
