import Foundation
import Testing

@testable import Rules

private let folder = "\(packageRoot)/Fixtures/Import"

/// The outcome for a sample, with the file's name instead of its path.
private func imported(_ name: String) throws -> RuleImporter.Outcome {
  let text = try String(contentsOfFile: "\(folder)/\(name).rules", encoding: .utf8)
  return RuleImporter().translate(SourceFile("\(name).rules", text: text))
}

@Suite struct GoldenImportTests {
  @Test(arguments: ["suricata", "snort"])
  func `each sample becomes the rules and the report beside it`(_ name: String) throws {
    let outcome = try imported(name)
    for (suffix, actual) in [("yaml", outcome.yaml ?? ""), ("report", outcome.report.renderText())] {
      let path = "\(folder)/\(name).\(suffix)"
      if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try actual.write(toFile: path, atomically: true, encoding: .utf8)
      }
      #expect(actual == (try String(contentsOfFile: path, encoding: .utf8)))
    }
  }

  @Test(arguments: ["suricata", "snort"])
  func `the rules of a sample pass the check, but for the tests that they lack`(_ name: String) throws {
    let outcome = RuleSetLoader.load(["\(folder)/\(name).yaml"])
    #expect(outcome.ruleSet != nil)
    let remarks = outcome.report.diagnostics.filter { $0.code != .noTest }
    #expect(remarks.isEmpty, "\(remarks.map(\.message))")
  }

  @Test func `the report as JSON says the same`() throws {
    let report = try imported("suricata").report
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(report.renderJSON().utf8)) as? [String: Any])
    #expect(json["translated"] as? Int == report.translatedCount)
    #expect(json["not_translated"] as? Int == report.refusedCount)
    #expect(json["with_differences"] as? Int == report.differingCount)
    let rules = try #require(json["rules"] as? [[String: Any]])
    #expect(rules.count == report.rules.count)
    for (rule, expected) in zip(rules, report.rules) {
      #expect(rule["line"] as? Int == expected.line && rule["id"] as? String == expected.id)
      #expect((rule["findings"] as? [Any])?.count == expected.findings.count)
    }
  }

  @Test func `each rule that is not translated says why, and no other is refused`() throws {
    for name in ["suricata", "snort"] {
      for rule in try imported(name).report.rules {
        #expect(rule.findings.contains { $0.weight == .refused } == (rule.id == nil))
      }
    }
  }
}
