import Events
import Rules
import Testing
import Values

private func event(_ milliseconds: Int64, client: UInt32 = 1, user: String? = nil, packet: Int64 = 0)
  -> ShortEvent
{
  var event = ShortEvent(kind: .sipRequest, milliseconds: milliseconds)
  event.fields = [(.clientIP, .ip(IPAddress(v4: client)))]
  if packet > 0 { event.fields.append((.pcapCnt, .integer(packet))) }
  event.texts = [(.sipMethod, "REGISTER")]
  if let user { event.texts.append((.sipFromUser, user)) }
  return event
}

private func threshold(_ count: Int, within: String, _ rest: String = "") -> String {
  rule(
    "sip.method == \"REGISTER\"",
    "    threshold: {by: [client.ip], within: \(within), count: {at_least: \(count)}}\n\(rest)")
}

private func seconds(_ alerts: [Alert]) -> [Double] { alerts.map { Double($0.timestamp.nanoseconds) / 1e9 } }

@Suite struct RuleEngineTests {
  @Test func `the window is open at its start and closed at its end`() throws {
    let set = try compile(threshold(3, within: "10s", "    suppress: {for: 0s}\n"))
    #expect(seconds(run(set, [event(0), event(5000), event(9999)])) == [9.999])
    // A match exactly one window ago is out.
    #expect(run(set, [event(0), event(5000), event(10_000)]).isEmpty)
  }

  @Test func `the window is not cleared after firing`() throws {
    let set = try compile(threshold(3, within: "10s", "    suppress: {for: 0s}\n"))
    #expect(seconds(run(set, (0..<6).map { event($0 * 1000) })) == [2, 3, 4, 5])
  }

  @Test func `a rule is silent for the length of its window, per key`() throws {
    let set = try compile(threshold(3, within: "10s"))
    let alerts = run(
      set, (0..<30).flatMap { [event($0 * 1000, client: 1), event($0 * 1000 + 500, client: 2)] })
    #expect(seconds(alerts) == [2, 2.5, 12, 12.5, 22, 22.5])
  }

  @Test func `suppression has keys and a length of its own, and suppressed matches still count`() throws {
    let text = rule(
      "sip.method == \"REGISTER\"",
      "    threshold: {by: [client.ip, sip.from.user], within: 10s, count: {at_least: 2}}\n"
        + "    suppress: {by: [client.ip], for: 5s}\n")
    let events = (0..<8).map { event($0 * 1000, user: $0 % 2 == 0 ? "a" : "b") }
    // Both users reach two at 2 s and 3 s; the address is silent until 7 s.
    #expect(seconds(run(try compile(text), events)) == [2, 7])
  }

  @Test func `a summary says how many were suppressed, when the silence ends`() throws {
    let set = try compile(threshold(2, within: "10s", "    suppress: {for: 5s, summary: true}\n"))
    let alerts = run(set, (0..<5).map { event($0 * 1000) } + [event(20_000)])
    #expect(alerts.map(\.reason) == [.match, .summary])
    #expect(seconds(alerts) == [1, 6])
    #expect(alerts[1].suppressedCount == 3)
    #expect(alerts[1].group == ["0.0.0.1"])
    #expect(alerts[1].windowStart == Timestamp(seconds: 1, nanoseconds: 0))
  }

  @Test func `a silence that lasts beyond the input is summed up at its end`() throws {
    let set = try compile(threshold(2, within: "10s", "    suppress: {for: 1h, summary: true}\n"))
    let alerts = run(set, (0..<5).map { event($0 * 1000) })
    #expect(seconds(alerts) == [1, 4])
    #expect(alerts[1].suppressedCount == 3)
  }

  @Test func `a rule without a block fires on each match unless it is told to be silent`() throws {
    #expect(run(try compile(rule("sip.method == \"REGISTER\"")), [event(0), event(1)]).count == 2)
    let quiet = try compile(rule("sip.method == \"REGISTER\"", "    suppress: {by: [client.ip], for: 10s}\n"))
    let events = [event(0), event(9999), event(10_000), event(10_001, client: 2)]
    #expect(seconds(run(quiet, events)) == [0, 10, 10.001])
  }

  @Test func `distinct counts values, and repeats renew them`() throws {
    let text = rule(
      "sip.method == \"REGISTER\"",
      "    threshold: {by: [client.ip], within: 10s, distinct: {of: sip.from.user, at_least: 3}}\n")
    let set = try compile(text)
    let names = ["a", "b", "a", "b", "a", "c"]
    let alerts = run(set, names.enumerated().map { event(Int64($0.offset) * 1000, user: $0.element) })
    #expect(seconds(alerts) == [5])
    #expect(alerts.first?.distinct == 3 && alerts.first?.count == nil)
    // "a" was seen at 0 s only, which is out of the window that ends at 10 s.
    #expect(run(set, [event(0, user: "a"), event(9000, user: "b"), event(10_000, user: "c")]).isEmpty)
  }

