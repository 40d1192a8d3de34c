import Events
import Testing
import Values

@testable import Rules

/// Says by brute force, from all matches so far, whether a value is new.
private struct NoveltyOracle {
  var memory: Int64
  var warmup: Int64
  private var matches: [UInt64: [(time: Int64, value: UInt64)]] = [:]
  /// First match and newest match since the key was forgotten.
  private var lives: [UInt64: (first: Int64, newest: Int64)] = [:]

  init(memory: Int64, warmup: Int64) {
    self.memory = memory
    self.warmup = warmup
  }

  mutating func add(key: UInt64, value: UInt64, time: Int64) -> NoveltyOutcome {
    var life = lives[key] ?? (time, time)
    if life.newest <= time - memory {
      life = (time, time)
      matches[key] = nil
    }
    life.newest = max(life.newest, time)
    lives[key] = life
    let earlier = matches[key, default: []].filter { $0.time > time - memory }
    matches[key, default: []].append((time, value))
    let isKnown = earlier.contains { $0.value == value }
    guard !isKnown, time >= life.first + warmup else { return .known }
    return .new(count: Set(earlier.map(\.value)).count + 1)
  }
}

@Suite struct NoveltyTableTests {
  private func table(memory: Int64, warmup: Int64, budget: Int = 1 << 20, lateness: Int64 = 20)
    -> NoveltyTable
  {
    NoveltyTable(
      CompiledNovelty(keys: 0..<0, value: ValueSource(kind: .timestamp), memory: memory, warmup: warmup),
      budget: budget, lateness: lateness)
  }

  private func hash(_ number: UInt64) -> KeyHash {
    KeyHash(high: number, low: number &* 0x9e37_79b9_7f4a_7c15)
  }

  @Test func `novelty equals brute force over random streams, late matches included`() {
    let seed: UInt64 = 20_261_121
    var generator = SeededGenerator(seed: seed)
    for stream in 0..<100_000 {
      let memory = Int64.random(in: 2...60, using: &generator)
      let warmup = Int64.random(in: 0..<min(memory, 20), using: &generator)
      var table = table(memory: memory, warmup: warmup)
      var oracle = NoveltyOracle(memory: memory, warmup: warmup)
      var clock: Int64 = 0
      let values = UInt64.random(in: 1...14, using: &generator)
      for step in 0..<Int.random(in: 4...24, using: &generator) {
        clock += Int64.random(in: 0...8, using: &generator)
        let isLate = UInt64.random(in: 0..<4, using: &generator) == 0
        let time = clock - (isLate ? Int64.random(in: 0...20, using: &generator) : 0)
        let key = UInt64.random(in: 0..<2, using: &generator)
        let value = UInt64.random(in: 0..<values, using: &generator)
        let outcome = table.add(key: hash(key), value: hash(value), time: time)
        let expected = oracle.add(key: key, value: value, time: time)
        guard outcome == expected else {
          Issue.record("seed \(seed) stream \(stream) step \(step): \(outcome), not \(expected)")
          return
        }
      }
    }
  }

  @Test func `a flood of new keys does not make an established key learn again`() {
    var table = table(memory: 1_000_000_000, warmup: 1000, budget: 64 << 10)
    _ = table.add(key: hash(0), value: hash(1), time: 0)
    _ = table.add(key: hash(0), value: hash(1), time: 20_000_000)
    for number in 1..<100_000 {
      let time = 20_000_000 + Int64(number) * 10
      _ = table.add(key: hash(UInt64(number)), value: hash(1), time: time)
      _ = table.add(key: hash(UInt64(number)), value: hash(2), time: time + 5)
    }
    #expect(table.add(key: hash(0), value: hash(1), time: 30_000_000) == .known)
    #expect(table.add(key: hash(0), value: hash(2), time: 30_000_000) == .new(count: 2))
    #expect(table.evictions > 90_000)
    #expect(table.keys.count <= table.keys.capacity)
    #expect(table.byteCount <= NoveltyTable.bound(budget: 64 << 10))
  }

  @Test func `one key with endless values takes the room of its own values only`() {
    var table = table(memory: 1_000_000_000, warmup: 0, budget: 64 << 10)
    for number in 0..<20_000 {
      _ = table.add(key: hash(1), value: hash(UInt64(number)), time: Int64(number))
      if number % 1000 == 0 { _ = table.add(key: hash(2), value: hash(7), time: Int64(number)) }
    }
    #expect(table.keys.count == 2)
    #expect(table.add(key: hash(2), value: hash(7), time: 20_000) == .known)
    #expect(table.pool.used * ChunkPool.hitsPerChunk <= NoveltyTable.valuesPerKey + ChunkPool.hitsPerChunk)
    #expect(
      table.add(key: hash(1), value: hash(20_001), time: 20_001) == .new(count: NoveltyTable.valuesPerKey))
  }

  @Test func `keys that are forgotten make room without an eviction`() {
    var table = table(memory: 100, warmup: 0, budget: 64 << 10)
    for number in 0..<50_000 {
      _ = table.add(key: hash(UInt64(number)), value: hash(1), time: Int64(number) * 2)
    }
    #expect(table.evictions == 0)
    #expect(table.keys.count < 70)
  }
}

