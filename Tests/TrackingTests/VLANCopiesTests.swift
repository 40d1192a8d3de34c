import Packets
import Testing
import Values

@testable import Tracking

/// Datagrams under two VLAN tags.
@Suite struct VLANCopiesTests {
  private static func packet(_ number: Int, vlan: UInt16, milliseconds: Double, isBack: Bool = false)
    -> Packet
  {
    var packet = Packet()
    packet.timestamp = Timestamp(nanoseconds: 1_000_000_000_000 + Int64(milliseconds * 1e6))
    packet.transport = .udp
    packet.source = IPAddress(v4: isBack ? 2 : 1)
    packet.destination = IPAddress(v4: isBack ? 1 : 2)
    (packet.sourcePort, packet.destinationPort) = (4000, 4000)
    packet.ipLength = 200
    packet.outerVLAN = vlan
    packet.vlanCount = vlan == 0 ? 0 : 1
    return packet
  }

  private static func payload(_ number: Int) -> [UInt8] {
    [0x80, 0, UInt8(number & 255)] + Array(repeating: 7, count: 100)
  }

  @Test func `what has one tag is never a copy, and costs nothing`() {
    var copies = VLANCopies(capacity: 64, seed: 1)
    for number in 0..<100 {
      let packet = Self.packet(number, vlan: 100, milliseconds: Double(number))
      let mayConcern = copies.mayConcern(packet)
      #expect(!mayConcern)
    }
  }

  @Test func `a flow under two tags becomes one, whichever comes first`() {
    var copies = VLANCopies(capacity: 64, seed: 1)
    var kept: [UInt16] = []
    for number in 0..<30 {
      let tags: [UInt16] = number % 2 == 0 ? [0, 100] : [100, 0]
      for (place, vlan) in tags.enumerated() {
        let time = Double(number) * 20 + Double(place) * 0.2
        var packet = Self.packet(number, vlan: vlan, milliseconds: time, isBack: number % 3 == 0)
        guard copies.mayConcern(packet) else { continue }
        if !copies.settle(&packet, Self.payload(number).span) { kept.append(packet.outerVLAN) }
        if number > 1 { #expect(packet.vlanCount == (packet.outerVLAN == 0 ? 0 : 1)) }
      }
    }
    // The tag of the second packet is the first that differs.
    #expect(copies.count == 29)
    #expect(Set(kept.dropFirst()).count == 1)
  }

  @Test(arguments: [(0.0, 3), (25.0, 0)])
  func `the same bytes later, or with another length, are no copy`(late: Double, count: UInt64) {
    var copies = VLANCopies(capacity: 64, seed: 1)
    for number in 0..<4 {
      for (place, vlan) in [UInt16(0), 100].enumerated() {
        let time = Double(number) * 100 + Double(place) * late
        var packet = Self.packet(number, vlan: vlan, milliseconds: time)
        guard copies.mayConcern(packet) else { continue }
        _ = copies.settle(&packet, Self.payload(number).span)
      }
    }
    #expect(copies.count == count)
  }
}
