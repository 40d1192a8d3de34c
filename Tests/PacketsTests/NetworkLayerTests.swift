import Packets
import Testing
import Values

struct NetworkLayerTests {
  static let payload: [UInt8] = Array("INVITE sip:a@b SIP/2.0\r\n".utf8)

  private func ethernet4(_ packet: [UInt8]) -> PacketCollector { decode(FrameBuilder.ethernet(packet)) }
  private func ethernet6(_ packet: [UInt8]) -> PacketCollector {
    decode(FrameBuilder.ethernet(packet, type: 0x86dd))
  }

  @Test
  func `every field of an IPv4 and UDP header is kept`() throws {
    let found = ethernet4(FrameBuilder.ipv4(FrameBuilder.udp(Self.payload), options: [1, 1, 1, 0]))
    let packet = try #require(found.deliveries.first?.packet)
    #expect(packet.source == IPAddress("192.0.2.1"))
    #expect(packet.destination == IPAddress("198.51.100.7"))
    #expect(packet.sourcePort == 5060)
    #expect(packet.destinationPort == 5062)
    #expect(packet.transport == .udp)
    #expect(packet.timeToLive == 64)
    #expect(packet.ipVersion == 4)
    #expect(packet.ipLength == 24 + 8 + Self.payload.count)
    #expect(packet.traits == [])
    #expect(packet.number == 1)
  }

  @Test
  func `every field of an IPv6 and TCP header is kept`() throws {
    let segment = FrameBuilder.tcp(
      Self.payload, sequence: 0xdead_beef, flags: [.psh, .ack], options: [1, 1, 1, 1])
    let found = ethernet6(FrameBuilder.ipv6(segment, next: 6))
    let packet = try #require(found.deliveries.first?.packet)
    #expect(found.payloads == [Self.payload])
    #expect(packet.source == IPAddress("2001:db8::1"))
    #expect(packet.destination == IPAddress("2001:db8::2"))
    #expect(packet.timeToLive == 61)
    #expect(packet.transport == .tcp)
    #expect(packet.tcpSequence == 0xdead_beef)
    #expect(packet.tcpAcknowledgement == 9)
    #expect(packet.tcpFlags == [.psh, .ack])
    #expect(packet.tcpWindow == 0x2000)
  }

  @Test
  func `Ethernet padding is not payload`() {
    let frame = FrameBuilder.ipv4(FrameBuilder.udp([1, 2])) + [UInt8](repeating: 0xee, count: 16)
    #expect(ethernet4(frame).payloads == [[1, 2]])
    let frame6 = FrameBuilder.ipv6(FrameBuilder.udp([1, 2])) + [UInt8](repeating: 0xee, count: 16)
    #expect(ethernet6(frame6).payloads == [[1, 2]])
  }

  @Test
  func `a length of zero means all that was captured`() {
    let offloaded = FrameBuilder.ipv4(FrameBuilder.udp(Self.payload), totalLength: 0)
    #expect(ethernet4(offloaded).payloads == [Self.payload])
    let jumbo = FrameBuilder.ipv6(FrameBuilder.udp(Self.payload, length: 0), payloadLength: 0)
    #expect(ethernet6(jumbo).payloads == [Self.payload])
    #expect(ethernet6(jumbo).faults.isEmpty)
  }

  @Test
  func `a payload that a snap length cut is delivered as truncated`() {
    let whole = FrameBuilder.ethernet(FrameBuilder.ipv4(FrameBuilder.udp(Self.payload)))
    let cut = Array(whole.dropLast(4))
    let snapped = decode(cut, originalLength: whole.count)
    #expect(snapped.payloads == [Array(Self.payload.dropLast(4))])
    #expect(snapped.deliveries.first?.packet.isTruncated == true)
    #expect(snapped.faults.isEmpty)
    let lying = decode(cut)
    #expect(lying.payloads == [Array(Self.payload.dropLast(4))])
    #expect(lying.faultNames == ["ipv4.truncated"])
    #expect(snapped.deliveries.first?.packet.uncapturedLength == 4)
    #expect(lying.deliveries.first?.packet.uncapturedLength == 0)
  }

  struct FaultCase: Sendable, CustomTestStringConvertible {
    var fault: String
    var packet: [UInt8]
    var isDelivered = false
    var type: UInt16 = 0x0800
    var testDescription: String { fault }
  }

  static let faultCases: [FaultCase] = [
    FaultCase(fault: "ipv4.bad_version", packet: [0x55] + FrameBuilder.ipv4([]).dropFirst()),
    FaultCase(fault: "ipv4.bad_header_length", packet: [0x44] + FrameBuilder.ipv4([]).dropFirst()),
    FaultCase(fault: "ipv4.bad_header_length", packet: [0x4f] + FrameBuilder.ipv4([]).dropFirst()),
    FaultCase(fault: "ipv4.bad_total_length", packet: FrameBuilder.ipv4([1, 2, 3], totalLength: 19)),
    FaultCase(fault: "ipv6.bad_version", packet: [0x50] + FrameBuilder.ipv6([]).dropFirst(), type: 0x86dd),
    FaultCase(
      fault: "ipv6.truncated", packet: FrameBuilder.ipv6(FrameBuilder.udp([]), payloadLength: 9),
      isDelivered: true, type: 0x86dd),
    FaultCase(
      fault: "ipv6.extension_truncated", packet: FrameBuilder.ipv6([17, 9, 0, 0, 0, 0, 0, 0], next: 60),
      type: 0x86dd),
    FaultCase(fault: "udp.truncated", packet: FrameBuilder.ipv4([1, 2, 3])),
    FaultCase(
      fault: "udp.bad_length", packet: FrameBuilder.ipv4(FrameBuilder.udp([1], length: 7)), isDelivered: true),
    FaultCase(
      fault: "udp.bad_length", packet: FrameBuilder.ipv4(FrameBuilder.udp([1], length: 10)), isDelivered: true
    ),
    FaultCase(
      fault: "tcp.truncated", packet: FrameBuilder.ipv4([UInt8](repeating: 0, count: 19), transport: 6)),
    FaultCase(
      fault: "tcp.bad_offset", packet: FrameBuilder.ipv4(FrameBuilder.tcp([], offset: 4), transport: 6)),
    FaultCase(
      fault: "tcp.bad_offset", packet: FrameBuilder.ipv4(FrameBuilder.tcp([], offset: 6), transport: 6)),
    FaultCase(fault: "sctp.truncated", packet: FrameBuilder.ipv4([1, 2, 3, 4], transport: 132)),
  ]

