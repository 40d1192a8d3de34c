import Testing
import Values

@testable import Rules

@Suite struct ValueWindowTests {
  private func window(of length: Int64, minimum: Int) -> CompiledWindow {
    var window = CompiledWindow(keys: 0..<0, length: length, minimum: minimum)
    window.contents = .values(ValueSource(kind: .timestamp))
    return window
  }

  private func hit(_ key: UInt64, _ value: UInt64, at time: Int64) -> WindowHit {
    WindowHit(
      key: KeyHash(high: key, low: key &* 0x9e37_79b9_7f4a_7c15),
      value: KeyHash(high: value, low: value &* 0xbf58_476d_1ce4_e5b9), time: time,
      packet: UInt64(time) + 1)
  }

  #if DEBUG
    @Test func `a new value costs the same whatever the threshold`() {
      for minimum in [8, 64, 4096] {
        var table = WindowTable(window(of: 1_000_000, minimum: minimum), budget: 4 << 20, lateness: 0)
        let steps = Work.steps {
          for time in 0..<20_000 {
            let outcome = table.add(hit(1, UInt64(time), at: Int64(time)))
            #expect(outcome == (time + 1 < minimum ? .counting(time + 1) : .reached(end: Int64(time))))
          }
        }
        // Steps past others with a similar hash, in an index that is half full at the most.
        #expect(steps < 20_000 * 12, "\(minimum)")
      }
    }

    @Test func `a late value costs a step for each one that is later`() {
      var table = WindowTable(window(of: 1_000_000, minimum: 4096), budget: 4 << 20, lateness: 1000)
      for time in 0..<100 { _ = table.add(hit(1, UInt64(time), at: Int64(time))) }
      #expect(10..<20 ~= Work.steps { _ = table.add(hit(1, 200, at: 89)) })
    }
  #endif

  @Test func `the same value of two keys counts for both`() {
    var table = WindowTable(window(of: 100, minimum: 3), budget: 1 << 20, lateness: 0)
    for value in 1...2 as ClosedRange<UInt64> {
      for key in 1...2 as ClosedRange<UInt64> {
        #expect(table.add(hit(key, value, at: 1)) == .counting(Int(value)))
      }
    }
    #expect(table.add(hit(2, 3, at: 2)) == .reached(end: 2))
    #expect(table.add(hit(1, 2, at: 2)) == .counting(2))
  }

  @Test func `the evidence is of the ten values that were seen last`() {
    var table = WindowTable(window(of: 1000, minimum: 20), budget: 1 << 20, lateness: 0)
    for time in 0..<40 { _ = table.add(hit(1, UInt64(time % 25), at: Int64(time))) }
    #expect(table.evidence(of: hit(1, 0, at: 0).key).array == Array(31...40))
    // The value that was seen first is now the last one.
    _ = table.add(hit(1, 20, at: 40))
    #expect(table.evidence(of: hit(1, 0, at: 0).key).array == Array(32...41))
  }

  @Test func `full keys stay within the bound of the memory`() {
    let window = window(of: 1_000_000_000, minimum: 4096)
    let budget = 64 << 10
    var table = WindowTable(window, budget: budget, lateness: 0)
    var clock: Int64 = 0
    for key in 1...5 as ClosedRange<UInt64> {
      for value in 0..<5000 as Range<UInt64> {
        clock += 1
        _ = table.add(hit(key, value, at: clock))
      }
      #expect(table.count(of: hit(key, 0, at: 0).key) == 4096)
      #expect(table.byteCount <= WindowTable.bound(window, budget: budget))
    }
    #expect(table.evictions == 3, "there is room for two of the five")
  }

  @Test func `with less memory the keys that stay count on`() {
    let seed: UInt64 = 20_261_122
    var generator = SeededGenerator(seed: seed)
    let window = window(of: 1_000_000, minimum: 50)
    var table = WindowTable(window, budget: 1 << 20, lateness: 0)
    var clock: Int64 = 0
    for round in 0..<200 {
      for _ in 0..<200 {
        clock += 1
        let key = UInt64.random(in: 0..<300, using: &generator)
        _ = table.add(hit(key, UInt64.random(in: 0..<60, using: &generator), at: clock))
      }
      let before = (0..<300 as Range<UInt64>).map { table.count(of: hit($0, 0, at: 0).key) }
      let budget = [24 << 10, 256 << 10, 1 << 20][round % 3]
      table.fit(budget: budget)
      #expect(table.byteCount <= WindowTable.bound(window, budget: budget))
      for key in 0..<300 as Range<UInt64> {
        let count = table.count(of: hit(key, 0, at: 0).key)
        #expect(count == 0 || count == before[Int(key)], "round \(round) of seed \(seed)")
      }
      // Nothing that was kept got lost: a value that is there is not counted again.
      for key in 0..<300 as Range<UInt64> {
        let count = table.count(of: hit(key, 0, at: 0).key)
        guard count > 0, count < 50 else { continue }
        for value in 0..<60 as Range<UInt64> { _ = table.add(hit(key, value, at: clock)) }
        #expect(table.count(of: hit(key, 0, at: 0).key) == 50)
        break
      }
    }
  }
}
