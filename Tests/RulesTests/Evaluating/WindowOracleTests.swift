import Testing
import Values

@testable import Rules

/// Says by brute force, from all hits of a key, what a window must say.
private struct WindowOracle {
  var length: Int64
  var minimum: Int
  var isDistinct: Bool
  private var hits: [UInt64: [(time: Int64, value: UInt64)]] = [:]

  init(length: Int64, minimum: Int, isDistinct: Bool) {
    self.length = length
    self.minimum = minimum
    self.isDistinct = isDistinct
  }

  mutating func add(key: UInt64, value: UInt64, time: Int64) -> WindowOutcome {
    let earlier = hits[key, default: []]
    let end = max(earlier.map(\.time).max() ?? time, time)
    guard time > end - length else { return .late }
    hits[key, default: []].append((time, value))
    let inside = hits[key, default: []].filter { $0.time > end - length && $0.time <= end }
    let count = isDistinct ? Set(inside.map(\.value)).count : inside.count
    return count >= minimum ? .reached(end: end) : .counting(count)
  }
}

@Suite struct WindowOracleTests {
  @Test(arguments: [false, true])
  func `windows equal brute force over random streams`(_ isDistinct: Bool) {
    let seed: UInt64 = 20_260_301
    var generator = SeededGenerator(seed: seed)
    for stream in 0..<50_000 {
      let minimum = [1, 2, 3, 4, 7, 8, 9, 17].randomElement(using: &generator) ?? 1
      let length = Int64.random(in: 1...40, using: &generator)
      var window = CompiledWindow(keys: 0..<0, length: length, minimum: minimum)
      if isDistinct { window.contents = .values(ValueSource(kind: .timestamp)) }
      var table = WindowTable(window, budget: 1 << 20, lateness: 20)
      var oracle = WindowOracle(length: length, minimum: minimum, isDistinct: isDistinct)
      var clock: Int64 = 0
      let values = UInt64.random(in: 1...12, using: &generator)
      for step in 0..<Int.random(in: 5...(minimum > 4 ? 50 : 16), using: &generator) {
        clock += Int64.random(in: 0...4, using: &generator)
        let lateness =
          Int.random(in: 0..<4, using: &generator) == 0 ? Int64.random(in: 0...20, using: &generator) : 0
        let key = UInt64.random(in: 0..<2, using: &generator)
        let value = UInt64.random(in: 0..<values * 2, using: &generator)
        let hit = WindowHit(
          key: KeyHash(high: key, low: key), value: KeyHash(high: 7, low: value), time: clock - lateness,
          packet: 1)
        let outcome = table.add(hit)
        let expected = oracle.add(key: key, value: value, time: clock - lateness)
        guard outcome == expected else {
          Issue.record("seed \(seed) stream \(stream) step \(step): \(outcome), not \(expected)")
          return
        }
      }
    }
  }

  @Test func `the outcome of a set of hits does not depend on their order`() {
    let seed: UInt64 = 77
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let window = CompiledWindow(keys: 0..<0, length: 100, minimum: 9)
      var times = (0..<30).map { _ in Int64.random(in: 0..<99, using: &generator) }
      var ends: [WindowOutcome] = []
      for _ in 0..<2 {
        var table = WindowTable(window, budget: 1 << 20, lateness: 20)
        for time in times {
          _ = table.add(WindowHit(key: KeyHash(high: 1, low: 1), time: time, packet: UInt64(time) + 1))
        }
        ends.append(table.add(WindowHit(key: KeyHash(high: 1, low: 1), time: 99, packet: 1)))
        times.shuffle(using: &generator)
      }
      #expect(ends[0] == ends[1], "seed \(seed)")
    }
  }
}

@Suite struct WindowMemoryTests {
  private func hit(_ key: UInt64, at time: Int64) -> WindowHit {
    WindowHit(key: KeyHash(high: key, low: key &* 0x9e37_79b9_7f4a_7c15), time: time, packet: key + 1)
  }

  @Test func `a flood of single hits does not push out a key near its threshold`() {
    let window = CompiledWindow(keys: 0..<0, length: 1_000_000_000, minimum: 4)
    var table = WindowTable(window, budget: 64 << 10, lateness: 0)
    for time in 0..<2 { _ = table.add(hit(0, at: Int64(time))) }
    for key in 1..<100_000 { _ = table.add(hit(UInt64(key), at: Int64(key) + 10)) }
    #expect(table.add(hit(0, at: 200_000)) == .counting(3))
    #expect(table.add(hit(0, at: 200_001)) == .reached(end: 200_001))
    #expect(table.evictions > 90_000)
    #expect(table.keys.count <= table.keys.capacity)
    #expect(table.pool.used <= table.pool.capacity)
  }

  @Test func `keys whose window is over make room without an eviction`() {
    let window = CompiledWindow(keys: 0..<0, length: 100, minimum: 4)
    var table = WindowTable(window, budget: 64 << 10, lateness: 0)
    for key in 1..<50_000 { _ = table.add(hit(UInt64(key), at: Int64(key) * 2)) }
    #expect(table.evictions == 0)
    #expect(table.keys.count < 60)
  }

  @Test func `eviction does not depend on the hashes of the keys`() {
    let window = CompiledWindow(keys: 0..<0, length: 1_000_000, minimum: 5)
    var outcomes: [[WindowOutcome]] = []
    for seed in [1, 2] as [UInt64] {
      var table = WindowTable(window, budget: 64 << 10, lateness: 0)
      var generator = SeededGenerator(seed: 5)
      outcomes.append(
        (0..<30_000).map { time in
          let key = UInt64.random(in: 0..<3000, using: &generator)
          var hash = SeededHash(seed: seed)
          hash.combine(key)
          return table.add(
            WindowHit(key: KeyHash(high: key, low: hash.value), time: Int64(time), packet: 1))
        })
    }
    #expect(outcomes[0] == outcomes[1])
  }

  @Test func `a key with as many hits as its threshold allows stays within the bound`() {
    let window = CompiledWindow(keys: 0..<0, length: 1_000_000_000, minimum: 5000)
    var table = WindowTable(window, budget: 64 << 10, lateness: 0)
    for time in 0..<4999 { #expect(table.add(hit(1, at: Int64(time))) == .counting(time + 1)) }
    #expect(table.add(hit(1, at: 5000)) == .reached(end: 5000))
    for time in 0..<5000 { _ = table.add(hit(2, at: Int64(6000 + time))) }
    #expect(table.pool.used <= table.pool.capacity)
  }

  @Test func `the table finds its keys after any inserts and removals`() {
    let seed: UInt64 = 4242
    var generator = SeededGenerator(seed: seed)
    var table = KeyTable(capacity: 64)
    var slots: [UInt64: Int] = [:]
    for _ in 0..<50_000 {
      // Few low bits, so that searches collide.
      let key = UInt64.random(in: 0..<200, using: &generator)
      let hash = KeyHash(high: key, low: key & 7)
      #expect(table.slot(of: hash) == slots[key], "seed \(seed)")
      if let slot = slots.removeValue(forKey: key) {
        table.remove(slot)
      } else if table.count < table.capacity {
        slots[key] = table.insert(hash)
      }
    }
    #expect(table.count == slots.count)
  }
}
