import Events
import Testing
import Values

@testable import Rules

@Suite struct SequenceRuleTests {
  private func event(
    _ kind: EventKind, _ milliseconds: Int64, _ account: String? = "alice", client: UInt32 = 1,
    packet: Int64 = 0,
    agent: String? = nil
  ) -> ShortEvent {
    var event = ShortEvent(kind: kind, milliseconds: milliseconds)
    event.fields = [(.clientIP, .ip(IPAddress(v4: client)))]
    if packet > 0 { event.fields.append((.pcapCnt, .integer(packet))) }
    if let account { event.texts = [(kind.type == .call ? .callCaller : .registrationAOR, account)] }
    if let agent { event.texts.append((.registrationUserAgent, agent)) }
    return event
  }

  private func time(_ milliseconds: Int64) -> ShortEvent {
    ShortEvent(kind: .stun, milliseconds: milliseconds)
  }

  private func guessed(
    _ when: String = "client.ip != failed.client.ip", _ rest: String = "", until: String = ""
  ) -> String {
    """
    rules:
      - id: r
        sid: 1
        title: R
        sequence:
          within: 10s
          steps:
            - {name: failed, event: registration.failed, by: [registration.aor]}
            - {name: registered, event: registration.registered, by: [registration.aor], when: '\(when)'}
            - {name: called, event: call.answered, by: [call.caller]}
    \(until)\(rest)
    """
  }

  private func milliseconds(_ alerts: [Alert]) -> [Int64] {
    alerts.map { $0.timestamp.nanoseconds / 1_000_000 }
  }

