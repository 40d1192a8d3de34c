import Packets
import Protocols
import Testing
import Values

@testable import Tracking

/// Which flows of the table are measured.
@Suite struct FlowTrafficTests {
  private func packet(_ source: UInt32, to destination: UInt32 = 100, at milliseconds: Int64) -> Packet {
    var packet = Packet()
    packet.source = IPAddress(v4: source)
    packet.destination = IPAddress(v4: destination)
    packet.sourcePort = 40_000
    packet.destinationPort = 50_000
    packet.transport = .udp
    packet.timestamp = Timestamp(nanoseconds: milliseconds * 1_000_000)
    packet.number = UInt64(milliseconds) + 1
    packet.ipVersion = 4
    return packet
  }

  private func feed(_ table: inout FlowTable, _ source: UInt32, _ times: Range<Int64>, size: Int = 182) {
    for time in times {
      let packet = packet(source, at: time * 20)
      table.measure(packet, byteCount: size, table.add(packet))
    }
  }

  @Test func `an unknown flow is measured from its fifth packet on and told at its end`() throws {
    var table = FlowTable(capacity: 64, seed: 1)
    feed(&table, 1, 0..<4)
    #expect(table.trafficUsage.entries == 0)
    feed(&table, 1, 4..<104)
    #expect(table.trafficUsage.entries == 1)
    for number in table.liveInOrder { table.finish(number) }
    let traffic = try #require(table.ended.first?.traffic)
    #expect(traffic.verdict == TrafficClassifier.Verdict(label: .voice, percent: 76))
    #expect(traffic.toServer?.meanSize == 182 && traffic.toServer?.meanInterval == 20_000)
    #expect(traffic.toServer?.pacedPercent == 100 && traffic.toClient == nil)
    #expect(table.trafficUsage.entries == 0)
  }

  @Test(
    arguments: [(true, 0, true), (false, 0, false), (false, 111, false), (nil, 0, false), (nil, 111, true)]
      as [(Bool?, UInt8, Bool)])
  func `RTP is measured when announced as SRTP, or when neither a description nor its type says what it is`(
    isSecure: Bool?, payloadType: UInt8, isMeasured: Bool
  ) {
    var table = FlowTable(capacity: 64, seed: 1)
    feed(&table, 1, 0..<10)
    let match = table.add(packet(1, at: 200))
    table.setAppProtocol(.rtp, of: match.number)
    table.noteMedia(match, isSecure: isSecure, payloadType: payloadType)
    #expect(table.isMeasured(match) == isMeasured)
    for time in Int64(11)..<200 {
      let packet = packet(1, at: time * 20)
      let match = table.add(packet)
      if table.isMeasured(match) { table.measure(packet, byteCount: 182, match) }
    }
    for number in table.liveInOrder { table.finish(number) }
    #expect((table.ended.first?.traffic != nil) == isMeasured)
    #expect(table.ended.first?.flow.isEncrypted == (isSecure == true))
    #expect(table.trafficUsage.entries == 0)
  }

  @Test func `keys that are agreed on later make it measured again`() {
    var table = FlowTable(capacity: 64, seed: 1)
    let match = table.add(packet(1, at: 0))
    table.setAppProtocol(.rtp, of: match.number)
    table.noteMedia(match, isSecure: false, payloadType: 0)
    let wasMeasured = table.isMeasured(match)
    table.noteEncrypted(match)
    #expect(!wasMeasured && table.isMeasured(match))
  }

  @Test func `flows that are read are not measured`() {
    for known in [AppProtocol.sip, .dns, .rtcp, .http] {
      var table = FlowTable(capacity: 64, seed: 1)
      table.setAppProtocol(known, of: table.add(packet(1, at: 0)).number)
      feed(&table, 1, 1..<40)
      #expect(table.trafficUsage.entries == 0)
    }
  }

  @Test func `the measures are bounded, and who is silent longest loses his own`() throws {
    var table = FlowTable(capacity: 1 << 13, seed: 1)
    for source in UInt32(1)...3_000 {
      feed(&table, source, Int64(source)..<Int64(source) + 6)
      // One flow goes on all the time.
      feed(&table, 5_000, Int64(source)..<Int64(source) + 1)
    }
    let usage = table.trafficUsage
    #expect(usage.entries == 1_024 && usage.limit == 1_024 && usage.evictions >= 3_001 - 1_024)
    for number in table.liveInOrder { table.finish(number) }
    let survivor = try #require(table.ended.first { $0.flow.clientAddress == IPAddress(v4: 5_000) })
    #expect(survivor.traffic != nil)
    #expect(table.ended.count { $0.traffic != nil } <= 1_024)
    #expect(table.trafficUsage.entries == 0)
  }
}
