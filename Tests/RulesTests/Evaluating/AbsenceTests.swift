import Events
import Testing
import Values

@testable import Rules

/// Says by brute force, from all hits in the order of time, which matches nothing followed.
private enum AbsenceOracle {
  /// Starts of absences whose deadline is before an instant, with their keys, in the order of deadlines.
  static func absences(_ hits: [AbsenceHit], length: Int64, before limit: Int64) -> [String] {
    var found: [(start: Int64, key: UInt64)] = []
    for key in Set(hits.map(\.key.high)) {
      let own = hits.filter { $0.key.high == key }.sorted { $0.precedes($1) }
      var free = Int64.min
      var index = 0
      while index < own.count {
        defer { index += 1 }
        guard !own[index].isExpected, own[index].time > free else { continue }
        let start = own[index].time
        if let end = own[(index + 1)...].firstIndex(where: { $0.isExpected && $0.time <= start + length }) {
          index = end
        } else {
          free = start + length
          if free < limit { found.append((start, key)) }
        }
      }
    }
    return found.sorted { ($0.start, $0.key) < ($1.start, $1.key) }.map { "\($0.start) \($0.key)" }
  }
}

@Suite struct AbsenceTableTests {
  private func table(length: Int64, lateness: Int64 = 10, budget: Int = 1 << 20) -> AbsenceTable {
    AbsenceTable(
      CompiledAbsence(rule: 0, keys: 0..<0, length: length, kinds: [], start: 0), budget: budget,
      lateness: lateness)
  }

  private func hash(_ number: UInt64) -> KeyHash {
    KeyHash(high: number, low: number &* 0x9e37_79b9_7f4a_7c15)
  }

  private func add(_ hit: AbsenceHit, to table: inout AbsenceTable) {
    if hit.isExpected {
      table.add(expected: hit.key, time: hit.time, sequence: hit.sequence)
    } else {
      table.add(match: hit, group: [])
    }
  }

  private func match(_ key: UInt64, at time: Int64) -> AbsenceHit {
    AbsenceHit(time: time, sequence: UInt64(time), key: hash(key), isExpected: false)
  }

  @Test func `absences equal brute force over random streams, in any order within the lateness`() {
    let seed: UInt64 = 20_261_122
    var generator = SeededGenerator(seed: seed)
    for stream in 0..<100_000 {
      let length = Int64.random(in: 1...30, using: &generator)
      var table = table(length: length)
      var hits: [AbsenceHit] = []
      var found: [String] = []
      var clock: Int64 = 0
      for step in 0..<Int.random(in: 3...24, using: &generator) {
        let time = max(0, clock - (step % 3 == 0 ? Int64.random(in: 0...10, using: &generator) : 0))
        let hit = AbsenceHit(
          time: time, sequence: UInt64(step), key: hash(UInt64.random(in: 0..<2, using: &generator)),
          isExpected: UInt64.random(in: 0..<3, using: &generator) == 0)
        hits.append(hit)
        add(hit, to: &table)
        clock += Int64.random(in: 0...9, using: &generator)
        while let absence = table.next(hitsBefore: clock - 10, deadlinesBefore: clock - 10) {
          found.append("\(absence.start) \(absence.key.high)")
          if absence.start + length >= clock - 10 { Issue.record("seed \(seed) stream \(stream): too soon") }
        }
      }
      while let absence = table.next(hitsBefore: clock + 1, deadlinesBefore: clock) {
        found.append("\(absence.start) \(absence.key.high)")
      }
      let expected = AbsenceOracle.absences(hits, length: length, before: clock)
      guard found.sorted() == expected.sorted() else {
        Issue.record("seed \(seed) stream \(stream): \(found), not \(expected)")
        return
      }
    }
  }