  @Test func `steps with keys of their own make an alert with the event of the last and the packets of all`()
    throws
  {
    let set = try compile(guessed())
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    let events = [
      self.event(.registrationFailed, 0, packet: 3),
      self.event(.registrationRegistered, 1000, client: 2, packet: 5),
      self.event(.callAnswered, 2000, client: 7, packet: 9), time(3001),
    ]
    for (index, short) in events.enumerated() {
      #expect(alerts.isEmpty)
      short.fill(&event, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(event, into: &alerts)
    }
    let alert = try #require(alerts.first)
    #expect(milliseconds(alerts) == [2000])
    #expect(alert.sequence == 2)
    #expect(alert.evidence.array == [3, 5, 9])
    #expect(alert.group == ["alice"])
    #expect(alert.windowStart == Timestamp(nanoseconds: 0))
    #expect(!alert.hasEvent)
    #expect(engine.restoreEvent(of: alert, into: &event))
    #expect(event.kind == .callAnswered)
    #expect(event[.clientIP] == .ip(IPAddress(v4: 7)))
    #expect(event.string(.callCaller) == "alice")
    engine.advance(to: Timestamp(seconds: 4, nanoseconds: 0), into: &alerts)
    #expect(!engine.restoreEvent(of: alert, into: &event))
  }

  @Test func `a chain ends where its window does`() throws {
    let set = try compile(guessed("client.ip == failed.client.ip"))
    func chain(_ end: Int64) -> [ShortEvent] {
      [event(.registrationFailed, 1000), event(.registrationRegistered, 2000), event(.callAnswered, end)]
    }
    #expect(run(set, chain(10_999)).count == 1)
    #expect(run(set, chain(11_000)).isEmpty)
  }

  @Test func `one event is one step, and equal times go by their place in the input`() throws {
    let text = """
      rules:
        - id: r
          sid: 1
          title: R
          sequence:
            within: 10s
            steps:
              - {name: first, event: registration.failed, by: [client.ip]}
              - {name: second, event: registration.failed, by: [client.ip]}
      """
    let set = try compile(text)
    #expect(run(set, [event(.registrationFailed, 0)]).isEmpty)
    #expect(run(set, [event(.registrationFailed, 0), event(.registrationFailed, 0)]).count == 1)
  }

  @Test func `order of arrival makes no difference within the lateness, and later events are counted`() throws
  {
    let set = try compile(guessed("client.ip == failed.client.ip"))
    let failed = event(.registrationFailed, 4000)
    let registered = event(.registrationRegistered, 4200)
    let call = event(.callAnswered, 4900)
    #expect(run(set, [call, registered, failed]).count == 1)
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    for (index, short) in [time(6000), call, failed].enumerated() {
      short.fill(&event, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(event, into: &alerts)
    }
    #expect(engine.counters.late == 2)
  }

  @Test func `a value of an earlier step is compared chain by chain`() throws {
    let set = try compile(guessed())
    let same = [
      event(.registrationFailed, 0, client: 1), event(.registrationFailed, 100, client: 2),
      event(.registrationRegistered, 200, client: 2), event(.callAnswered, 300),
    ]
    // The chain that began last is no one's; the one before is.
    let alerts = run(set, same)
    #expect(alerts.map(\.windowStart) == [Timestamp(nanoseconds: 0)])
    let other = [
      event(.registrationFailed, 0, client: 2), event(.registrationRegistered, 200, client: 2),
      event(.callAnswered, 300),
    ]
    #expect(run(set, other).isEmpty)
  }

  @Test func `an absent value of an earlier step is unknown, and so is a text that is too long`() throws {
    func outcome(_ when: String, _ agent: String?) throws -> Int {
      let events = [
        event(.registrationFailed, 0, agent: agent), event(.registrationRegistered, 1, agent: "b"),
        event(.callAnswered, 2),
      ]
      return run(try compile(guessed(when)), events).count
    }
    let differs = "registration.user_agent != failed.registration.user_agent"
    #expect(try outcome(differs, "a") == 1)
    #expect(try outcome(differs, "b") == 0)
    #expect(try outcome(differs, nil) == 0)
    #expect(try outcome(differs, String(repeating: "a", count: 128)) == 1)
    #expect(try outcome(differs, String(repeating: "a", count: 129)) == 0)
    #expect(try outcome("exists(failed.registration.user_agent)", String(repeating: "a", count: 129)) == 1)
    #expect(try outcome("missing(failed.registration.user_agent)", nil) == 1)
    #expect(try outcome("len(failed.registration.user_agent) == 3", "abc") == 1)
    #expect(try outcome("failed.registration.user_agent matches \"^a.c$\"", "abc") == 1)
    #expect(try outcome("failed.registration.user_agent in [\"abc\", \"d\"]", "abc") == 1)
    #expect(try outcome("timestamp - failed.timestamp < 2ms", "abc") == 1)
    #expect(try outcome("timestamp - failed.timestamp < 1ms", "abc") == 0)
  }

  @Test func `exceptions and schedules look at the last event, and exceptions at earlier ones too`() throws {
    let events = [
      event(.registrationFailed, 0), event(.registrationRegistered, 1), event(.callAnswered, 2, client: 5),
    ]
    func outcome(_ exception: String) throws -> Int {
      let rest = "    except: [{name: e, when: '\(exception)'}]"
      return run(try compile(guessed("client.ip == failed.client.ip", rest)), events).count
    }
    #expect(try outcome("client.ip == 0.0.0.5") == 0)
    #expect(try outcome("client.ip == 0.0.0.1") == 1)
    #expect(try outcome("failed.client.ip == 0.0.0.1") == 0)
    #expect(try outcome("failed.client.ip == client.ip") == 1)
  }

  @Test func `until ends every chain of its key`() throws {
    let until = "      until: {event: registration.removed, by: [registration.aor]}\n"
    let set = try compile(guessed("client.ip == failed.client.ip", until: until))
    func events(_ account: String) -> [ShortEvent] {
      [
        event(.registrationFailed, 0), event(.registrationRegistered, 1),
        event(.registrationRemoved, 2, account),
        event(.callAnswered, 3),
      ]
    }
    #expect(run(set, events("alice")).isEmpty)
    #expect(run(set, events("bob")).count == 1)
  }

  @Test func `after an alert the key is silent for the length of the window, or as the rule says`() throws {
    let events = [
      event(.registrationFailed, 0), event(.registrationRegistered, 1), event(.callAnswered, 2),
      event(.callAnswered, 3), event(.registrationFailed, 9900), event(.registrationRegistered, 9901),
      event(.callAnswered, 9902), event(.callAnswered, 10_002),
    ]
    let same = "client.ip == failed.client.ip"
    #expect(milliseconds(run(try compile(guessed(same)), events)) == [2, 10_002])
    let loud = try compile(guessed(same, "    suppress: {for: 0s}\n"))
    #expect(milliseconds(run(loud, events)) == [2, 3, 9902, 10_002])
    let summed = try compile(guessed(same, "    suppress: {by: [client.ip], for: 10s, summary: true}\n"))
    let alerts = run(summed, events + [time(30_000)])
    #expect(alerts.map(\.suppressedCount) == [0, 2, 0])
    #expect(milliseconds(alerts) == [2, 10_002, 10_002])
  }

  @Test func `events without a key are counted`() throws {
    let set = try compile(guessed())
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    self.event(.registrationFailed, 0, nil).fill(&event, sequence: 0, headerNames: set.headerNames)
    engine.process(event, into: &alerts)
    engine.finish(into: &alerts)
    #expect(engine.counters.missingKeys == 1)
    #expect(engine.counters.pendingSequences == 0)
  }

  @Test func `after a long pause chains begin anew`() throws {
    let text = guessed("client.ip == failed.client.ip").replacing("within: 10s", with: "within: 1d")
    let set = try compile(text)
    let events = [
      event(.registrationFailed, 0), event(.registrationRegistered, 1), event(.callAnswered, 3_600_002),
    ]
    #expect(run(set, events).isEmpty)
    #expect(run(set, [events[0], events[1], time(1_800_000), events[2]]).count == 1)
  }

  @Test func `open chains outlive new lists, and a changed step is another rule`() throws {
    let text = guessed("client.ip in @friends and client.ip == failed.client.ip")
    func rules(_ network: String, _ text: String) throws -> CompiledRuleSet {
      try compile("lists:\n  friends: {type: cidr, items: [\(network)]}\n" + text)
    }
    let set = try rules("10.0.0.0/8", text)
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    self.event(.registrationFailed, 0).fill(&event, sequence: 0, headerNames: set.headerNames)
    engine.process(event, into: &alerts)
    let other = text.replacing(
      "event: registration.failed,", with: "event: registration.failed, when: pkt_len > 5,")
    let changed = other.replacing("pkt_len > 5", with: "pkt_len > 6")
    for (old, new) in [(text, other), (other, changed)] {
      let adoption = RuleAdoption(
        try rules("0.0.0.0/8", new), replacing: try rules("10.0.0.0/8", old), limits: engine.limits)
      #expect(adoption.changes.reset == ["r"] && !adoption.keepsHeldEvents)
    }
    var adoption = RuleAdoption(try rules("0.0.0.0/8", text), replacing: set, limits: engine.limits)
    #expect(adoption.changes.keptCount == 1 && adoption.keepsHeldEvents)
    engine.adopt(&adoption)
    for (index, short) in [self.event(.registrationRegistered, 1), self.event(.callAnswered, 2)].enumerated()
    {
      short.fill(&event, sequence: UInt64(index + 1), headerNames: set.headerNames)
      engine.process(event, into: &alerts)
    }
    engine.finish(into: &alerts)
    #expect(alerts.count == 1)
  }

  @Test func `the kinds of all steps are wanted, each step is indexed, and the bound of the memory is said`()
    throws
  {
    let set = try compile(guessed("registration.code == 200 and client.ip != failed.client.ip"))
    let kinds = [EventKind.registrationFailed, .registrationRegistered, .callAnswered]
    #expect(set.kinds == EventKindSet(kinds.map(\.set)))
    #expect(
      set.accesses == [
        "'failed' meets every event of its kind, 'registered' by 1 value of registration.code, "
          + "'called' meets every event of its kind"
      ])
    let limits = EngineLimits()
    #expect((1...2 * limits.bytesPerRule).contains(set.memoryBound(ofRule: 0, limits)))
    #expect(set.memoryBound(limits) > set.memoryBound(ofRule: 0, limits))
  }
}

@Suite struct SequenceTableTests {
  private func table(total: Int, budget: Int = 64 << 10, length: Int64 = 1_000_000_000) -> SequenceTable {
    var sequence = CompiledSequence(rule: 0, length: length, silence: 0)
    sequence.steps = [
      CompiledSequence.Step(keys: 0..<0, comparison: -1, first: 0, last: total - 1, captures: []),
      CompiledSequence.Step(
        keys: 0..<0, comparison: -1, first: total - 1, last: total, captures: []),
    ]
    return SequenceTable(sequence, budget: budget)
  }

