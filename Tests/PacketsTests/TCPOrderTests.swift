import Packets
import Testing
import Values

/// Segments in every order, against a map from byte to what came first for it.
struct TCPOrderTests {
  struct Segment: Sendable {
    var offset: Int
    var bytes: [UInt8]
  }

  static let message: [UInt8] = Array("INVITE sip:bob@example.com SIP/2.0\r\n\r\n".utf8)

  private func reassemble(_ segments: [Segment], size: Int) -> (found: TCPCollector, oracle: [UInt8?]) {
    var harness = TCPHarness()
    harness.connect()
    var oracle = [UInt8?](repeating: nil, count: size)
    for segment in segments {
      for (index, byte) in segment.bytes.enumerated() where oracle[segment.offset + index] == nil {
        oracle[segment.offset + index] = byte
      }
      harness.send(.forward, 100 + UInt32(segment.offset), segment.bytes)
    }
    return (harness.collector, oracle)
  }

  private func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
      var rest = elements
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  @Test
  func `every split into three segments in every order gives the message`() {
    let size = Self.message.count
    for first in 1..<(size - 1) {
      for second in (first + 1)..<size {
        let parts = [
          Segment(offset: 0, bytes: Array(Self.message[..<first])),
          Segment(offset: first, bytes: Array(Self.message[first..<second])),
          Segment(offset: second, bytes: Array(Self.message[second...])),
        ]
        for order in permutations(parts) {
          let (found, _) = reassemble(order, size: size)
          #expect(found.data(.forward) == Self.message)
          #expect(found.events.count == 2)
        }
      }
    }
  }

  @Test
  func `overlapping segments with different bytes give what came first, in every order`() {
    let parts = [
      Segment(offset: 0, bytes: [1, 1, 1, 1]), Segment(offset: 2, bytes: [2, 2, 2, 2, 2, 2]),
      Segment(offset: 5, bytes: [3]), Segment(offset: 4, bytes: [4, 4, 4, 4, 4, 4, 4]),
      Segment(offset: 9, bytes: [5, 5, 5]), Segment(offset: 0, bytes: [6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6]),
    ]
    for order in permutations(parts) {
      let (found, oracle) = reassemble(order, size: 12)
      #expect(found.data(.forward) == oracle.compactMap { $0 }, "\(order.map(\.offset))")
    }
  }

  @Test
  func `random segments give what came first to each byte`() {
    let seed: UInt64 = 2024
    var random = SeededRandom(seed: seed)
    for round in 0..<1500 {
      let size = 1 + random.below(60)
      var segments: [Segment] = []
      var covered = [Bool](repeating: false, count: size)
      while covered.contains(false) {
        let start = random.below(size)
        let end = min(size, start + 1 + random.below(20))
        segments.append(Segment(offset: start, bytes: (start..<end).map { _ in UInt8(random.below(3)) }))
        for index in start..<end { covered[index] = true }
      }
      let (found, oracle) = reassemble(segments, size: size)
      #expect(found.data(.forward) == oracle.compactMap { $0 }, "seed \(seed), round \(round)")
      #expect(found.gaps.isEmpty)
    }
  }

  @Test
  func `random loss gives every captured byte once and names every lost one`() {
    let seed: UInt64 = 77
    var random = SeededRandom(seed: seed)
    for round in 0..<500 {
      var harness = TCPHarness()
      harness.connect()
      var expected: [UInt8] = []
      var lost = 0
      var position = 0
      var held: (UInt32, [UInt8])?
      for _ in 0..<40 {
        let bytes = (0...random.below(10)).map { _ in UInt8(random.below(256)) }
        let sequence = 100 + UInt32(position)
        position += bytes.count
        switch random.below(5) {
        case 0: lost += bytes.count
        case 1 where held == nil:
          held = (sequence, bytes)
          expected += bytes
        default:
          expected += bytes
          harness.send(.forward, sequence, bytes)
          if let late = held { harness.send(.forward, late.0, late.1) }
          held = nil
        }
        if random.below(4) == 0, held == nil {
          harness.send(.backward, 500, "", [], acknowledging: 100 + UInt32(position))
        }
      }
      if let late = held { harness.send(.forward, late.0, late.1) }
      harness.send(.forward, 100 + UInt32(position), "", .fin)
      harness.send(.backward, 500, "", .fin, acknowledging: 101 + UInt32(position))
      #expect(harness.collector.data(.forward) == expected, "seed \(seed), round \(round)")
      #expect(harness.collector.gaps.reduce(0, +) == lost, "seed \(seed), round \(round)")
      #expect(harness.collector.ends == [.finished])
    }
  }
}
