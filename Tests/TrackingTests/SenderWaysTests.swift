import Packets
import Testing
import Values

@testable import Tracking

/// Messages of 10.0.0.1 to 10.0.0.2, over ways that are told by the time to live and the hardware address.
@Suite struct SenderWaysTests {
  private static func packet(
    at seconds: Double = 0, timeToLive: UInt8 = 60, link: UInt64 = 7, port: UInt16 = 5060
  ) -> Packet {
    var packet = Packet()
    packet.timestamp = Timestamp(nanoseconds: 1_000_000_000_000 + Int64(seconds * 1e9))
    packet.transport = .udp
    packet.source = IPAddress(v4: 0x0a00_0001)
    packet.destination = IPAddress(v4: 0x0a00_0002)
    (packet.sourcePort, packet.destinationPort) = (port, 5060)
    packet.timeToLive = timeToLive
    packet.linkSource = link
    return packet
  }

  @Test(arguments: [(UInt8(57), UInt64(7)), (60, 8), (57, 8)])
  func `a message over another way is told of`(timeToLive: UInt8, link: UInt64) {
    var ways = SenderWays(capacity: 64, seed: 1)
    var verdicts: [Bool] = []
    for way in [(60, 7), (60, 7), (timeToLive, link), (60, 7), (timeToLive, link)] as [(UInt8, UInt64)] {
      verdicts.append(ways.isOther(Self.packet(timeToLive: way.0, link: way.1), isCopy: false))
    }
    #expect(verdicts == [false, false, true, false, true])
  }

  @Test func `a way that eight messages took is the sender's`() {
    var ways = SenderWays(capacity: 64, seed: 1)
    _ = ways.isOther(Self.packet(), isCopy: false)
    let verdicts = (0..<10).map { _ in ways.isOther(Self.packet(timeToLive: 57), isCopy: false) }
    #expect(verdicts == Array(repeating: true, count: 8) + [false, false])
    let elsewhere = ways.isOther(Self.packet(port: 5070), isCopy: false)
    let alsoElsewhere = ways.isOther(Self.packet(timeToLive: 57, port: 5070), isCopy: false)
    #expect(!elsewhere)
    #expect(!alsoElsewhere, "what other messages of the host took is none of a stranger")
  }

  @Test func `each flow has its own ways, as those of the hosts behind one address`() {
    var ways = SenderWays(capacity: 64, seed: 1)
    for port in 5060..<5070 as Range<UInt16> {
      let isOther = ways.isOther(Self.packet(timeToLive: UInt8(port - 5000), port: port), isCopy: false)
      #expect(!isOther)
    }
  }

  @Test func `the way to a second place of capture is known at once`() {
    var ways = SenderWays(capacity: 64, seed: 1)
    _ = ways.isOther(Self.packet(), isCopy: false)
    let copy = ways.isOther(Self.packet(timeToLive: 59), isCopy: true)
    let alone = ways.isOther(Self.packet(timeToLive: 59), isCopy: false)
    #expect(!copy)
    #expect(!alone)
  }

  @Test func `of a sender with many ways nothing is said`() {
    var ways = SenderWays(capacity: 64, seed: 1)
    let verdicts = (0..<8).map { ways.isOther(Self.packet(timeToLive: 50 + UInt8($0)), isCopy: false) }
    #expect(verdicts == [false, true, true, true, false, false, false, false])
  }

  @Test func `what a tunnel, a translation or TCP brings has no way, and hours of silence end it`() {
    var ways = SenderWays(capacity: 64, seed: 1)
    _ = ways.isOther(Self.packet(), isCopy: false)
    var (tunnelled, stream) = (Self.packet(timeToLive: 57), Self.packet(timeToLive: 57))
    tunnelled.tunnel.depth = 1
    stream.transport = .tcp
    for packet in [tunnelled, stream, Self.packet(timeToLive: 0)] {
      let isOther = ways.isOther(packet, isCopy: false)
      #expect(!isOther)
    }
    let afterHours = ways.isOther(Self.packet(at: 7201, timeToLive: 57), isCopy: false)
    #expect(!afterHours)
    ways.restart()
    let restarted = ways.isOther(Self.packet(at: 7202, timeToLive: 60), isCopy: false)
    #expect(!restarted)
    #expect(ways.usage.entries == 1)
  }
}
