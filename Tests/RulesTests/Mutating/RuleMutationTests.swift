import Rules
import Testing

private func outcome(_ text: String) throws -> (ruleSet: CompiledRuleSet, sources: SourceFiles) {
  let outcome = RuleSetLoader.load(texts: [("rules.yaml", text)])
  return (try #require(outcome.ruleSet, "\(outcome.report.renderText())"), outcome.report.sources)
}

private func mutation(_ text: String) throws -> RuleMutationReport {
  let (ruleSet, sources) = try outcome(text)
  return RuleMutationRunner(ruleSet, sources: sources).run()
}

/// What was changed where, of all mutants of a rule without tests: nothing notices any of them.
private func changes(_ text: String) throws -> [String] {
  let report = try mutation(text)
  #expect(report.mutantCount == report.survivorCount)
  return report.survivors.diagnostics.map { diagnostic in
    let words = diagnostic.message.split(separator: " notices ").last.map(String.init) ?? ""
    return "\(report.survivors.sources.text(at: diagnostic.span)): \(words)"
  }
}

@Suite struct RuleMutationTests {
  @Test func `every clause, bound, exception and part of a key is changed once`() throws {
    let found = try changes(
      """
      schedules:
        night: {zone: Europe/Berlin, any_of: [{days: [sun, mon, tue, wed, thu, fri, sat], hours: "20:00-07:00"}]}
      rules:
        - id: a
          sid: 1
          title: T
          event: sip.request
          when: sip.method == "INVITE" and (sip.size > 100 or not sip.in_dialog) and not (sip.cseq < 5 and sip.via.count >= 2)
          except:
            - {name: own, when: src_ip in 10.0.0.0/8}
            - {name: others, when: src_ip in 192.0.2.0/24 and sip.size > 1}
          during: not night
          threshold: {by: [client.ip, sip.to.user], within: 60s, count: {at_least: 10}}
          suppress: {by: [client.ip], for: 1h}
      """)
    let missing = "when this is missing"
    #expect(
      found == [
        "sip.method == \"INVITE\": \(missing)",
        "sip.size > 100 or not sip.in_dialog: \(missing)", "sip.size > 100: \(missing)",
        "sip.size > 100: 101 in the place of 100", "sip.size > 100: 99 in the place of 100",
        "not sip.in_dialog: \(missing)",
        "not (sip.cseq < 5 and sip.via.count >= 2): \(missing)", "sip.cseq < 5: \(missing)",
        "sip.cseq < 5: 6 in the place of 5", "sip.cseq < 5: 4 in the place of 5",
        "sip.via.count >= 2: \(missing)", "sip.via.count >= 2: 3 in the place of 2",
        "sip.via.count >= 2: 1 in the place of 2",
        "{name: own, when: src_ip in 10.0.0.0/8}: \(missing)",
        "{name: others, when: src_ip in 192.0.2.0/24 and sip.size > 1}: \(missing)",
        "src_ip in 192.0.2.0/24: \(missing)", "sip.size > 1: \(missing)",
        "sip.size > 1: 2 in the place of 1", "sip.size > 1: 0 in the place of 1",
        "not night: \(missing)",
        "client.ip: \(missing)", "sip.to.user: \(missing)",
        "60s: 60.6s in the place of 60s", "60s: 59.4s in the place of 60s",
        "10: 11 in the place of 10", "10: 9 in the place of 10",
        "client.ip: \(missing)",
      ])
  }

  @Test func `a condition of one clause is dropped as a whole, and a count never falls to nothing`() throws {
    let found = try changes(
      """
      rules:
        - id: a
          sid: 1
          title: T
          event: call.ended
          when: call.duration > 10s
          threshold: {by: [], within: 1m, distinct: {of: call.callee, at_least: 1}}
      """)
    #expect(
      found == [
        "call.duration > 10s: 10.1s in the place of 10s", "call.duration > 10s: 9.9s in the place of 10s",
        "call.duration > 10s: when this is missing",
        "1m: 60.6s in the place of 60s", "1m: 59.4s in the place of 60s", "1: 2 in the place of 1",
      ])
  }

  @Test func `measures, absences and novelties are changed where they can be wrong`() throws {
    let found = try changes(
      """
      rules:
        - id: a
          sid: 1
          title: T
          event: sip.response
          measure:
            by: [client.ip]
            within: 100s
            values: {total: {count: true}, bad: {count_if: sip.code == 404 and sip.method == "INVITE"}}
          having: total >= 50 and bad / total > 0.5
        - id: b
          sid: 2
          title: T
          event: call.answered
          absence: {by: [call.id], within: 10s, expect: {event: rtp.started, when: rtp.srtp}}
        - id: c
          sid: 3
          title: T
          event: call.started
          first_seen: {of: call.callee_country, by: [call.caller], memory: 100d, warmup: 10d}
      """)
    let missing = "when this is missing"
    #expect(
      found == [
        "client.ip: \(missing)", "100s: 105s in the place of 100s", "100s: 95s in the place of 100s",
        "sip.code == 404: \(missing)", "sip.method == \"INVITE\": \(missing)",
        "total >= 50: \(missing)", "total >= 50: 51 in the place of 50", "total >= 50: 49 in the place of 50",
        "bad / total > 0.5: \(missing)", "bad / total > 0.5: 0.505 in the place of 0.5",
        "bad / total > 0.5: 0.495 in the place of 0.5",
        "call.id: \(missing)", "10s: 10.1s in the place of 10s", "10s: 9.9s in the place of 10s",
        "rtp.srtp: \(missing)",
        "{of: call.callee_country, by: [call.caller], memory: 100d, warmup: 10d}: 872640s in the place of 864000s",
        "{of: call.callee_country, by: [call.caller], memory: 100d, warmup: 10d}: 855360s in the place of 864000s",
        "call.caller: \(missing)",
        "100d: 8726400s in the place of 8640000s", "100d: 8553600s in the place of 8640000s",
      ])
  }

  /// A rule with some of these tests.
  private static func guessing(_ tests: [String]) -> String {
    """
    rules:
      - id: guessing
        sid: 1
        title: T
        event: sip.response
        when: sip.code == 403
        threshold: {by: [client.ip], within: 10s, count: {at_least: 3}}
        tests:
    \(tests.joined())
    """
  }

  private static let fires = """
          - name: three in ten seconds, of each of two clients
            events:
              - {repeat: 3, every: 4999ms, client.ip: 198.51.100.1, sip.code: 403}
              - {at: 0s, repeat: 3, every: 4999ms, client.ip: 198.51.100.2, sip.code: 403}
            expect: [{at: 9998ms, count: 3, key: {client.ip: 198.51.100.1}}, {at: 9998ms, count: 3, key: {client.ip: 198.51.100.2}}]

    """
  private static let late = """
          - name: too late
            events: [{repeat: 3, every: 5s, client.ip: 198.51.100.1, sip.code: 403}]
            expect: 0

    """
  private static let other = """
          - name: other answers
            events: [{repeat: 3, every: 1s, client.ip: 198.51.100.1, sip.code: 404}]
            expect: 0

    """

  @Test func `tests that look at every edge leave no mutant`() throws {
    let report = try mutation(Self.guessing([Self.fires, Self.late, Self.other]))
    #expect(report.renderText() == "6 mutants of 1 rule: 6 killed, 0 survived\n")
  }

  @Test(arguments: [
    ([fires, other], "rules.yaml:7:42: error: no test of rule 'guessing' notices 10.1s in the place of 10s"),
    ([fires, late], "rules.yaml:6:11: error: no test of rule 'guessing' notices when this is missing"),
  ])
  func `a missing test leaves the mutant that only it would notice`(tests: [String], line: String) throws {
    let report = try mutation(Self.guessing(tests))
    #expect(report.survivorCount == 1)
    #expect(report.renderText().hasPrefix(line + "\n"), "\(report.renderText())")
  }

  @Test func `a dropped part of a key is not given away by its name in a test`() throws {
    let single = """
            - name: three in ten seconds
              events: [{repeat: 3, every: 4999ms, client.ip: 198.51.100.1, sip.code: 403}]
              expect: [{at: 9998ms, count: 3, key: {client.ip: 198.51.100.1}}]

      """
    let report = try mutation(Self.guessing([single, Self.late, Self.other]))
    let messages = report.survivors.diagnostics.map { report.survivors.sources.text(at: $0.span) }
    #expect(messages == ["client.ip"])
  }

  @Test func `a rule without tests keeps all its mutants, and a filter leaves rules out`() throws {
    let (ruleSet, sources) = try outcome(
      "rules:\n  - {id: a, sid: 1, title: T, event: sip, when: sip.size > 1}\n  - {id: b, sid: 2, title: T, event: sip}\n"
    )
    let runner = RuleMutationRunner(ruleSet, sources: sources)
    #expect(runner.run().mutantCount == 3)
    #expect(runner.run { $0 == "b" }.mutantCount == 0)
  }
}
