import Testing
import Values

@testable import Tracking

@Suite struct HashIndexTests {
  @Test func `it agrees with a dictionary over random insertions and removals`() {
    var generator = SeededGenerator(seed: 11)
    var index = HashIndex(minimumCapacity: 4)
    var oracle: [Int: UInt64] = [:]
    for step in 0..<50_000 {
      let record = Int(generator.next() % 700)
      if let hash = oracle[record] {
        #expect(index.find(hash) { $0 == record } == record, "seed 11, step \(step)")
        index.remove(hash, record: record)
        oracle[record] = nil
        #expect(index.find(hash) { $0 == record } == nil, "seed 11, step \(step)")
      } else {
        // Few distinct hashes, so that chains are long and wrap around.
        let hash = generator.next() % 64
        index.insert(hash, record: record)
        oracle[record] = hash
      }
      #expect(index.count == oracle.count)
    }
    for (record, hash) in oracle { #expect(index.find(hash) { $0 == record } == record) }
  }

  @Test func `removing what is not there changes nothing`() {
    var index = HashIndex()
    index.insert(5, record: 1)
    index.remove(5, record: 2)
    index.remove(6, record: 1)
    #expect(index.count == 1)
    #expect(index.find(5) { $0 == 1 } == 1)
  }
}

@Suite struct TimerWheelTests {
  private func second(_ value: Int64) -> Timestamp { Timestamp(seconds: value, nanoseconds: 0) }

  @Test func `records come due once, not before their second, and in no other way`() {
    var generator = SeededGenerator(seed: 12)
    var wheel = TimerWheel(buckets: 16)
    #expect(wheel.popDue(at: second(1000)) == nil)
    var due: [Int: Int64] = [:]
    var now: Int64 = 1000
    for step in 0..<20_000 {
      switch generator.next() % 4 {
      case 0:
        now += Int64(generator.next() % 3)
        while let record = wheel.popDue(at: second(now)) {
          let deadline = due.removeValue(forKey: record)
          #expect(deadline != nil && deadline ?? .max <= now, "seed 12, step \(step)")
        }
        #expect(!due.values.contains { $0 <= now }, "seed 12, step \(step)")
      case 1:
        if let record = due.keys.min() {
          wheel.cancel(record)
          due[record] = nil
        }
      default:
        let record = Int(generator.next() % 200)
        guard due[record] == nil else { continue }
        let wait = Int64(generator.next() % 12)
        wheel.schedule(record, at: second(now + wait))
        due[record] = now + wait + 1
      }
    }
  }

  @Test func `nothing comes up later than two ticks, however short they are`() {
    var wheel = TimerWheel(buckets: 64, tick: 200_000_000)
    let start = second(1000)
    _ = wheel.popDue(at: start)
    for record in 0..<40 {
      wheel.schedule(record, at: start.advanced(byNanoseconds: Int64(record) * 70_000_000))
    }
    var found = 0
    for step in 0..<100 as Range<Int64> {
      let now = start.advanced(byNanoseconds: step * 50_000_000)
      while let record = wheel.popDue(at: now) {
        let wait = now.nanoseconds(since: start) - Int64(record) * 70_000_000
        #expect(0...400_000_000 ~= wait)
        found += 1
      }
    }
    #expect(found == 40)
    #expect(wheel.popDue(at: Timestamp(nanoseconds: .max)) == nil)
  }

  @Test func `what is put in again before 1970 comes up once`() {
    var wheel = TimerWheel(buckets: 64)
    _ = wheel.popDue(at: second(-40))
    for record in 0..<38 { wheel.schedule(record, at: second(Int64(record - 39))) }
    var found = 0
    for now in -40..<60 as Range<Int64> {
      while let record = wheel.popDue(at: second(now)) {
        found += 1
        guard now < 0, found < 10_000 else { continue }
        // Due as long after 1970 as it is before it now.
        wheel.schedule(record, at: second(-now - 1))
      }
    }
    #expect(found == 76)
  }

  @Test func `a jump over several turns finds everything`() {
    var wheel = TimerWheel(buckets: 8)
    _ = wheel.popDue(at: second(0))
    for record in 0..<7 { wheel.schedule(record, at: second(Int64(record))) }
    var found: Set<Int> = []
    while let record = wheel.popDue(at: second(1_000_000)) { found.insert(record) }
    #expect(found == Set(0..<7))
    #expect(wheel.popDue(at: second(5)) == nil)
  }
}

@Suite struct RecentSetTests {
  @Test func `a key is known for its lifetime and not longer`() {
    var set = RecentSet<Int>(capacity: 64, lifetime: 100, empty: 0)
    set.insert(1, 2, 42, at: 1000)
    #expect(set.value(1, 2, at: 1100) == 42)
    #expect(set.value(1, 2, at: 1101) == nil)
    #expect(set.value(1, 3, at: 1000) == nil)
    set.insert(1, 2, 43, at: 1050)
    #expect(set.value(1, 2, at: 1150) == 43)
  }

  @Test func `it grows rather than displace a key, and then holds what it held`() {
    var set = RecentSet<UInt64>(capacity: 1 << 15, lifetime: 1000, empty: 0)
    var oracle: [UInt64: UInt64] = [:]
    var generator = SeededGenerator(seed: 21)
    let small = set.byteCount
    for step in 0..<4000 {
      let (high, low) = (generator.next(), generator.next())
      set.insert(high, low, UInt64(step), at: Int64(step) / 10)
      oracle[high] = low
      guard step % 500 == 0 else { continue }
      #expect(set.byteCount > small)
      for (high, low) in oracle { #expect(set.value(high, low, at: 600) != nil, "seed 21, step \(step)") }
    }
    #expect(set.evictions == 0)
    #expect(set.usage.entries == 4000)
  }

  @Test func `what is over makes room before the set grows`() {
    var set = RecentSet<Int>(capacity: 1 << 14, lifetime: 100, empty: 0)
    var generator = SeededGenerator(seed: 22)
    for step in 0..<20_000 { set.insert(generator.next(), generator.next(), 1, at: Int64(step)) }
    #expect(set.byteCount < 100 << 10)
    #expect(set.evictions == 0)
  }

  @Test func `a full bucket displaces its oldest key and counts it`() {
    var set = RecentSet<Int>(capacity: 8, lifetime: 1000, empty: 0)
    for key in UInt64(1)...9 { set.insert(0, key, Int(key), at: Int64(key)) }
    #expect(set.value(0, 1, at: 10) == nil)
    for key in UInt64(2)...9 { #expect(set.value(0, key, at: 10) == Int(key)) }
    #expect(set.evictions == 1)
    set.insert(0, 99, 0, at: 5000)
    #expect(set.evictions == 1, "an expired key is no loss")
  }
}
