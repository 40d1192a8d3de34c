import Events
import Testing
import Values

@testable import Anomaly

@Suite struct FeatureHourTests {
  @Test func `hours count from a Monday`() {
    #expect(FeatureHours().number(of: Timestamp(seconds: 345_600, nanoseconds: 0)) == 0)
    #expect(FeatureHours().number(of: Timestamp(seconds: 345_599, nanoseconds: 999_999_999)) == -1)
    // 2026-11-21 12:00 UTC, a Saturday.
    let hour = FeatureHours().number(of: Timestamp(seconds: 1_795_262_400, nanoseconds: 0))
    #expect(hour % 24 == 12)
    #expect(hour / 24 % 7 == 5)
    #expect(FeatureHours().number(of: FeatureHours().start(of: hour)) == hour)
    #expect(
      FeatureHours().number(of: Timestamp(nanoseconds: .min))
        < FeatureHours().number(of: Timestamp(nanoseconds: .max)))
  }

  @Test func `an hour has who did something in it, in the order of their first event`() {
    var events = FeatureEvents()
    events.sip("OPTIONS", from: FeatureEvents.other)
    events.sip("OPTIONS")
    events.seconds = 3599.999
    events.sip("OPTIONS")
    #expect(events.hours.isEmpty)
    events.seconds = 3600
    events.sip("OPTIONS")
    events.takeHour()
    events.takeHour()
    #expect(events.hours.map(\.hour) == [1000, 1001])
    #expect(events.hours[0].entities.map(\.entity) == ["192.0.2.2", "192.0.2.1", "alice@example.com"])
    #expect(events.hours[0].entities[1].row[.options] == 2)
    #expect(events.hours[1].entities.map(\.entity) == ["192.0.2.1", "alice@example.com"])
    #expect(events.hours[1].entities[0].row[.options] == 1)
  }

  @Test func `what comes late counts in the hour in which it comes`() {
    var events = FeatureEvents()
    events.seconds = 3600
    events.sip("OPTIONS")
    events.seconds = 3590
    events.sip("OPTIONS")
    #expect(events.hours.isEmpty)
    #expect(events.row[.options] == 2)
  }

  @Test func `an hour that is begun again counts from nothing`() {
    var events = FeatureEvents()
    events.sip("OPTIONS")
    events.takeHour()
    events.seconds = 5
    events.sip("OPTIONS")
    #expect(events.row[.options] == 1)
  }

  @Test func `a flood of senders displaces itself, not who had a call answered`() {
    var events = FeatureEvents(limit: 16)
    events.sip("INVITE")
    events.call(.callStarted)
    events.call(.callAnswered)
    for number in 0..<1000 {
      events.sip("OPTIONS", from: IPAddress(v4: 0x0a00_0000 + UInt32(number)), user: "u\(number)")
    }
    #expect(events.row[.invites] == 1)
    events.takeHour()
    let sources = events.hours[0].entities.filter { $0.type == .source }
    #expect(sources.count == 16)
    #expect(Set(sources.map(\.entity)).count == 16)
    #expect(sources.contains { $0.entity == "10.0.3.231" })
    let usage = events.features.usage
    #expect(usage.map(\.usage.entries) == [16, 16, 1])
    #expect(usage[0].usage.evictions == 985)
  }

  @Test func `long names are cut with a mark`() {
    var events = FeatureEvents()
    events.sip("OPTIONS", user: String(repeating: "a", count: 100))
    events.takeHour()
    #expect(events.hours[0].entities[1].entity == String(repeating: "a", count: 77) + "…")
  }

  @Test func `the entropy is exact for sixteen values, and bounded for more`() {
    var counter = EntropyCounter()
    #expect(counter.bits.isNaN)
    func hash(_ value: UInt64) -> UInt64 {
      var hash = SeededHash(seed: 5)
      hash.combine(value)
      return hash.value
    }
    for value in 0..<UInt64(16) { for _ in 0..<3 { counter.insert(hash(value)) } }
    #expect(counter.bits.isNear(4))
    for value in 16..<UInt64(5000) { counter.insert(hash(value)) }
    #expect(counter.bits > 5 && counter.bits < 6)
  }

  @Test func `the memory of what was seen keeps the last 128 and takes few new ones for known`() {
    var memory = SeenMemory()
    func hash(_ value: UInt64) -> UInt64 {
      var hash = SeededHash(seed: 6)
      hash.combine(value)
      return hash.value
    }
    var new = 0
    for value in 0..<UInt64(1000) where memory.insert(hash(value)) { new += 1 }
    #expect(new > 930, "\(new)")
    new = 0
    for value in UInt64(900)..<1000 where memory.insert(hash(value)) { new += 1 }
    #expect(new == 0)
    let isForgotten = memory.insert(hash(1))
    #expect(isForgotten)
  }

  @Test func `the memory of a few values says what the filters of many say`() {
    for round in 0..<UInt64(200) {
      var (memory, bits) = (SeenMemory(), Set<UInt64>())
      // Few different hashes in few bits, so that values are taken for known, too.
      for step in 0..<UInt64(40) {
        var number = SeededHash(seed: round)
        number.combine(step)
        let hash = number.value & 0x0000_1f00_01f0_001f
        let own = [hash & 1023, hash >> 20 & 1023, hash >> 40 & 1023]
        let isNew = !own.allSatisfy(bits.contains)
        #expect(memory.insert(hash) == isNew, "round \(round), step \(step)")
        bits.formUnion(own)
      }
    }
  }

  @Test func `the entropy of few values is that of their table`() {
    for values in 1...UInt64(16) {
      var counter = EntropyCounter()
      for value in 0..<values { counter.insert(value << 32, times: Int(value) + 1) }
      let counts = (1...values).map { Double($0) }
      #expect(counter.bits == Entropy.bits(of: counts), "\(values) values")
    }
    var counter = EntropyCounter()
    counter.insert(1 << 32, times: 100_000)
    counter.insert(2 << 32, times: 65_535)
    #expect(counter.bits.isNear(1), "counts end at 65,535")
  }

  @Test func `the median of gaps is the same with a list of them and with a histogram`() {
    for last in 2...UInt64(20) {
      var gaps = AttemptGaps()
      #expect(gaps.median.isNaN)
      var time: Int64 = 0
      gaps.insert(at: Timestamp(nanoseconds: time))
      for gap in 1...Int64(last) {
        time += (gap % 2 == 0 ? 100 : 1) * gap * 1_000_000_000
        gaps.insert(at: Timestamp(nanoseconds: time))
      }
      let all = (1...Int64(last)).map { Double(($0 % 2 == 0 ? 100 : 1) * $0) }.sorted()
      let median = all[(all.count - 1) / 2]
      #expect(abs(gaps.median / median - 1) < 0.1, "\(last) gaps")
    }
  }
}
