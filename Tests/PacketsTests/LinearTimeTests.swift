import Packets
import Testing
import Values

/// The nastiest frames that we know, doubled.
struct LinearTimeTests {
  struct Input: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Int) -> [[UInt8]]
    var testDescription: String { name }

    init(_ name: String, _ make: @escaping @Sendable (Int) -> [[UInt8]]) {
      (self.name, self.make) = (name, make)
    }
  }

  private static func repeated(_ unit: [UInt8], _ count: Int) -> [UInt8] {
    Array(repeatElement(unit, count: count).joined())
  }

  // MARK: IP fragments

  private static let unit: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]

  /// A fragment at a number of units of eight bytes.
  private static func fragment(
    _ place: Int, of identification: Int = 7, _ data: [UInt8] = unit, hasMore: Bool = true
  ) -> [UInt8] {
    FrameBuilder.ethernet(
      FrameBuilder.ipv4(
        data, identification: UInt16(truncatingIfNeeded: identification),
        fragmentation: UInt16(place) | (hasMore ? 0x2000 : 0)))
  }

  private static func fragment6(_ place: Int) -> [UInt8] {
    let header: [UInt8] = [17, 0] + FrameBuilder.word(UInt16(place * 8) | 1) + [0, 0, 0, 7]
    return FrameBuilder.ethernet(FrameBuilder.ipv6(header + unit, next: 44), type: 0x86dd)
  }

  static let fragments: [Input] = [
    Input("fragments in order") { size in (0..<size).map { fragment($0) } },
    Input("fragments backwards") { size in (0..<size).reversed().map { fragment($0) } },
    Input("IPv6 fragments backwards") { size in (0..<size).reversed().map { fragment6($0) } },
    Input("every other fragment, then the others") { size in
      (0..<size).map { fragment($0 * 2 < size ? $0 * 2 : ($0 * 2 - size) | 1) }
    },
    Input("the same fragment again") { size in (0..<size).map { _ in fragment(3) } },
    Input("overlaps that shift by one unit") { size in (0..<size).map { fragment($0, repeated(unit, 20)) } },
    Input("large fragments over many small ones") { size in
      (0..<size).map { $0 * 2 < size ? fragment($0 * 2) : fragment(0, repeated(unit, 180)) }
    },
    Input("a packet for each fragment, far out") { size in (0..<size).map { fragment(8180, of: $0) } },
    Input("packets of two fragments") { size in
      (0..<size).map { fragment($0 & 1, of: $0 / 2, hasMore: $0 & 1 == 0) }
    },
    Input("ends that disagree") { size in (0..<size).map { fragment($0, hasMore: false) } },
  ]

  // MARK: SCTP

  private static func data(_ sequence: Int, flags: UInt8, _ bytes: [UInt8] = [1]) -> [UInt8] {
    let number = UInt32(truncatingIfNeeded: sequence)
    let chunk: [UInt8] = [0, flags] + FrameBuilder.word(UInt16(16 + bytes.count))
    let numbers = FrameBuilder.word(UInt16(number >> 16)) + FrameBuilder.word(UInt16(number & 0xffff))
    let padding = [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    return chunk + numbers + [0, 1, 0, 2, 0, 0, 0, 9] + bytes + padding
  }

  private static func association(_ chunks: [UInt8]) -> [UInt8] {
    let header: [UInt8] = FrameBuilder.word(5060) + FrameBuilder.word(5061) + [1, 2, 3, 4, 0, 0, 0, 0]
    return FrameBuilder.ethernet(FrameBuilder.ipv4(header + chunks, transport: 132))
  }

  static let associations: [Input] = [
    Input("SCTP: many chunks in a packet") { size in
      [association((0..<size).flatMap { data($0, flags: 3, []) })]
    },
    Input("SCTP: chunks without data") { size in [association(repeated([3, 0, 0, 4], size))] },
    Input("SCTP: fragments in order without end") { size in (0..<size).map { association(data($0, flags: 0)) }
    },
    Input("SCTP: fragments backwards") { size in
      (0..<size).reversed().map { association(data($0, flags: 0)) }
    },
    Input("SCTP: a long chain of runs that grows at its end") { size in
      (0..<size).map { association(data($0 < 64 ? 64 - $0 : $0 + 1, flags: 0)) }
    },
    Input("SCTP: beginnings only") { size in (0..<size).map { association(data($0, flags: 2)) } },
    Input("SCTP: the same fragment again") { size in (0..<size).map { _ in association(data(5, flags: 2)) } },
    Input("SCTP: messages of two fragments, the last one first") { size in
      (0..<size).map { association(data($0 ^ 1, flags: $0 & 1 == 0 ? 1 : 2)) }
    },
  ]

  // MARK: Layers

  private static func ethernet(_ payload: [UInt8], _ type: UInt16) -> [UInt8] {
    FrameBuilder.ethernet(payload, type: type)
  }

  /// One frame whose headers repeat a unit; frames of 64 such layers where the number of layers is limited.
  static let layers: [Input] = [
    Input("MPLS labels") { size in [ethernet(repeated([0, 1, 0, 64], size), 0x8847)] },
    Input("MPLS labels in MPLS") { size in
      [ethernet(repeated([0, 1, 1, 64, 0, 0, 0, 0] + unit, size), 0x8847)]
        + (0..<size).map { _ in ethernet(repeated([0, 1, 1, 64], 40), 0x8847) }
    },
    Input("VLAN tags") { size in
      (0..<size / 16).map { _ in ethernet(repeated([0, 1, 0x81, 0], 100), 0x8100) }
    },
    Input("IPv6 options") { size in
      [ethernet(FrameBuilder.ipv6(repeated([60, 0, 1, 4, 0, 0, 0, 0], size), next: 60), 0x86dd)]
    },
    Input("IPv6 fragment headers of whole packets") { size in
      [ethernet(FrameBuilder.ipv6(repeated([44, 0, 0, 0, 0, 0, 0, 1], size), next: 44), 0x86dd)]
    },
    Input("IPv6 in IPv6") { size in
      let header = FrameBuilder.ipv6([], next: 41, payloadLength: 0)
      return (0..<size / 16).map { _ in ethernet(repeated(header, 40), 0x86dd) }
    },
    Input("authentication headers") { size in
      let header: [UInt8] = [51, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
      return (0..<size / 16).map { _ in ethernet(FrameBuilder.ipv6(repeated(header, 100), next: 51), 0x86dd) }
    },
    Input("GRE source routes") { size in
      let routes = repeated([0, 1, 0, 4, 1, 2, 3, 4], size)
      return [ethernet(FrameBuilder.ipv4([0x40, 0, 8, 0, 0, 0, 0, 0] + routes, transport: 47), 0x0800)]
    },
    Input("GRE in GRE") { size in
      let inner: [UInt8] = Array(FrameBuilder.ipv4([0, 0, 8, 0], transport: 47, totalLength: 1000))
      return (0..<size / 16).map { _ in ethernet(repeated(inner, 40), 0x0800) }
    },
    Input("ESP without encryption") { size in
      let padding: [UInt8] = (1...250).map { UInt8($0) }
      let packet: [UInt8] = [0, 0, 0, 1] + unit + padding + [250, 4] + [UInt8](repeating: 0, count: 16)
      return (0..<size / 16).map { _ in ethernet(FrameBuilder.ipv4(packet, transport: 50), 0x0800) }
    },
  ]

  @Test(arguments: fragments + associations + layers)
  func `decoding frames takes time that is linear in their length`(input: Input) {
    expectLinear(input.name) { size in
      let frames = input.make(size)
      var decoder = PacketDecoder()
      return Work.steps { _ = decode(frames, with: &decoder) }
    }
  }

  /// Segments of one TCP direction: place and length.
  static let segments: [(name: String, make: @Sendable (Int) -> (place: Int, count: Int))] = [
    ("backwards", { (100_000 - $0 * 2, 2) }), ("every other byte", { ($0 * 2 + 1, 1) }),
    ("the same segment again", { _ in (10, 5) }), ("overlaps that shift by one", { ($0 + 1, 100) }),
    ("a long segment over many short ones", { $0 & 63 == 63 ? (1, 1400) : ($0 % 64 * 20 + 1, 1) }),
    ("in order", { ($0, 1) }),
  ]

  @Test(arguments: segments.indices)
  func `ordering segments takes time that is linear in their number and length`(index: Int) {
    expectLinear("TCP: \(Self.segments[index].name)") { size in
      var harness = TCPHarness()
      harness.connect()
      return Work.steps {
        for number in 0..<size {
          let (place, count) = Self.segments[index].make(number)
          harness.send(.forward, UInt32(100 + place), [UInt8](repeating: 7, count: count))
        }
        harness.flush()
      }
    }
  }
}
