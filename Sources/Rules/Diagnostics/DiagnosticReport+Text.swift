internal import Values

extension DiagnosticReport {
  /// The report for people: RULES.md section 7.
  ///
  /// Each diagnostic is one line with path, line, column and message, then the source line with the place
  /// underlined, then the help. Nothing from a file reaches the terminal unescaped.
  public func renderText() -> String {
    var output = ""
    let subjects = diagnostics.compactMap { $0.code == .noTest ? $0.subject : nil }
    let isFolded = subjects.count > Self.singleSubjects
    for diagnostic in diagnostics where !isFolded || diagnostic.code != .noTest {
      append(diagnostic, to: &output)
    }
    if isFolded { output += "warning: \(Self.folded(subjects))\n" }
    return output
  }

  /// Rules without a test up to which each has its own lines.
  private static let singleSubjects = 3

  private static func folded(_ subjects: [String]) -> String {
    let named = subjects.prefix(singleSubjects).joined(separator: ", ")
    return TerminalText.escape(
      "\(subjects.count) rules have no tests: \(named) and \(subjects.count - singleSubjects) more")
  }

  private func append(_ diagnostic: RuleDiagnostic, to output: inout String) {
    let file = sources[diagnostic.span.file]
    output += TerminalText.escape(file.path)
    if file.hasText {
      let place = file.location(of: diagnostic.span.range.start)
      output += ":\(place.line):\(place.column)"
    }
    output += ": \(diagnostic.severity.rawValue): \(TerminalText.escape(diagnostic.message))\n"
    if file.hasText { appendExcerpt(diagnostic.span.range, of: file, to: &output) }
    if let help = diagnostic.help { output += "      = help: \(TerminalText.escape(help))\n" }
  }

  private func appendExcerpt(_ range: ByteRange, of file: SourceFile, to output: inout String) {
    let number = file.line(of: range.start)
    let line = file.range(ofLine: number)
    let start = min(max(range.start, line.lowerBound), line.upperBound)
    let end = min(max(range.end, start), line.upperBound)
    let excerpt = SourceExcerpt(line: line, mark: start..<end, in: file.bytes)
    let label = "\(number)"
    let gutter = String(repeating: " ", count: max(0, 5 - label.count)) + label
    output += "\(gutter) |"
    if !excerpt.text.isEmpty { output += " \(excerpt.text)" }
    let blank = String(repeating: " ", count: gutter.count)
    let lead = String(repeating: " ", count: excerpt.markStart)
    let tail = String(repeating: "~", count: excerpt.markWidth - 1)
    output += "\n\(blank) | \(lead)^\(tail)\n"
  }
}
