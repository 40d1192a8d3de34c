import Events
import Testing
import Values

@testable import Rules

/// Rules over alerts.
@Suite struct ChainingTests {
  /// A rule in short.
  private func rule(_ id: String, sid: Int, event: String = "sip.request", _ rest: String...) -> String {
    (["  - id: \(id)", "    sid: \(sid)", "    title: Title of \(id)", "    event: \(event)"]
      + rest.map { "    " + $0 }).joined(separator: "\n") + "\n"
  }

  private func rules(_ rules: String...) throws -> CompiledRuleSet {
    try compile("rules:\n" + rules.joined())
  }

  /// A request with a method as its user agent.
  private func request(_ seconds: Int64, _ agent: String, client: UInt32 = 1) -> ShortEvent {
    var event = ShortEvent(kind: .sipRequest, milliseconds: seconds * 1000)
    event.fields = [(.clientIP, .ip(IPAddress(v4: client))), (.pcapCnt, .integer(seconds + 1))]
    event.texts = [(.sipUserAgent, agent)]
    return event
  }

  /// Alerts as rule, second and what led to them.
  private func words(_ alerts: [Alert], _ set: CompiledRuleSet) -> [String] {
    alerts.map { alert in
      let causes = alert.lineage.rules.map { set.metadata[$0].id }.joined(separator: ",")
      return "\(set.metadata[alert.rule].id)@\(alert.timestamp.nanoseconds / 1_000_000_000)"
        + (causes.isEmpty ? "" : "<\(causes)")
    }
  }

  private var agents: [String] {
    ["a", "b", "c"].enumerated().map {
      rule("agent-\($1)", sid: $0 + 1, "when: sip.user_agent == \"\($1)\"")
    }
  }

  private let many =
    "threshold: {by: [client.ip], within: 10m, distinct: {of: alert.rule, at_least: 3}}"

