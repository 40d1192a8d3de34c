import Packets
import Testing
import Values

struct MutationTests {
  /// Seeds of hostile inputs: a valid frame of every kind that the other tests build.
  static var seeds: [(linkType: Int32, frame: [UInt8])] {
    LinkLayerTests.cases.map { ($0.linkType, $0.frame) }
      + TunnelTests.cases.map { (1, FrameBuilder.ethernet($0.packet)) }
      + NetworkLayerTests.faultCases.map { (1, FrameBuilder.ethernet($0.packet, type: $0.type)) }
  }

  @Test
  func `mutated frames never trap and deliver only bytes of the frame`() {
    let seed: UInt64 = 0x52_49_4e_47
    print("frames: 60000 mutated inputs from seed \(seed)")
    var random = SeededRandom(seed: seed)
    var decoder = PacketDecoder()
    let seeds = Self.seeds
    for round in 0..<60_000 {
      let chosen = seeds[random.below(seeds.count)]
      var frame = chosen.frame
      for _ in 0...random.below(4) where !frame.isEmpty {
        switch random.below(4) {
        case 0: frame[random.below(frame.count)] = UInt8(truncatingIfNeeded: random.next())
        case 1: frame[random.below(frame.count)] ^= 1 << UInt8(random.below(8))
        case 2: frame.removeLast(random.below(frame.count))
        default: frame.insert(contentsOf: frame.prefix(random.below(40)), at: random.below(frame.count + 1))
        }
      }
      let found = decode([frame], linkType: LinkType(rawValue: chosen.linkType), with: &decoder)
      // What was put together is as long as its fragments.
      let own = found.deliveries.filter { !$0.packet.traits.contains(.reassembled) }
      #expect(own.allSatisfy { $0.payload.count <= frame.count }, "seed \(seed), round \(round)")
    }
    #expect(decoder.counters.packets == 60_000)
    #expect(decoder.counters.invalid > 1000)
    #expect(decoder.counters.delivered > 1000)
  }
}
