import Testing

@testable import Tracking

@Suite struct SequenceTrackerTests {
  private func tracker(_ sequences: [UInt16]) -> SequenceTracker {
    var tracker = SequenceTracker(first: sequences[0])
    for sequence in sequences.dropFirst() { tracker.add(sequence) }
    return tracker
  }

  @Test func `an unbroken run loses nothing, across the wrap too`() {
    let run = tracker([65_533, 65_534, 65_535, 0, 1, 2])
    #expect(run.expected == 6 && run.lost == 0)
    #expect(run.duplicates == 0 && run.reordered == 0)
    #expect(run.base == 65_533 && run.highest == 65_538)
  }

  @Test func `missing numbers are lost, across the wrap too`() {
    let gap = tracker([65_530, 65_531, 3, 4])
    #expect(gap.expected == 11 && gap.lost == 7)
  }

  @Test func `a late packet is no loss and no duplicate`() {
    let late = tracker([10, 11, 13, 14, 12, 15])
    #expect(late.expected == 6 && late.lost == 0)
    #expect(late.reordered == 1 && late.duplicates == 0)
  }

  @Test func `duplicates are counted apart, so that loss is never negative`() {
    let twice = tracker([7, 7, 8, 8, 9, 9, 10, 10])
    #expect(twice.expected == 4 && twice.lost == 0 && twice.duplicates == 4)
    let lateTwice = tracker([1, 2, 5, 3, 3, 5, 6])
    #expect(lateTwice.duplicates == 2 && lateTwice.reordered == 1)
    #expect(lateTwice.expected == 6 && lateTwice.lost == 1)
  }

  @Test func `a packet in front of the first one is expected, but not what lies between`() {
    let early = tracker([100, 95, 101, 95])
    #expect(early.expected == 3 && early.lost == 0)
    #expect(early.reordered == 1 && early.duplicates == 1)
  }

  @Test func `a sender that starts anew opens a segment without loss`() {
    let restarted = tracker([100, 101, 102, 40_000, 40_001, 40_002, 40_004])
    #expect(restarted.expected == 3 + 5 && restarted.lost == 1)
    #expect(restarted.base == 40_000)
  }

  @Test func `each number says what it is to those before`() {
    var tracker = SequenceTracker(first: 100)
    let numbers: [UInt16] = [101, 101, 104, 103, 40_000, 105, 40_001, 50_000, 50_001, 50_001]
    let places = numbers.map { tracker.add($0) }
    #expect(
      places == [
        .regular, .repeated, .regular, .regular, .stray, .regular, .restart, .stray, .restart, .repeated,
      ])
  }

  @Test func `one stray number is neither expected nor lost`() {
    let stray = tracker([100, 101, 30_000, 102, 103])
    #expect(stray.expected == 4 && stray.lost == 0)
  }

  @Test func `whatever comes, the figures fit together`() {
    let seed: UInt64 = 0x5eed
    var generator = SeededGenerator(seed: seed)
    for round in 0..<300 {
      var tracker = SequenceTracker(first: .random(in: 0...UInt16.max, using: &generator))
      let spread: ClosedRange<Int> = round % 3 == 0 ? 0...65_535 : round % 3 == 1 ? -120...120 : -3...5
      var last = Int(tracker.base)
      for _ in 0..<400 {
        last += Int.random(in: spread, using: &generator)
        tracker.add(UInt16(truncatingIfNeeded: last))
        #expect(tracker.lost >= 0 && tracker.lost <= tracker.expected, "seed \(seed) round \(round)")
      }
    }
  }

  @Test func `loss and duplicates are exact for any order inside the window`() {
    let seed: UInt64 = 77
    var generator = SeededGenerator(seed: seed)
    for round in 0..<100 {
      let start = UInt16.random(in: 0...UInt16.max, using: &generator)
      var sent = (0..<500).map { ($0, $0) }.filter { _ in UInt8.random(in: 0...9, using: &generator) > 0 }
      sent += sent.filter { _ in UInt8.random(in: 0...19, using: &generator) == 0 }
      // Each packet is delayed by at most 20 places; the first stays first and the last stays last.
      sent = sent.map { ($0.0, $0.0 + Int.random(in: 0...20, using: &generator)) }
      sent.sort { ($0.1, $0.0) < ($1.1, $1.0) }
      let numbers = [-30] + sent.map(\.0) + [530]
      let tracker = tracker(numbers.map { start &+ UInt16(truncatingIfNeeded: $0) })
      let unique = Set(numbers).count
      #expect(tracker.expected == 561, "seed \(seed) round \(round)")
      #expect(tracker.lost == Int64(561 - unique), "seed \(seed) round \(round)")
      #expect(tracker.duplicates == UInt64(numbers.count - unique), "seed \(seed) round \(round)")
    }
  }
}

