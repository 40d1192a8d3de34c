import Packets
import Testing
import Values

@testable import Tracking

@Suite struct FlowTableTests {
  private func packet(
    _ source: UInt32, _ sourcePort: UInt16, _ destination: UInt32, _ destinationPort: UInt16,
    at second: Int64 = 0, number: UInt64 = 1, flags: TCPFlags = [], tcp: Bool = false
  ) -> Packet {
    var packet = Packet()
    packet.source = IPAddress(v4: source)
    packet.destination = IPAddress(v4: destination)
    packet.sourcePort = sourcePort
    packet.destinationPort = destinationPort
    packet.transport = tcp ? .tcp : .udp
    packet.tcpFlags = flags
    packet.timestamp = Timestamp(seconds: second, nanoseconds: 0)
    packet.number = number
    packet.originalLength = 100
    packet.ipVersion = 4
    return packet
  }

  @Test func `both directions are one flow, and the first packet names the client`() {
    var table = FlowTable(capacity: 16, seed: 1)
    let first = table.add(packet(9, 5060, 1, 5060))
    let second = table.add(packet(1, 5060, 9, 5060, number: 2))
    #expect(first.isNew && first.toServer)
    #expect(!second.isNew && !second.toServer)
    #expect(first.number == second.number)
    let flow = table[first.number]
    #expect(flow.clientAddress == IPAddress(v4: 9) && flow.serverAddress == IPAddress(v4: 1))
    #expect(flow.packetsToServer == 1 && flow.packetsToClient == 1)
    #expect(flow.bytesToServer == 100 && flow.state == .established)
    #expect(flow.id > 0 && flow.id < 1 << 51)
  }

  @Test func `all frames of a packet that was put together are the flow's`() {
    var table = FlowTable(capacity: 16, seed: 1)
    var whole = packet(9, 5060, 1, 5060)
    (whole.earlierFrames, whole.earlierBytes) = (2, 3000)
    let match = table.add(whole)
    _ = table.add(packet(1, 5060, 9, 5060, number: 2))
    let flow = table[match.number]
    #expect(flow.packetsToServer == 3 && flow.bytesToServer == 3100)
    #expect(flow.packetsToClient == 1 && flow.bytesToClient == 100)
  }

  @Test func `a silent flow ends by its state's time-out`() {
    var table = FlowTable(capacity: 16, seed: 1)
    _ = table.add(packet(1, 1, 2, 2))
    _ = table.add(packet(3, 3, 4, 4))
    _ = table.add(packet(4, 4, 3, 3, number: 3))
    table.expire(at: Timestamp(seconds: 29, nanoseconds: 0))
    #expect(table.ended.isEmpty)
    table.expire(at: Timestamp(seconds: 40, nanoseconds: 0))
    #expect(table.ended.map(\.reason) == [.timeout])
    #expect(table.ended.first?.flow.clientAddress == IPAddress(v4: 1))
    table.removeEnded()
    table.expire(at: Timestamp(seconds: 400, nanoseconds: 0))
    #expect(table.ended.count == 1 && table.count == 0)
  }

  @Test func `a reset closes a TCP flow`() {
    var table = FlowTable(capacity: 16, seed: 1)
    _ = table.add(packet(1, 1, 2, 2, flags: .syn, tcp: true))
    let match = table.add(packet(2, 2, 1, 1, number: 2, flags: .rst, tcp: true))
    #expect(table[match.number].state == .closed)
    table.expire(at: Timestamp(seconds: 61, nanoseconds: 0))
    #expect(table.ended.count == 1)
  }

  @Test func `a flood of one-sided flows displaces itself, not the two-sided ones`() {
    var table = FlowTable(capacity: 64, seed: 1)
    for peer in UInt32(1)...16 {
      _ = table.add(packet(peer, 5060, 100, 5060))
      _ = table.add(packet(100, 5060, peer, 5060))
    }
    for source in UInt32(1000)...3000 { _ = table.add(packet(source, 5060, 100, 5060, at: 1)) }
    #expect(table.count == 64)
    #expect(table.evictions == 2001 - 48)
    #expect(table.ended.allSatisfy { $0.reason == .forced && $0.flow.state == .new })
  }