  private func hash(_ number: UInt64) -> KeyHash {
    KeyHash(high: number, low: number &* 0x9e37_79b9_7f4a_7c15)
  }

  private func add(_ key: UInt64, at time: Int64, to table: inout SequenceTable) {
    table.collect(hash(key), step: 0, at: time)
    table.advance(hash(key), step: 0, at: time, sequence: UInt64(time), packet: 1)
  }

  @Test func `a flood of keys pushes out neither a chain that has come further nor a silent key`() {
    var table = table(total: 4)
    for time in 1...3 { add(1, at: Int64(time), to: &table) }
    add(2, at: 4, to: &table)
    table.noteFired(hash(2), at: 4)
    for key in 3..<20_000 { add(UInt64(key), at: Int64(key) + 10, to: &table) }
    #expect(table.evictions > 15_000)
    #expect(table.byteCount <= SequenceTable.bound(table.sequence, budget: 64 << 10))
    #expect(table.keys.slot(of: hash(1)) != nil)
    #expect(table.keys.slot(of: hash(2)) != nil)
    #expect(table.keys.slot(of: hash(3)) == nil)
    table.collect(hash(1), step: 1, at: 30_000)
    #expect(table.completing(before: nil) != nil)
  }

  @Test func `what is given up is counted as unknown`() {
    var table = table(total: 3)
    add(1, at: 1, to: &table)
    add(2, at: 1, to: &table)
    table.forgetAll()
    #expect(table.unknown == 2)
    #expect(table.keys.count == 0)
  }

