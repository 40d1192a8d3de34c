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
