internal import Values

extension ExpressionSource {
  /// The expression in a scalar, or nil after reporting why YAML would garble it.
  init?(_ scalar: YAMLScalar, in file: SourceFile, diagnostics: inout DiagnosticSink) {
    guard !scalar.isFaulty else { return nil }
    if let comment = scalar.trailingComment {
      diagnostics.error(
        .commentInExpression, at: comment, "YAML cuts the expression here: ' #' starts a comment",
        help: "put the whole expression in single quotes, or the comment on a line of its own")
      return nil
    }
    guard scalar.style != .folded else {
      diagnostics.error(
        .foldedExpression, at: scalar.span,
        "an expression does not stand in a '>' block, which joins its lines",
        help: "use a '|' block")
      return nil
    }
    guard scalar.text.utf8.contains(where: { $0 > 0x20 }) else {
      diagnostics.error(.wrongType, at: scalar.span, "expected an expression, found nothing")
      return nil
    }
    if let comma = Self.dividingComma(behind: scalar, in: file.bytes) {
      diagnostics.error(
        .dividedExpression, at: comma,
        "YAML divides the expression here: a comma between brackets or braces begins something new",
        help: "put the whole expression in single quotes")
      return nil
    }
    self.init(
      text: scalar.text, span: scalar.span, segments: ScalarMap.segments(of: scalar, in: file.bytes))
  }

  /// The comma behind a plain scalar that stops in the middle of a text or of parentheses.
  private static func dividingComma(behind scalar: YAMLScalar, in bytes: [UInt8]) -> SourceSpan? {
    var place = scalar.span.range.end
    while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
    guard scalar.style == .plain, place < bytes.count, bytes[place] == UInt8(ascii: ","),
      isUnfinished(scalar.text)
    else { return nil }
    return SourceSpan(file: scalar.span.file, range: ByteRange(place, place + 1))
  }

  /// Whether a text in double quotes or a parenthesis is open at the end.
  private static func isUnfinished(_ expression: String) -> Bool {
    var (depth, isQuoted, isEscaped) = (0, false, false)
    for byte in expression.utf8 {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where isQuoted: isEscaped = true
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: "(") where !isQuoted: depth += 1
      case UInt8(ascii: ")") where !isQuoted: depth -= 1
      default: break
      }
    }
    return isQuoted || depth > 0
  }
}