  @Test func `the seed of the hash changes no result`() {
    for seed in [UInt64(1), 2, 99] {
      var table = FlowTable(capacity: 8, seed: seed)
      var ids: [Int64] = []
      for step in UInt32(0)..<200 {
        let match = table.add(packet(step % 23, 1, 200, 2, at: Int64(step), number: UInt64(step)))
        ids.append(table[match.number].id)
        table.expire(at: Timestamp(seconds: Int64(step), nanoseconds: 0))
      }
      for number in table.liveInOrder { table.finish(number) }
      ids += table.ended.map(\.flow.id)
      var reference: [Int64] = []
      var other = FlowTable(capacity: 8, seed: 7)
      for step in UInt32(0)..<200 {
        let match = other.add(packet(step % 23, 1, 200, 2, at: Int64(step), number: UInt64(step)))
        reference.append(other[match.number].id)
        other.expire(at: Timestamp(seconds: Int64(step), nanoseconds: 0))
      }
      for number in other.liveInOrder { other.finish(number) }
      reference += other.ended.map(\.flow.id)
      #expect(ids == reference)
    }
  }
}

@Suite struct CommunityIDTests {
  private func identity(
    _ source: String, _ sourcePort: UInt16, _ destination: String, _ port: UInt16,
    _ transport: TransportProtocol
  ) throws -> String {
    var packet = Packet()
    packet.source = try #require(IPAddress(source))
    packet.destination = try #require(IPAddress(destination))
    packet.sourcePort = sourcePort
    packet.destinationPort = port
    packet.transport = transport
    let identity = CommunityID(FlowKey(packet), clientIsLower: FlowKey.isForward(packet))
    return String(decoding: identity.text.span.indices.map { identity.text[$0] }, as: UTF8.self)
  }

  @Test func `it is the value that the specification's baseline gives, in both directions`() throws {
    // Computed with the reference implementation's method over the specification's example tuples.
    let expected = "1:LQU9qZlK+B5F3KDmev6m5PMibrg="
    #expect(try identity("128.232.110.120", 34855, "66.35.250.204", 80, .tcp) == expected)
    #expect(try identity("66.35.250.204", 80, "128.232.110.120", 34855, .tcp) == expected)
    #expect(
      try identity("192.168.1.52", 54585, "8.8.8.8", 53, .udp) == "1:d/FP5EW3wiY1vCndhwleRRKHowQ=")
  }

  @Test func `protocols without ports have none in it`() throws {
    // Computed with the reference implementation, as are the values below.
    #expect(
      try identity("192.168.2.1", 0, "224.0.0.22", 0, TransportProtocol(rawValue: 2))
        == "1:MPnZKblr/c3ousD6zLJl5vKL64g=")
    #expect(try identity("10.1.1.2", 0, "10.1.1.1", 0, .gre) == "1:6bVMFPWneS3bg49/6T1HieDmRMQ=")
    #expect(try identity("2001:db8::2", 0, "2001:db8::1", 0, .esp) == "1:JIAyWiD7dl1e74CJAdetAUPF/To=")
  }

  @Test func `an ICMP request and its answer have one, a message without answer has its direction`() throws {
    let echo = "1:GxLFVZJEgibNwDCM1pwM6/RqsY8="
    #expect(try identity("192.0.2.10", 8, "198.51.100.7", 0, .icmp) == echo)
    #expect(try identity("198.51.100.7", 0, "192.0.2.10", 8, .icmp) == echo)
    #expect(
      try identity("198.51.100.7", 3, "192.0.2.10", 3, .icmp) == "1:SmcSX37ZXqA4QnqS1NzMTllkgDQ=")
    #expect(
      try identity("192.0.2.10", 3, "198.51.100.7", 3, .icmp) == "1:/HEhqnsygQ2zt27np+aX9hEqFbk=")
    let neighbour = "1:piFQJmm/6+NlvVh+iLYDZMGiCm8="
    #expect(try identity("2001:db8::2", 135, "2001:db8::1", 136, .icmpv6) == neighbour)
    #expect(try identity("2001:db8::1", 136, "2001:db8::2", 135, .icmpv6) == neighbour)
    #expect(
      try identity("2001:db8::2", 1, "2001:db8::1", 4, .icmpv6) == "1:qxd1LeYGiZWewhdgFCEH4g39f1w=")
  }
}
