internal import Values

/// Cuts the text of an expression into tokens.
struct ExpressionLexer {
  /// The longest expression, in bytes.
  static let maximumLength = 16_384

  private let bytes: [UInt8]
  private var offset = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// All tokens, the last one is `.end`.
  static func tokens(of bytes: [UInt8]) throws(ExpressionFault) -> [ExpressionToken] {
    guard bytes.count <= maximumLength else {
      throw ExpressionFault(
        code: .expressionTooLong, range: maximumLength..<bytes.count,
        message: "the expression is longer than \(maximumLength) bytes",
        help: "put long lists of values into 'lists', and parts of the expression into 'macros'")
    }
    var lexer = ExpressionLexer(bytes)
    var tokens: [ExpressionToken] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private func peek(_ distance: Int = 0) -> UInt8 {
    offset + distance < bytes.count ? bytes[offset + distance] : 0
  }

  private mutating func next() throws(ExpressionFault) -> ExpressionToken {
    while peek() == 0x20 || peek() == 0x09 || peek() == 0x0a || peek() == 0x0d { offset += 1 }
    let start = offset
    guard start < bytes.count else { return ExpressionToken(kind: .end, range: start..<start) }
    let kind: ExpressionToken.Kind
    switch peek() {
    case UInt8(ascii: "\""):
      kind = .text
      try scanQuoted()
    case UInt8(ascii: "h") where peek(1) == UInt8(ascii: "\""):
      kind = .bytes
      offset += 1
      try scanQuoted()
    case UInt8(ascii: "@"), UInt8(ascii: "$"):
      kind = peek() == UInt8(ascii: "@") ? .list : .macro
      try scanReference()
    case let byte where byte.isDigit || startsAddress():
      kind = .literal
      scanLiteral()
    case let byte where byte.isLetter || byte == UInt8(ascii: "_"):
      kind = .name
      scanName()
    default:
      kind = .symbol
      try scanSymbol()
    }
    return ExpressionToken(kind: kind, range: start..<offset)
  }

  private mutating func scanQuoted() throws(ExpressionFault) {
    let start = offset
    offset += 1
    while offset < bytes.count {
      if peek() == UInt8(ascii: "\"") {
        offset += 1
        return
      }
      offset += peek() == UInt8(ascii: "\\") ? 2 : 1
    }
    throw ExpressionFault(
      code: .unclosedText, range: start..<bytes.count, message: "the text has no closing quote")
  }

  private mutating func scanReference() throws(ExpressionFault) {
    let start = offset
    let what = peek() == UInt8(ascii: "@") ? "list" : "macro"
    offset += 1
    while peek().isWordByte { offset += 1 }
    guard offset > start + 1 else {
      throw ExpressionFault(
        code: .expressionSyntax, range: start..<offset,
        message: "the name of a \(what) must follow '\(what == "list" ? "@" : "$")'")
    }
  }

  private mutating func scanName() {
    while peek().isWordByte || (peek() == UInt8(ascii: ".") && peek(1).isWordByte) { offset += 1 }
  }

  /// A word that begins with a digit or is an address; `..` ends it, `/24` behind an address belongs to it.
  private mutating func scanLiteral() {
    let start = offset
    var colons = 0
    while peek().isWordByte || peek() == UInt8(ascii: ":")
      || (peek() == UInt8(ascii: ".") && peek(1) != UInt8(ascii: "."))
    {
      if peek() == UInt8(ascii: ":") { colons += 1 }
      offset += 1
    }
    let dots = bytes[start..<offset].count { $0 == UInt8(ascii: ".") }
    if colons > 0 || dots >= 2, peek() == UInt8(ascii: "/"), peek(1).isWordByte {
      offset += 1
      while peek().isWordByte { offset += 1 }
    }
  }

  /// Whether an IPv6 address starts here although the first byte is no digit (`::1`, `fe80::1`).
  private func startsAddress() -> Bool {
    var end = offset
    while end < bytes.count, bytes[end].isHexDigit, end - offset < 5 { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: ":") else { return false }
    return end > offset || (end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: ":"))
  }

  private mutating func scanSymbol() throws(ExpressionFault) {
    let start = offset
    let pair = offset + 1 < bytes.count ? String(decoding: bytes[offset...offset + 1], as: UTF8.self) : ""
    if ["==", "!=", "<=", ">=", ".."].contains(pair) {
      offset += 2
      return
    }
    if let word = Self.foreignOperators[pair] {
      throw foreign(pair, word, at: start)
    }
    let single = String(decoding: bytes[offset...offset], as: UTF8.self)
    if "<>+-*/()[],".utf8.contains(peek()) {
      offset += 1
      return
    }
    if let word = Self.foreignOperators[single] {
      throw foreign(single, word, at: start)
    }
    throw unexpectedCharacter(at: start)
  }

  private func foreign(_ symbol: String, _ word: String, at start: Int) -> ExpressionFault {
    ExpressionFault(
      code: .expressionSyntax, range: start..<start + symbol.utf8.count,
      message: "'\(symbol)' is no operator; write '\(word)'")
  }

  private func unexpectedCharacter(at start: Int) -> ExpressionFault {
    var end = start + 1
    while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
    let isQuote = bytes[start] == UInt8(ascii: "'")
    let character = String(decoding: bytes[start..<end], as: UTF8.self)
    return ExpressionFault(
      code: .expressionSyntax, range: start..<end,
      message: isQuote ? "text stands in double quotes" : "'\(character)' has no meaning here",
      help: isQuote ? singleQuoted(from: end).map { "write \"\($0)\"" } : nil)
  }

  /// The text up to the next single quote.
  private func singleQuoted(from start: Int) -> String? {
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "'")), end > start, end - start <= 40,
      !bytes[start..<end].contains(where: { "\"\\".utf8.contains($0) })
    else { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// What people bring along from other languages.
  private static let foreignOperators: [String: String] = [
    "&&": "and", "||": "or", "!": "not", "=": "==", "~": "matches", "=~": "matches",
    "!~": "not (… matches …)",
    "&": "and", "|": "or",
  ]
}

extension UInt8 {
  /// `0`–`9`.
  var isDigit: Bool { self &- 0x30 <= 9 }
  /// `A`–`Z`, `a`–`z`.
  var isLetter: Bool { (self | 0x20) &- 0x61 <= 25 }
  /// `0`–`9`, `A`–`F`, `a`–`f`.
  var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 <= 5 }
  /// A byte of a name without its dots.
  var isWordByte: Bool { isDigit || isLetter || self == UInt8(ascii: "_") }
}
