import Events
import Testing
import Values

@testable import Rules

/// What correlations over several kinds of event keep when other rules take their place.
@Suite struct CorrelationAdoptionTests {
  private static let first = """
      - {id: first, sid: 9, title: F, event: rtcp}

    """
  private static let sequence = """
      - id: r
        sid: 1
        title: R
        sequence:
          within: 10s
          steps:
            - {name: failed, event: registration.failed, by: [registration.aor]}
            - {name: registered, event: registration.registered, by: [registration.aor], when: client.ip != failed.client.ip}

    """
  private static let gauge = """
      - {id: r, sid: 1, title: R, gauge: {live: calls, by: [client.ip], more_than: 2, clear_below: 2}}

    """

  private func registration(_ kind: EventKind, _ milliseconds: Int64, client: UInt32 = 1) -> ShortEvent {
    var event = ShortEvent(kind: kind, milliseconds: milliseconds)
    event.fields = [(.clientIP, .ip(IPAddress(v4: client)))]
    event.texts = [(.registrationAOR, "alice")]
    return event
  }

  private func call(_ milliseconds: Int64, _ id: String) -> ShortEvent {
    var event = ShortEvent(kind: .callStarted, milliseconds: milliseconds)
    event.fields = [(.clientIP, .ip(IPAddress(v4: 1)))]
    event.texts = [(.callID, id), (.callCallID, id)]
    return event
  }

  /// The ids of the rules that fire, with other rules after the first of two parts.
  private func ids(
    _ old: String, _ events: [ShortEvent], then new: String, _ more: [ShortEvent],
    limits: EngineLimits = EngineLimits()
  ) throws -> [String] {
    var engine = RuleEngine(try compile("rules:\n" + old), limits: limits)
    var (alerts, ids): ([Alert], [String]) = ([], [])
    var event = Event(headerSlots: 4)
    var number: UInt64 = 0
    func feed(_ events: [ShortEvent]) {
      for short in events {
        short.fill(&event, sequence: number, headerNames: engine.ruleSet.headerNames)
        number += 1
        engine.process(event, into: &alerts)
      }
    }
    feed(events)
    var adoption = RuleAdoption(
      try compile("rules:\n" + new), replacing: engine.ruleSet, limits: engine.limits)
    engine.settle(before: adoption, into: &alerts)
    ids = alerts.map { engine.ruleSet.metadata[$0.rule].id }
    alerts = []
    engine.adopt(&adoption)
    feed(more)
    engine.finish(into: &alerts)
    return ids + alerts.map { engine.ruleSet.metadata[$0.rule].id }
  }

  /// The events that wait for their turn when the rules change, or do not wait any more.
  private func chain(waits: Bool) -> (before: [ShortEvent], after: [ShortEvent]) {
    let later = waits ? [] : [ShortEvent(kind: .stun, milliseconds: 5000)]
    return (
      [registration(.registrationFailed, 0)] + later, [registration(.registrationRegistered, 6000, client: 2)]
    )
  }

  @Test(arguments: [true, false])
  func `a sequence goes on when only what is said about it changes, wherever it moves to`(waits: Bool) throws
  {
    let (before, after) = chain(waits: waits)
    for new in [
      Self.sequence.replacing("title: R", with: "title: Another"),
      Self.first + Self.sequence.replacing("title: R", with: "title: Another"),
      Self.sequence.replacing("failed", with: "broken").replacing(
        "registration.broken", with: "registration.failed"),
      Self.sequence + "    suppress: {for: 1h}\n",
    ] {
      #expect(try ids(Self.sequence, before, then: new, after) == ["r"])
    }
    #expect(try ids(Self.first + Self.sequence, before, then: Self.sequence, after) == ["r"])
  }

  @Test(arguments: [
    ("within: 10s", "within: 11s"),
    ("by: [registration.aor]}", "by: [registration.aor], count: {at_least: 1}, when: client.ip == 0.0.0.1}"),
    ("client.ip != failed.client.ip", "client.ip != failed.client.ip and timestamp > failed.timestamp"),
    ("sid: 1", "sid: 7"),
  ])
  func `a sequence that means something else begins anew`(old: String, new: String) throws {
    #expect(Self.sequence.contains(old), "the edit edits nothing")
    let changed = Self.sequence.replacing(old, with: new)
    for waits in [true, false] {
      let (before, after) = chain(waits: waits)
      #expect(try ids(Self.sequence, before, then: changed, after).isEmpty)
    }
  }

  @Test func `an exception that reads other earlier events makes another sequence`() throws {
    let except =
      "    except:\n      - {name: own, when: registration.user_agent == failed.registration.user_agent}\n"
    let (before, after) = chain(waits: false)
    #expect(try ids(Self.sequence, before, then: Self.sequence + except, after).isEmpty)
    #expect(try ids(Self.sequence + except, before, then: Self.sequence, after).isEmpty)
    let other = except.replacing("==", with: "!=")
    #expect(try ids(Self.sequence + except, before, then: Self.sequence + other, after) == ["r"])
  }

