import Packets
import Testing
import Values

struct LinkLayerTests {
  static let payload: [UInt8] = Array("hello".utf8)
  static let packet4 = FrameBuilder.ipv4(FrameBuilder.udp(payload))
  static let packet6 = FrameBuilder.ipv6(FrameBuilder.udp(payload))

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var linkType: Int32
    var frame: [UInt8]
    var version: UInt8 = 4
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "Ethernet", linkType: 1, frame: FrameBuilder.ethernet(packet4)),
    Case(name: "Ethernet IPv6", linkType: 1, frame: FrameBuilder.ethernet(packet6, type: 0x86dd), version: 6),
    Case(
      name: "802.3 with SNAP", linkType: 1,
      frame: FrameBuilder.ethernet(
        [0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + packet4, type: UInt16(8 + packet4.count))),
    Case(
      name: "802.3 with LLC IP", linkType: 1,
      frame: FrameBuilder.ethernet([6, 6, 3] + packet4, type: UInt16(3 + packet4.count))),
    Case(name: "null little-endian", linkType: 0, frame: [2, 0, 0, 0] + packet4),
    Case(name: "null big-endian", linkType: 0, frame: [0, 0, 0, 2] + packet4),
    Case(name: "null Linux IPv6", linkType: 0, frame: [10, 0, 0, 0] + packet6, version: 6),
    Case(name: "null NetBSD IPv6", linkType: 0, frame: [24, 0, 0, 0] + packet6, version: 6),
    Case(name: "null FreeBSD IPv6", linkType: 0, frame: [0, 0, 0, 28] + packet6, version: 6),
    Case(name: "null Darwin IPv6", linkType: 0, frame: [30, 0, 0, 0] + packet6, version: 6),
    Case(name: "OpenBSD loopback", linkType: 108, frame: [0, 0, 0, 2] + packet4),
    Case(name: "raw 12", linkType: 12, frame: packet4),
    Case(name: "raw 14", linkType: 14, frame: packet4),
    Case(name: "raw 101", linkType: 101, frame: packet6, version: 6),
    Case(name: "IPv4 228", linkType: 228, frame: packet4),
    Case(name: "IPv6 229", linkType: 229, frame: packet6, version: 6),
    Case(
      name: "cooked", linkType: 113,
      frame: [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0x08, 0x00] + packet4),
    Case(
      name: "cooked with VLAN", linkType: 113,
      frame: [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0x81, 0x00]
        + FrameBuilder.vlan(packet6, identifier: 5, type: 0x86dd), version: 6),
    Case(
      name: "cooked 2", linkType: 276,
      frame: [0x86, 0xdd, 0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0] + packet6, version: 6),
    Case(name: "PPP with HDLC", linkType: 9, frame: [0xff, 3, 0, 0x21] + packet4),
    Case(name: "PPP without HDLC", linkType: 9, frame: [0, 0x57] + packet6, version: 6),
    Case(name: "PPP compressed protocol", linkType: 50, frame: [0xff, 3, 0x21] + packet4),
    Case(name: "PPP bridged", linkType: 9, frame: [0, 0x31, 0, 1] + FrameBuilder.ethernet(packet4)),
    Case(name: "PPP multilink", linkType: 9, frame: [0, 0x3d, 0xc0, 0, 0, 1, 0x21] + packet4),
    Case(name: "PPP with direction", linkType: 204, frame: [1, 0xff, 3, 0, 0x21] + packet4),
    Case(name: "PPP of the daemon", linkType: 166, frame: [1, 3, 0, 0x21] + packet4),
    Case(
      name: "PPPoE", linkType: 1,
      frame: FrameBuilder.ethernet(
        [0x11, 0, 0, 7] + FrameBuilder.word(UInt16(packet4.count + 2)) + [0, 0x21] + packet4, type: 0x8864)),
    Case(
      name: "PPPoE link type", linkType: 51,
      frame: [0x11, 0, 0, 7] + FrameBuilder.word(UInt16(packet4.count + 2)) + [0, 0x21] + packet4),
    Case(
      name: "MPLS", linkType: 1,
      frame: FrameBuilder.ethernet([0, 1, 0, 64, 0, 2, 1, 64] + packet4, type: 0x8847)),
    Case(
      name: "MPLS IPv6", linkType: 1, frame: FrameBuilder.ethernet([0, 2, 1, 64] + packet6, type: 0x8847),
      version: 6),
    Case(
      name: "MPLS pseudo-wire", linkType: 1,
      frame: FrameBuilder.ethernet(
        [0, 2, 1, 64, 0, 0, 0, 0] + FrameBuilder.ethernet(packet4), type: 0x8847)),
    Case(
      name: "MPLS pseudo-wire without control word", linkType: 1,
      frame: FrameBuilder.ethernet([0, 2, 1, 64] + FrameBuilder.ethernet(packet4), type: 0x8848)),
    Case(
      name: "VN-Tag", linkType: 1,
      frame: FrameBuilder.ethernet([0, 1, 2, 3, 8, 0] + packet4, type: 0x8926)),
    Case(
      name: "802.1ah", linkType: 1,
      frame: FrameBuilder.ethernet([0, 1, 2, 3] + FrameBuilder.ethernet(packet4), type: 0x88e7)),
    Case(name: "Cisco HDLC", linkType: 104, frame: [0x0f, 0, 8, 0] + packet4),
    Case(name: "frame relay NLPID", linkType: 107, frame: [0x18, 0x41, 3, 0xcc] + packet4),
    Case(name: "frame relay padded", linkType: 107, frame: [0x18, 0x41, 3, 0, 0x8e] + packet6, version: 6),
    Case(
      name: "frame relay SNAP", linkType: 107, frame: [0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0] + packet4),
    Case(name: "frame relay Cisco", linkType: 107, frame: [0x18, 0x41, 8, 0] + packet4),
    Case(name: "ATM LLC", linkType: 100, frame: [0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + packet4),
    Case(
      name: "ATM LLC bridged", linkType: 100,
      frame: [0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7, 0, 0] + FrameBuilder.ethernet(packet4)),
    Case(name: "ATM NLPID", linkType: 11, frame: [0xfe, 0xfe, 3, 0xcc] + packet4),
    Case(name: "ATM CLIP", linkType: 106, frame: packet4),
    Case(name: "802.11", linkType: 105, frame: wireless + packet4),
    Case(
      name: "802.11 QoS four addresses", linkType: 105,
      frame: [0x88, 3] + [UInt8](repeating: 1, count: 28) + [0, 0] + [0xaa, 0xaa, 3, 0, 0, 0, 0x86, 0xdd]
        + packet6,
      version: 6),
    Case(
      name: "radiotap", linkType: 127,
      frame: [0, 0, 9, 0, 2, 0, 0, 0, 0x10] + wireless + packet4),
    Case(
      name: "radiotap padded", linkType: 127,
      frame: [0, 0, 17, 0, 3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x20] + [0x88, 1]
        + [UInt8](repeating: 1, count: 22) + [0, 0, 0, 0] + [0xaa, 0xaa, 3, 0, 0, 0, 8, 0] + packet4),
    Case(name: "PPI", linkType: 192, frame: [0, 0, 8, 0, 105, 0, 0, 0] + wireless + packet4),
    Case(name: "Prism", linkType: 119, frame: [UInt8](repeating: 0, count: 144) + wireless + packet4),
    Case(
      name: "AVS", linkType: 163,
      frame: [0x80, 0x21, 0x10, 1, 0, 0, 0, 64] + [UInt8](repeating: 0, count: 56) + wireless + packet4),
    Case(
      name: "netfilter log", linkType: 239,
      frame: [2, 0, 0, 0, 5, 0, 1, 0, 9, 0, 0, 0] + [UInt8(packet4.count + 4), 0] + [9, 0] + packet4),
    Case(name: "pflog", linkType: 117, frame: [61, 2] + [UInt8](repeating: 0, count: 62) + packet4),
    Case(name: "enc", linkType: 109, frame: [UInt8](repeating: 0, count: 12) + packet4),
    Case(name: "ipnet", linkType: 226, frame: [UInt8](repeating: 0, count: 24) + packet6, version: 6),
    Case(
      name: "InfiniBand", linkType: 242,
      frame: [UInt8](repeating: 0, count: 40) + [8, 0, 0, 0] + packet4),
    Case(
      name: "Juniper Ethernet", linkType: 178,
      frame: [0x4d, 0x47, 0x43, 0x80, 0, 2, 9, 9] + FrameBuilder.ethernet(packet4)),
    Case(name: "ERF Ethernet", linkType: 197, frame: record(2) + [0, 0] + FrameBuilder.ethernet(packet4)),
    Case(
      name: "ERF Ethernet behind two further headers", linkType: 197,
      frame: record(0x80 | 11) + [0x83, 1, 2, 3, 4, 5, 6, 7] + [3, 1, 2, 3, 4, 5, 6, 7] + [0, 0]
        + FrameBuilder.ethernet(packet6, type: 0x86dd), version: 6),
    Case(name: "ERF IPv4", linkType: 197, frame: record(22) + packet4),
    Case(name: "ERF IPv6", linkType: 197, frame: record(23) + packet6, version: 6),
    Case(name: "ERF HDLC", linkType: 197, frame: record(1) + [0x0f, 0, 8, 0] + packet4),
    Case(name: "ERF PPP", linkType: 197, frame: record(10) + [0xff, 3, 0, 0x21] + packet4),
    Case(
      name: "ERF PPP in a channel", linkType: 197,
      frame: record(5) + [0, 0, 0, 1, 0xff, 3, 0, 0x21] + packet4),
    Case(
      name: "exported message", linkType: 252,
      frame: tag(12, Array("sip\0".utf8)) + tag(20, [192, 0, 2, 1]) + tag(21, [192, 0, 2, 2])
        + tag(24, [0, 0, 0, 3]) + tag(25, [0, 0, 0x13, 0xc4]) + tag(26, [0, 0, 0x13, 0xc5]) + tag(0, [])
        + payload),
    Case(
      name: "exported message over IPv6", linkType: 252,
      frame: tag(10, [0, 0, 0, 68]) + tag(22, address6) + tag(23, address6) + tag(24, [0, 0, 0, 2])
        + tag(25, [0, 0, 0x13, 0xc4]) + tag(26, [0, 0, 0x13, 0xc5]) + tag(99, [1, 2]) + tag(0, []) + payload,
      version: 6),
    Case(name: "exported IPv4", linkType: 252, frame: tag(12, Array("ip\0\0".utf8)) + tag(0, []) + packet4),
    Case(
      name: "exported IPv6", linkType: 252, frame: tag(12, Array("ipv6".utf8)) + tag(0, []) + packet6,
      version: 6),
    Case(
      name: "switch tag of four bytes", linkType: 284,
      frame: [UInt8](repeating: 2, count: 12) + [0x40, 0, 0, 0, 8, 0] + packet4),
    Case(
      name: "switch tag of eight bytes", linkType: 285,
      frame: [UInt8](repeating: 2, count: 12) + [0xda, 0xda, 0, 0, 0x40, 0, 0, 0, 8, 0] + packet4),
    Case(name: "switch tag in front", linkType: 282, frame: [1, 2, 3, 4] + FrameBuilder.ethernet(packet4)),
  ]

  /// The header of an ERF record of a type.
  static func record(_ type: UInt8, wireLength: UInt8 = 0) -> [UInt8] {
    [1, 2, 3, 4, 5, 6, 7, 8, type, 4, 0, 99, 0, 0, 0, wireLength]
  }

  /// A tag of an exported message.
  static func tag(_ type: UInt8, _ value: [UInt8]) -> [UInt8] { [0, type, 0, UInt8(value.count)] + value }

  static let address6: [UInt8] = [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]

  /// An unencrypted 802.11 data frame up to its LLC header.
  static let wireless: [UInt8] =
    [0x08, 1] + [UInt8](repeating: 1, count: 22) + [0xaa, 0xaa, 3, 0, 0, 0, 8, 0]

  @Test(arguments: cases)
  func `each link type leads to the payload`(example: Case) {
    let found = decode(example.frame, linkType: LinkType(rawValue: example.linkType))
    #expect(found.faultNames == [])
    #expect(found.payloads == [Self.payload])
    #expect(found.deliveries.first?.packet.ipVersion == example.version)
    #expect(found.deliveries.first?.packet.sourcePort == 5060)
  }

  @Test(arguments: cases)
  func `every truncation is a named fault or a truncated packet`(example: Case) {
    for length in example.frame.indices {
      let cut = Array(example.frame[..<length])
      let found = decode(
        cut, linkType: LinkType(rawValue: example.linkType), originalLength: example.frame.count)
      let delivered = found.deliveries.first?.packet.isTruncated
      #expect(found.faults.count == 1 || delivered == true, "cut at \(length)")
      #expect(found.faults.allSatisfy { $0.available < $0.needed })
    }
  }

  @Test
  func `VLAN identifiers are kept and counted`() {
    var decoder = PacketDecoder()
    let inner = FrameBuilder.vlan(Self.packet4, identifier: 200)
    let double = FrameBuilder.ethernet(
      FrameBuilder.vlan(inner, identifier: 100, type: 0x8100), type: 0x88a8)
    let single = FrameBuilder.ethernet(inner, type: 0x9100)
    let found = decode([double, single], with: &decoder)
    #expect(found.deliveries.map(\.packet.outerVLAN) == [100, 200])
    #expect(found.deliveries.map(\.packet.innerVLAN) == [200, 0])
    #expect(found.deliveries.map(\.packet.vlanCount) == [2, 1])
    #expect(decoder.counters.vlan == 2)
    #expect(decoder.counters.qinq == 1)
  }

  @Test
  func `an endless stack of VLAN tags ends with a fault`() {
    var stack = Self.packet4
    for _ in 0..<300 { stack = FrameBuilder.vlan(stack, identifier: 1, type: 0x8100) }
    let found = decode(FrameBuilder.ethernet(stack, type: 0x8100))
    #expect(found.faultNames == ["link.too_many_layers"])
    #expect(found.deliveries.isEmpty)
  }

  @Test
  func `an unsupported link type is one fault and counted for each frame`() {
    var decoder = PacketDecoder()
    let found = decode([[1, 2], [3, 4], [5]], linkType: LinkType(rawValue: 147), with: &decoder)
    #expect(found.faultNames == ["link.unsupported_type"])
    #expect(decoder.counters.unsupportedLinkType == 3)
    #expect(decoder.counters.packets == 3)
  }

  @Test
  func `ERF records without a frame are counted, and endless headers end with the frame`() {
    var decoder = PacketDecoder()
    let statistics = Self.record(26) + [1, 2, 3, 4]
    let endless = Self.record(0x80 | 2) + [UInt8](repeating: 0xff, count: 60_000)
    let found = decode([statistics, endless], linkType: LinkType(rawValue: 197), with: &decoder)
    #expect(found.faultNames == ["link.truncated"])
    #expect(found.deliveries.isEmpty)
    #expect(decoder.counters.unknownEthertype == 1)
  }

  @Test
  func `a frame that the card has cut is no broken one`() {
    let frame = FrameBuilder.ethernet(Self.packet4)
    let wireLength = UInt8(frame.count + 4)
    let link = LinkType(rawValue: 197)
    let whole = decode(Self.record(2, wireLength: wireLength) + [0, 0] + frame, linkType: link)
    #expect(whole.faults.isEmpty && whole.deliveries.map(\.packet.isTruncated) == [false])
    let cut = decode(Self.record(2, wireLength: wireLength) + [0, 0] + frame.dropLast(), linkType: link)
    #expect(cut.faults.isEmpty && cut.deliveries.map(\.packet.isTruncated) == [true])
    let broken = decode(
      Self.record(2, wireLength: wireLength - 1) + [0, 0] + frame.dropLast(), linkType: link)
    #expect(broken.faultNames == ["ipv4.truncated"])
  }

  @Test
  func `exported messages of nobody are counted, and one of a stream is whole`() {
    var decoder = PacketDecoder()
    let nobody = Self.tag(12, Array("syslog\0\0".utf8)) + Self.tag(0, []) + Self.payload
    let found = decode([nobody], linkType: LinkType(rawValue: 252), with: &decoder)
    #expect(found.faults.isEmpty && found.deliveries.isEmpty)
    #expect(decoder.counters.unknownEthertype == 1)
    let whole = Self.cases.filter { $0.name == "exported message over IPv6" }.map(\.frame)
    let packets = decode(whole, linkType: LinkType(rawValue: 252), with: &decoder).deliveries.map(\.packet)
    #expect(packets.map(\.transport) == [.tcp] && packets.allSatisfy(\.isWhole))
    #expect(packets.map(\.ipLength) == [40 + Self.payload.count])
    #expect(packets.map(\.destinationPort) == [5061])
  }

  @Test
  func `frames that carry no IP are counted and deliver nothing`() {
    var decoder = PacketDecoder()
    let arp = FrameBuilder.ethernet([UInt8](repeating: 0, count: 28), type: 0x0806)
    let discovery = FrameBuilder.ethernet([1, 2, 3], type: 0x88cc)
    let spanningTree = FrameBuilder.ethernet([0x42, 0x42, 3, 0, 0], type: 5)
    let found = decode([arp, discovery, spanningTree], with: &decoder)
    #expect(found.deliveries.isEmpty)
    #expect(found.faults.isEmpty)
    #expect(decoder.counters.arp == 1)
    #expect(decoder.counters.unknownEthertype == 1)
    #expect(decoder.counters.llc == 1)
  }
}