  @Test(arguments: faultCases)
  func `each fault has its name`(example: FaultCase) {
    let found = decode(FrameBuilder.ethernet(example.packet, type: example.type))
    #expect(found.faultNames == [example.fault])
    #expect(found.deliveries.count == (example.isDelivered ? 1 : 0))
    #expect(
      found.faults.first.map { String($0.layer) }
        == example.fault.split(separator: ".").first.map(String.init))
  }

  @Test
  func `IPv6 extension headers are skipped`() {
    let options: [UInt8] = [43, 0, 1, 4, 0, 0, 0, 0]
    let routing: [UInt8] = [60, 2] + [UInt8](repeating: 0, count: 22)
    let destination: [UInt8] = [51, 0, 1, 4, 0, 0, 0, 0]
    let authentication: [UInt8] = [135, 4] + [UInt8](repeating: 7, count: 22)
    let mobility: [UInt8] = [44, 0, 0, 0, 0, 0, 0, 0]
    let atomicFragment: [UInt8] = [17, 0, 0, 0, 1, 2, 3, 4]
    let chain = options + routing + destination + authentication + mobility + atomicFragment
    let found = ethernet6(FrameBuilder.ipv6(chain + FrameBuilder.udp(Self.payload), next: 0))
    #expect(found.faultNames == [])
    #expect(found.payloads == [Self.payload])
  }

  @Test
  func `an IPv4 authentication header is skipped`() {
    let header: [UInt8] = [17, 4] + [UInt8](repeating: 7, count: 22)
    let found = ethernet4(FrameBuilder.ipv4(header + FrameBuilder.udp(Self.payload), transport: 51))
    #expect(found.payloads == [Self.payload])
    #expect(found.deliveries.first?.packet.transport == .udp)
  }

  @Test
  func `ICMP is delivered whole and never as what it quotes`() {
    let quoted = FrameBuilder.ipv4(FrameBuilder.udp(Self.payload))
    let message: [UInt8] = [3, 3, 0, 0, 0, 0, 0, 0] + quoted
    let found = ethernet4(FrameBuilder.ipv4(message, transport: 1))
    #expect(found.payloads == [message])
    #expect(found.deliveries.first?.packet.transport == .icmp)
    #expect(found.deliveries.first?.packet.sourcePort == 3)
    #expect(found.deliveries.first?.packet.destinationPort == 3)
  }

  @Test
  func `an ICMP request and its answer have types in the place of ports, and a cut one has none`() {
    let types = [[8, 0, 0, 0], [0, 0, 0, 0], [11, 1, 0, 0], [8]].map { (message: [UInt8]) in
      ethernet4(FrameBuilder.ipv4(message, transport: 1)).deliveries.first.map {
        [$0.packet.sourcePort, $0.packet.destinationPort]
      }
    }
    #expect(types == [[8, 0], [0, 8], [11, 1], [0, 0]])
  }

  @Test
  func `TCP options that a snap length cut leave a segment without data`() {
    let segment = FrameBuilder.tcp(Self.payload, options: [1, 1, 1, 1, 1, 1, 1, 1])
    let whole = FrameBuilder.ethernet(FrameBuilder.ipv4(segment, transport: 6))
    let found = decode(Array(whole[..<58]), originalLength: whole.count)
    #expect(found.payloads == [[]])
    #expect(found.faults.isEmpty)
    #expect(found.deliveries.first?.packet.uncapturedLength == Self.payload.count)
  }

  @Test
  func `counter names are unique`() {
    let names = DecoderCounters().named.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test
  func `counters of two lanes add up`() {
    var left = PacketDecoder()
    var right = PacketDecoder()
    var both = PacketDecoder()
    let frames = TunnelTests.cases.map { FrameBuilder.ethernet($0.packet) }
    _ = decode(frames, with: &left)
    _ = decode(Array(frames.prefix(3)), with: &right)
    _ = decode(frames + Array(frames.prefix(3)), with: &both)
    #expect(left.counters + right.counters == both.counters)
  }

  @Test
  func `protocol names are those of EVE`() {
    let names = [1, 6, 17, 58, 132, 253].map { TransportProtocol(rawValue: $0).name }
    #expect(names == ["ICMP", "TCP", "UDP", "IPv6-ICMP", "SCTP", "253"])
    #expect(TransportProtocol(rawValue: 7).name == "007")
  }
}
