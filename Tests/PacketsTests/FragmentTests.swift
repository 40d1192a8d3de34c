import Packets
import Testing
import Values

struct FragmentTests {
  static let payload: [UInt8] = (0..<90).map { UInt8($0) }

  static var small: FragmentLimits {
    var limits = FragmentLimits()
    limits.datagrams = 8
    return limits
  }

  /// A piece of an IP payload.
  struct Piece: Sendable {
    var offset: Int
    var bytes: [UInt8]
    var hasMore: Bool
  }

  private static func pieces(of datagram: [UInt8], cuts: [Int]) -> [Piece] {
    let ends = cuts + [datagram.count]
    return zip([0] + cuts, ends).map { start, end in
      Piece(offset: start, bytes: Array(datagram[start..<end]), hasMore: end < datagram.count)
    }
  }

  private static func frame4(_ piece: Piece, identification: UInt16 = 7) -> [UInt8] {
    let fragmentation = UInt16(piece.offset / 8) | (piece.hasMore ? 0x2000 : 0)
    return FrameBuilder.ethernet(
      FrameBuilder.ipv4(piece.bytes, identification: identification, fragmentation: fragmentation))
  }

  private static func frame6(_ piece: Piece, identification: UInt8 = 7) -> [UInt8] {
    let field = UInt16(piece.offset) | (piece.hasMore ? 1 : 0)
    let header: [UInt8] = [17, 0] + FrameBuilder.word(field) + [0, 0, 0, identification]
    return FrameBuilder.ethernet(FrameBuilder.ipv6(header + piece.bytes, next: 44), type: 0x86dd)
  }

  private static func permutations<Element>(_ elements: [Element]) -> [[Element]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
      var rest = elements
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  @Test(arguments: [false, true])
  func `fragments in every order give the packet at the one that completes it`(isIPv6: Bool) {
    let datagram = FrameBuilder.udp(Self.payload)
    for order in Self.permutations(Self.pieces(of: datagram, cuts: [8, 32, 40, 72])) {
      var decoder = PacketDecoder(fragmentLimits: Self.small)
      let found = decode(order.map { isIPv6 ? Self.frame6($0) : Self.frame4($0) }, with: &decoder)
      #expect(found.payloads == [Self.payload])
      #expect(found.faults.isEmpty)
      #expect(found.deliveries.first?.packet.number == 5)
      #expect(found.deliveries.first?.packet.timestamp.nanoseconds == 4000)
      #expect(found.deliveries.first?.packet.traits == .reassembled)
      #expect(found.deliveries.first?.packet.frames == Frames(5, bytes: 98 + 5 * (isIPv6 ? 62 : 34)))
      #expect(found.deliveries.first?.packet.sourcePort == 5060)
      #expect(decoder.pendingFragments == 0)
    }
  }

  @Test
  func `random pieces with overlaps give what first came to each byte`() {
    var random = SeededRandom(seed: 41)
    for round in 0..<400 {
      let size = 24 + random.below(100)
      var oracle = [UInt8?](repeating: nil, count: size)
      var decoder = PacketDecoder(fragmentLimits: Self.small)
      var collector = PacketCollector()
      var steps = 0
      while collector.deliveries.isEmpty, steps < 400 {
        let piece = Self.randomPiece(size: size, &random)
        for (index, byte) in piece.bytes.enumerated() where oracle[piece.offset + index] == nil {
          oracle[piece.offset + index] = byte
        }
        let frame = FrameBuilder.ethernet(
          FrameBuilder.ipv4(
            piece.bytes, transport: 253, identification: 9,
            fragmentation: UInt16(piece.offset / 8) | (piece.hasMore ? 0x2000 : 0)))
        let found = decode([frame], with: &decoder)
        collector.deliveries += found.deliveries
        steps += 1
      }
      #expect(collector.payloads.first == oracle.compactMap { $0 }, "seed 41, round \(round)")
      #expect(oracle.allSatisfy { $0 != nil }, "complete only when every byte came, round \(round)")
    }
  }

  /// A piece of 8-byte units, the last one as short as the packet ends.
  private static func randomPiece(size: Int, _ random: inout SeededRandom) -> Piece {
    let units = (size + 7) / 8
    let first = random.below(units)
    let last = min(units, first + 1 + random.below(4))
    // A piece that is the whole packet would not be a fragment.
    let start = last == units && first == 0 ? 8 : first * 8
    let end = min(size, last * 8)
    let bytes = (start..<end).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    return Piece(offset: start, bytes: bytes, hasMore: end < size)
  }

  @Test
  func `an overlap is a fault and the first bytes win`() {
    let datagram = FrameBuilder.udp(Self.payload)
    let parts = Self.pieces(of: datagram, cuts: [48])
    let evil = Piece(offset: 16, bytes: [UInt8](repeating: 0xff, count: 40), hasMore: true)
    var decoder = PacketDecoder()
    let found = decode([parts[0], evil, parts[1]].map { Self.frame4($0) }, with: &decoder)
    #expect(found.faultNames == ["fragment.overlap", "fragment.overlap"])
    var expected = Self.payload
    for index in 40..<48 { expected[index] = 0xff }
    #expect(found.payloads == [expected])
  }

  @Test
  func `an exact duplicate is counted and no fault`() {
    let parts = Self.pieces(of: FrameBuilder.udp(Self.payload), cuts: [48])
    var decoder = PacketDecoder()
    let found = decode([parts[0], parts[0], parts[1]].map { Self.frame4($0) }, with: &decoder)
    #expect(found.faults.isEmpty)
    #expect(found.payloads == [Self.payload])
    #expect(decoder.fragmentCounters.duplicates == 1)
    #expect(found.deliveries.first?.packet.frames == Frames(3, bytes: 98 + 48 + 3 * 34))
  }

  @Test
  func `impossible fragments are named`() {
    let odd = Piece(offset: 8, bytes: [1, 2, 3], hasMore: true)
    let huge = Piece(offset: 65_528, bytes: [UInt8](repeating: 0, count: 16), hasMore: false)
    let last = Piece(offset: 16, bytes: [1, 2], hasMore: false)
    let otherLast = Piece(offset: 24, bytes: [1, 2], hasMore: false)
    let beyond = Piece(offset: 24, bytes: [UInt8](repeating: 0, count: 8), hasMore: true)
    let found = Self.collect([odd, huge, last, otherLast, beyond])
    #expect(
      found.faultNames == [
        "fragment.bad_length", "fragment.bad_length", "fragment.conflicting_end", "fragment.conflicting_end",
      ])
    #expect(found.deliveries.isEmpty)
  }

