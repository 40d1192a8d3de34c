import Packets
import Testing
import Values

struct TCPLimitTests {
  @Test
  func `pieces and bytes of one direction are limited by giving up gaps`() {
    var limits = TCPLimits()
    limits.piecesPerDirection = 8
    limits.bytesPerDirection = 100
    var harness = TCPHarness(limits: limits)
    harness.connect()
    for index in 0..<1000 { harness.send(.forward, 102 + UInt32(index) * 2, "x") }
    #expect(harness.reassembler.waitingBytes <= 8)
    #expect(harness.reassembler.counters.forcedGaps >= 990)
    harness.flush()
    #expect(harness.collector.data(.forward).count == 1000)
    #expect(harness.collector.gaps.reduce(0, +) == 1001)
  }

  @Test
  func `waiting bytes of all streams are limited, the longest wait goes first`() {
    var limits = TCPLimits()
    limits.bytes = 16 * 1024
    var harness = TCPHarness(limits: limits)
    let big = [UInt8](repeating: 7, count: 1000)
    for port in 1..<100 {
      harness.clientPort = UInt16(port)
      harness.connect()
      harness.send(.forward, 105, big)
      #expect(harness.reassembler.waitingBytes <= limits.bytes)
    }
    #expect(harness.collector.data(.forward).count == (99 - 16) * 1000)
    #expect(harness.reassembler.counters.forcedGaps == 99 - 16)
  }

  @Test
  func `the table is limited and one-sided streams push out only each other`() {
    var limits = TCPLimits()
    limits.streams = 40
    var harness = TCPHarness(limits: limits)
    for port in 1...20 {
      harness.clientPort = UInt16(port)
      harness.connect()
      harness.send(.forward, 100, "data")
    }
    for port in 1000..<3000 {
      harness.clientPort = UInt16(port)
      harness.send(.forward, 99, "", .syn)
    }
    #expect(harness.reassembler.streamCount <= 40)
    #expect(harness.reassembler.counters.evicted == 2000 - 10)
    for port in 1...20 {
      harness.clientPort = UInt16(port)
      harness.send(.forward, 104, "more")
    }
    #expect(harness.collector.data(.forward).count == 20 * 8)
    #expect(harness.reassembler.counters.streams == 2020)
  }

  @Test
  func `idle streams end in packet time`() {
    var limits = TCPLimits()
    limits.idleTimeoutNanoseconds = 5_000_000_000
    limits.oneSidedTimeoutNanoseconds = 1_000_000_000
    var harness = TCPHarness(limits: limits)
    harness.connect()
    harness.send(.forward, 100, "a")
    harness.clientPort = 2
    harness.send(.forward, 100, "b")
    harness.milliseconds += 2000
    harness.clientPort = 3
    harness.send(.forward, 100, "c")
    #expect(harness.collector.events.contains(.end(1, .timedOut)))
    #expect(!harness.collector.events.contains(.end(0, .timedOut)))
    harness.milliseconds += 4000
    harness.send(.forward, 101, "c")
    #expect(harness.collector.events.contains(.end(0, .timedOut)))
    #expect(harness.reassembler.counters.timedOut == 3)
  }

  @Test
  func `work grows with the number of hostile segments, not with its square`() {
    // Segments in falling order all go to the front of the list; pairs that leave holes make it long; and
    // one that covers all of them meets every piece.
    func work(_ count: Int, _ hostile: (Int, inout TCPHarness) -> Void) -> UInt64 {
      var harness = TCPHarness()
      harness.connect()
      for index in 0..<count { hostile(index, &harness) }
      return harness.reassembler.counters.pieceSteps
    }
    let patterns: [(Int, inout TCPHarness) -> Void] = [
      { $1.send(.forward, 1_000_000 - UInt32($0) * 2, "x") },
      { $1.send(.forward, 200 + UInt32($0 * 7919 % 10_007) * 2, "x") },
      { $1.send(.forward, 101, [UInt8](repeating: 1, count: 1 + $0 % 100)) },
    ]
    for hostile in patterns {
      let once = work(2000, hostile)
      let twice = work(4000, hostile)
      let fourfold = work(8000, hostile)
      #expect(twice <= once * 5 / 2 + 100)
      #expect(fourfold <= twice * 5 / 2 + 100)
      #expect(fourfold <= 8000 * 65)
    }
  }

  @Test
  func `random packets never trap and every stream that starts ends once`() {
    let seed: UInt64 = 31
    print("TCP segments: 60000 random inputs from seed \(seed)")
    var random = SeededRandom(seed: seed)
    var limits = TCPLimits()
    limits.streams = 12
    limits.bytes = 4096
    limits.bytesPerDirection = 300
    limits.piecesPerDirection = 5
    var harness = TCPHarness(limits: limits)
    for _ in 0..<60_000 {
      harness.clientPort = UInt16(random.below(20))
      if random.below(200) == 0 { harness.milliseconds += Int64(random.below(100_000)) }
      let direction: TCPDirection = random.below(2) == 0 ? .forward : .backward
      let base: UInt32 = random.below(30) == 0 ? 0x9000_0000 : 0xffff_ff80
      let bytes = [UInt8](repeating: UInt8(random.below(3)), count: random.below(60))
      let flags = TCPFlags(rawValue: random.below(3) == 0 ? UInt8(random.below(32)) : 0)
      let number = random.below(2) == 0 ? nil : base &+ UInt32(random.below(400))
      harness.send(
        direction, base &+ UInt32(random.below(400)), bytes, flags, acknowledging: number,
        uncaptured: random.below(20) == 0 ? random.below(100) : 0)
      #expect(harness.reassembler.streamCount <= 12)
      #expect(harness.reassembler.waitingBytes <= 4096)
    }
    harness.flush()
    var open = Set<Int>()
    for event in harness.collector.events {
      switch event {
      case .start(let slot, _): #expect(open.insert(slot).inserted, "seed \(seed)")
      case .end(let slot, _): #expect(open.remove(slot) != nil, "seed \(seed)")
      case .data(let slot, _, _), .gap(let slot, _, _), .conflict(let slot, _, _):
        #expect(open.contains(slot), "seed \(seed)")
      }
    }
    #expect(open.isEmpty)
    #expect(harness.reassembler.waitingBytes == 0)
  }
}