  @Test func `a flood of keys does not push out a match that waits`() {
    var table = table(length: 1_000_000, lateness: 0, budget: 64 << 10)
    add(match(0, at: 1), to: &table)
    for key in 1..<50_000 {
      add(match(UInt64(key), at: Int64(key) + 1), to: &table)
      #expect(table.next(hitsBefore: Int64(key), deadlinesBefore: Int64(key)) == nil)
    }
    #expect(table.evictions > 40_000)
    #expect(table.byteCount <= AbsenceTable.bound(budget: 64 << 10))
    let first = table.next(hitsBefore: 1_000_002, deadlinesBefore: 1_000_002)
    #expect(first?.key.high == 0)
  }

  @Test func `a flood of expected events takes no room from matches that wait`() {
    var table = table(length: 1_000_000, lateness: 1000, budget: 64 << 10)
    add(match(0, at: 1), to: &table)
    for key in 1..<50_000 {
      table.add(expected: hash(UInt64(key)), time: Int64(key) / 100, sequence: UInt64(key))
    }
    #expect(table.pendingCount == 1)
    #expect(table.byteCount <= AbsenceTable.bound(budget: 64 << 10))
    #expect(table.next(hitsBefore: 1_000_002, deadlinesBefore: 1_000_002)?.key.high == 0)
  }
}

@Suite struct AbsenceRuleTests {
  private func invite(_ milliseconds: Int64, client: UInt32 = 1, packet: Int64 = 0) -> ShortEvent {
    var event = ShortEvent(kind: .sipRequest, milliseconds: milliseconds)
    event.fields = [(.clientIP, .ip(IPAddress(v4: client)))]
    if packet > 0 { event.fields.append((.pcapCnt, .integer(packet))) }
    event.texts = [(.sipMethod, "INVITE")]
    return event
  }

  private func answer(_ milliseconds: Int64, client: UInt32 = 1, code: Int64 = 200) -> ShortEvent {
    var event = ShortEvent(kind: .sipResponse, milliseconds: milliseconds)
    event.fields = [(.clientIP, .ip(IPAddress(v4: client))), (.sipCode, .integer(code))]
    return event
  }

  private func time(_ milliseconds: Int64) -> ShortEvent {
    ShortEvent(kind: .stun, milliseconds: milliseconds)
  }

  private func absence(_ rest: String = "") throws -> CompiledRuleSet {
    try compile(
      rule(
        "sip.method == \"INVITE\"",
        "    absence: {by: [client.ip], within: 5s, expect: {event: sip.response, when: sip.code >= 200}}\n\(rest)"
      ))
  }

  private func milliseconds(_ alerts: [Alert]) -> [Int64] {
    alerts.map { $0.timestamp.nanoseconds / 1_000_000 }
  }

  @Test func `an event that does not follow is reported at its deadline, with its key and packet`() throws {
    let alerts = run(
      try absence(),
      [invite(1000, packet: 7), answer(1500, code: 100), answer(2000, client: 2), time(20_000)])
    #expect(milliseconds(alerts) == [6000])
    #expect(alerts[0].reason == .absence)
    #expect(!alerts[0].hasEvent)
    #expect(alerts[0].group == ["0.0.0.1"])
    #expect(alerts[0].evidence.array == [7])
    #expect(alerts[0].windowStart == Timestamp(seconds: 1, nanoseconds: 0))
  }

  @Test func `the deadline belongs to the window`() throws {
    #expect(run(try absence(), [invite(1000), answer(6000), time(20_000)]).isEmpty)
    #expect(milliseconds(run(try absence(), [invite(1000), answer(6001), time(20_000)])) == [6000])
    // An event at the same time follows when it comes later.
    #expect(run(try absence(), [invite(1000), answer(1000), time(20_000)]).isEmpty)
    #expect(run(try absence(), [answer(1000), invite(1000), time(20_000)]).count == 1)
  }

