import Events
import Testing
import Values

@testable import Rules

/// What rules keep and forget when packet time begins anew.
@Suite struct EpochTests {
  private func event(
    _ rules: CompiledRuleSet, _ kind: EventKind, _ seconds: Int64, agent: String = "a"
  ) -> Event {
    var event = Event(headerSlots: rules.headerNames.names.count)
    event.reset(kind, at: Timestamp(nanoseconds: seconds * 1_000_000_000), sequence: UInt64(seconds))
    event.set(.clientIP, .ip(IPAddress(v4: 1)))
    event.set(.sipUserAgent, copying: agent)
    return event
  }

  /// Rule, second and reason of alerts, which are forgotten then.
  private func take(_ alerts: inout [Alert], _ rules: CompiledRuleSet) -> [String] {
    defer { alerts.removeAll() }
    return alerts.map {
      "\(rules.metadata[$0.rule].id)@\($0.timestamp.nanoseconds / 1_000_000_000) \($0.reason)"
    }
  }

  private func engine(_ rules: [String]) throws -> RuleEngine {
    let heads = rules.enumerated().map { number, rule in
      "  - id: r\(number)\n    sid: \(number + 1)\n    title: R\n"
        + rule.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
    return RuleEngine(try compile("rules:\n" + heads.joined()))
  }

  @Test func `windows and silences begin anew, and a summary of what was silent is told`() throws {
    var engine = try engine([
      "event: sip.request\nthreshold: {by: [client.ip], within: 1h, count: {at_least: 3}}",
      "event: sip.request\nsuppress: {by: [client.ip], for: 1h, summary: true}",
    ])
    var alerts: [Alert] = []
    for second in 100_000..<100_002 {
      engine.process(event(engine.ruleSet, .sipRequest, Int64(second)), into: &alerts)
    }
    #expect(take(&alerts, engine.ruleSet) == ["r1@100000 match"])
    engine.beginEpoch(into: &alerts)
    #expect(take(&alerts, engine.ruleSet) == ["r1@100001 summary"])
    for second in 50..<52 { engine.process(event(engine.ruleSet, .sipRequest, Int64(second)), into: &alerts) }
    #expect(take(&alerts, engine.ruleSet) == ["r1@50 match"])
    engine.process(event(engine.ruleSet, .sipRequest, 52), into: &alerts)
    #expect(take(&alerts, engine.ruleSet) == ["r0@52 match"])
    #expect(engine.counters.late == 0)
  }

  @Test func `an absence whose time was over fires, one that waited is unknown`() throws {
    var engine = try engine([
      "event: sip.request\nabsence: {by: [sip.user_agent], within: 10s, expect: {event: sip.response}}"
    ])
    var alerts: [Alert] = []
    engine.process(event(engine.ruleSet, .sipRequest, 100_000, agent: "old"), into: &alerts)
    engine.process(event(engine.ruleSet, .sipRequest, 100_010, agent: "new"), into: &alerts)
    engine.process(event(engine.ruleSet, .sipRequest, 100_011, agent: "newer"), into: &alerts)
    #expect(alerts.isEmpty, "an answer may still come late")
    engine.beginEpoch(into: &alerts)
    #expect(alerts.map(\.group) == [["old"]])
    #expect(engine.counters.unknownAbsences == 2)
    alerts.removeAll()
    engine.process(event(engine.ruleSet, .sipRequest, 5, agent: "a"), into: &alerts)
    engine.process(event(engine.ruleSet, .sipRequest, 30, agent: "b"), into: &alerts)
    #expect(take(&alerts, engine.ruleSet) == ["r0@15 absence"])
  }

  @Test func `what was known of values stays known`() throws {
    var engine = try engine([
      "event: sip.request\nfirst_seen: {of: sip.user_agent, by: [client.ip], memory: 30d, warmup: 1d}"
    ])
    var alerts: [Alert] = []
    let day: Int64 = 86_400
    engine.process(event(engine.ruleSet, .sipRequest, 100 * day, agent: "a"), into: &alerts)
    engine.process(event(engine.ruleSet, .sipRequest, 102 * day, agent: "a"), into: &alerts)
    engine.beginEpoch(into: &alerts)
    engine.process(event(engine.ruleSet, .sipRequest, 101 * day + 5, agent: "a"), into: &alerts)
    #expect(alerts.isEmpty)
    engine.process(event(engine.ruleSet, .sipRequest, 101 * day + 6, agent: "b"), into: &alerts)
    #expect(alerts.count == 1)
  }
}
