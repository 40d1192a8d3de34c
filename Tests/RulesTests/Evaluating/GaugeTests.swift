import Events
import Testing
import Values

@testable import Rules

/// An event of a random stream about something live.
private struct LifeEvent {
  var time: Int64
  var sequence: UInt64
  var kind: EventKind
  var key: UInt32
  var owner: Int
  /// Below 0 all parts of the owner.
  var part: Int

  func isBefore(_ other: LifeEvent) -> Bool {
    time != other.time ? time < other.time : sequence < other.sequence
  }
}

/// Says by brute force when there are too many, from all events in the order of time.
private struct GaugeOracle {
  var countsOwners: Bool
  var limit: Int
  var clearBelow: Int

  private struct Part: Hashable {
    var owner: Int
    var part: Int
  }

  func alerts(_ events: [LifeEvent], begin: EventKind) -> [String] {
    var live: [(part: Part, key: UInt32)] = []
    var above: Set<UInt32> = []
    var found: [String] = []
    func size(_ key: UInt32) -> Int {
      let own = live.filter { $0.key == key }.map(\.part)
      return countsOwners ? Set(own.map(\.owner)).count : own.count
    }
    for event in events.sorted(by: { $0.isBefore($1) }) {
      let part = Part(owner: event.owner, part: event.part)
      if event.kind != begin {
        live.removeAll { event.part < 0 ? $0.part.owner == event.owner : $0.part == part }
        above = above.filter { size($0) >= clearBelow }
        continue
      }
      guard !live.contains(where: { $0.part == part }) else { continue }
      let key = countsOwners ? live.first { $0.part.owner == event.owner }?.key ?? event.key : event.key
      let before = size(key)
      live.append((part, key))
      if size(key) > limit, size(key) > before, above.insert(key).inserted {
        found.append("\(event.sequence): \(size(key))")
      }
    }
    return found
  }
}

@Suite struct GaugeOracleTests {
  private static let variants: [(live: String, begin: EventKind, ends: [EventKind], countsOwners: Bool)] = [
    ("calls", .callStarted, [.callEnded], true),
    ("answered_calls", .callAnswered, [.callEnded], true),
    ("registrations", .registrationRegistered, [.registrationRemoved, .registrationExpired], false),
    ("streams", .rtpStarted, [.rtpEnded], false),
  ]

  private func fill(_ event: inout Event, _ life: LifeEvent) {
    event.reset(life.kind, at: Timestamp(nanoseconds: life.time * 1_000_000), sequence: life.sequence)
    event.set(.clientIP, ip: IPAddress(v4: life.key))
    switch life.kind.type {
    case .call:
      event.set(.callID, copying: "call \(life.owner)")
      event.set(.callCallID, copying: "leg \(life.part)")
    case .registration:
      event.set(.registrationAOR, copying: "user \(life.owner)")
      event.set(.registrationContact, copying: life.part < 0 ? "*" : "sip:\(life.part)")
    default:
      event.set(.rtpSSRC, integer: Int64(life.owner))
      event.set(.flowID, integer: Int64(life.part))
    }
  }

  @Test func `gauges equal brute force over random streams, in any order within the lateness`() throws {
    let seed: UInt64 = 20_261_124
    var generator = SeededGenerator(seed: seed)
    var total = 0
    for (number, variant) in Self.variants.enumerated() {
      for (limit, clear) in [(0, 1), (1, 1), (2, 2), (2, 1), (2, 3)] {
        let set = try compile(
          """
          rules:
            - id: r
              sid: 1
              title: R
              gauge: {live: \(variant.live), by: [client.ip], more_than: \(limit), clear_below: \(clear)}
          """)
        var limits = EngineLimits()
        limits.lateness = 10_000_000
        var engine = RuleEngine(set, limits: limits)
        let oracle = GaugeOracle(countsOwners: variant.countsOwners, limit: limit, clearBelow: clear)
        var event = Event()
        for stream in 0..<500 {
          engine.restart()
          var clock: Int64 = 100
          var events: [LifeEvent] = []
          var alerts: [Alert] = []
          for step in 0..<Int.random(in: 4...20, using: &generator) {
            let late = step % 3 == 0 ? Int64.random(in: 0...10, using: &generator) : 0
            let isEnd = Int.random(in: 0..<5, using: &generator) < 2
            let isWildcard = number == 2 && isEnd && Int.random(in: 0..<4, using: &generator) == 0
            let life = LifeEvent(
              time: clock - late, sequence: UInt64(step),
              kind: isWildcard
                ? .registrationRemoved
                : isEnd ? variant.ends.randomElement(using: &generator) ?? .callEnded : variant.begin,
              key: UInt32.random(in: 1...2, using: &generator),
              owner: Int.random(in: 0..<3, using: &generator),
              part: isWildcard ? -1 : Int.random(in: 0..<2, using: &generator))
            events.append(life)
            fill(&event, life)
            engine.process(event, into: &alerts)
            clock += Int64.random(in: 0...4, using: &generator)
          }
          engine.finish(into: &alerts)
          let found = alerts.map { "\($0.sequence): \($0.count ?? 0)" }
          let expected = oracle.alerts(events, begin: variant.begin)
          total += expected.count
          guard found == expected else {
            Issue.record(
              "seed \(seed) \(variant.live) \(limit) \(clear) stream \(stream): \(found), not \(expected): \(events)"
            )
            return
          }
        }
      }
    }
    #expect(total > 5000)
  }
}