  private static func collect(_ pieces: [Piece]) -> PacketCollector {
    var decoder = PacketDecoder()
    return decode(pieces.map { frame4($0) }, with: &decoder)
  }

  @Test
  func `fragments that do not come in packet time are given up`() {
    var limits = FragmentLimits()
    limits.timeoutNanoseconds = 2500
    var decoder = PacketDecoder(fragmentLimits: limits)
    let parts = Self.pieces(of: FrameBuilder.udp(Self.payload), cuts: [48])
    let other = Self.frame4(parts[0], identification: 8)
    let arp = FrameBuilder.ethernet([], type: 0x0806)
    let found = decode([Self.frame4(parts[0]), arp, arp, other, Self.frame4(parts[1])], with: &decoder)
    #expect(found.deliveries.isEmpty)
    #expect(decoder.fragmentCounters.timedOut == 1)
    #expect(decoder.pendingFragments == 2)
  }

  @Test
  func `the oldest packet goes when there are too many or too many bytes`() {
    var limits = FragmentLimits()
    limits.datagrams = 10
    var decoder = PacketDecoder(fragmentLimits: limits)
    let first = Self.pieces(of: FrameBuilder.udp(Self.payload), cuts: [48])
    _ = decode((0..<100).map { Self.frame4(first[0], identification: $0) }, with: &decoder)
    #expect(decoder.pendingFragments == 10)
    #expect(decoder.fragmentCounters.evicted == 90)
    let found = decode((0..<100).map { Self.frame4(first[1], identification: 99 - $0) }, with: &decoder)
    #expect(found.deliveries.count == 10)

    limits = FragmentLimits()
    limits.bytes = 100_000
    decoder = PacketDecoder(fragmentLimits: limits)
    let far = Piece(offset: 60_000, bytes: [UInt8](repeating: 0, count: 8), hasMore: true)
    _ = decode((0..<100).map { Self.frame4(far, identification: $0) }, with: &decoder)
    #expect(decoder.pendingFragments <= 2)
    #expect(decoder.fragmentCounters.evicted >= 98)
  }

