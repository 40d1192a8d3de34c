import Events
import Testing
import Values

@testable import Rules

/// What a site says about rules that it does not edit.
@Suite struct OverrideTests {
  private static let rule = """
    lists:
      ours: {type: cidr, items: [192.0.2.0/24]}
      lab: {type: cidr, items: [198.51.100.0/24]}
    rules:
      - id: brute
        sid: 1
        title: T
        event: sip.request
        params: {most: 3, window: 60s, quiet: 5m, method: '"REGISTER"', nets: '@ours'}
        when: sip.method == $method and client.ip in $nets
        threshold: {by: [client.ip], within: $window, count: {at_least: $most}}
        suppress: {by: [client.ip], for: $quiet}
        except:
          - {name: large, when: sip.size > 9000}

    """

  private func load(_ overrides: String...) -> RuleSetLoader.Outcome {
    var lint = LintOptions()
    lint.wantsTests = false
    let files = overrides.enumerated().map { (path: "o\($0.offset).yaml", text: $0.element) }
    return RuleSetLoader.load(texts: [("rules.yaml", Self.rule)] + files, lint: lint)
  }

  /// How many alerts so many requests draw, one a second.
  private func alerts(
    _ ruleSet: CompiledRuleSet, _ count: Int, from address: String = "192.0.2.7", method: String = "REGISTER"
  ) throws -> [Alert] {
    let address = try #require(IPAddress(address))
    return run(
      ruleSet,
      (0..<count).map {
        ShortEvent(
          milliseconds: Int64($0) * 1000, fields: [(.clientIP, .ip(address)), (.sipSize, .integer(500))],
          texts: [(.sipMethod, method)])
      })
  }

  private func rules(_ outcome: RuleSetLoader.Outcome) throws -> CompiledRuleSet {
    try #require(outcome.ruleSet, "\(outcome.report.renderText())")
  }

  @Test func `parameters stand for numbers, durations, texts and lists`() throws {
    let plain = try rules(load())
    #expect(try alerts(plain, 2).isEmpty)
    #expect(try alerts(plain, 3).map(\.count) == [3])
    #expect(try alerts(plain, 9, method: "INVITE").isEmpty)
    #expect(plain.memory[0].window == 60_000_000_000 && plain.memory[0].suppression == 300_000_000_000)
    #expect(plain.metadata[0].overriddenKeys == [])
  }

