import Events
import Testing
import Values

@testable import Rules

/// The memory of all rules goes to those that have much to remember, and none is left without its part.
@Suite struct MemorySharesTests {
  /// Rules that count by client, and many that never see an event.
  private func rules(counting names: [String], idle: Int) throws -> CompiledRuleSet {
    var text = "rules:\n"
    for (index, name) in names.enumerated() {
      text += """
          - {id: \(name), sid: \(index + 1), title: C, event: sip.request, when: 'sip.method == "\(name.uppercased())"',
             threshold: {by: [client.ip], within: 60s, count: {at_least: 3}}}

        """
    }
    for index in 0..<idle {
      text +=
        "  - {id: idle\(index), sid: \(100 + index), title: I, event: rtcp, threshold: {by: [src_ip], within: 1s, count: {at_least: 2}}}\n"
    }
    return try compile(text)
  }

  private func flood(_ engine: inout RuleEngine, _ method: String, clients: Range<UInt32>) -> Int {
    var alerts: [Alert] = []
    var event = Event()
    for client in clients {
      let short = ShortEvent(
        fields: [(.clientIP, .ip(IPAddress(v4: client)))], texts: [(.sipMethod, method)])
      short.fill(&event, sequence: UInt64(client), headerNames: engine.ruleSet.headerNames)
      engine.process(event, into: &alerts)
    }
    return alerts.count
  }

  @Test func `a busy rule among idle ones takes what they do not need`() throws {
    var limits = EngineLimits()
    limits.totalBytes = 64 << 20
    let set = try rules(counting: ["invite"], idle: 99)
    var engine = RuleEngine(set, limits: limits)
    for _ in 0..<2 { #expect(flood(&engine, "INVITE", clients: 1..<20_001) == 0) }
    #expect(engine.counters.evictions == 0)
    #expect(flood(&engine, "INVITE", clients: 1..<20_001) == 20_000, "each has come three times")
    #expect(engine.counters.bytes <= set.memoryBound(limits))
    #expect(set.memoryBound(limits) <= limits.totalBytes * 5 / 4)
  }

  @Test func `floods of some rules leave the others their part`() throws {
    var limits = EngineLimits()
    limits.totalBytes = 4 << 20
    let set = try rules(counting: ["invite", "options", "register"], idle: 17)
    var engine = RuleEngine(set, limits: limits)
    _ = flood(&engine, "INVITE", clients: 1..<60_001)
    _ = flood(&engine, "OPTIONS", clients: 1..<60_001)
    let evictions = engine.counters.evictions
    #expect(evictions > 10_000)
    for _ in 0..<2 { #expect(flood(&engine, "REGISTER", clients: 1..<201) == 0) }
    #expect(flood(&engine, "REGISTER", clients: 1..<201) == 200)
    #expect(engine.counters.evictions == evictions)
    #expect(engine.counters.bytes <= set.memoryBound(limits))
  }

  @Test func `what a rule took is its own after a reload, as far as there is so much`() throws {
    var limits = EngineLimits()
    limits.totalBytes = 64 << 20
    var engine = RuleEngine(try rules(counting: ["invite"], idle: 99), limits: limits)
    for _ in 0..<2 { _ = flood(&engine, "INVITE", clients: 1..<20_001) }
    var adoption = RuleAdoption(
      try rules(counting: ["invite"], idle: 98), replacing: engine.ruleSet, limits: limits)
    engine.adopt(&adoption)
    #expect(engine.counters.evictions == 0)
    #expect(flood(&engine, "INVITE", clients: 1..<20_001) == 20_000)
    #expect(engine.counters.bytes <= engine.ruleSet.memoryBound(limits))
  }
}