  @Test func `a gauge keeps what is live unless it counts something else`() throws {
    for waits in [true, false] {
      let later = waits ? [] : [ShortEvent(kind: .stun, milliseconds: 5000)]
      let before = [call(0, "a"), call(1, "b")] + later
      let after = [call(6000, "c")]
      for new in [Self.gauge.replacing("title: R", with: "title: S"), Self.first + Self.gauge] {
        #expect(try ids(Self.gauge, before, then: new, after) == ["r"])
      }
      for (old, new) in [
        ("more_than: 2", "more_than: 1"), ("clear_below: 2", "clear_below: 1"),
        ("by: [client.ip]", "by: []"), ("live: calls", "live: answered_calls"),
      ] {
        #expect(Self.gauge.contains(old), "the edit edits nothing")
        let changed = Self.gauge.replacing(old, with: new)
        #expect(try ids(Self.gauge, before, then: changed, after).isEmpty)
      }
    }
  }

  @Test func `what waits is looked at by the rules that it waited for`() throws {
    let events = [registration(.registrationFailed, 0), registration(.registrationRegistered, 10, client: 2)]
    #expect(try ids(Self.sequence, events, then: Self.first, []) == ["r"])
    #expect(try ids(Self.gauge, [call(0, "a"), call(1, "b"), call(2, "c")], then: Self.first, []) == ["r"])
  }

  @Test func `an alert of a rule over alerts names its causes by their new places`() throws {
    let cause = "  - {id: cause, sid: 2, title: C, event: stun, suppress: {for: 0s}}\n"
    let silent = """
        - id: silent
          sid: 3
          title: S
          event: alert
          absence: {by: [client.ip], within: 2s, expect: {event: sip.response}}

      """
    var engine = RuleEngine(try compile("rules:\n" + cause + silent))
    var alerts: [Alert] = []
    var event = Event()
    var short = ShortEvent(kind: .stun)
    short.fields = [(.clientIP, .ip(IPAddress(v4: 1)))]
    short.fill(&event, sequence: 0, headerNames: engine.ruleSet.headerNames)
    engine.process(event, into: &alerts)
    alerts = []
    let text = "rules:\n" + Self.first + "  - {id: x, sid: 8, title: X, event: rtcp}\n" + silent
    let new = try compile(text + cause)
    var adoption = RuleAdoption(new, replacing: engine.ruleSet, limits: engine.limits)
    engine.settle(before: adoption, into: &alerts)
    engine.adopt(&adoption)
    short = ShortEvent(kind: .tls, milliseconds: 9000)
    short.fill(&event, sequence: 1, headerNames: engine.ruleSet.headerNames)
    engine.process(event, into: &alerts)
    #expect(alerts.map { new.metadata[$0.rule].id } == ["silent"])
    #expect(alerts.first?.lineage.rules.map { new.metadata[$0].id } == ["cause"])
  }

  @Test func `full tables shrink to their share, and keep what has come far`() {
    let hash = { (number: UInt64) in KeyHash(high: number, low: number &* 0x9e37_79b9_7f4a_7c15) }
    var compiled = CompiledSequence(rule: 0, length: 1_000_000_000, silence: 0)
    compiled.steps = [
      CompiledSequence.Step(keys: 0..<0, comparison: -1, first: 0, last: 3, captures: []),
      CompiledSequence.Step(keys: 0..<0, comparison: -1, first: 3, last: 4, captures: []),
    ]
    var table = SequenceTable(compiled, budget: 1 << 20)
    let gauge = CompiledGauge(
      rule: 0, live: .flows, keys: 0..<0, identity: 0..<1, ownerParts: 1, limit: 9, clearBelow: 1)
    var live = GaugeTable(gauge, budget: 1 << 20)
    for number in UInt64(0)..<20_000 {
      let isSpecial = (9_000...9_002).contains(number)
      table.collect(hash(isSpecial ? 1 : number + 10), step: 0, at: Int64(number))
      table.advance(
        hash(isSpecial ? 1 : number + 10), step: 0, at: Int64(number), sequence: number, packet: 1)
      _ = live.begin(hash(number), of: hash(number), key: hash(number < 9 ? 0 : number + 10))
    }
    compiled.rule = 7
    table.adopt(compiled)
    table.fit(budget: 64 << 10)
    live.fit(budget: 64 << 10)
    #expect(table.sequence.rule == 7)
    #expect(table.byteCount <= SequenceTable.bound(compiled, budget: 64 << 10))
    #expect(live.byteCount <= GaugeTable.bound(gauge, budget: 64 << 10))
    #expect(table.evictions > 10_000 && live.evictions > 10_000)
    table.collect(hash(1), step: 1, at: 20_001)
    #expect(table.completing(before: nil) != nil)
    #expect(live.size(of: hash(0)) == 9)
    #expect(live.begin(hash(50_000), of: hash(50_000), key: hash(0)) == 10)
    for number in UInt64(0)..<9 { live.end(hash(number)) }
    #expect(live.size(of: hash(0)) == 1)
    for number in UInt64(9)..<60_000 { live.end(allOf: hash(number)) }
    #expect(live.memberCount == 0)
    table.forgetAll()
    #expect(table.keys.count == 0)
  }
}