  @Test func `overrides set parameters wherever they stand`() throws {
    let set = try rules(
      load("overrides: {brute: {params: {most: 5, window: 2h, method: '\"INVITE\"', nets: '@lab'}}}\n"))
    #expect(try alerts(set, 9).isEmpty)
    #expect(try alerts(set, 4, from: "198.51.100.9", method: "INVITE").isEmpty)
    #expect(try alerts(set, 5, from: "198.51.100.9", method: "INVITE").map(\.count) == [5])
    #expect(set.memory[0].window == 7_200_000_000_000)
    #expect(
      set.metadata[0].overriddenKeys == ["params.most", "params.window", "params.method", "params.nets"])
  }

  @Test func `overrides set severity, silence and exceptions, and turn rules off`() throws {
    let set = try rules(
      load(
        """
        overrides:
          brute:
            severity: low
            suppress: {by: [client.ip], for: 0s}
            except:
              - {name: ours, when: client.ip == 192.0.2.9, reason: a scanner of ours}

        """))
    #expect(set.metadata[0].severity == .low)
    #expect(set.metadata[0].exceptions == ["large", "ours"])
    #expect(try alerts(set, 5).count == 3, "each match from the third on")
    #expect(try alerts(set, 5, from: "192.0.2.9").isEmpty)
    let off = try rules(load("overrides: {brute: {enabled: false}}\n"))
    #expect(try !off.metadata[0].isEnabled && alerts(off, 9).isEmpty)
  }

  @Test func `overrides set the number and the time of a threshold`() throws {
    let set = try rules(load("overrides: {brute: {at_least: 5, within: 4s}}\n"))
    #expect(try alerts(set, 4).isEmpty)
    #expect(try alerts(set, 5).isEmpty, "five within four seconds, one a second, are none")
    let longer = try rules(load("overrides: {brute: {at_least: 5}}\n"))
    #expect(try alerts(longer, 4).isEmpty && alerts(longer, 5).map(\.count) == [5])
    #expect(longer.metadata[0].overriddenKeys == ["at_least"])
    #expect(longer.memory[0].window == 60_000_000_000 && set.memory[0].window == 4_000_000_000)
  }

  @Test func `a gauge with another number may fire again as one that was written with it`() throws {
    func clearing(_ gauge: String) throws -> Int? {
      let rule =
        "rules:\n  - {id: brute, sid: 1, title: T, gauge: {live: calls, by: [client.ip], more_than: 9\(gauge)}}\n"
      let override = "overrides: {brute: {at_least: 5}}\n"
      let set = try rules(RuleSetLoader.load(texts: [("rules.yaml", rule), ("o.yaml", override)]))
      return set.checked[0].declaration.gauge?.clearBelow
    }
    #expect(try clearing("") == 4)
    #expect(try clearing(", clear_below: 3") == 3)
    #expect(try clearing(", clear_below: 8") == 5)
  }

  static let blocks = [
    (
      "event: sip.request",
      "measure: {by: [client.ip], within: 1m, values: {n: {count: true}}}\n    having: n > 3"
    ),
    ("event: sip.request", "absence: {by: [client.ip], within: 1m, expect: {event: sip.response}}"),
    ("event: sip.request", "first_seen: {of: sip.method, by: [client.ip], memory: 1d}"),
    ("gauge: {live: calls, by: [client.ip], more_than: 9}", ""),
    ("event: sip.request", ""),
    (
      "sequence: {within: 1m, steps: [{name: a, event: sip, by: [client.ip]}, {name: b, event: call, by: [client.ip]}]}",
      ""
    ),
  ]

  @Test(arguments: zip(blocks, [["within", "having"], ["within"], [], ["at_least"], [], ["within"]]))
  func `an override sets what the rule has`(block: (String, String), expected: [String]) {
    let rule = "rules:\n  - id: brute\n    sid: 1\n    title: T\n    \(block.0)\n    \(block.1)\n"
    let values = ["at_least": "2", "within": "2m", "having": "n > 1"]
    var lint = LintOptions()
    lint.wantsTests = false
    var accepted: [String] = []
    for key in ["at_least", "within", "having"] {
      let override = "overrides: {brute: {\(key): \(values[key] ?? "")}}\n"
      let outcome = RuleSetLoader.load(texts: [("rules.yaml", rule), ("o.yaml", override)], lint: lint)
      if outcome.ruleSet != nil {
        accepted.append(key)
      } else {
        #expect(outcome.report.diagnostics.map(\.code.rawValue) == ["impossible-override"])
      }
    }
    #expect(accepted == expected)
  }

  @Test func `tests that do not hold for other numbers are skipped, and nothing is mutated`() throws {
    let tests = """
          tests:
            - {name: one, events: [{client.ip: 192.0.2.7, sip.method: REGISTER}], expect: 0}
            - {name: three, events: [{repeat: 2, every: 1s, client.ip: 192.0.2.7, sip.method: REGISTER}], expect: 0}

      """
    let texts = [("rules.yaml", Self.rule + tests), ("o.yaml", "overrides: {brute: {at_least: 2}}\n")]
    let outcome = RuleSetLoader.load(texts: texts)
    let set = try rules(outcome)
    var runner = RuleTestRunner(set, sources: outcome.report.sources)
    let report = runner.run()
    #expect(
      report.results.map(\.outcome) == [
        .passed,
        .skipped("it does not hold with the override of 'at_least', and is about the rule without it"),
      ])
    #expect(RuleMutationRunner(set, sources: outcome.report.sources).run().mutantCount == 0)
  }

  @Test func `the order of files makes no difference`() throws {
    let one = "overrides: {brute: {params: {most: 2}, severity: high}}\n"
    let two = "overrides: {brute: {params: {window: 5m}, enabled: true}}\n"
    for overrides in [[one, two], [two, one]] {
      let texts = [("a.yaml", overrides[0]), ("rules.yaml", Self.rule), ("z.yaml", overrides[1])]
      let set = try rules(RuleSetLoader.load(texts: texts))
      #expect(set.metadata[0].severity == .high && set.memory[0].minimum == 2)
      #expect(set.memory[0].window == 300_000_000_000)
    }
  }

  @Test func `two overrides of one key of one rule name both places`() throws {
    let one = "overrides:\n  brute: {params: {most: 2}, severity: high}\n"
    let two = "overrides:\n  brute: {params: {most: 4}, severity: low}\n"
    let outcome = load(one, two)
    #expect(outcome.ruleSet == nil)
    #expect(
      outcome.report.diagnostics.map(\.message) == [
        "'params.most' of rule 'brute' is already overridden at o0.yaml:2:20",
        "'severity' of rule 'brute' is already overridden at o0.yaml:2:30",
      ])
  }

  @Test func `a reload with another parameter resets the rule, with another severity it does not`() throws {
    let plain = try rules(load())
    func changes(_ override: String) throws -> RuleChanges {
      let adoption = RuleAdoption(
        try rules(load("overrides: {brute: {\(override)}}\n")), replacing: plain, limits: EngineLimits())
      return adoption.changes
    }
    #expect(try changes("severity: low") == RuleChanges(keptCount: 1))
    #expect(try changes("except: [{name: b, when: sip.size > 1}]") == RuleChanges(keptCount: 1))
    #expect(try changes("params: {most: 4}").reset == ["brute"])
    #expect(try changes("params: {method: '\"INVITE\"'}").reset == ["brute"])
    #expect(try changes("params: {quiet: 6m}").silencesReset == ["brute"])
    #expect(try changes("params: {most: 3, window: 1m}") == RuleChanges(keptCount: 1), "the same values")
  }

  @Test func `exceptions tell how often they held and whether they expired`() throws {
    let set = try rules(
      load(
        "overrides: {brute: {except: [{name: old, when: sip.size > 1, expires: 1969-12-31}, {name: b, when: sip.size < 9}]}}\n"
      ))
    var engine = RuleEngine(set)
    #expect(engine.exceptionUses.allSatisfy { !$0.isExpired }, "no time has passed yet")
    var alerts: [Alert] = []
    var event = Event()
    event.reset(.sipRequest, at: Timestamp(nanoseconds: 5), sequence: 0)
    event.set(.clientIP, ip: try #require(IPAddress("192.0.2.7")))
    event.set(.sipMethod, copying: "REGISTER")
    event.set(.sipSize, .integer(9001))
    engine.process(event, into: &alerts)
    #expect(
      engine.exceptionUses == [
        ExceptionUse(ruleID: "brute", name: "large", hits: 1, isExpired: false),
        ExceptionUse(ruleID: "brute", name: "old", hits: 0, isExpired: true),
        ExceptionUse(ruleID: "brute", name: "b", hits: 0, isExpired: false),
      ])
  }

  @Test func `an exception that counts no more is worth a warning when the day is known`() throws {
    var lint = LintOptions()
    lint.wantsTests = false
    lint.today = CalendarDate("2027-02-01")
    let text = Self.rule.replacing("sip.size > 9000}", with: "sip.size > 9000, expires: 2027-01-31}")
    func warnings() -> [String] {
      RuleSetLoader.load(texts: [("rules.yaml", text)], lint: lint).report.diagnostics.map(\.message)
    }
    #expect(warnings().contains("the exception 'large' counts no more"))
    lint.today = CalendarDate("2027-01-31")
    #expect(!warnings().contains("the exception 'large' counts no more"))
  }
}
