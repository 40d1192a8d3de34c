import Packets
import Testing
import Values

/// Retransmissions with another text than what was given before.
struct TCPConflictTests {
  private static let read = "OPTIONS sip:pbx.example SIP/2.0\r\n\r\n"
  private static let meant = "REGISTER sip:pbx.example SIP/2.\r\n\r\n"

  @Test
  func `another text for bytes that were given and not acknowledged is a conflict`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "decoy", [], acknowledging: 500)
    harness.send(.forward, 100, "dEcOy", [], acknowledging: 500)
    harness.send(.backward, 500, "", [], acknowledging: 105)
    #expect(harness.collector.data(.forward) == Array("decoy".utf8))
    #expect(harness.collector.events.last == .conflict(0, .forward, 2))
    #expect(harness.reassembler.counters.conflicts == 1)
    #expect(harness.reassembler.counters.retransmissions == 1)
  }

  @Test
  func `a copy that goes on behind the old bytes is compared as far as they go`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abcdef")
    harness.send(.forward, 103, "dXfghi")
    #expect(harness.collector.data(.forward) == Array("abcdefghi".utf8))
    #expect(harness.collector.conflicts == [1])
  }

  @Test
  func `the same bytes again are no conflict, however they are cut`() {
    let text = Array(Self.read.utf8)
    for size in 1...text.count {
      for step in [1, 3, text.count] {
        var harness = TCPHarness()
        harness.connect()
        for start in stride(from: 0, to: text.count, by: step) {
          harness.send(.forward, 100 + UInt32(start), Array(text[start..<min(start + step, text.count)]))
        }
        for start in 0...(text.count - size) {
          harness.send(.forward, 100 + UInt32(start), Array(text[start..<(start + size)]))
        }
        #expect(harness.collector.conflicts == [])
        #expect(harness.collector.data(.forward) == text)
      }
    }
  }

  @Test
  func `another text is found however both are cut`() {
    let (read, meant) = (Array(Self.read.utf8), Array(Self.meant.utf8.prefix(Self.read.utf8.count)))
    let different = read.indices.filter { $0 < meant.count && read[$0] != meant[$0] }.count
    for first in [1, 2, 7, read.count] {
      for second in [1, 2, 5, meant.count] {
        var harness = TCPHarness()
        harness.connect()
        for start in stride(from: 0, to: read.count, by: first) {
          harness.send(.forward, 100 + UInt32(start), Array(read[start..<min(start + first, read.count)]))
        }
        for start in stride(from: 0, to: meant.count, by: second) {
          harness.send(.forward, 100 + UInt32(start), Array(meant[start..<min(start + second, meant.count)]))
        }
        #expect(harness.collector.conflicts.reduce(0, +) == different, "\(first) \(second)")
      }
    }
  }

  @Test
  func `bytes that waited for a gap are compared after they are given, and the gap itself is not`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 103, "def")
    harness.send(.forward, 100, "abc")
    harness.send(.forward, 104, "XX")
    #expect(harness.collector.conflicts == [2])
    harness.send(.forward, 108, "ij", uncaptured: 0)
    harness.milliseconds += 20_000
    harness.send(.forward, 110, "k")
    #expect(harness.collector.gaps == [2])
    harness.send(.forward, 106, "??ij")
    #expect(harness.collector.conflicts == [2])
    harness.send(.forward, 106, "??Xj")
    #expect(harness.collector.conflicts == [2, 1])
  }

  @Test
  func `what was acknowledged is not compared any more`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abc")
    harness.send(.backward, 500, "", [], acknowledging: 103)
    harness.send(.forward, 100, "XXX")
    harness.send(.forward, 102, [0])
    #expect(harness.collector.conflicts == [])
    #expect(harness.reassembler.counters.keepAlives == 1)
  }

  @Test
  func `a keep-alive in a stream of which one side is seen is no conflict`() {
    var harness = TCPHarness()
    harness.send(.forward, 100, "abc")
    harness.send(.forward, 102, [0])
    #expect(harness.collector.conflicts == [])
    harness.send(.forward, 100, "Xbc")
    #expect(harness.collector.conflicts == [1])
  }

  @Test
  func `a connection in the place of an ended one is not compared with it`() {
    var harness = TCPHarness()
    harness.connect()
    harness.send(.forward, 100, "abc")
    harness.send(.forward, 103, "", .rst)
    harness.connect()
    harness.send(.forward, 100, "xyz")
    #expect(harness.collector.conflicts == [])
    #expect(harness.reassembler.counters.streams == 2)
  }

  @Test
  func `nothing is kept of streams that nobody reads`() {
    var harness = TCPHarness()
    let before = harness.reassembler.streamUsage.bytes
    harness.collector.comparesCopies = false
    harness.connect()
    for index in 0..<100 {
      harness.send(.forward, 100 + UInt32(index) * 1000, [UInt8](repeating: 1, count: 1000))
    }
    harness.send(.forward, 100, [UInt8](repeating: 2, count: 1000))
    #expect(harness.collector.conflicts == [])
    #expect(harness.reassembler.streamUsage.bytes - before < 1000)
  }

  @Test
  func `copies of one direction are limited, those that came last stay`() {
    var limits = TCPLimits()
    limits.tailBytesPerDirection = 4096
    var harness = TCPHarness(limits: limits)
    harness.connect()
    for index in 0..<100 {
      harness.send(.forward, 100 + UInt32(index) * 512, [UInt8](repeating: 1, count: 512))
    }
    #expect(harness.reassembler.streamUsage.bytes < 4096 + 1024)
    harness.send(.forward, 100 + 99 * 512, [UInt8](repeating: 2, count: 512))
    harness.send(.forward, 100, [UInt8](repeating: 2, count: 512))
    #expect(harness.collector.conflicts == [512])
  }

  @Test
  func `copies of all streams are limited, and streams with one side take no room from the others`() {
    var limits = TCPLimits()
    limits.tailBytes = 16 * 1024
    var harness = TCPHarness(limits: limits)
    for port in 1...20 {
      harness.clientPort = UInt16(port)
      harness.connect()
      harness.send(.forward, 100, "given")
    }
    for port in 1000..<2000 {
      harness.clientPort = UInt16(port)
      harness.send(.forward, 100, "flood")
    }
    for port in 1...20 {
      harness.clientPort = UInt16(port)
      harness.send(.forward, 100, "meant")
    }
    #expect(harness.collector.conflicts == Array(repeating: 5, count: 16))
    harness.flush()
    #expect(harness.reassembler.streamUsage.bytes < 16 * 1024 + 2000 * 1024)
  }

  @Test
  func `pages are used again`() {
    var limits = TCPLimits()
    limits.tailBytes = 4 * 1024
    var harness = TCPHarness(limits: limits)
    for round in 0..<50 {
      harness.clientPort = UInt16(1 + round)
      harness.connect()
      harness.send(.forward, 100, [UInt8](repeating: 1, count: 3000))
      harness.send(.forward, 100, [UInt8](repeating: UInt8(round % 2 + 1), count: 3000))
      harness.send(.backward, 500, "", [], acknowledging: 3100)
    }
    #expect(harness.collector.conflicts == Array(repeating: 3000, count: 25))
  }

  @Test
  func `conflicts of random segments are those of a map of bytes, across the wrap of numbers`() {
    let seed: UInt64 = 77
    var random = SeededRandom(seed: seed)
    for round in 0..<300 {
      var harness = TCPHarness()
      let start = UInt32(0).subtractingReportingOverflow(UInt32(random.below(4000))).partialValue
      harness.send(.forward, start &- 1, "", .syn)
      harness.send(.backward, 499, "", .syn, acknowledging: start)
      var given: [UInt8] = []
      var expected = 0
      for _ in 0..<20 {
        let offset = random.below(given.count + 1)
        let bytes = (0..<random.below(1500)).map { _ in UInt8(random.below(40) == 0 ? 1 : 0) }
        for (index, byte) in bytes.enumerated() {
          if offset + index < given.count {
            expected += given[offset + index] == byte ? 0 : 1
          } else {
            given.append(byte)
          }
        }
        harness.send(.forward, start &+ UInt32(offset), bytes)
      }
      #expect(harness.collector.conflicts.reduce(0, +) == expected, "seed \(seed), round \(round)")
      #expect(harness.collector.data(.forward) == given)
    }
  }
}