  /// Plays events a nanosecond apart, and gives the alerts of a sequence of steps and the chains given up.
  private func play(
    _ events: [(kind: EventKind, client: Int)], steps: [String]
  ) throws -> (alerts: [Alert], evictions: UInt64) {
    let set = try compile(
      """
      rules:
        - id: r
          sid: 1
          title: R
          suppress: {for: 0s}
          sequence:
            within: 10s
            steps: [\(steps.joined(separator: ", "))]
      """)
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    for (number, (kind, client)) in events.enumerated() {
      event.reset(kind, at: Timestamp(nanoseconds: Int64(number)), sequence: UInt64(number))
      event.set(.clientIP, ip: IPAddress(v4: UInt32(client)))
      engine.process(event, into: &alerts)
    }
    engine.finish(into: &alerts)
    return (alerts, engine.counters.evictions)
  }

  @Test func `chains that differ in captured values are kept side by side, the sixteen youngest`() throws {
    let (alerts, evictions) = try play(
      (0..<40).map { ($0 < 20 ? .stun : .tls, $0 % 20) },
      steps: [
        "{name: first, event: stun, by: []}",
        "{name: second, event: tls, by: [], when: client.ip == first.client.ip}",
      ])
    #expect(alerts.map { $0.windowStart?.nanoseconds ?? 0 } == Array(4..<20))
    #expect(evictions == 4)
  }

  @Test func `of chains that began at once the sixteen stay that came furthest last`() throws {
    let (alerts, evictions) = try play(
      [(.stun, 0)] + (1...80).map { ($0 <= 40 ? .tls : .dtls, ($0 - 1) % 40 + 1) },
      steps: [
        "{name: first, event: stun, by: []}",
        "{name: second, event: tls, by: []}",
        "{name: third, event: dtls, by: [], when: client.ip == second.client.ip}",
      ])
    #expect(alerts.map { $0.timestamp.nanoseconds } == Array(65...80))
    #expect(evictions == 24)
  }
}

@Suite struct HeldEventTests {
  @Test func `events that need more room than there is are looked at early, in their order`() throws {
    let set = try compile(
      """
      rules:
        - id: r
          sid: 1
          title: R
          suppress: {for: 0s}
          sequence:
            within: 10s
            steps:
              - {name: first, event: stun, by: [client.ip]}
              - {name: second, event: tls, by: [client.ip]}
      """)
    var limits = EngineLimits()
    limits.totalBytes = 1
    var engine = RuleEngine(set, limits: limits)
    var alerts: [Alert] = []
    var event = Event()
    for number in 0..<1000 {
      let kind: EventKind = number < 500 ? .stun : .tls
      event.reset(kind, at: Timestamp(nanoseconds: Int64(number)), sequence: UInt64(number))
      event.set(.clientIP, ip: IPAddress(v4: UInt32(number % 500)))
      if number % 100 == 7 { event.set(.srcCountry, copying: String(repeating: "x", count: 60_000)) }
      engine.process(event, into: &alerts)
      #expect(engine.counters.bytes <= set.memoryBound(limits))
    }
    engine.finish(into: &alerts)
    #expect(engine.counters.heldEarly > 900)
    #expect(engine.counters.late == 0)
    // The table has room for fewer keys than there are; those it has are right.
    #expect(alerts.count > 100)
    #expect(alerts.allSatisfy { ($0.timestamp.nanoseconds - ($0.windowStart?.nanoseconds ?? 0)) == 500 })
  }

  @Test func `a snapshot gives back everything that the event had`() {
    var event = Event(headerSlots: 2)
    event.reset(.sipRequest, at: Timestamp(nanoseconds: 5), sequence: 9)
    event.attach(message: Array("OPTIONS sip:a SIP/2.0".utf8).span)
    event.set(.sipMethod, .text(ByteRange(0, 7)))
    event.set(.pcapCnt, integer: 3)
    let codec = event.append("PCMA")
    event.appendItem(.text(codec))
    event.set(.sipSDPCodecs, itemsFrom: 0)
    event.setHeader(slot: 1, .text(event.append("value")))
    var snapshot = EventSnapshot()
    snapshot.take(event)
    var other = Event(headerSlots: 2)
    other.reset(.stun, at: Timestamp(nanoseconds: 0), sequence: 0)
    other.set(.stunMethod, copying: "Binding")
    other.setHeader(slot: 0, .text(other.append("stale")))
    snapshot.restore(&other)
    #expect(other.kind == .sipRequest && other.timestamp == event.timestamp && other.sequence == 9)
    #expect(
      other.messageLength == event.messageLength
        && other.text.prefix(other.textCount) == event.text.prefix(event.textCount)
        && other.items == event.items)
    for field in Field.allCases { #expect(other[field] == event[field]) }
    #expect(other.header(slot: 0) == .absent && other.header(slot: 1) == event.header(slot: 1))
  }
}
