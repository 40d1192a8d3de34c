/// Finds regular expressions that say less than they cost.
enum PatternLint {
  /// Warns about the patterns of a rule.
  static func check(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    for (test, _) in (rule.conditions + rule.exceptions).flatMap(\.tests) {
      if case .matches(let pattern) = test.check { check(pattern, &sink) }
    }
  }

  private static func check(_ pattern: Pattern, _ sink: inout DiagnosticSink) {
    if PatternDatabase.matchesEmpty(pattern) {
      sink.warning(
        .alwaysTrue, at: pattern.span,
        "the regular expression matches every text, because it matches the empty one")
    } else if let simpler = simpler(pattern.text) {
      sink.warning(
        .needlessPattern, at: pattern.span, "no regular expression is needed here", help: "write \(simpler)")
    }
  }

  /// The plain comparison that means the same, or nil when the pattern needs to be one.
  private static func simpler(_ pattern: String) -> String? {
    var text = Substring(pattern)
    let startsHere = text.hasPrefix("^")
    if startsHere { text = text.dropFirst() }
    // `$` also matches before a last line break, which no field ends in.
    let endsHere = text.hasSuffix("$") && !text.hasSuffix("\\$")
    if endsHere { text = text.dropLast() }
    guard let literal = literal(text), !literal.isEmpty else { return nil }
    let word = startsHere ? (endsHere ? "==" : "starts_with") : (endsHere ? "ends_with" : "contains")
    let quoted = literal.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "\(word) \"\(quoted)\""
  }

  /// The text that a pattern without special characters means.
  private static func literal(_ pattern: Substring) -> String? {
    var result = ""
    var isEscaped = false
    for character in pattern {
      if isEscaped {
        // Behind a backslash letters and digits have meanings of their own.
        guard !character.isLetter, !character.isNumber else { return nil }
        result.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if ".[]{}()*+?|^$".contains(character) {
        return nil
      } else {
        result.append(character)
      }
    }
    return isEscaped ? nil : result
  }
}
