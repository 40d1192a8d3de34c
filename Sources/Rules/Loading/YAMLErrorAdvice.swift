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
      message = "expected \(error.problem.hasSuffix("']'") ? "',' or ']'" : "',' or '}'")"
      help = "quote a value that contains brackets, braces, commas or quotes"
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
      help = "put the whole value in single quotes, or use a '|' block"
    } else if previous == UInt8(ascii: "\n") {
      message = "this line does not fit the indentation of the lines above"
      help = "entries of one mapping or list start in the same column"
    } else {
      message = "a value ends here, but more text follows"
      help = "quote the whole value"
    }
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
