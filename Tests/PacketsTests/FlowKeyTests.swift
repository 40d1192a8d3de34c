import Packets
import Testing
import Values

struct FlowKeyTests {
  private func packet(_ source: String, _ sourcePort: UInt16, _ destination: String, _ port: UInt16) throws
    -> Packet
  {
    var packet = Packet()
    packet.source = try #require(IPAddress(source))
    packet.destination = try #require(IPAddress(destination))
    packet.sourcePort = sourcePort
    packet.destinationPort = port
    packet.transport = .udp
    return packet
  }

  @Test(arguments: [
    ("10.0.0.1", 5060, "10.0.0.2", 5060), ("10.0.0.2", 1, "10.0.0.1", 9), ("10.0.0.1", 7, "10.0.0.1", 6),
    ("2001:db8::1", 1, "2001:db9::1", 1), ("2001:db8:1::", 1, "2001:db8::1", 1),
  ])
  func `both directions have one key and opposite directions`(
    source: String, sourcePort: UInt16, destination: String, destinationPort: UInt16
  ) throws {
    let there = try packet(source, sourcePort, destination, destinationPort)
    let back = try packet(destination, destinationPort, source, sourcePort)
    #expect(FlowKey(there) == FlowKey(back))
    #expect(FlowKey(there).hash(seed: 7) == FlowKey(back).hash(seed: 7))
    #expect(FlowKey.isForward(there) != FlowKey.isForward(back))
    #expect(FlowKey.addressPairHash(there, seed: 7) == FlowKey.addressPairHash(back, seed: 7))
    #expect(FlowKey(there).hash(seed: 7) != FlowKey(there).hash(seed: 8))
  }

  @Test
  func `VLAN, transport and ports tell flows apart`() throws {
    let base = try packet("10.0.0.1", 5060, "10.0.0.2", 5062)
    var others: [Packet] = []
    for change in 0..<5 {
      var other = base
      switch change {
      case 0: other.outerVLAN = 1
      case 1: other.innerVLAN = 1
      case 2: other.transport = .tcp
      case 3: other.sourcePort = 5061
      default: other.destination = IPAddress(v4: 0x0a00_0003)
      }
      others.append(other)
    }
    #expect(Set(others.map { FlowKey($0) } + [FlowKey(base)]).count == 6)
    #expect(Set(others.map { FlowKey($0).hash(seed: 1) } + [FlowKey(base).hash(seed: 1)]).count == 6)
  }
}
