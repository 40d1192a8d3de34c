import Packets
import Testing
import Values

struct TunnelTests {
  static let payload: [UInt8] = Array("OPTIONS sip:x SIP/2.0\r\n".utf8)
  static let inner4 = FrameBuilder.ipv4(FrameBuilder.udp(payload, from: 7001, to: 7002))
  static let inner6 = FrameBuilder.ipv6(FrameBuilder.udp(payload, from: 7001, to: 7002))
  static let innerFrame = FrameBuilder.ethernet(inner4)

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var kind: Tunnel.Kind
    /// The outer IPv4 packet.
    var packet: [UInt8]
    var version: UInt8 = 4
    var depth: UInt8 = 1
    var identifier: UInt32 = 0
    var testDescription: String { name }
  }

  static func gre(_ header: [UInt8], _ inner: [UInt8]) -> [UInt8] {
    FrameBuilder.ipv4(header + inner, transport: 47)
  }

  static func udp(_ port: UInt16, _ header: [UInt8], _ inner: [UInt8]) -> [UInt8] {
    FrameBuilder.ipv4(FrameBuilder.udp(header + inner, from: 50_000, to: port))
  }

  static func espNull(_ inner: [UInt8], next: UInt8) -> [UInt8] {
    let padding = (4 - (inner.count + 2) % 4) % 4 + 4
    let trailer =
      (1...padding).map { UInt8($0) } + [UInt8(padding), next] + [UInt8](repeating: 0xaa, count: 12)
    return FrameBuilder.ipv4([0, 0, 1, 2, 0, 0, 0, 1] + inner + trailer, transport: 50)
  }

  static let cases: [Case] = [
    Case(name: "4in4", kind: .ipv4InIPv4, packet: FrameBuilder.ipv4(inner4, transport: 4)),
    Case(name: "6in4", kind: .ipv6InIPv4, packet: FrameBuilder.ipv4(inner6, transport: 41), version: 6),
    Case(name: "GRE", kind: .gre, packet: gre([0, 0, 8, 0], inner4)),
    Case(
      name: "GRE with checksum, key and sequence", kind: .gre,
      packet: gre([0xb0, 0, 0x86, 0xdd, 1, 2, 0, 0, 0, 0, 0, 77, 0, 0, 0, 1], inner6), version: 6,
      identifier: 77),
    Case(
      name: "GRE with source routes", kind: .gre,
      packet: gre([0x40, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0], inner4)),
    Case(name: "GRE Ethernet", kind: .gre, packet: gre([0, 0, 0x65, 0x58], innerFrame)),
    Case(
      name: "PPTP", kind: .gre,
      packet: gre([0x30, 0x81, 0x88, 0x0b, 0, 60, 0, 9, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 3, 0, 0x21], inner4),
      identifier: 60 << 16 | 9),
    Case(name: "ERSPAN I", kind: .erspan, packet: gre([0, 0, 0x88, 0xbe], innerFrame)),
    Case(
      name: "ERSPAN II", kind: .erspan,
      packet: gre([0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 1, 0, 33, 0, 0, 0, 0], innerFrame), identifier: 33),
    Case(
      name: "ERSPAN III", kind: .erspan,
      packet: gre(
        [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 1, 0, 34, 0, 0, 0, 0, 0, 0, 0, 0], innerFrame), identifier: 34
    ),
    Case(
      name: "ERSPAN III with platform header", kind: .erspan,
      packet: gre(
        [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 1, 0, 34, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8],
        innerFrame), identifier: 34),
    Case(
      name: "VXLAN", kind: .vxlan, packet: udp(4789, [8, 0, 0, 0, 0, 1, 2, 0], innerFrame), identifier: 258),
    Case(
      name: "VXLAN-GPE", kind: .vxlan, packet: udp(4790, [12, 0, 0, 2, 0, 0, 9, 0], inner6), version: 6,
      identifier: 9),
    Case(
      name: "GENEVE with options", kind: .geneve,
      packet: udp(6081, [2, 0, 0x65, 0x58, 0, 0, 5, 0, 1, 2, 3, 1, 4, 5, 6, 7], innerFrame), identifier: 5),
    Case(
      name: "GTP-U", kind: .gtpu, packet: udp(2152, [0x30, 0xff, 0, 0, 0, 0, 0, 8], inner4), identifier: 8),
    Case(
      name: "GTP-U with extension headers", kind: .gtpu,
      packet: udp(
        2152, [0x34, 0xff, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0x85, 1, 0, 0, 0xc0, 2, 1, 2, 3, 4, 5, 6, 0], inner6),
      version: 6, identifier: 8),
    Case(
      name: "L2TP", kind: .l2tp, packet: udp(1701, [0, 2, 0, 3, 0, 4, 0xff, 3, 0, 0x21], inner4),
      identifier: 3 << 16 | 4),
    Case(
      name: "L2TP with length, sequence and offset", kind: .l2tp,
      packet: udp(1701, [0x4a, 2, 0, 0, 0, 3, 0, 4, 0, 1, 0, 2, 0, 2, 9, 9, 0, 0x57], inner6), version: 6,
      identifier: 3 << 16 | 4),
    Case(
      name: "L2TPv3 over UDP", kind: .l2tp,
      packet: udp(1701, [0, 3, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4], innerFrame),
      identifier: 9),
    Case(
      name: "L2TPv3 over IP", kind: .l2tp,
      packet: FrameBuilder.ipv4([0, 0, 0, 9] + innerFrame, transport: 115),
      identifier: 9),
    Case(
      name: "TZSP", kind: .tzsp, packet: udp(37_008, [1, 0, 0, 1, 0, 10, 1, 0x55, 1], innerFrame)),
    Case(name: "Teredo", kind: .teredo, packet: udp(3544, [], inner6), version: 6),
    Case(
      name: "Teredo with authentication and origin", kind: .teredo,
      packet: udp(
        3544, [0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6], inner6), version: 6),
    Case(name: "EtherIP", kind: .etherIP, packet: FrameBuilder.ipv4([0x30, 0] + innerFrame, transport: 97)),
    Case(
      name: "MPLS in IP", kind: .mpls, packet: FrameBuilder.ipv4([0, 1, 0x01, 9] + inner4, transport: 137)),
    Case(name: "MPLS in UDP", kind: .mpls, packet: udp(6635, [0, 1, 0x01, 9], inner4)),
    Case(
      name: "ESP NULL", kind: .espNull,
      packet: espNull(FrameBuilder.udp(payload, from: 7001, to: 7002), next: 17), identifier: 258),
    Case(name: "ESP NULL tunnel mode", kind: .espNull, packet: espNull(inner4, next: 4), identifier: 258),
    Case(
      name: "VXLAN in GRE in IPv4", kind: .vxlan,
      packet: gre([0, 0, 8, 0], udp(4789, [8, 0, 0, 0, 0, 1, 2, 0], innerFrame)), depth: 2, identifier: 258),
  ]

  @Test(arguments: cases)
  func `each encapsulation leads to the inner payload and keeps the outer addresses`(example: Case) throws {
    let found = decode(FrameBuilder.ethernet(example.packet))
    #expect(found.faultNames == [])
    #expect(found.payloads == [Self.payload])
    let packet = try #require(found.deliveries.first?.packet)
    #expect(packet.sourcePort == 7001)
    #expect(packet.destinationPort == 7002)
    #expect(packet.ipVersion == example.version)
    #expect(packet.tunnel.kind == example.kind)
    #expect(packet.tunnel.depth == example.depth)
    #expect(packet.tunnel.identifier == example.identifier)
    #expect(packet.tunnel.source == IPAddress("192.0.2.1"))
    #expect(packet.tunnel.destination == IPAddress("198.51.100.7"))
  }

  @Test(arguments: cases)
  func `every truncation of an encapsulation ends without a trap and without a false payload`(example: Case) {
    let frame = FrameBuilder.ethernet(example.packet)
    for length in 0..<frame.count {
      let found = decode(Array(frame[..<length]), originalLength: frame.count)
      for delivery in found.deliveries where delivery.packet.sourcePort == 7001 {
        #expect(Self.payload.starts(with: delivery.payload))
      }
    }
  }

  @Test(arguments: [UInt16(4789), 6081, 2152, 1701, 37_008, 3544, 4500, 4754])
  func `SIP on a tunnel port stays SIP`(port: UInt16) {
    let found = decode(FrameBuilder.ethernet(Self.udp(port, Self.payload, [])))
    #expect(found.payloads == [Self.payload])
    #expect(found.deliveries.first?.packet.tunnel.depth == 0)
  }

  /// ESP with NULL encryption and as much padding as the alignment to four bytes asks for, no more (RFC 4303 §2.4).
  private static func shortESP(_ segment: [UInt8]) -> [UInt8] {
    let padding = (4 - (segment.count + 2) % 4) % 4
    let trailer =
      (0..<padding).map { UInt8($0 + 1) } + [UInt8(padding), 6] + [UInt8](repeating: 0xaa, count: 12)
    return FrameBuilder.ipv4([0, 0, 1, 2, 0, 0, 0, 1] + segment + trailer, transport: 50)
  }

  /// A segment with the checksum of RFC 9293 §3.1 between the addresses of the builder.
  private static func withChecksum(_ segment: [UInt8]) -> [UInt8] {
    let pseudoHeader: [UInt8] =
      [192, 0, 2, 1, 198, 51, 100, 7, 0, 6] + FrameBuilder.word(UInt16(segment.count))
    let all = pseudoHeader + segment + (segment.count % 2 == 0 ? [] : [0])
    var sum = stride(from: 0, to: all.count, by: 2).reduce(0) { $0 + Int(all[$1]) << 8 + Int(all[$1 + 1]) }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return segment[..<16] + FrameBuilder.word(UInt16(sum ^ 0xffff)) + segment[18...]
  }

  @Test(arguments: 0..<8)
  func `TCP in ESP without encryption is found whatever padding its length needs`(length: Int) {
    let data = Array("SIP/2.0 200 OK\r\n".utf8.prefix(9 + length))
    let segment = Self.withChecksum(FrameBuilder.tcp(data))
    let found = decode(FrameBuilder.ethernet(Self.shortESP(segment)))
    #expect(found.payloads == [data])
    #expect(found.deliveries.first?.packet.tunnel.kind == .espNull)
    // With hardly any padding the checksum is all that tells it from encrypted bytes.
    let hasPadding = (4 - (segment.count + 2) % 4) % 4 >= 2
    var broken = segment
    broken[17] ^= 1
    #expect((decode(FrameBuilder.ethernet(Self.shortESP(broken))).payloads == [data]) == hasPadding)
  }

  @Test
  func `nesting beyond the configured depth is a fault and a payload`() {
    var packet = Self.inner4
    for _ in 0..<4 { packet = FrameBuilder.ipv4(packet, transport: 4) }
    var decoder = PacketDecoder(maximumTunnelDepth: 3)
    let found = decode([FrameBuilder.ethernet(packet)], with: &decoder)
    #expect(found.faultNames == ["tunnel.too_deep"])
    #expect(found.deliveries.map(\.packet.transport.rawValue) == [4])
    decoder = PacketDecoder(maximumTunnelDepth: 4)
    let deeper = decode([FrameBuilder.ethernet(packet)], with: &decoder)
    #expect(deeper.payloads == [Self.payload])
    #expect(decoder.counters[.ipv4InIPv4] == 4)
  }

  @Test
  func `ports are not looked at without tunnel ports`() {
    var decoder = PacketDecoder(tunnelPorts: .none)
    let frame = FrameBuilder.ethernet(Self.udp(4789, [8, 0, 0, 0, 0, 1, 2, 0], Self.innerFrame))
    #expect(decode([frame], with: &decoder).deliveries.first?.packet.destinationPort == 4789)
    var ports = TunnelPorts.none
    ports.add(.vxlan, port: 5000)
    decoder = PacketDecoder(tunnelPorts: ports)
    let moved = FrameBuilder.ethernet(Self.udp(5000, [8, 0, 0, 0, 0, 1, 2, 0], Self.innerFrame))
    #expect(decode([moved], with: &decoder).payloads == [Self.payload])
  }

  @Test(arguments: [
    FrameBuilder.ethernet([0, 1, 8, 0, 6, 4, 0, 1], type: 0x0806),
    FrameBuilder.ethernet([0x45], type: 0x0800),
    FrameBuilder.ethernet([1, 2, 3], type: 0x88cc),
  ])
  func `a tunnel without a readable packet inside is a packet of its outer ends`(inner: [UInt8]) {
    let header: [UInt8] = [8, 0, 0, 0, 0, 0, 7, 0]
    let found = decode(FrameBuilder.ethernet(FrameBuilder.ipv4(FrameBuilder.udp(header + inner, to: 4789))))
    #expect(found.payloads == [[]])
    let packet = found.deliveries.first?.packet
    #expect(packet?.tunnel.depth == 0 && packet?.destinationPort == 4789)
    #expect(packet?.source == IPAddress(v4: 0xc000_0201) && packet?.transport == .udp)
  }
}