  @Test func `three different rules about one source`() throws {
    let set = try rules(agents[0], agents[1], agents[2], rule("many", sid: 9, event: "alert", many))
    let mixed = run(set, [request(0, "a"), request(1, "b", client: 2), request(2, "b"), request(3, "c")])
    #expect(
      words(mixed, set) == ["agent-a@0", "agent-b@1", "agent-b@2", "agent-c@3", "many@3<agent-c"])
    #expect(mixed[4].group == ["0.0.0.1"])
    #expect(mixed[4].distinct == 3)
    #expect(mixed[4].evidence.array == [1, 3, 4], "the packets of the alerts that counted")
    #expect(mixed[4].hasEvent)
    let same = run(set, (0..<9).map { request($0, "a") })
    #expect(same.count == 9, "one rule again and again is one value")
    let slow = run(set, [request(0, "a"), request(1, "b"), request(601, "c")])
    #expect(slow.count == 3)
  }

  @Test func `an alert has the fields of what fired it and its own`() throws {
    let wanted =
      "when: 'alert.rule == \"agent-a\" and alert.signature_id == 1 and alert.signature == \"Title of agent-a\""
      + " and alert.severity == 1 and any(alert.metadata.tag) == \"probe\" and sip.user_agent == \"a\""
      + " and missing(alert.metadata.chained_from) and alert.category == \"Misc activity\"'"
    let set = try rules(
      rule("agent-a", sid: 1, "when: sip.user_agent == \"a\"", "severity: high", "tags: [probe]"),
      rule("about", sid: 2, event: "alert", wanted))
    #expect(words(run(set, [request(0, "a"), request(1, "b")]), set) == ["agent-a@0", "about@0<agent-a"])
  }

  @Test func `counts and keys of an alert are fields`() throws {
    let counted = "threshold: {by: [client.ip], within: 1m, count: {at_least: 2}}"
    let set = try rules(
      rule("twice", sid: 1, counted, "suppress: {for: 0s}"),
      rule("about", sid: 2, event: "alert", "when: 'alert.count == 2 and alert.key == \"0.0.0.7\"'"))
    let alerts = run(
      set, [request(0, "a", client: 7), request(1, "a", client: 7), request(2, "a", client: 8)])
    #expect(words(alerts, set) == ["twice@1", "about@1<twice"])
  }

  @Test func `a circle of rules ends`() throws {
    let set = try rules(
      rule("first", sid: 1, event: "alert", "when: alert.rule != \"nobody\""),
      rule("second", sid: 2, event: "alert", "when: exists(alert.rule)"),
      rule("third", sid: 3, event: "alert"), agents[0].replacing("sid: 1\n", with: "sid: 4\n"))
    let alerts = run(set, [request(0, "a")])
    // Each way from the first cause through different rules, and no rule twice on it.
    #expect(
      words(alerts, set).sorted() == [
        "agent-a@0",
        "first@0<agent-a", "first@0<agent-a,second", "first@0<agent-a,second,third",
        "first@0<agent-a,third", "first@0<agent-a,third,second",
        "second@0<agent-a", "second@0<agent-a,first", "second@0<agent-a,first,third",
        "second@0<agent-a,third", "second@0<agent-a,third,first",
        "third@0<agent-a", "third@0<agent-a,first", "third@0<agent-a,first,second",
        "third@0<agent-a,second", "third@0<agent-a,second,first",
      ])
  }

  @Test func `a chain is no longer than four causes`() throws {
    let links = (1...6).map { number in
      rule("link-\(number)", sid: number, event: "alert", "when: alert.rule == \"link-\(number - 1)\"")
    }
    let set = try compile(
      "rules:\n" + rule("link-0", sid: 100) + links.joined())
    let alerts = run(set, [request(0, "a")])
    #expect(
      words(alerts, set) == [
        "link-0@0", "link-1@0<link-0", "link-2@0<link-0,link-1", "link-3@0<link-0,link-1,link-2",
        "link-4@0<link-0,link-1,link-2,link-3",
      ])
  }

  @Test func `summaries and absences chain with the fields that their keys name`() throws {
    let set = try rules(
      rule("scan", sid: 1, "suppress: {by: [client.ip], for: 5s, summary: true}"),
      rule(
        "unanswered", sid: 2, "absence: {by: [client.ip], within: 2s, expect: {event: sip.response}}"),
      rule("about", sid: 3, event: "alert", "when: client.ip == 0.0.0.9", "suppress: {for: 0s}"))
    let alerts = run(set, [request(0, "a", client: 9), request(1, "a", client: 9), request(20, "b")])
    #expect(
      words(alerts, set) == [
        "scan@0", "about@0<scan", "unanswered@2", "scan@5", "scan@20", "about@2<unanswered", "about@5<scan",
      ])
    let silent = alerts.filter { !$0.hasEvent }
    #expect(silent.map(\.group) == Array(repeating: ["0.0.0.9"], count: 2) + [[], []])
    #expect(silent.map(\.reason) == [.absence, .summary, .match, .match])
  }

  @Test func `what stems from a time without events has none`() throws {
    let set = try rules(
      rule("unanswered", sid: 2, "absence: {by: [client.ip], within: 2s, expect: {event: sip.response}}"),
      rule("again", sid: 3, event: "alert", "threshold: {by: [client.ip], within: 1m, count: {at_least: 2}}"),
      rule("top", sid: 4, event: "alert", "when: alert.rule == \"again\""))
    let alerts = run(set, [request(0, "a"), request(10, "a"), request(20, "b", client: 2)])
    #expect(
      words(alerts, set) == [
        "unanswered@2", "unanswered@12", "again@12<unanswered", "top@12<unanswered,again",
      ])
    #expect(alerts.allSatisfy { !$0.hasEvent })
    #expect(alerts[2].group == ["0.0.0.1"])
  }

  @Test func `rules that wait for alerts of one another do not go on for ever`() throws {
    let wait = { (own: String, other: String, sid: Int) in
      self.rule(
        own, sid: sid, event: "alert", "when: alert.rule in [\"\(other)\", \"start\"]",
        "absence: {by: [client.ip], within: 2s, expect: {event: sip.response}}", "suppress: {for: 0s}")
    }
    let set = try compile(
      "rules:\n" + rule("start", sid: 1, "when: sip.user_agent == \"a\"") + wait("left", "right", 2)
        + wait("right", "left", 3))
    let alerts = run(set, [request(0, "a")] + (1..<100).map { request($0, "b", client: 2) })
    #expect(
      words(alerts, set) == [
        "start@0", "left@2<start", "right@2<start", "left@4<start,right", "right@4<start,left",
      ])
  }

  /// Two alerts about a client in order.
  private let both = """
      - id: both
        sid: 8
        title: Both
        sequence:
          within: 10m
          steps:
            - {name: first, event: alert, when: 'alert.rule == "agent-a"', by: [client.ip]}
            - {name: second, event: alert, when: 'alert.rule == "agent-b" and sip.user_agent == "b"', by: [client.ip]}

    """

  @Test func `alerts are steps of sequences, and sequences alerts for other rules`() throws {
    let set = try compile(
      "rules:\n" + agents[0] + agents[1] + both
        + rule("about", sid: 9, event: "alert", "when: alert.rule == \"both\""))
    let wanted = ["both@5<agent-b", "about@5<agent-b,both"]
    let later = run(set, [request(0, "a"), request(5, "b"), request(9, "b", client: 2), request(20, "z")])
    #expect(
      words(later, set) == ["agent-a@0", "agent-b@5", wanted[0], "agent-b@9", wanted[1]],
      "the event at 9 s ends the waiting, and has its own alerts before rules look at alerts")
    let atEnd = run(set, [request(0, "a"), request(5, "b")])
    #expect(words(atEnd, set) == ["agent-a@0", "agent-b@5"] + wanted)
    #expect(atEnd[2].group == ["0.0.0.1"])
    let turned = run(set, [request(0, "b"), request(5, "a"), request(20, "z")])
    #expect(turned.count == 2)
  }

  @Test func `what stems from a sequence has the event that completed it`() throws {
    let set = try compile(
      "rules:\n" + agents[0] + agents[1] + both
        + rule("about", sid: 9, event: "alert", "when: alert.rule == \"both\""))
    var engine = RuleEngine(set)
    var event = Event()
    var alerts: [Alert] = []
    for request in [request(0, "a"), request(5, "b"), request(20, "z")] {
      alerts.removeAll()
      request.fill(&event, sequence: UInt64(request.milliseconds), headerNames: set.headerNames)
      engine.process(event, into: &alerts)
    }
    #expect(words(alerts, set) == ["both@5<agent-b", "about@5<agent-b,both"])
    for alert in alerts {
      var restored = Event()
      #expect(!alert.hasEvent)
      #expect(engine.restoreEvent(of: alert, into: &restored))
      #expect(restored.string(.sipUserAgent) == "b")
      #expect(restored.integer(.pcapCnt) == 6)
    }
  }

  @Test func `a rule that is disabled neither fires nor makes events of alerts`() throws {
    let set = try rules(agents[0], rule("about", sid: 9, event: "alert", "enabled: false"))
    #expect(words(run(set, [request(0, "a")]), set) == ["agent-a@0"])
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    request(0, "a").fill(&event, sequence: 0, headerNames: set.headerNames)
    engine.process(event, into: &alerts)
    #expect(engine.counters.chained == 0)
  }

  @Test func `the same events give the same alerts, whatever the seed and however they are split`() throws {
    let set = try rules(
      agents[0], agents[1], agents[2], rule("many", sid: 9, event: "alert", many, "suppress: {for: 10s}"),
      rule("top", sid: 10, event: "alert", "when: alert.distinct >= 3"))
    var generator = SeededGenerator(seed: 77)
    let events = (0..<2000).map { second in
      request(
        second / 3, ["a", "b", "c", "d"].randomElement(using: &generator) ?? "a",
        client: .random(in: 1...9, using: &generator))
    }
    let first = run(set, events, seed: 1)
    #expect(first == run(set, events, seed: 0xfeed))
    #expect(first.contains { $0.lineage.rules.count == 2 })
  }

  @Test func `an alert that is given as an event is not met by its own rule and those that led to it`() throws
  {
    let set = try rules(
      rule("one", sid: 1, event: "alert"), rule("two", sid: 2, event: "alert"),
      rule("three", sid: 3, event: "alert"))
    var event = ShortEvent(kind: .alert)
    event.texts = [(.alertContextRule, "one")]
    event.lists = [(.alertMetadataChainedFrom, ["elsewhere", "two"])]
    #expect(words(run(set, [event]), set) == ["three@0<two,one"])
  }

  @Test func `a silence that counts by other keys is summed up under their names`() throws {
    let set = try rules(
      rule(
        "guess", sid: 1, "threshold: {by: [client.ip, sip.user_agent], within: 1m, count: {at_least: 2}}",
        "suppress: {by: [client.ip], for: 10s, summary: true}"))
    #expect(set.metadata[0].groupKeys == ["client.ip", "sip.user_agent"])
    #expect(set.metadata[0].keys(of: .summary) == ["client.ip"])
    let alerts = run(set, (0..<4).map { request($0, "a") } + [request(60, "z", client: 3)])
    #expect(alerts.map(\.reason) == [.match, .summary])
    #expect(alerts[1].group == ["0.0.0.1"])
  }

  @Test func `an absence that is silent by other keys tells each by its own names`() throws {
    let set = try rules(
      rule(
        "unanswered", sid: 1,
        "absence: {by: [sip.user_agent], within: 2s, expect: {event: sip.response}}",
        "suppress: {by: [client.ip], for: 10s, summary: true}"))
    let alerts = run(set, [request(0, "a"), request(1, "b"), request(60, "z", client: 3)])
    #expect(alerts.map(\.reason) == [.absence, .summary])
    #expect(alerts.map(\.group) == [["a"], ["0.0.0.1"]])
  }

  @Test func `an alert of a measure has its values`() throws {
    let set = try rules(
      rule(
        "share", sid: 1,
        "measure: {by: [client.ip], within: 1m, values: {total: {count: true}, "
          + "bad: {count_if: 'sip.user_agent == \"b\"'}}}",
        "having: total >= 4 and bad / total > 0.5"))
    let alerts = run(set, (0..<4).map { request($0, $0 == 0 ? "a" : "b") })
    #expect(set.metadata[0].measuredNames == ["total", "bad"])
    #expect(alerts.map(\.measured) == [[.integer(4), .integer(3)]])
  }
}
