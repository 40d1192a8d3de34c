/// Says in the words of a rule author what libyaml says in those of its grammar.
struct YAMLErrorAdvice {
  var code = DiagnosticCode.yamlSyntax
  var range: Range<Int>
  var message: String
  var help: String?

  /// Advice for an error at a byte offset, in a context that began at another one.
  init(_ error: YAMLParserError, at offset: Int, context: Int, in bytes: [UInt8]) {
    range = offset..<min(offset + 1, max(bytes.count, offset))
    message = error.problem
    switch error.problem {
    case "mapping values are not allowed in this context":
      message = "a second ': ' on one line"
      help = "if ': ' belongs to the value, put the whole value in single quotes"
    case "found character that cannot start any token":
      let first = offset < bytes.count ? String(UnicodeScalar(bytes[offset])) : ""
      message = "a value cannot begin with \(first.quoted)"
      help = "put the whole value in single quotes"
    case "did not find expected alphabetic or numeric character":
      range = context..<context + 1
      message = "'*' and '&' cannot begin a value"
      help = "put the whole value in single quotes"
    case "did not find expected key", "did not find expected '-' indicator":
      describeMisplaced(offset, bytes)
    case "did not find expected ',' or '}'", "did not find expected ',' or ']'":
      describeOpenBracket(error, offset, context, bytes)
    case "could not find expected ':'":
      range = context..<context + 1
      message = "expected ': ' after a key"
      help = "indent the further lines of a value deeper than its key, or use a '|' block"
    case "found unexpected end of stream", "found unexpected document indicator":
      guard error.context.contains("quoted scalar") else { break }
      range = context..<context + 1
      message = "the quote that opens here is not closed"
      help = "end the value with the same quote"
    case "found unknown escape character":
      message = "unknown escape in double quotes"
      help = "write '\\\\' for a backslash, or use single quotes"
    case "found undefined tag handle", "did not find expected whitespace or line break",
      "found invalid tag handle", "did not find expected tag URI":
      describeTag(offset, context, bytes)
    case "found unknown directive name", "found duplicate %YAML directive",
      "did not find expected <document start>":
      describeDirective(offset, bytes)
    default:
      break
    }
  }

  /// A quoted text followed by more on its line is an expression that begins with a quotation mark.
  private mutating func describeMisplaced(_ offset: Int, _ bytes: [UInt8]) {
    var before = offset
    while before > 0, bytes[before - 1] == UInt8(ascii: " ") { before -= 1 }
    let previous = before > 0 ? bytes[before - 1] : UInt8(ascii: "\n")
    if previous == UInt8(ascii: "\"") || previous == UInt8(ascii: "'") {
      message = "text after a closing quotation mark"
      help =
        previous == UInt8(ascii: "'")
        ? "write '' for a quote inside single quotes, or use a '|' block"
        : "put the whole value in single quotes, or use a '|' block"
    } else if previous == UInt8(ascii: "\n"), Self.hasComment(lineBefore: before - 1, bytes) {
      message = "the comment on the line above ended its value, so this line belongs to nothing"
      help = "put the comment on a line of its own, or use a '|' block"
    } else if previous == UInt8(ascii: "\n") {
      message = "this line does not fit the indentation of the lines above"
      help = "entries of one mapping or list start in the same column"
    } else {
      message = "a value ends here, but more text follows"
      help = "quote the whole value"
    }
  }

  /// Whether the line that ends at an offset has a comment behind something else.
  private static func hasComment(lineBefore end: Int, _ bytes: [UInt8]) -> Bool {
    var index = min(end, bytes.count) - 1
    var hash: Int?
    while index >= 0, bytes[index] != UInt8(ascii: "\n") {
      if bytes[index] == UInt8(ascii: "#"), index > 0, bytes[index - 1] == UInt8(ascii: " ") { hash = index }
      index -= 1
    }
    guard let hash else { return false }
    return bytes[(index + 1)..<hash].contains { $0 != UInt8(ascii: " ") }
  }

  /// A bracket whose line ended long ago was forgotten; on its own line something in it needs quotes.
  private mutating func describeOpenBracket(
    _ error: YAMLParserError, _ offset: Int, _ context: Int, _ bytes: [UInt8]
  ) {
    let isSequence = error.problem.hasSuffix("']'")
    let end = min(offset, bytes.count)
    guard context < end, bytes[context..<end].contains(UInt8(ascii: "\n")) else {
      message = "expected \(isSequence ? "',' or ']'" : "',' or '}'")"
      help = "quote a value that contains brackets, braces, commas or quotes"
      return
    }
    range = context..<context + 1
    message = "the \(isSequence ? "'['" : "'{'") that opens here is not closed"
    help = "add the missing \(isSequence ? "']'" : "'}'"), or a comma between two items"
  }

  private mutating func describeTag(_ offset: Int, _ context: Int, _ bytes: [UInt8]) {
    var start = min(offset, bytes.count)
    if start == bytes.count || bytes[start] != UInt8(ascii: "!") { start = min(context, bytes.count) }
    guard start < bytes.count, bytes[start] == UInt8(ascii: "!") else { return }
    code = .yamlTag
    range = start..<start + 1
    message = "'!' starts a YAML tag, and tags are not allowed"
    help = "if '!' belongs to the value, put the whole value in single quotes"
  }

  private mutating func describeDirective(_ offset: Int, _ bytes: [UInt8]) {
    var start = min(offset, bytes.count)
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    guard start < bytes.count, bytes[start] == UInt8(ascii: "%") else {
      message = "text after the end of the document"
      return
    }
    code = .yamlDirective
    message = "YAML directives are not allowed"
    help = "remove the line, or quote the value if it begins with '%'"
  }
}
