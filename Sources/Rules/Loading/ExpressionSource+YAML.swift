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
        .foldedExpression, at: scalar.span, "an expression in a '>' block loses its places",
        help: "use a '|' block")
      return nil
    }
    guard scalar.text.utf8.contains(where: { $0 > 0x20 }) else {
      diagnostics.error(.wrongType, at: scalar.span, "expected an expression, found nothing")
      return nil
    }
    self.init(
      text: scalar.text, span: scalar.span, segments: ScalarMap.segments(of: scalar, in: file.bytes))
  }
}