@Suite struct GaugeRuleTests {
  private func call(
    _ kind: EventKind, _ milliseconds: Int64, _ id: String, leg: String = "1", client: UInt32 = 1,
    callee: String = "100", packet: Int64 = 0
  ) -> ShortEvent {
    var event = ShortEvent(kind: kind, milliseconds: milliseconds)
    event.fields = [(.clientIP, .ip(IPAddress(v4: client)))]
    if packet > 0 { event.fields.append((.pcapCnt, .integer(packet))) }
    event.texts = [(.callID, id), (.callCallID, leg), (.callCallee, callee)]
    return event
  }

  private func set(_ gauge: String = "more_than: 1", _ rest: String = "") throws -> CompiledRuleSet {
    try compile(
      """
      rules:
        - id: r
          sid: 1
          title: R
          gauge: {live: calls, by: [client.ip], \(gauge)}
      \(rest)
      """)
  }

  private func milliseconds(_ alerts: [Alert]) -> [Int64] {
    alerts.map { $0.timestamp.nanoseconds / 1_000_000 }
  }

  @Test func `an alert has the event that was one too many, and how many there are`() throws {
    let set = try set()
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    let events = [call(.callStarted, 0, "a"), call(.callStarted, 10, "b", callee: "900", packet: 8)]
    for (index, short) in events.enumerated() {
      short.fill(&event, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(event, into: &alerts)
    }
    engine.finish(into: &alerts)
    let alert = try #require(alerts.first)
    #expect(alert.count == 2 && alert.group == ["0.0.0.1"] && alert.evidence.array == [8])
    #expect(engine.restoreEvent(of: alert, into: &event) && event.string(.callCallee) == "900")
    #expect(engine.counters.liveMembers == 2)
  }

  @Test func `legs are one call, which lives until its last leg ended`() throws {
    let legs = [
      call(.callStarted, 0, "a", leg: "1"), call(.callStarted, 1, "a", leg: "2", client: 9),
      call(.callEnded, 2, "a", leg: "1"),
    ]
    #expect(run(try set(), legs + [call(.callStarted, 3, "b")]).count == 1)
    let over = legs + [call(.callEnded, 3, "a", leg: "2", client: 9), call(.callStarted, 4, "b")]
    #expect(run(try set(), over).isEmpty)
  }

  @Test func `what begins twice is there once, and unknown ends end nothing`() throws {
    let events = [
      call(.callStarted, 0, "a"), call(.callStarted, 1, "a"), call(.callEnded, 2, "x"),
      call(.callEnded, 3, "x"),
      call(.callEnded, 4, "a"), call(.callEnded, 5, "a"), call(.callStarted, 6, "b"),
    ]
    #expect(run(try set(), events).isEmpty)
    #expect(milliseconds(run(try set(), events + [call(.callStarted, 7, "c")])) == [7])
  }

  @Test func `the rule fires again when there were fewer than it says`() throws {
    let events = [
      call(.callStarted, 0, "a"), call(.callStarted, 1, "b"), call(.callStarted, 2, "c"),
      call(.callStarted, 3, "d"), call(.callEnded, 4, "d"), call(.callEnded, 5, "c"),
      call(.callStarted, 6, "e"),
      call(.callEnded, 7, "e"), call(.callEnded, 8, "b"), call(.callStarted, 9, "f"),
      call(.callStarted, 10, "g"),
    ]
    #expect(milliseconds(run(try set("more_than: 2, clear_below: 3"), events)) == [2, 6, 10])
    #expect(milliseconds(run(try set("more_than: 2"), events)) == [2, 10])
    #expect(milliseconds(run(try set("more_than: 2, clear_below: 1"), events)) == [2])
  }

  @Test func `condition, exceptions and schedule say what counts`() throws {
    let events = [
      call(.callStarted, 0, "a"), call(.callStarted, 1, "b", callee: "110"), call(.callStarted, 2, "c"),
    ]
    #expect(milliseconds(run(try set(), events)) == [1])
    #expect(milliseconds(run(try set("more_than: 1", "    when: 'call.callee != \"110\"'"), events)) == [2])
    let exception = "    except: [{name: e, when: 'call.callee == \"110\"'}]"
    #expect(milliseconds(run(try set("more_than: 1", exception), events)) == [2])
  }

  @Test func `the end of a wildcard removal ends all bindings of the address`() throws {
    let set = try compile(
      """
      rules:
        - id: r
          sid: 1
          title: R
          gauge: {live: registrations, by: [registration.aor], more_than: 1}
      """)
    func binding(_ kind: EventKind, _ milliseconds: Int64, _ contact: String) -> ShortEvent {
      var event = ShortEvent(kind: kind, milliseconds: milliseconds)
      event.texts = [(.registrationAOR, "a"), (.registrationContact, contact)]
      return event
    }
    let alerts = run(
      set,
      [
        binding(.registrationRegistered, 0, "1"), binding(.registrationRegistered, 1, "2"),
        binding(.registrationRemoved, 2, "*"), binding(.registrationRegistered, 3, "1"),
        binding(.registrationRegistered, 4, "2"),
      ])
    #expect(milliseconds(alerts) == [1, 4])
  }

  @Test func `an end that is noticed late counts from then on, a begin that comes too late does not`() throws
  {
    let set = try set()
    let time = ShortEvent(kind: .stun, milliseconds: 60_000)
    let ended = [
      call(.callStarted, 0, "a"), time, call(.callEnded, 5000, "a"), call(.callStarted, 60_001, "b"),
    ]
    #expect(run(set, ended).isEmpty)
    #expect(run(set, [time, call(.callStarted, 0, "a"), call(.callStarted, 60_001, "b")]).isEmpty)
  }

  @Test func `after a long pause gauges are empty`() throws {
    let events = [call(.callStarted, 0, "a"), call(.callStarted, 3_600_002, "b")]
    #expect(run(try set(), events).isEmpty)
    let time = ShortEvent(kind: .stun, milliseconds: 1_800_000)
    #expect(run(try set(), [events[0], time, events[1]]).count == 1)
  }

  @Test func `a silence holds back what the gauge lets through, and a summary says so`() throws {
    let events = [
      call(.callStarted, 0, "a"), call(.callStarted, 1, "b"), call(.callEnded, 2, "a"),
      call(.callEnded, 3, "b"),
      call(.callStarted, 4, "c"), call(.callStarted, 5, "d"), ShortEvent(kind: .stun, milliseconds: 30_000),
    ]
    let alerts = run(try set("more_than: 1", "    suppress: {for: 10s, summary: true}"), events)
    #expect(milliseconds(alerts) == [1, 10_001])
    #expect(alerts.map(\.suppressedCount) == [0, 1])
  }

  @Test func `the events of both ends are wanted, and the bound of the memory is said`() throws {
    let set = try set("more_than: 5", "    when: 'call.callee == \"110\"'")
    #expect(set.kinds == EventKind.callStarted.set.union(EventKind.callEnded.set))
    #expect(
      set.accesses == [
        "begin of calls by 1 value of call.callee, end meets every event of its kind"
      ])
    #expect((1...EngineLimits().bytesPerRule).contains(set.memoryBound(ofRule: 0, EngineLimits())))
  }
}

