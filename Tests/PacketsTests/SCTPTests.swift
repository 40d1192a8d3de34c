import Packets
import Testing
import Values

struct SCTPTests {
  static let message: [UInt8] = (0..<40).map { UInt8($0) }

  private func data(
    _ bytes: [UInt8], sequence: UInt8, isBeginning: Bool = true, isEnd: Bool = true
  ) -> [UInt8] {
    let flags: UInt8 = (isBeginning ? 2 : 0) | (isEnd ? 1 : 0)
    let header: [UInt8] = [0, flags] + FrameBuilder.word(UInt16(16 + bytes.count))
    let padding = [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    return header + [0, 0, 0, sequence, 0, 1, 0, 2, 0, 0, 0, 9] + bytes + padding
  }

  private func frame(_ chunks: [UInt8]...) -> [UInt8] {
    let header: [UInt8] = FrameBuilder.word(5060) + FrameBuilder.word(5061) + [1, 2, 3, 4, 0, 0, 0, 0]
    return FrameBuilder.ethernet(FrameBuilder.ipv4(header + chunks.flatMap { $0 }, transport: 132))
  }

  @Test
  func `each DATA chunk is one payload`() {
    let found = decode(
      frame([3, 0, 0, 8, 0, 0, 0, 0], data([1, 2, 3], sequence: 1), data([4], sequence: 2)))
    #expect(found.payloads == [[1, 2, 3], [4]])
    #expect(found.deliveries.map(\.packet.sctpPayloadProtocol) == [9, 9])
    #expect(found.deliveries.map { $0.packet.traits.contains(.continued) } == [false, true])
    #expect(found.deliveries.first?.packet.destinationPort == 5061)
    #expect(found.faults.isEmpty)
  }

  @Test
  func `a retransmitted message is given once, another one with its number twice`() {
    var decoder = PacketDecoder()
    let first = frame(data([1, 2, 3], sequence: 1), data([4], sequence: 2))
    let found = decode([first, first, frame(data([5], sequence: 1))], with: &decoder)
    #expect(found.payloads == [[1, 2, 3], [4], [], [5]])
    #expect(decoder.sctpCounters.duplicates == 2)
  }

  @Test
  func `a chain of many runs is joined by its last fragment`() {
    var decoder = PacketDecoder()
    var parts: [[UInt8]] = []
    for index: UInt8 in 0..<60 {
      parts.append(frame(data([index], sequence: index, isBeginning: index == 0, isEnd: index == 59)))
    }
    // Every other one backwards, so that no run grows, then the others.
    let even: [Int] = Array(stride(from: 58, through: 0, by: -2))
    let odd: [Int] = Array(stride(from: 1, through: 59, by: 2))
    let found = decode((even + odd).map { parts[$0] }, with: &decoder)
    let whole: [UInt8] = Array(0..<60)
    #expect(found.payloads.filter { !$0.isEmpty } == [whole])
    #expect(decoder.tables.sctpFragments.entries == 0)
  }

  @Test
  func `a packet without user data is given once with nothing`() {
    let found = decode(frame([4, 0, 0, 8, 0, 0, 0, 0]))
    #expect(found.payloads == [[]])
  }

  @Test
  func `fragments of a message in every order give it once`() {
    let parts = [
      frame(data(Array(Self.message[..<10]), sequence: 7, isEnd: false)),
      frame(data(Array(Self.message[10..<20]), sequence: 8, isBeginning: false, isEnd: false)),
      frame(data(Array(Self.message[20..<33]), sequence: 9, isBeginning: false, isEnd: false)),
      frame(data(Array(Self.message[33...]), sequence: 10, isBeginning: false)),
    ]
    for order in permutations([0, 1, 2, 3]) {
      var decoder = PacketDecoder()
      let frames = order.flatMap { [parts[$0], parts[$0]] }.dropLast()
      let found = decode(Array(frames), with: &decoder)
      #expect(found.payloads.filter { !$0.isEmpty } == [Self.message], "\(order)")
      #expect(found.deliveries.last?.packet.sctpPayloadProtocol == 9)
      #expect(decoder.sctpCounters.reassembled == 1)
      #expect(decoder.sctpCounters.duplicates == 3)
    }
  }

  private func permutations(_ elements: [Int]) -> [[Int]] {
    guard elements.count > 1 else { return [elements] }
    return elements.indices.flatMap { index in
      var rest = elements
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  @Test
  func `interleaved fragments of I-DATA belong to their messages`() {
    func chunk(_ bytes: [UInt8], message: UInt8, fragment: UInt8, flags: UInt8) -> [UInt8] {
      [64, flags] + FrameBuilder.word(UInt16(20 + bytes.count))
        + [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, message, 0, 0, 0, fragment] + bytes
    }
    var decoder = PacketDecoder()
    let found = decode(
      [
        frame(chunk([1, 1, 1, 1], message: 1, fragment: 9, flags: 2)),
        frame(chunk([2, 2, 2, 2], message: 2, fragment: 9, flags: 2)),
        frame(chunk([2, 2, 2, 3], message: 2, fragment: 1, flags: 1)),
        frame(chunk([1, 1, 1, 2], message: 1, fragment: 1, flags: 1)),
      ], with: &decoder)
    #expect(found.payloads.filter { !$0.isEmpty } == [[2, 2, 2, 2, 2, 2, 2, 3], [1, 1, 1, 1, 1, 1, 1, 2]])
    #expect(found.deliveries.last?.packet.sctpPayloadProtocol == 9)
  }

  @Test
  func `a chunk length that does not fit is a fault behind the chunks that do`() {
    for bad in [[9, 0, 0, 3], [9, 0, 0, 99, 1, 2, 3, 4]] as [[UInt8]] {
      let found = decode(frame(data([1, 2, 3, 4], sequence: 1), bad))
      #expect(found.payloads == [[1, 2, 3, 4]])
      #expect(found.faultNames == ["sctp.bad_chunk_length"])
    }
  }

  @Test
  func `mutated SCTP packets never trap and fragments stay inside the limit`() {
    let seed: UInt64 = 99
    print("SCTP: 20000 mutated inputs from seed \(seed)")
    var random = SeededRandom(seed: seed)
    var decoder = PacketDecoder()
    for round in 0..<20_000 {
      let flags = UInt8(random.below(4))
      var bytes = frame(
        data(
          Array(Self.message[..<(1 + random.below(39))]), sequence: UInt8(random.below(256)),
          isBeginning: flags & 2 != 0, isEnd: flags & 1 != 0))
      for _ in 0..<random.below(3) { bytes[34 + random.below(bytes.count - 34)] = UInt8(random.below(256)) }
      if random.below(4) == 0 { bytes.removeLast(random.below(20)) }
      let found = decode([bytes], with: &decoder)
      #expect(found.payloads.allSatisfy { $0.count <= 128 * 1024 }, "seed \(seed), round \(round)")
    }
    #expect(decoder.sctpCounters.reassembled > 10)
    #expect(decoder.sctpCounters.evicted > 10)
  }
}