  @Test
  func `a tunnel inside fragments and fragments inside a tunnel are followed`() {
    let inner = FrameBuilder.ipv4(FrameBuilder.udp(Self.payload))
    let outer: [UInt8] = [0, 0, 8, 0] + inner
    let frames = Self.pieces(of: outer, cuts: [16, 56]).map { piece in
      FrameBuilder.ethernet(
        FrameBuilder.ipv4(
          piece.bytes, transport: 47, fragmentation: UInt16(piece.offset / 8) | (piece.hasMore ? 0x2000 : 0)))
    }
    var decoder = PacketDecoder()
    let found = decode(frames, with: &decoder)
    #expect(found.payloads == [Self.payload])
    #expect(found.deliveries.first?.packet.tunnel.kind == .gre)
    let inside = Self.pieces(of: FrameBuilder.udp(Self.payload), cuts: [16, 56]).map { piece in
      FrameBuilder.ethernet(
        FrameBuilder.ipv4([0, 0, 8, 0] + Array(Self.frame4(piece).dropFirst(14)), transport: 47))
    }
    #expect(decode(inside, with: &decoder).payloads == [Self.payload])
  }

  @Test
  func `the frames of fragments within fragments are counted once each`() {
    let pieces = Self.pieces(of: FrameBuilder.udp(Self.payload), cuts: [56])
    var frames: [[UInt8]] = []
    for (number, piece) in pieces.enumerated() {
      let carried: [UInt8] = [0, 0, 8, 0] + Array(Self.frame4(piece).dropFirst(14))
      for part in Self.pieces(of: carried, cuts: [24]) {
        let fragmentation = UInt16(part.offset / 8) | (part.hasMore ? 0x2000 : 0)
        let carrier = FrameBuilder.ipv4(
          part.bytes, transport: 47, identification: UInt16(40 + number), fragmentation: fragmentation)
        frames.append(FrameBuilder.ethernet(carrier))
      }
    }
    var decoder = PacketDecoder()
    let found = decode(frames + [Self.frame4(Piece(offset: 0, bytes: [1], hasMore: false))], with: &decoder)
    #expect(found.payloads.first == Self.payload)
    #expect(found.deliveries.first?.packet.frames == Frames(4, bytes: frames.map(\.count).reduce(0, +)))
  }

  @Test
  func `a packet of one frame has no earlier ones, and fragments of no packet are in none`() {
    let whole = FrameBuilder.ethernet(FrameBuilder.ipv4(FrameBuilder.udp(Self.payload)))
    let part = Self.pieces(of: FrameBuilder.udp(Self.payload), cuts: [48])[0]
    var decoder = PacketDecoder()
    let found = decode([whole, Self.frame4(part), whole], with: &decoder)
    #expect(found.deliveries.map(\.packet.frames) == [Frames](repeating: Frames(1, bytes: 132), count: 2))
  }

  @Test
  func `buffers stay within their limit though packets grow after they began`() {
    var limits = FragmentLimits()
    limits.datagrams = 500
    limits.bytes = 300_000
    var decoder = PacketDecoder(fragmentLimits: limits)
    let small = Piece(offset: 0, bytes: [UInt8](repeating: 1, count: 8), hasMore: true)
    let far = Piece(offset: 65_000, bytes: [UInt8](repeating: 1, count: 8), hasMore: true)
    for piece in [small, far] {
      for identification in 0..<400 {
        _ = decode([Self.frame4(piece, identification: UInt16(identification))], with: &decoder)
        #expect(decoder.tables.fragments.bytes <= limits.bytes)
      }
    }
    #expect(decoder.fragmentCounters.evicted > 400)
  }

  @Test
  func `mutated fragments never trap and stay inside the limits`() {
    let seed: UInt64 = 77
    print("fragments: 6000 mutated inputs from seed \(seed)")
    var random = SeededRandom(seed: seed)
    var limits = FragmentLimits()
    limits.datagrams = 50
    limits.bytes = 200_000
    var decoder = PacketDecoder(fragmentLimits: limits)
    let seeds =
      Self.pieces(of: FrameBuilder.udp(Self.payload), cuts: [8, 48]).flatMap {
        [Self.frame4($0), Self.frame6($0)]
      }
    for round in 0..<6_000 {
      var frame = seeds[random.below(seeds.count)]
      for _ in 0..<random.below(3) { frame[14 + random.below(frame.count - 14)] = UInt8(random.below(256)) }
      let found = decode([frame], with: &decoder)
      #expect(found.payloads.allSatisfy { $0.count <= 65_535 }, "seed \(seed), round \(round)")
    }
    #expect(decoder.pendingFragments <= 50)
    #expect(decoder.counters.reassembled > 100)
  }
}

/// The frames that a packet came in.
private struct Frames: Equatable {
  var count: Int
  var bytes: Int

  init(_ count: Int, bytes: Int) {
    (self.count, self.bytes) = (count, bytes)
  }
}

extension Packet {
  fileprivate var frames: Frames {
    Frames(1 + Int(earlierFrames), bytes: originalLength + Int(earlierBytes))
  }
}