@Suite struct GaugeTableTests {
  private func hash(_ number: UInt64) -> KeyHash {
    KeyHash(high: number, low: number &* 0x9e37_79b9_7f4a_7c15)
  }

  private func table(limit: Int, live: GaugeDeclaration.Live = .flows) -> GaugeTable {
    GaugeTable(
      CompiledGauge(
        rule: 0, live: live, keys: 0..<0, identity: 0..<1, ownerParts: 1, limit: limit, clearBelow: 1),
      budget: 64 << 10)
  }

  @Test func `a flood of keys does not push out one that is close to its limit`() {
    var table = table(limit: 9)
    for part in 0..<9 {
      #expect(table.begin(hash(UInt64(part)), of: hash(UInt64(part)), key: hash(0)) == nil)
    }
    for part in 100..<50_000 {
      _ = table.begin(hash(UInt64(part)), of: hash(UInt64(part)), key: hash(UInt64(part)))
    }
    #expect(table.evictions > 40_000)
    #expect(table.size(of: hash(0)) == 9)
    #expect(table.begin(hash(99), of: hash(99), key: hash(0)) == 10)
  }

  @Test func `a key above its limit does not push out others`() {
    var table = table(limit: 9)
    _ = table.begin(hash(1), of: hash(1), key: hash(1))
    for part in 100..<50_000 { _ = table.begin(hash(UInt64(part)), of: hash(UInt64(part)), key: hash(0)) }
    #expect(table.size(of: hash(1)) == 1)
    #expect(table.size(of: hash(0)) > 100)
    let gauge = CompiledGauge(
      rule: 0, live: .flows, keys: 0..<0, identity: 0..<1, ownerParts: 1, limit: 9, clearBelow: 1)
    #expect(table.byteCount <= GaugeTable.bound(gauge, budget: 64 << 10))
  }

  @Test func `nothing is left when everything has ended`() {
    for live in [GaugeDeclaration.Live.calls, .registrations] {
      var table = table(limit: 3, live: live)
      for part in 0..<60 {
        _ = table.begin(hash(UInt64(part)), of: hash(UInt64(100 + part / 3)), key: hash(UInt64(part % 7)))
      }
      #expect(table.memberCount == (live == .calls ? 20 : 60))
      for part in (0..<30).reversed() { table.end(hash(UInt64(part))) }
      for owner in 100..<120 { table.end(allOf: hash(UInt64(owner))) }
      #expect(table.memberCount == 0)
      #expect((0..<7).allSatisfy { table.size(of: hash($0)) == 0 })
    }
  }
}
