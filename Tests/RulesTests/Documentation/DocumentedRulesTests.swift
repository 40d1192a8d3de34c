import Foundation
import Testing

@testable import Rules

/// The rules that the documentation shows: blocks that begin with ```` ```yaml rules ````.
@Suite struct DocumentedRulesTests {
  /// One block, with the line on which it begins.
  struct Block: CustomTestStringConvertible {
    var page: String
    var line: Int
    var text: String
    var testDescription: String { "\(page):\(line)" }
  }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let blocks: [Block] = ["docs/rules.md", "README.md"].flatMap { page -> [Block] in
    let text = (try? String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)) ?? ""
    var found: [Block] = []
    var open: Block?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line == "```yaml rules" {
        open = Block(page: page, line: number + 2, text: "")
      } else if line.hasPrefix("```"), let block = open {
        found.append(block)
        open = nil
      } else {
        open?.text += line + "\n"
      }
    }
    return found
  }

  @Test func `the tutorial and the readme show rules`() {
    #expect(Set(Self.blocks.map(\.page)) == ["docs/rules.md", "README.md"])
    #expect(Self.blocks.count >= 10)
  }

  @Test(arguments: blocks) func `a documented rule loads without a warning and passes its tests`(
    _ block: Block
  ) throws {
    let outcome = RuleSetLoader.load(texts: [(path: block.page, text: block.text)])
    #expect(outcome.report.diagnostics.isEmpty, "\(outcome.report.renderText())")
    let rules = try #require(outcome.ruleSet)
    var runner = RuleTestRunner(rules, sources: outcome.report.sources)
    let report = runner.run()
    #expect(report.failedCount == 0 && report.passedCount > 0, "\(report.renderText())")
  }

  @Test func `all documented rules load together`() {
    let tutorial = Self.blocks.filter { $0.page == "docs/rules.md" }
    let files = tutorial.enumerated().map { (path: "block-\($0.offset).yaml", text: $0.element.text) }
    let outcome = RuleSetLoader.load(texts: files)
    #expect(outcome.report.diagnostics.isEmpty, "\(outcome.report.renderText())")
  }
}