@Suite struct NoveltyRuleTests {
  private func event(_ seconds: Int64, _ user: String, agent: String?, packet: Int64 = 0) -> ShortEvent {
    var event = ShortEvent(kind: .sipRequest, milliseconds: seconds * 1000)
    event.fields = packet > 0 ? [(.pcapCnt, .integer(packet))] : []
    event.texts = [(.sipMethod, "REGISTER"), (.sipFromUser, user)]
    if let agent { event.texts.append((.sipUserAgent, agent)) }
    return event
  }

  private func novelty(_ block: String, _ rest: String = "") throws -> CompiledRuleSet {
    try compile(rule("sip.method == \"REGISTER\"", "    first_seen: {\(block)}\n\(rest)"))
  }

  private let perUser = "of: sip.user_agent, by: [sip.from.user], memory: 1h, warmup: 1m"

  private func seconds(_ alerts: [Alert]) -> [Int64] {
    alerts.map { $0.timestamp.nanoseconds / 1_000_000_000 }
  }

  @Test func `a value after the learning time fires once, and knows its memory and its packet`() throws {
    let alerts = run(
      try novelty(perUser),
      [
        event(0, "a", agent: "phone"), event(30, "a", agent: "tablet"), event(59, "a", agent: "laptop"),
        event(60, "a", agent: "phone"), event(61, "a", agent: "script", packet: 5),
        event(62, "a", agent: "script"),
      ])
    #expect(seconds(alerts) == [61])
    #expect(alerts[0].distinct == 4)
    #expect(alerts[0].evidence.array == [5])
    #expect(alerts[0].windowStart == Timestamp(seconds: 61 - 3600, nanoseconds: 0))
  }

  @Test func `each key learns for itself`() throws {
    let alerts = run(
      try novelty(perUser),
      [
        event(0, "a", agent: "phone"), event(100, "b", agent: "script"), event(101, "a", agent: "script"),
        event(159, "b", agent: "tablet"), event(160, "b", agent: "phone"),
      ])
    #expect(seconds(alerts) == [101, 160])
  }

  @Test func `a value is new again when its memory is over, and a silent key learns again`() throws {
    let regular = (0...12).map { event($0 * 600, "a", agent: "phone") }
    let rare = [event(120, "a", agent: "tablet"), event(120 + 3599, "a", agent: "tablet")]
    let again = [event(3719 + 3600, "a", agent: "tablet")]
    let events = (regular + rare + again).sorted { $0.milliseconds < $1.milliseconds }
    #expect(seconds(run(try novelty(perUser), events)) == [120, 7319])
    let gap = [event(0, "a", agent: "phone"), event(90, "a", agent: "x"), event(3690, "a", agent: "y")]
    #expect(seconds(run(try novelty(perUser), gap)) == [90])
  }

  @Test func `without a learning time the first value of a key is new`() throws {
    let alerts = run(
      try novelty("of: sip.user_agent, by: [], memory: 1h"),
      [event(0, "a", agent: "phone"), event(1, "b", agent: "phone"), event(2, "b", agent: "script")])
    #expect(seconds(alerts) == [0, 2])
  }

  @Test func `a match without the value or the key is not learned, and is counted`() throws {
    let set = try novelty("of: sip.user_agent, by: [sip.from.user], memory: 1h")
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    self.event(0, "a", agent: nil).fill(&event, sequence: 0, headerNames: set.headerNames)
    engine.process(event, into: &alerts)
    #expect(alerts.isEmpty)
    #expect(engine.counters.missingKeys == 1)
    #expect(engine.counters.windowKeys == 0)
  }

  @Test func `a match that is later than the bound is neither learned nor reported, but counted`() throws {
    let set = try novelty("of: sip.user_agent, by: [sip.from.user], memory: 1h")
    var engine = RuleEngine(set)
    var alerts: [Alert] = []
    var event = Event()
    for (index, second) in [10, 8, 20].enumerated() {
      let agent = second == 10 ? "phone" : "script"
      self.event(Int64(second), "a", agent: agent).fill(
        &event, sequence: UInt64(index), headerNames: set.headerNames)
      engine.process(event, into: &alerts)
    }
    #expect(seconds(alerts) == [10, 20])
    #expect(engine.counters.late == 1)
  }

  @Test func `new values can be kept silent, by their key unless another one is named`() throws {
    let events = [
      event(0, "a", agent: "1"), event(1, "a", agent: "2"), event(2, "b", agent: "2"),
      event(11, "a", agent: "3"),
    ]
    let block = "of: sip.user_agent, by: [sip.from.user], memory: 1h"
    #expect(seconds(run(try novelty(block, "    suppress: {for: 10s}\n"), events)) == [0, 2, 11])
    #expect(seconds(run(try novelty(block, "    suppress: {by: [], for: 10s}\n"), events)) == [0, 11])
  }

  @Test func `the bound of the memory holds for the table`() throws {
    let limits = EngineLimits()
    let set = try novelty(perUser)
    #expect(set.memoryBound(ofRule: 0, limits) > 0)
    #expect(set.memoryBound(ofRule: 0, limits) <= limits.bytesPerRule)
  }

  @Test func `the seed changes no result`() throws {
    let set = try novelty(perUser)
    let events = (0..<400).map { event($0, "u\($0 % 7)", agent: "p\($0 * $0 % 31)") }
    #expect(run(set, events, seed: 1) == run(set, events, seed: 99))
  }
}