  @Test func `time that passes without an event fires, never before the deadline`() throws {
    let set = try absence()
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    invite(0).fill(&event, sequence: 0, headerNames: set.headerNames)
    engine.process(event, into: &alerts)
    engine.advance(to: Timestamp(seconds: 5, nanoseconds: 0), into: &alerts)
    #expect(alerts.isEmpty)
    // An answer may still come late, within the bound.
    engine.advance(to: Timestamp(seconds: 6, nanoseconds: 0), into: &alerts)
    #expect(alerts.isEmpty)
    engine.advance(to: Timestamp(seconds: 6, nanoseconds: 1), into: &alerts)
    #expect(milliseconds(alerts) == [5000])
    engine.finish(into: &alerts)
    #expect(alerts.count == 1)
  }

  @Test func `an answer that comes late within the bound is an answer`() throws {
    #expect(run(try absence(), [invite(0), time(5900), answer(4950), time(20_000)]).isEmpty)
    #expect(run(try absence(), [answer(1500), invite(1400), time(20_000)]).isEmpty)
    let late = run(try absence(), [invite(0), time(5900), answer(4000), time(20_000)])
    #expect(milliseconds(late) == [5000])
  }

  @Test func `what is open at the end of the input is pending and no alert`() throws {
    let set = try absence()
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    for (index, short) in [invite(0), invite(900, client: 2), time(5500)].enumerated() {
      short.fill(&event, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(event, into: &alerts)
    }
    engine.finish(into: &alerts)
    #expect(milliseconds(alerts) == [5000])
    #expect(engine.counters.pendingAbsences == 1)
  }

  @Test func `after lost packets or a long pause nothing is claimed`() throws {
    let set = try absence()
    #expect(run(set, [invite(0), time(3_600_001), time(3_700_000)]).isEmpty)
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    invite(0).fill(&event, sequence: 0, headerNames: set.headerNames)
    engine.process(event, into: &alerts)
    engine.noteCaptureLoss()
    engine.advance(to: Timestamp(seconds: 60, nanoseconds: 0), into: &alerts)
    #expect(alerts.isEmpty)
    #expect(engine.counters.unknownAbsences == 1)
  }

  @Test func `further matches of a key that waits begin nothing`() throws {
    let alerts = run(
      try absence("    suppress: {for: 0s}\n"), [invite(0), invite(3000), invite(6000), time(20_000)])
    #expect(milliseconds(alerts) == [5000, 11_000])
  }

  @Test func `the same key is silent for the length of the window, or as the rule says`() throws {
    let events = [invite(0), invite(5001, client: 1), invite(5002, client: 2), time(20_000)]
    #expect(milliseconds(run(try absence(), events)) == [5000, 10_001, 10_002])
    #expect(milliseconds(run(try absence("    suppress: {by: [], for: 1m}\n"), events)) == [5000])
  }

  @Test func `events without a key are counted and do not wait`() throws {
    let set = try absence()
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    var short = invite(0)
    short.fields = []
    short.fill(&event, sequence: 0, headerNames: set.headerNames)
    engine.process(event, into: &alerts)
    #expect(engine.counters.missingKeys == 1)
    #expect(engine.counters.pendingAbsences == 0)
  }

  @Test func `an event can be expected after its like`() throws {
    let text = rule(
      "sip.method == \"INVITE\"",
      "    absence: {by: [client.ip], within: 5s, expect: {event: sip.request, when: 'sip.method == \"INVITE\"'}}\n"
    )
    let alerts = run(try compile(text), [invite(0), invite(4000), invite(8000), time(30_000)])
    #expect(milliseconds(alerts) == [13_000])
  }

  @Test func `the kinds of expected events are wanted, and the bound of the memory is said`() throws {
    let set = try absence()
    #expect(set.kinds == EventKind.sipRequest.set.union(EventKind.sipResponse.set))
    #expect(set.accesses.count == 1)
    // The waiting matches, and the silences.
    #expect((1...2 * EngineLimits().bytesPerRule).contains(set.memoryBound(ofRule: 0, EngineLimits())))
  }
}