/// Two senders of one SSRC.
@Suite struct ConflictTests {
  /// Packets of a sender: numbers, each with a content of its own that the owner's mark tells from others'.
  private func conflicts(_ packets: [(sequence: Int, content: UInt8)]) -> UInt64 {
    var tracker: SequenceTracker?
    for packet in packets {
      let sequence = UInt16(truncatingIfNeeded: packet.sequence)
      guard tracker == nil else {
        tracker?.add(sequence, content: packet.content)
        continue
      }
      tracker = SequenceTracker(first: sequence, content: packet.content)
    }
    return tracker?.conflicting ?? 0
  }

  private func content(_ number: Int) -> UInt8 { UInt8(truncatingIfNeeded: number &* 7) & 0x7e | 1 }

  /// A sender, and behind each of its packets one of another sender so many numbers ahead.
  private func interleaved(_ count: Int, ahead: Int, from first: Int = 65_500) -> UInt64 {
    conflicts(
      (first..<first + count).flatMap { [($0, content($0)), ($0 + ahead, content($0) | 0x80)] })
  }

  @Test(arguments: [1, 2, 10, 63, 100, 101, 128, 500, 2999, 3000, 3001, 20_000, 32_767, 40_000])
  func `a sender that is ahead conflicts with the other one`(ahead: Int) {
    let found = interleaved(200, ahead: ahead)
    #expect(found >= 95 && found <= 200, "\(found)")
  }

  @Test(arguments: [-1, -2, -50, -100, -500])
  func `so does one that is behind`(ahead: Int) {
    #expect(interleaved(200, ahead: ahead) >= 95)
  }

  @Test func `what is captured twice, at once or later, does not conflict`() {
    #expect(conflicts((0..<300).flatMap { [($0, content($0)), ($0, content($0))] }) == 0)
    let late = (0..<300).flatMap { [($0, content($0)), (max(0, $0 - 90), content(max(0, $0 - 90)))] }
    #expect(conflicts(late) == 0)
  }

  @Test func `loss, disorder and new beginnings do not conflict`() {
    let blocks = [0...20, 40...60, 21...39, 61...80, 30_000...30_050, 100...180, 181...200, 8_000...8_060]
    #expect(conflicts(blocks.flatMap { $0.map { ($0, content($0)) } }) == 0)
  }

  @Test func `a number that never changes conflicts once`() {
    #expect(conflicts((0..<300).map { (7, content($0)) }) == 1)
  }

  @Test func `what is unknown does not conflict`() {
    let numbers = (0..<100).flatMap { [($0, content($0)), ($0 + 2, RecentContents.unknown)] }
    #expect(conflicts(numbers) == 0)
    let apart = (0..<100).flatMap { [($0, content($0)), ($0 + 700, RecentContents.unknown)] }
    #expect(conflicts(apart) == 0)
  }

  @Test func `only so many numbers are compared`() {
    // The place of a number is that of the one 128 before.
    #expect(conflicts((0...127).map { ($0, content($0)) } + [(128, 3), (227, 5), (200, 9), (128, 3)]) == 0)
  }

