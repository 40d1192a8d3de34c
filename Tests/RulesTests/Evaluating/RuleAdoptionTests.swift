import Events
import Testing
import Values

@testable import Rules

/// What rules keep when others take their place.
@Suite struct RuleAdoptionTests {
  /// A rule as its lines; an edit replaces some of them.
  private static let brute = """
      - id: brute
        sid: 1
        title: T
        event: sip.request
        when: sip.method == "REGISTER" and client.ip in @nets
        threshold: {by: [client.ip], within: 60s, count: {at_least: 3}}
        suppress: {by: [client.ip], for: 5m}
        except:
          - {name: lab, when: sip.size > 9000}

    """

  private static func ruleFile(
    _ rules: String..., lists: String = "  nets: {type: cidr, items: [192.0.2.0/24]}\n"
  )
    -> String
  {
    "lists:\n\(lists)rules:\n\(rules.joined())"
  }

  private func event(_ address: String, at second: Int64, method: String = "REGISTER") throws -> Event {
    var event = Event(headerSlots: 4)
    event.reset(.sipRequest, at: Timestamp(seconds: second, nanoseconds: 0), sequence: UInt64(second))
    event.set(.clientIP, ip: try #require(IPAddress(address)))
    event.set(.sipMethod, copying: method)
    event.set(.sipSize, .integer(400))
    return event
  }

  private func adopt(
    _ text: String, _ engine: inout RuleEngine, limits: EngineLimits = EngineLimits()
  ) throws -> RuleChanges {
    var adoption = RuleAdoption(try compile(text), replacing: engine.ruleSet, limits: limits)
    engine.adopt(&adoption)
    return adoption.changes
  }

  /// Counts of alerts after two matches, a change of the rules and a third match.
  private func counts(changing old: String, to new: String) throws -> (alerts: Int, changes: RuleChanges) {
    var engine = RuleEngine(try compile(Self.ruleFile(Self.brute)))
    var alerts: [Alert] = []
    for second in Int64(1)...2 { engine.process(try event("192.0.2.7", at: second), into: &alerts) }
    #expect(Self.brute.contains(old), "the edit edits nothing")
    let changes = try adopt(Self.ruleFile(Self.brute.replacing(old, with: new)), &engine)
    engine.process(try event("192.0.2.7", at: 3), into: &alerts)
    return (alerts.count, changes)
  }

  @Test(arguments: [
    ("title: T", "title: Another"), ("sid: 1", "sid: 77"),
    ("    title: T\n", "    title: T\n    severity: high\n    tags: [x]\n    rev: 2\n"),
    ("sip.method == \"REGISTER\" and client.ip", "sip.method==\"REGISTER\"  and client.ip"),
    ("name: lab", "name: laboratory"), ("sip.size > 9000", "sip.size > 8000"),
  ])
  func `an edit of what is said about a rule keeps what it counted`(old: String, new: String) throws {
    let (alerts, changes) = try counts(changing: old, to: new)
    #expect(alerts == 1)
    #expect(changes == RuleChanges(keptCount: 1))
  }

  @Test(arguments: [
    ("within: 60s", "within: 61s"), ("at_least: 3", "at_least: 2"),
    ("by: [client.ip], within", "by: [], within"),
    ("\"REGISTER\" and", "\"INVITE\" and"),
    ("count: {at_least: 3}", "distinct: {of: client.ip, at_least: 3}"),
    ("event: sip.request", "event: sip"), ("within: 60s,", "within: 60s, window: tumbling,"),
    ("    title: T\n", "    title: T\n    enabled: false\n"),
  ])
  func `an edit of what is counted resets the rule`(old: String, new: String) throws {
    let (alerts, changes) = try counts(changing: old, to: new)
    #expect(alerts == 0)
    #expect(changes.reset == ["brute"] && changes.keptCount == 0)
    #expect(changes.summary() == "1 rule: 1 reset (brute), 0 kept")
  }

  @Test func `an edit of a silence keeps the windows and forgets the silences`() throws {
    let (alerts, changes) = try counts(changing: "for: 5m", to: "for: 6m")
    #expect(alerts == 1)
    #expect(changes.silencesReset == ["brute"])

    var engine = RuleEngine(try compile(Self.ruleFile(Self.brute)))
    var fired: [Alert] = []
    for second in Int64(1)...4 { engine.process(try event("192.0.2.7", at: second), into: &fired) }
    #expect(fired.count == 1)
    _ = try adopt(Self.ruleFile(Self.brute.replacing("title: T", with: "title: U")), &engine)
    engine.process(try event("192.0.2.7", at: 5), into: &fired)
    #expect(fired.count == 1, "the silence stays")
    _ = try adopt(Self.ruleFile(Self.brute.replacing("for: 5m", with: "for: 6m")), &engine)
    engine.process(try event("192.0.2.7", at: 6), into: &fired)
    #expect(fired.count == 2, "another silence begins anew")
  }

  @Test func `rules keep their state wherever they move to, and others come and go`() throws {
    let other = Self.brute.replacing("brute", with: "other").replacing("sid: 1", with: "sid: 2")
    let third = Self.brute.replacing("brute", with: "third").replacing("sid: 1", with: "sid: 3")
    var engine = RuleEngine(try compile(Self.ruleFile(Self.brute, other)))
    var alerts: [Alert] = []
    for second in Int64(1)...2 { engine.process(try event("192.0.2.7", at: second), into: &alerts) }
    let lists = "  more: {type: text, items: [x]}\n  nets: {type: cidr, items: [192.0.2.0/24, 10.0.0.0/8]}\n"
    let changes = try adopt(Self.ruleFile(third, other, lists: lists), &engine)
    #expect(changes.added == ["third"] && changes.removed == ["brute"] && changes.keptCount == 1)
    #expect(changes.summary() == "2 rules: 1 added (third), 1 removed (brute), 1 kept")
    engine.process(try event("192.0.2.7", at: 3), into: &alerts)
    #expect(alerts.map { engine.ruleSet.metadata[$0.rule].id } == ["other"])
    #expect(engine.ruleCounters.map(\.matches) == [1, 3])
  }

  @Test func `counters and hits of exceptions of the same name go on`() throws {
    var engine = RuleEngine(try compile(Self.ruleFile(Self.brute)))
    var alerts: [Alert] = []
    var large = try event("192.0.2.7", at: 1)
    large.set(.sipSize, .integer(9001))
    engine.process(large, into: &alerts)
    let two = "- {name: new, when: sip.size > 99999}\n      - {name: lab"
    _ = try adopt(Self.ruleFile(Self.brute.replacing("- {name: lab", with: two)), &engine)
    #expect(engine.exceptionHits(ofRule: 0) == [0, 1])
    #expect(engine.ruleCounters[0].matches == 1)
    #expect(engine.counters.events == 1 && engine.counters.excepted == 1)
  }

  @Test func `measures, values once seen and matches that wait go on`() throws {
    let rules = """
      rules:
        - id: share
          sid: 1
          title: S
          event: sip.request
          measure: {by: [client.ip], within: 60s, values: {all: {count: true}, other: {distinct: sip.method}}}
          having: all >= 3 and other >= 2
        - id: new
          sid: 2
          title: N
          event: sip.request
          first_seen: {of: sip.method, by: [client.ip], memory: 30d, warmup: 2s}
        - id: silent
          sid: 3
          title: A
          event: sip.request
          when: sip.method == "REGISTER"
          absence: {by: [client.ip], within: 10s, expect: {event: sip.request, when: sip.method == "BYE"}}

      """
    var engine = RuleEngine(try compile(rules))
    var alerts: [Alert] = []
    engine.process(try event("192.0.2.7", at: 1), into: &alerts)
    engine.process(try event("192.0.2.7", at: 4), into: &alerts)
    #expect(alerts.isEmpty)
    let changes = try adopt(
      rules.replacing("title: S", with: "title: S2").replacing(
        "rules:\n",
        with: """
          rules:
            - {id: first, sid: 9, title: F, event: sip.request, when: sip.size > 5000, threshold: {by: [], within: 1s, count: {at_least: 2}}}

          """), &engine)
    #expect(changes.keptCount == 3 && changes.added == ["first"])
    #expect(engine.counters.pendingAbsences > 0 || engine.counters.windowKeys > 0)
    engine.process(try event("192.0.2.7", at: 5, method: "INVITE"), into: &alerts)
    #expect(alerts.map { engine.ruleSet.metadata[$0.rule].id } == ["share", "new"])
    engine.process(try event("192.0.2.8", at: 20, method: "OPTIONS"), into: &alerts)
    #expect(alerts.map { engine.ruleSet.metadata[$0.rule].id }.last == "silent")
    #expect(alerts.last?.group == ["192.0.2.7"])
  }

  @Test func `a silence that ends with its rule is summed up`() throws {
    let rules = Self.ruleFile(Self.brute.replacing("for: 5m", with: "for: 5m, summary: true"))
    var engine = RuleEngine(try compile(rules))
    var alerts: [Alert] = []
    for second in Int64(1)...6 { engine.process(try event("192.0.2.7", at: second), into: &alerts) }
    #expect(alerts.count == 1)
    let none = RuleAdoption(
      try compile("rules: []\n"), replacing: engine.ruleSet, limits: EngineLimits())
    engine.settle(before: none, into: &alerts)
    #expect(alerts.count == 2 && alerts[1].suppressedCount == 3 && alerts[1].group == ["192.0.2.7"])
    var again = none
    engine.adopt(&again)
    engine.process(try event("192.0.2.7", at: 7), into: &alerts)
    engine.finish(into: &alerts)
    #expect(alerts.count == 2)
  }

  @Test func `full tables shrink when there are more rules, and keep what matters`() throws {
    var limits = EngineLimits()
    limits.totalBytes = 8 << 20
    let rules = """
      rules:
        - id: count
          sid: 1
          title: C
          event: sip.request
          when: sip.method == "REGISTER"
          threshold: {by: [client.ip], within: 60s, count: {at_least: 3}}
        - id: new
          sid: 2
          title: N
          event: sip.request
          first_seen: {of: sip.method, by: [client.ip], memory: 1h, warmup: 10s}
        - id: each
          sid: 3
          title: E
          event: sip.request
          when: sip.method == "BYE"
          suppress: {by: [client.ip], for: 1h}

      """
    var engine = RuleEngine(try compile(rules), limits: limits)
    var alerts: [Alert] = []
    for second in Int64(0)...300 { engine.process(try event("192.0.2.8", at: second), into: &alerts) }
    for second in Int64(301)...302 { engine.process(try event("192.0.2.7", at: second), into: &alerts) }
    for number in UInt32(0)..<30_000 {
      var other = try event("10.0.0.0", at: 303, method: number % 2 == 0 ? "BYE" : "REGISTER")
      other.set(.clientIP, ip: IPAddress(v4: 0x0a00_0000 + number))
      engine.process(other, into: &alerts)
    }
    let more = (4...90).map {
      "  - {id: r\($0), sid: \($0), title: R, event: rtcp, threshold: {by: [src_ip], within: 1s, count: {at_least: 2}}}\n"
    }
    let fullBytes = engine.counters.bytes
    _ = try adopt(rules + more.joined(), &engine, limits: limits)
    #expect(engine.counters.bytes < fullBytes / 4)
    #expect(engine.counters.bytes <= engine.ruleSet.memoryBound(limits))
    #expect(engine.counters.evictions > 1000, "what went is counted")
    alerts = []
    engine.process(try event("192.0.2.7", at: 304), into: &alerts)
    #expect(alerts.map { engine.ruleSet.metadata[$0.rule].id } == ["count"], "two matches before, one now")
    alerts = []
    engine.process(try event("192.0.2.8", at: 305, method: "OPTIONS"), into: &alerts)
    #expect(alerts.map { engine.ruleSet.metadata[$0.rule].id } == ["new"], "the key is known, the value new")
    alerts = []
    for number in UInt32(29_900)..<29_999 where number % 2 == 0 {
      var other = try event("10.0.0.0", at: 306, method: "BYE")
      other.set(.clientIP, ip: IPAddress(v4: 0x0a00_0000 + number))
      engine.process(other, into: &alerts)
    }
    #expect(alerts.isEmpty, "the newest silences stay")
  }
}
