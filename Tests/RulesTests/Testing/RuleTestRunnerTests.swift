import Rules
import Testing
import Values

private let bruteForce = """
  rules:
    - id: register-bruteforce
      sid: 9100010
      title: Password guessing on REGISTER
      event: registration.failed
      when: registration.reason == "bad-credentials"
      threshold: {by: [client.ip, registration.aor], within: 60s, count: {at_least: 10}}
      tests:
        - name: ten bad passwords in a minute
          events: [{repeat: 10, every: 5s, event: registration.failed, client.ip: 203.0.113.7, registration.aor: alice@example.com, registration.reason: bad-credentials}]
          expect: [{at: EXPECTED, key: {client.ip: 203.0.113.7, registration.aor: alice@example.com}, count: 10}]
        - name: nine are no attack
          events: [{repeat: 9, every: 5s, client.ip: 203.0.113.7, registration.aor: a, registration.reason: bad-credentials}]
          expect: 0
        - name: many accounts
          events: [{repeat: 20, every: 1s, client.ip: 203.0.113.7, registration.aor: "user{n}@x", registration.reason: bad-credentials}]
          expect: 0
  """

private func report(_ text: String, _ replay: (any TestReplay)? = nil) throws -> RuleTestReport {
  let outcome = RuleSetLoader.load(texts: [("rules.yaml", text)])
  let ruleSet = try #require(outcome.ruleSet, "\(outcome.report.renderText())")
  var runner = RuleTestRunner(ruleSet, sources: outcome.report.sources, replay: replay)
  return runner.run()
}

/// Answers every capture with the same alerts.
private struct CannedReplay: TestReplay {
  var alerts: [ObservedAlert]

  func replay(
    _ traffic: TestTraffic, ruleFile: String, with ruleSet: CompiledRuleSet,
    replacedBy reloaded: CompiledRuleSet?
  ) throws(TestReplayFault) -> ReplayedInput {
    let path = traffic.name.value
    guard path == "good.pcap" else { throw TestReplayFault("no such file: \(path)") }
    return ReplayedInput(start: Timestamp(seconds: 100, nanoseconds: 0), alerts: alerts)
  }
}

@Suite struct RuleTestRunnerTests {
  @Test func `tests pass when exactly the expected alerts come`() throws {
    let report = try report(bruteForce.replacing("EXPECTED", with: "45s"))
    #expect(report.failedCount == 0, "\(report.renderText())")
    #expect(report.passedCount == 3)
  }

  @Test func `a failure shows what was expected and what came`() throws {
    let report = try report(bruteForce.replacing("EXPECTED", with: "50s"))
    #expect(report.failedCount == 1)
    #expect(
      report.renderText() == """
        rules.yaml:9: rule register-bruteforce, test 'ten bad passwords in a minute': failed
            expected 1 alert, got 1
            - at 50s client.ip=203.0.113.7 registration.aor=alice@example.com count 10
            + at 45s client.ip=203.0.113.7 registration.aor=alice@example.com count 10
        2 passed, 1 failed, 0 skipped

        """)
  }

  @Test func `unexpected alerts fail`() throws {
    let text = """
      rules:
        - id: invite
          sid: 1
          title: <Invite> & "more"
          event: sip
          when: sip.method == "INVITE" and header["X-Test"] == "1" and payload contains "abc"
          tests:
            - name: silent?
              events: [{event: sip.request, sip.method: INVITE, 'header["X-Test"]': "1", payload: xabcx, sip.sdp.codecs: [PCMU]}]
              expect: 0
      """
    let report = try report(text)
    #expect(report.failedCount == 1)
    #expect(report.renderJUnit().contains("<failure message=\"expected 0 alerts, got 1\">"))
  }

  @Test func `n percent so many gives so many values in turn`() throws {
    let text = """
      rules:
        - id: numbers
          sid: 1
          title: Numbers
          event: sip.request
          threshold: {by: [client.ip], within: 60s, distinct: {of: sip.to.user, at_least: 3}}
          tests:
            - name: three
              events: [{repeat: 9, every: 1s, client.ip: 192.0.2.1, sip.to.user: "1{n%3}"}]
              expect: [{at: 2s, distinct: 3}]
            - name: two
              events: [{repeat: 9, every: 1s, client.ip: 192.0.2.1, sip.to.user: "1{n%2}"}]
              expect: 0
            - name: the number of one that is not repeated is one
              events:
                - {client.ip: 192.0.2.1, sip.to.user: "{n}"}
                - {client.ip: 192.0.2.1, sip.to.user: "1"}
                - {client.ip: 192.0.2.1, sip.to.user: "2"}
              expect: 0
      """
    let report = try report(text)
    #expect(report.passedCount == 3, "\(report.renderText())")
  }

  @Test func `an instant sets the time of day`() throws {
    let text = """
      schedules:
        night: {zone: Europe/Berlin, any_of: [{hours: "20:00-07:00"}]}
      rules:
        - id: night-call
          sid: 1
          title: Night call
          event: call.started
          during: night
          tests:
            - name: at night
              events: [{at: "2026-03-01T22:14:07+01:00", client.ip: 10.0.0.1}]
              expect: [{at: "2026-03-01T22:14:07+01:00"}]
            - name: by day
              start: 2026-03-01T12:00:00+01:00
              events: [{client.ip: 10.0.0.1}, {at: 7h, client.ip: 10.0.0.1}]
              expect: 0
      """
    let report = try report(text)
    #expect(report.passedCount == 2, "\(report.renderText())")
  }

  @Test func `capture tests run through the replay, see their rule only, and fail without the file`() throws {
    let text = """
      rules:
        - id: a
          sid: 1
          title: A
          event: sip.request
          tests:
            - {name: one, pcap: good.pcap, expect: [{at: 5s}]}
            - {name: missing, pcap: bad.pcap, expect: 0}
        - id: b
          sid: 2
          title: B
          event: sip.request
          tests:
            - {name: none, pcap: good.pcap, expect: 0}
      """
    let alert = Alert.forTests(rule: 0, at: Timestamp(seconds: 105, nanoseconds: 0))
    let report = try report(text, CannedReplay(alerts: [ObservedAlert(alert, group: [])]))
    #expect(report.results.map(\.name) == ["one", "missing", "none"])
    #expect(report.results[0].outcome == .passed && report.results[2].outcome == .passed)
    #expect(report.results[1].outcome == .failed(["no such file: bad.pcap"]))
    let skipped = try self.skipped(text)
    #expect(skipped == 3)
  }

  private func skipped(_ text: String) throws -> Int { try report(text).skippedCount }

  @Test func `a reload in the middle changes nothing when the rules are the same`() throws {
    let text = bruteForce.replacing("EXPECTED", with: "45s")
    let ruleSet = try compile(text)
    let sources = RuleSetLoader.load(texts: [("rules.yaml", text)]).report.sources
    var runner = RuleTestRunner(ruleSet, sources: sources, splitBy: try compile(text))
    #expect(runner.run().passedCount == 3)
    // Rules that count differently begin anew, which is what the second run is there to find.
    var other = RuleTestRunner(
      ruleSet, sources: sources, splitBy: try compile(text.replacing("within: 60s", with: "within: 61s")))
    let report = other.run()
    #expect(report.passedCount == 2)
    #expect(
      report.renderText().contains("with a reload in the middle: 0 alerts instead of 1"),
      "\(report.renderText())")
  }
}
