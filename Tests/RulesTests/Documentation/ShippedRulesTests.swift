import Testing

@testable import Rules

/// What whoever gets an alert of a shipped rule wants to know, and what programs that read the log need.
@Suite struct ShippedRulesTests {
  private static func shipped() throws -> CompiledRuleSet {
    let outcome = RuleSetLoader.load(["\(packageRoot)/rules"])
    return try #require(outcome.ruleSet, "\(outcome.report.renderText())")
  }

  @Test func `each says what it sees, why that matters, when it is wrong and how to tune it`() throws {
    let rules = try Self.shipped()
    #expect(rules.ruleCount > 60)
    for rule in rules.metadata {
      let text = rule.documentation ?? ""
      for word in ["Why: ", "False positives: ", "Tuning: "] {
        #expect(text.contains("\n\(word)"), "\(rule.id) does not say \(word)")
      }
      #expect(text.prefix { $0 != "\n" }.count > 20, "\(rule.id) does not say what it sees")
    }
  }

  @Test func `each has a category, tags, references and a word about forged senders`() throws {
    for rule in try Self.shipped().metadata {
      #expect(rule.category != nil && !rule.tags.isEmpty, "\(rule.id)")
      #expect(rule.spoofability != nil, "\(rule.id)")
      #expect(!rule.references.isEmpty, "\(rule.id)")
      for reference in rule.references { #expect(reference.hasPrefix("https://"), "\(rule.id)") }
    }
  }

  @Test func `each names a technique of MITRE ATT&CK, unless it is about quality or strangeness alone`()
    throws
  {
    for rule in try Self.shipped().metadata where rule.attackTechniques.isEmpty {
      #expect(rule.tags == ["quality"] || rule.tags == ["anomaly"], "\(rule.id)")
    }
  }
}
