import Testing
import Values

@testable import Rules

@Suite struct ShuffledTestTests {
  @Test func `no event comes later than the bound, and a seed gives one order`() {
    var generator = SeededGenerator(seed: 7)
    for round in 0..<200 {
      let bound = Int64.random(in: 1...1000, using: &generator)
      let times = (0..<50).map { _ in Int64.random(in: 0..<2000, using: &generator) }.sorted()
      var order = TestEventOrder(seed: UInt64(round), lateness: bound)
      let places = order.places(of: times)
      #expect(places.sorted() == Array(times.indices))
      var newest = Int64.min
      for place in places {
        newest = max(newest, times[place])
        #expect(newest - times[place] < bound, "round \(round)")
      }
      var again = TestEventOrder(seed: UInt64(round), lateness: bound)
      #expect(again.places(of: times) == places)
    }
  }

  private func report(_ rule: String, seed: UInt64) throws -> RuleTestReport {
    let outcome = RuleSetLoader.load(texts: [("rules.yaml", "rules:\n" + rule)])
    let ruleSet = try #require(outcome.ruleSet, "\(outcome.report.renderText())")
    var runner = RuleTestRunner(ruleSet, sources: outcome.report.sources, shuffleSeed: seed)
    return runner.run()
  }

  @Test func `thresholds, absences and single matches fire alike in every order`() throws {
    let rules = """
        - id: each
          sid: 1
          title: T
          event: sip.request
          suppress: {for: 0s}
          tests: [{name: t, events: [{repeat: 20, every: 100ms, client.ip: "192.0.2.{n}"}], expect: 20}]
        - id: many
          sid: 2
          title: T
          event: sip.request
          threshold: {by: [client.ip], within: 1m, count: {at_least: 20}}
          tests: [{name: t, events: [{repeat: 30, every: 100ms, client.ip: 192.0.2.1}], expect: 1}]
        - id: users
          sid: 3
          title: T
          event: sip.request
          threshold: {by: [client.ip], within: 1m, distinct: {of: sip.to.user, at_least: 5}}
          tests: [{name: t, events: [{repeat: 9, every: 300ms, client.ip: 192.0.2.1, sip.to.user: "{n}"}], expect: 1}]
        - id: unanswered
          sid: 4
          title: T
          event: sip.request
          absence: {by: [sip.call_id], within: 2s, expect: {event: sip.response}}
          tests:
            - name: t
              events:
                - {repeat: 5, every: 100ms, sip.call_id: "{n}"}
                - {at: 1s, repeat: 4, every: 100ms, event: sip.response, sip.call_id: "{n}"}
                - {at: 10s, sip.call_id: last}
              expect: [{at: 2400ms, key: {sip.call_id: "5"}}]

      """
    for seed in 0..<50 as Range<UInt64> {
      let report = try report(rules, seed: seed)
      #expect(report.failedCount == 0, "\(report.renderText())")
      #expect(
        report.renderText() == "4 passed, 0 failed, 0 skipped (events in a random order, seed \(seed))\n")
    }
  }

  @Test func `a rule whose alerts hang on the order is found`() throws {
    let rule = """
        - id: news
          sid: 1
          title: T
          event: sip.request
          first_seen: {of: client.ip, by: [], memory: 1d, warmup: 0s}
          suppress: {for: 0s}
          tests: [{name: t, events: [{repeat: 4, every: 100ms, client.ip: "192.0.2.{n}"}], expect: 4}]

      """
    let failed = try (0..<20).filter { try report(rule, seed: UInt64($0)).failedCount > 0 }
    #expect(failed.count > 10)
    let text = try report(rule, seed: UInt64(failed.first ?? 0)).renderText()
    #expect(
      text.contains(
        "    events in the order of seed \(failed.first ?? 0) change the alerts\n    - at 0s distinct 1\n"))
  }

  @Test func `coverage names rules that are tested one way only`() throws {
    let rules = """
        - {id: none, sid: 1, title: T, event: sip}
        - {id: loud, sid: 2, title: T, event: sip, tests: [{name: t, events: [{event: sip.request}], expect: 1}]}
        - {id: quiet, sid: 3, title: T, event: sip, when: sip.size > 9, tests: [{name: t, events: [{event: sip.request, sip.size: 9}], expect: 0}]}

      """
    let report = try report(rules, seed: 1)
    #expect(
      report.renderCoverage(names: true) == """
        Coverage: 3 rules, 2 without a firing test, 2 without a silent test
          no firing test: none
          no firing test: quiet
          no silent test: none
          no silent test: loud

        """)
    #expect(report.renderCoverage(names: false).split(separator: "\n").count == 1)
  }
}
