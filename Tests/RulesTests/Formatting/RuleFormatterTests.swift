import Foundation
import Testing

@testable import Rules

/// The canonical form of a text, or what is wrong with it.
func formatted(_ text: String) throws -> String {
  switch RuleFormatter().format(SourceFile(text: text)) {
  case .unchanged: return text
  case .changed(let bytes): return String(decoding: bytes, as: UTF8.self)
  case .refused(let report): throw Unexpected(report.renderText() + text)
  }
}

/// Every rule file of the repository that loads.
private func ruleFiles() throws -> [String] {
  var paths: [String] = []
  for folder in ["rules", "Fixtures"] {
    let all = FileManager.default.enumerator(atPath: "\(packageRoot)/\(folder)")
    while let name = all?.nextObject() as? String {
      guard name.hasSuffix(".yaml") else { continue }
      paths.append("\(packageRoot)/\(folder)/\(name)")
    }
  }
  return paths.sorted()
}

@Suite struct RuleFormatterTests {
  @Test func `a messy file becomes the one beside it`() throws {
    let folder = "\(packageRoot)/Fixtures/Formatting"
    let actual = try formatted(try String(contentsOfFile: "\(folder)/messy.yaml", encoding: .utf8))
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try actual.write(toFile: "\(folder)/messy.expected", atomically: true, encoding: .utf8)
    }
    #expect(actual == (try String(contentsOfFile: "\(folder)/messy.expected", encoding: .utf8)))
    #expect(try formatted(actual) == actual)
  }

  @Test func `shipped rules and the rules of cases are in the canonical form`() throws {
    let paths = try ruleFiles().filter { $0.contains("/rules/") || $0.hasSuffix("/rules.yaml") }
    #expect(paths.count > 15)
    for path in paths {
      guard case .unchanged = RuleFormatter().format(path) else {
        Issue.record("\(path): run ringwatch fmt")
        continue
      }
    }
  }

  @Test func `what is formatted is not formatted again`() throws {
    var formattedCount = 0
    for path in try ruleFiles() {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8), let once = try? formatted(text)
      else {
        continue
      }
      #expect(try formatted(once) == once, "\(path)")
      formattedCount += 1
    }
    #expect(formattedCount > 30)
  }

  @Test func `examples of the documentation keep their meaning`() throws {
    for page in ["docs/rules.md", "README.md"] {
      let text = try String(contentsOfFile: "\(packageRoot)/\(page)", encoding: .utf8)
      for block in text.components(separatedBy: "```yaml rules\n").dropFirst() {
        let example = block.components(separatedBy: "```")[0]
        let once = try formatted(example)
        #expect(try formatted(once) == once)
      }
    }
  }

  @Test(arguments: [
    "rules:\n  - id: a\n", "rules: [}\n", "rules: !x []\n", "", "colour: red\n",
    "rules:\n  - {id: a, sid: 1, title: T, event: sip, when: \"a\", when: \"b\"}\n",
  ])
  func `a file that does not load is refused`(_ text: String) {
    guard case .refused(let report) = RuleFormatter().format(SourceFile(text: text)) else {
      Issue.record("formatted: \(text)")
      return
    }
    #expect(report.errorCount > 0)
    #expect(!report.diagnostics.contains { $0.code == .notFormatted })
  }

  @Test func `texts are quoted where they must be and stay quoted where they were`() throws {
    for text in [
      "plain", "a: b", "a #b", "#a", "- a", "-a", "it's", "say \"x\"", "[a]", "{a}", "a, b", "@x", "%x",
      "`x`",
      "? x", "a:", "*x", "&x", "!x", "|", ">", "'", "\"", "tab\there", "line\nbreak", "\u{85}", "a\\b", " a ",
      "---",
      "...", "<<", "Zoë 電話", "\u{1f600}", "1", "true", "~",
    ] {
      for context in [YAMLText.Context.block, .flow] {
        let scalar = YAMLText.scalar(text, in: context)
        let file = context == .block ? "k: \(scalar)\n" : "{k: \(scalar), l: [\(scalar)]}\n"
        var sources = SourceFiles()
        var sink = DiagnosticSink()
        let id = sources.add(SourceFile(text: file))
        guard case .mapping(let mapping)? = StrictYAML().read(id, of: sources, diagnostics: &sink),
          case .scalar(let read)? = mapping.value(of: "k")
        else {
          Issue.record("\(file)\(sink.diagnostics.map(\.message))")
          continue
        }
        #expect(read.text == text, "\(file)")
      }
    }
  }
}