  @Test func `the digest knows time, length and the first bytes, and reads no further than there is`() {
    let bytes = [UInt8](repeating: 0x55, count: 32)
    func digest(_ bytes: [UInt8], count: Int = 20, timestamp: UInt32 = 160) -> UInt8 {
      RecentContents.digest(of: bytes.span, payloadAt: 12, count: count, timestamp: timestamp)
    }
    let first = digest(bytes)
    #expect(first != RecentContents.unknown && first == digest(bytes))
    #expect((1...64).contains { digest(bytes, count: 20 + $0) != first })
    #expect((1...64).contains { digest(bytes, timestamp: 160 + UInt32($0)) != first })
    var other = bytes
    other[19] = 0x54
    #expect(digest(other) != first)
    other = bytes
    other[20] = 0x54
    #expect(digest(other) == first)
    for length in 0..<20 { #expect(digest(Array(bytes[..<length])) == digest([])) }
  }
}

@Suite struct JitterEstimateTests {
  @Test func `even spacing has no jitter`() {
    var jitter = JitterEstimate()
    jitter.setClock(8000)
    for packet in 0..<100 {
      jitter.add(arrival: Int64(packet) * 20_000_000, timestamp: UInt32(packet) * 160)
    }
    #expect(jitter.isMeasured && jitter.value < 1 && jitter.maximum < 1)
  }

  @Test func `one late packet moves it by a sixteenth of the difference`() {
    var jitter = JitterEstimate()
    jitter.setClock(8000)
    jitter.add(arrival: 0, timestamp: 0)
    jitter.add(arrival: 36_000_000, timestamp: 160)
    #expect(abs(jitter.value - 1_000_000) < 1)
    jitter.add(arrival: 56_000_000, timestamp: 320)
    #expect(abs(jitter.value - 937_500) < 1)
    #expect(abs(jitter.maximum - 1_000_000) < 1)
  }

  @Test func `timestamps wrap and go back as signed 32-bit numbers`() {
    var jitter = JitterEstimate()
    jitter.setClock(8000)
    jitter.add(arrival: 0, timestamp: .max - 159)
    jitter.add(arrival: 20_000_000, timestamp: 0)
    #expect(jitter.maximum < 1)
    // The packet that should have come 20 ms earlier comes 1 ms later.
    jitter.add(arrival: 21_000_000, timestamp: .max - 159)
    #expect(abs(jitter.value - 21_000_000 / 16) < 1)
  }

  @Test(arguments: [400_000, -400_000, 80_000_000] as [Int64])
  func `a sender that begins a new time base does not vary`(leap: Int64) {
    var jitter = JitterEstimate()
    jitter.setClock(8000)
    for packet in 0..<100 {
      let base = packet < 50 ? 1_000_000 : 1_000_000 + leap
      jitter.add(
        arrival: Int64(packet) * 20_000_000,
        timestamp: UInt32(truncatingIfNeeded: base + Int64(packet) * 160),
        sequence: UInt16(packet))
    }
    #expect(jitter.isMeasured && jitter.maximum < 1)
  }

  @Test func `a packet that was held up varies, and so does one behind a gap of the numbers`() {
    var jitter = JitterEstimate()
    jitter.setClock(8000)
    jitter.add(arrival: 0, timestamp: 0, sequence: 1)
    jitter.add(arrival: 3_020_000_000, timestamp: 160, sequence: 2)
    #expect(abs(jitter.maximum - 187_500_000) < 1)
    var other = JitterEstimate()
    other.setClock(8000)
    other.add(arrival: 0, timestamp: 0, sequence: 1)
    other.add(arrival: 20_000_000, timestamp: 24_160, sequence: 152)
    #expect(abs(other.maximum - 187_500_000) < 1)
  }

  @Test func `without a clock nothing is measured, and a new clock compares nothing across the change`() {
    var jitter = JitterEstimate()
    jitter.add(arrival: 0, timestamp: 0)
    jitter.add(arrival: 1, timestamp: 1_000_000)
    #expect(!jitter.isMeasured && !jitter.hasClock)
    jitter.setClock(8000)
    jitter.add(arrival: 20_000_000, timestamp: 7)
    #expect(!jitter.isMeasured)
    jitter.setClock(90_000)
    jitter.add(arrival: 40_000_000, timestamp: 500_000)
    #expect(!jitter.isMeasured)
    jitter.add(arrival: 60_000_000, timestamp: 501_800)
    #expect(jitter.isMeasured && jitter.value < 1)
  }
}
