import Foundation
import Testing
import Values

@testable import Rules

/// A report of one diagnostic about a range of bytes of a text.
private func report(
  _ path: String, _ text: String, _ range: Range<Int>, _ message: String, help: String? = nil,
  severity: DiagnosticSeverity = .error
) -> DiagnosticReport {
  var sources = SourceFiles()
  var sink = DiagnosticSink()
  let id = sources.add(SourceFile(path, text: text))
  let span = SourceSpan(file: id, range: ByteRange(range.lowerBound, range.upperBound))
  sink.report(RuleDiagnostic(.unknownKey, severity, at: span, message, help: help))
  return DiagnosticReport(sink, sources: sources)
}

/// The byte range of a word in a text.
private func range(of word: String, in text: String) throws -> Range<Int> {
  let found = try #require(text.range(of: word))
  let start = text.utf8.distance(from: text.startIndex, to: found.lowerBound)
  return start..<start + word.utf8.count
}

@Suite struct DiagnosticRenderingTests {
  @Test func `the format is the one of the rule language`() throws {
    let text = String(repeating: "\n", count: 11) + "    when: sip.status == 401\n"
    let place = try range(of: "sip.status", in: text)
    let message = "unknown field 'sip.status'; did you mean 'sip.code'?"
    #expect(
      report("rules/fraud.yaml", text, place, message).renderText() == """
        rules/fraud.yaml:12:11: error: unknown field 'sip.status'; did you mean 'sip.code'?
           12 |     when: sip.status == 401
              |           ^~~~~~~~~~

        """)
  }

  @Test func `tabs, wide characters and combining marks keep the caret in place`() throws {
    let text = "a\t電話 e\u{301}: \tx!\n"
    let place = try range(of: "x!", in: text)
    #expect(
      report("r", text, place, "m").renderText() == """
        r:1:11: error: m
            1 | a    電話 e\u{301}:     x!
              |                  ^~

        """)
  }

  @Test func `nothing from a file reaches the terminal unescaped`() throws {
    let text = "a: \u{1b}[31m\u{202e}evil\u{7}\n"
    let rendered = report("x\u{1b}y\n", text, 3..<4, "bad '\u{1b}]0;t\u{7}'\u{85}\n", help: "\r").renderText()
    let allowed = rendered.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value < 0x7f) }
    #expect(allowed)
    #expect(
      rendered
        == """
        x\\u{1b}y\\u{a}:1:4: error: bad '\\u{1b}]0;t\\u{7}'\\u{85}\\u{a}
            1 | a: \\u{1b}[31m\\u{202e}evil\\u{7}
              |    ^~~~~~
            = help: \\u{d}

        """.replacing("    = help", with: "      = help"))
  }

  @Test func `a place that spans lines is underlined to the end of its first line`() {
    #expect(
      report("r", "ab: cd\nef\n", 4..<9, "m").renderText() == """
        r:1:5: error: m
            1 | ab: cd
              |     ^~

        """)
  }

  @Test func `a place at or behind the end of a file is shown`() {
    for offset in [6, 7, 100] {
      let lines = report("r", "ab: cd\n", offset..<offset + 1, "m").renderText().split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines.last?.hasSuffix("^") ?? false)
    }
    #expect(report("r", "", 0..<0, "m").renderText() == "r:1:1: error: m\n    1 |\n      | ^\n")
  }

  @Test func `line numbers may have more than five digits`() {
    let text = String(repeating: "\n", count: 1_234_566) + "ab\n"
    #expect(
      report("r", text, 1_234_566..<1_234_568, "m").renderText() == """
        r:1234567:1: error: m
        1234567 | ab
                | ^~

        """)
  }

  @Test func `long lines show the surroundings of the place, wherever it is`() throws {
    let text = (0..<2000).map { "w\($0)ä" }.joined(separator: " ") + "\n"
    for word in ["w0ä", "w7ä", "w1000ä", "w1990ä", "w1999ä"] {
      let place = try range(of: word, in: text)
      let lines = report("r", text, place, "m").renderText().split(separator: "\n")
      try #require(lines.count == 3)
      let start = try #require(lines[2].firstIndex(of: "^"))
      let column = lines[2].distance(from: lines[2].startIndex, to: start)
      #expect(lines[1].dropFirst(column).hasPrefix(word))
      #expect(lines[1].count <= 8 + SourceExcerpt.maximumWidth)
      #expect(lines[2].dropFirst(column).count == word.count)
    }
  }

  @Test func `diagnostics come in the order of the files and places`() {
    var sources = SourceFiles()
    var sink = DiagnosticSink()
    let first = sources.add(SourceFile("a", text: "abc\n"))
    let second = sources.add(SourceFile("b", text: "abc\n"))
    func report(_ file: SourceFileID, _ offset: Int, _ message: String) {
      sink.error(.unknownKey, at: SourceSpan(file: file, range: ByteRange(offset, offset)), message)
    }
    report(second, 0, "4")
    report(first, 2, "3")
    report(first, 1, "1")
    report(first, 1, "2")
    sink.warning(.unknownKey, at: SourceSpan(file: second, range: ByteRange(1, 1)), "5")
    let report = DiagnosticReport(sink, sources: sources)
    #expect(report.diagnostics.map(\.message) == ["1", "2", "3", "4", "5"])
    #expect(report.errorCount == 4)
    #expect(report.warningCount == 1)
    #expect(sink.hasErrors)
  }

  @Test func `JSON has every part and parses`() throws {
    let text = "größe: \"\u{e9}\" x\n"
    let place = try range(of: "x", in: text)
    let json = report("a\"\u{1b}.yaml", text, place, "m\n\\", help: "h", severity: .warning).renderJSON()
    let root = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(root["errors"] as? Int == 0)
    #expect(root["warnings"] as? Int == 1)
    let diagnostics = try #require(root["diagnostics"] as? [[String: Any]])
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostic["code"] as? String == "unknown-key")
    #expect(diagnostic["severity"] as? String == "warning")
    #expect(diagnostic["file"] as? String == "a\"\u{1b}.yaml")
    #expect(diagnostic["line"] as? Int == 1)
    #expect(diagnostic["column"] as? Int == 12)
    #expect(diagnostic["end_line"] as? Int == 1)
    #expect(diagnostic["end_column"] as? Int == 13)
    #expect(diagnostic["message"] as? String == "m\n\\")
    #expect(diagnostic["help"] as? String == "h")
  }

  @Test func `SARIF has the parts that version 2.1.0 requires`() throws {
    let sarif = report("rules/a b:c.yaml", "x: 1\n", 0..<1, "m", help: "h").renderSARIF(toolVersion: "1.2.3")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(sarif.utf8)) as? [String: Any])
    #expect(root["version"] as? String == "2.1.0")
    let run = try #require((root["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    #expect(driver["name"] as? String == "ringwatch")
    #expect((driver["rules"] as? [[String: Any]])?.first?["id"] as? String == "unknown-key")
    #expect(run["columnKind"] as? String == "unicodeCodePoints")
    let result = try #require((run["results"] as? [[String: Any]])?.first)
    #expect(result["ruleId"] as? String == "unknown-key")
    #expect(result["level"] as? String == "error")
    #expect((result["message"] as? [String: Any])?["text"] as? String == "m (h)")
    let location = try #require((result["locations"] as? [[String: Any]])?.first)
    let physical = try #require(location["physicalLocation"] as? [String: Any])
    #expect((physical["artifactLocation"] as? [String: Any])?["uri"] as? String == "rules/a%20b%3Ac.yaml")
    let region = try #require(physical["region"] as? [String: Int])
    #expect(region == ["startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2])
  }

  @Test(arguments: [
    ("whn", "when"), ("severty", "severity"), ("titel", "title"), ("ID", "id"), ("colour", nil), ("", nil),
    ("tilte", "title"), ("x", nil),
  ])
  func `suggestions are close`(_ word: String, _ expected: String?) {
    #expect(Suggestion.closest(to: word, among: ["id", "title", "when", "severity"]) == expected)
  }

  @Test func `a suggestion for a huge word costs nothing`() {
    let word = String(repeating: "a", count: 1_000_000)
    #expect(Suggestion.closest(to: word, among: [word]) == nil)
    #expect(word.quoted.unicodeScalars.count == 60)
  }
}