  @Test func `an event without a key is not counted, and the counters say so`() throws {
    let set = try compile(threshold(2, within: "10s"))
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var subject = Event()
    for index in 0..<5 {
      var short = event(Int64(index))
      if index > 0 { short.fields = [] }
      short.fill(&subject, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(subject, into: &alerts)
    }
    #expect(alerts.isEmpty)
    #expect(engine.counters.missingKeys == 4 && engine.counters.matches == 5)
    #expect(engine.ruleCounters[0].missingKeys == 4)
  }

  @Test func `evidence is the last ten packets`() throws {
    let set = try compile(threshold(12, within: "1h"))
    let alerts = run(set, (1...12).map { event($0 * 10, packet: $0) })
    #expect(alerts.first?.evidence.array == Array(3...12))
    #expect(alerts.first?.count == 12)
  }

  @Test func `late events are counted where they belong, and those before the window are dropped`() throws {
    let text = threshold(3, within: "10s") + "  - {id: s, sid: 2, title: S, event: sip.request}\n"
    let set = try compile(text)
    #expect(run(set, [event(1000), event(2000), event(1500)]).filter { $0.rule == 0 }.count == 1)
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var subject = Event()
    for (index, time) in [1000, 30_000, 20_000, 20_001, 25_000].enumerated() {
      event(Int64(time)).fill(&subject, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(subject, into: &alerts)
    }
    // The window is the last ten seconds, however late what is in it comes: 20,000 is too old, 25,000 makes three.
    #expect(alerts.filter { $0.rule == 0 }.map(\.sequence) == [4])
    #expect(alerts.filter { $0.rule == 1 }.count == 5)
    #expect(engine.counters.late == 1)
  }

  @Test func `exceptions keep a rule silent until they expire, and their hits are counted`() throws {
    let text = rule(
      "sip.method == \"REGISTER\"",
      "    except:\n      - {name: lab, when: client.ip in 10.0.0.0/8, reason: lab, expires: 1970-01-01}\n")
    let set = try compile(text)
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var subject = Event()
    for (index, time) in [0, 86_399_999, 86_400_000].enumerated() {
      event(Int64(time), client: 0x0a00_0001).fill(
        &subject, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(subject, into: &alerts)
    }
    #expect(alerts.map(\.sequence) == [2])
    #expect(engine.exceptionHits(ofRule: 0) == [2])
    #expect(engine.counters.excepted == 2)
  }

  @Test func `schedules open and close rules, and not turns them round`() throws {
    let schedule = "schedules:\n  night:\n    zone: UTC\n    any_of: [{hours: \"20:00-07:00\"}]\n"
    let hours = (0..<24).map { event(Int64($0) * 3_600_000) }
    let night = try compile(schedule + rule("sip.method == \"REGISTER\"", "    during: night\n"))
    let day = try compile(schedule + rule("sip.method == \"REGISTER\"", "    during: not night\n"))
    let nightHours = seconds(run(night, hours)).map { Int($0) / 3600 }
    #expect(nightHours == Array(0..<7) + Array(20..<24))
    #expect(seconds(run(day, hours)).map { Int($0) / 3600 } == Array(7..<20))
  }

  @Test func `disabled rules do not run`() throws {
    #expect(run(try compile(rule("true", "    enabled: false\n")), [event(0)]).isEmpty)
  }

  @Test func `alerts of one event come in the order of the rules`() throws {
    let whens = [
      "client.ip == 0.0.0.1", "true", "sip.method == \"REGISTER\"", "client.ip in 0.0.0.0/8",
      "sip.method matches \"^REG\"",
    ]
    let rules = (0..<100).map { index in
      "  - {id: r\(index), sid: \(index + 1), title: R, event: sip, when: '\(whens[index % whens.count])'}\n"
    }
    #expect(run(try compile("rules:\n" + rules.joined()), [event(0)]).map(\.rule) == Array(0..<100))
  }

  @Test func `neither seed nor other rules change the alerts of a rule`() throws {
    let seed: UInt64 = 8
    var generator = SeededGenerator(seed: seed)
    let events = (0..<4000).map { index in
      event(
        Int64(index) * 20, client: UInt32.random(in: 0..<40, using: &generator),
        user: "u\(Int.random(in: 0..<20, using: &generator))", packet: Int64(index + 1))
    }
    let text = threshold(5, within: "3s", "    suppress: {for: 1s, summary: true}\n")
    let more = (2..<60).map { index in
      "  - {id: r\(index), sid: \(index), title: R, event: sip.request, when: 'sip.from.user == \"u\(index)\"'}\n"
    }
    let alone = run(try compile(text), events)
    #expect(alone.count > 100)
    #expect(run(try compile(text), events, seed: 777) == alone)
    #expect(run(try compile(text + more.joined()), events).filter { $0.rule == 0 } == alone)
  }

  @Test func `a flood of keys stays within the limits, and a real attack in it is found`() throws {
    let set = try compile(threshold(10, within: "60s"))
    var limits = EngineLimits()
    limits.bytesPerRule = 256 << 10
    let attack: UInt32 = 0xffff_0001
    var events: [ShortEvent] = []
    for index in 0..<30_000 {
      events.append(event(Int64(index), client: UInt32(index) + 1))
      if index % 300 == 0 { events.append(event(Int64(index), client: attack)) }
    }
    var engine = RuleEngine(set, limits: limits)
    var alerts: [Alert] = []
    var subject = Event()
    for (index, short) in events.enumerated() {
      short.fill(&subject, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(subject, into: &alerts)
    }
    #expect(seconds(alerts) == [2.7])
    #expect(engine.counters.evictions > 20_000)
    #expect(engine.counters.windowKeys < 2000)
  }

  @Test func `silences are bounded too, and the oldest is given up`() throws {
    let text = rule("sip.method == \"REGISTER\"", "    suppress: {by: [client.ip], for: 1h}\n")
    let set = try compile(text)
    var limits = EngineLimits()
    limits.bytesPerRule = 64 << 10
    let events = (0..<5000).map { event(Int64($0), client: UInt32($0)) }
    // The last keys are still silent, the first are not.
    let again = [event(6000, client: 4999), event(6001, client: 0)]
    #expect(seconds(run(set, events + again, limits: limits)).suffix(2) == [4.999, 6.001])
  }
}
