import Foundation
import TestCaptures
import Testing

/// What the program says about rules and configuration.
@Suite struct RuleCommandTests {
  static let badRulesText = """
    bad.yaml:6:11: error: unknown field 'sip.status'; did you mean 'sip.code'?
        6 |     when: sip.status == 401
          |           ^~~~~~~~~~

    """

  @Test func `bad rules are shown with all their errors, end with 2 and nothing is written`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Samples.badRules, as: "bad.yaml")
    let before = program.folder.contents()
    let outcome = try await program.run("run", "-S", "bad.yaml", "-l", "logs", "-r", "a.pcap")
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errors.contains("bad.yaml:6:11: error: unknown field 'sip.status'; did you mean 'sip.code'?\n"))
    #expect(outcome.errors.contains("bad.yaml:7:5: error: unknown key 'colour' in this rule\n"))
    #expect(program.folder.contents() == before)
  }

  @Test func `an error has its line, a caret and what may be meant`() async throws {
    let program = try Program.prepared()
    let rules = Samples.badRules.replacingOccurrences(of: "    colour: red\n", with: "")
    try program.folder.write(rules, as: "bad.yaml")
    for words in [["check", "bad.yaml"], ["run", "-S", "bad.yaml", "-r", "a.pcap", "-l", "logs"]] {
      let outcome = try await program.run(words)
      #expect(outcome.status == 2)
      #expect(outcome.errors == Self.badRulesText)
    }
  }

  @Test func `missing rules and missing lists end with 2 and nothing is written`() async throws {
    let program = try Program.prepared()
    try program.folder.write(
      """
      lists:
        blocked: {type: cidr, file: no.txt}
      rules:
        - {id: a, sid: 1, title: T, event: sip, when: src_ip in @blocked}

      """, as: "list.yaml")
    let before = program.folder.contents()
    let missing = try await program.run("run", "-S", "none.yaml", "-l", "logs", "-r", "a.pcap")
    #expect(missing.status == 2)
    #expect(missing.errors.hasPrefix("none.yaml: error: there is no file 'none.yaml'\n"))
    let list = try await program.run("run", "-S", "list.yaml", "-l", "logs", "-r", "a.pcap")
    #expect(list.status == 2)
    #expect(
      list.errors.hasPrefix(
        """
        list.yaml:2:31: error: there is no file 'no.txt'
            2 |   blocked: {type: cidr, file: no.txt}
              |                               ^~~~~~

        """))
    #expect(program.folder.contents() == before)
  }

  @Test func `a wrong configuration is shown like wrong rules`() async throws {
    let program = try Program.prepared()
    try program.folder.write("limits: {flows: many}\n", as: "ringwatch.yaml")
    for words in [["check", "-c", "ringwatch.yaml"], ["run", "-c", "ringwatch.yaml", "-r", "a.pcap"]] {
      let outcome = try await program.run(words)
      #expect(outcome.status == 2)
      #expect(outcome.errors.hasPrefix("ringwatch.yaml:1:17: error: "), "\(outcome.errors)")
      #expect(program.folder.contents() == ["a.pcap", "ringwatch.yaml", "rules.yaml"])
    }
  }

  @Test func `a configuration names inputs, rules, the log and its types`() async throws {
    let program = try Program.prepared()
    try program.folder.write(
      """
      inputs: {files: [a.pcap]}
      rules: [rules.yaml]
      log: {folder: elsewhere, types: [alert], overwrite: true}

      """, as: "ringwatch.yaml")
    for _ in 0..<2 {
      #expect(try await program.run("run", "-q", "-c", "ringwatch.yaml").status == 0)
      let types = try program.log("elsewhere/eve.json").map { $0["event_type"] as? String }
      #expect(types == ["alert", "alert", "alert"])
    }
  }

  @Test func `a test can simulate a scenario, and its faults are told with their places`() async throws {
    let program = try Program()
    let rule = """
      rules:
        - id: wrong-password
          sid: 1
          title: A wrong password
          event: registration.failed
          when: registration.reason == "bad-credentials"
          tests:
            - name: a guess
              scenario: {name: small-office, attacks: [{name: password-guessing, start: 5s, count: 3}], media: none, duration: 20s}
              expect: 3
            - {name: quiet, scenario: {name: small-office, media: none, duration: 20s}, expect: 0}

      """
    try program.folder.write(rule, as: "good.yaml")
    let good = try await program.run("test", "--split", "good.yaml")
    #expect(good.status == 0, "\(good.output)")
    #expect(good.output.hasPrefix("2 passed, 0 failed, 0 skipped\n"), "\(good.output)")
    try program.folder.write(
      rule.replacingOccurrences(of: "password-guessing", with: "guessing"), as: "bad.yaml")
    let bad = try await program.run("test", "bad.yaml")
    #expect(bad.status == 1)
    #expect(
      bad.output.hasPrefix(
        """
        bad.yaml:8: rule wrong-password, test 'a guess': failed
            bad.yaml:9:57: error: unknown attack 'guessing'
        """), "\(bad.output)")
    #expect(program.folder.contents() == ["bad.yaml", "good.yaml"])
  }

  @Test func `check tells how right rules are indexed`() async throws {
    let outcome = try await Program.prepared().run("check", "rules.yaml")
    #expect(outcome.status == 0)
    #expect(
      outcome.output == """
        any-sip  meets every event of its kind; no state
        1 rule, \(outcome.errors.isEmpty ? "0 warnings" : "1 warning")

        """)
    let quiet = try await Program.prepared().run("check", "-q", "rules.yaml")
    #expect(quiet.status == 0 && quiet.output.isEmpty)
  }

  @Test func `check prints JSON with every error and its place`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Samples.badRules, as: "bad.yaml")
    let outcome = try await program.run("check", "--format", "json", "bad.yaml")
    #expect(outcome.status == 2)
    #expect(outcome.errors.isEmpty)
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(report["errors"] as? Int == 2)
    let found = try #require(report["diagnostics"] as? [[String: Any]])
    #expect(found.filter { $0["severity"] as? String == "error" }.map { $0["line"] as? Int } == [6, 7])
    #expect(found.allSatisfy { $0["file"] as? String == "bad.yaml" })
  }

  @Test(arguments: ["rules.yaml", "bad.yaml"])
  func `check prints SARIF 2.1.0`(rules: String) async throws {
    let program = try Program.prepared()
    try program.folder.write(Samples.badRules, as: "bad.yaml")
    let outcome = try await program.run("check", "--format", "sarif", rules)
    #expect(outcome.status == (rules == "bad.yaml" ? 2 : 0))
    let log = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.filter { $0["level"] as? String == "error" }.count == (rules == "bad.yaml" ? 2 : 0))
  }

  @Test func `fields lists all fields, those of an event, a page and a schema`() async throws {
    let program = try Program()
    let all = try await program.run("fields")
    let requests = try await program.run("fields", "sip.request")
    #expect(all.status == 0 && requests.status == 0)
    let lines = { (text: String) in text.split(separator: "\n").map(String.init) }
    #expect(lines(all.output).count > lines(requests.output).count)
    #expect(lines(all.output).contains { $0.hasPrefix("sip.code ") })
    #expect(!lines(requests.output).contains { $0.hasPrefix("sip.code ") })
    #expect(lines(requests.output).contains { $0.hasPrefix("sip.method ") })
    let page = try await program.run("fields", "--format", "markdown")
    #expect(page.status == 0 && page.output.hasPrefix("# Fields\n"))
    let schema = try await program.run("fields", "--format", "eve-schema")
    let object = try JSONSerialization.jsonObject(with: Data(schema.output.utf8)) as? [String: Any]
    #expect(object?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
  }

  static func testedRules(expecting count: Int) -> String {
    """
    rules:
      - id: invite
        sid: 9100001
        title: An INVITE
        event: sip.request
        when: sip.method == "INVITE"
        tests:
          - name: fires
            events: [{event: sip.request, sip.method: INVITE}]
            expect: \(count)
          - name: is silent
            events: [{event: sip.request, sip.method: BYE}]
            expect: 0
          - name: from a capture
            pcap: a.pcap
            expect: 0

    """
  }

  @Test func `tests of rules that hold end with 0, one that fails ends with 1 and says where`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Self.testedRules(expecting: 1), as: "good.yaml")
    let good = try await program.run("test", "good.yaml")
    #expect(good.status == 0)
    let coverage = "Coverage: 1 rule, 0 without a firing test, 0 without a silent test\n"
    #expect(good.output == "3 passed, 0 failed, 0 skipped\n" + coverage)
    try program.folder.write(Self.testedRules(expecting: 2), as: "bad.yaml")
    let bad = try await program.run("test", "bad.yaml")
    #expect(bad.status == 1)
    #expect(
      bad.output == """
        bad.yaml:8: rule invite, test 'fires': failed
            expected 2 alerts, got 1
            + at 0s
        2 passed, 1 failed, 0 skipped

        """ + coverage)
    #expect(program.folder.contents() == ["a.pcap", "bad.yaml", "good.yaml", "rules.yaml"])
  }

  @Test func `tests run in a random order too, and name what is tested one way only`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Self.testedRules(expecting: 1), as: "good.yaml")
    let given = try await program.run("test", "--shuffle", "--seed", "7", "good.yaml")
    #expect(given.status == 0)
    #expect(
      given.output.hasPrefix("3 passed, 0 failed, 0 skipped (events in a random order, seed 7)\n"),
      "\(given.output)")
    let drawn = try await program.run("test", "--shuffle", "good.yaml")
    #expect(drawn.output.contains("(events in a random order, seed "))
    let names = try await program.run("test", "--coverage", "rules.yaml")
    #expect(names.status == 0)
    #expect(names.output.hasSuffix("  no firing test: any-sip\n  no silent test: any-sip\n"))
    #expect(try await program.run("test", "--seed", "7", "good.yaml").status == 2)
  }

  @Test func `mutants that no test notices end with 1, each with its place`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Self.testedRules(expecting: 1), as: "good.yaml")
    let good = try await program.run("test", "--mutate", "good.yaml")
    #expect(good.status == 0)
    #expect(
      good.output == "3 passed, 0 failed, 0 skipped\n1 mutants of 1 rule: 1 killed, 0 survived\n")
    let text = Self.testedRules(expecting: 1).replacingOccurrences(of: "BYE", with: "INVITE")
      .replacingOccurrences(of: "expect: 0", with: "expect: 1")
      .replacingOccurrences(of: "pcap: a.pcap\n        expect: 1", with: "pcap: a.pcap\n        expect: 0")
    try program.folder.write(text, as: "weak.yaml")
    let weak = try await program.run("test", "--mutate", "--only", "invite", "weak.yaml")
    #expect(weak.status == 0, "the capture notices: it has three messages, none of them an INVITE")
    try program.folder.write(
      text.replacingOccurrences(
        of: "pcap: a.pcap", with: "events: [{event: sip.response, sip.method: INVITE}]"),
      as: "weak.yaml")
    let weaker = try await program.run("test", "--mutate", "weak.yaml")
    #expect(weaker.status == 1)
    #expect(
      weaker.output.hasPrefix(
        """
        3 passed, 0 failed, 0 skipped
        weak.yaml:6:11: error: no test of rule 'invite' notices when this is missing
            6 |     when: sip.method == "INVITE"
              |           ^~~~~~~~~~~~~~~~~~~~~~
        1 mutants of 1 rule: 0 killed, 1 survived

        """), "\(weaker.output)")
  }

  @Test func `tests of wrong rules end with 2`() async throws {
    let program = try Program.prepared()
    try program.folder.write(Samples.badRules, as: "bad.yaml")
    #expect(try await program.run("test", "bad.yaml").status == 2)
    #expect(try await program.run("test", "--only", "nobody", "rules.yaml").status == 2)
  }
}
