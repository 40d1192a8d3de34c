import Capture
import Foundation
import Packets
import TestCaptures
import Testing
import Values

/// The packets of a fax call that another program takes for T.38 are RTP by every byte of their headers.
@Suite struct FaxStreamTests {
  static let files = [
    ("ajbanjara__Wireshark/SampleCaptures/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", 3848, [Int]()),
    ("ntop__nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", 159, [1713]),
  ]

  /// The first bytes of the datagrams between two ports, with the length of each.
  struct Heads: PacketVisitor {
    var heads: [[UInt8]] = []
    var lengths: [Int] = []

    mutating func visit(_ packet: borrowing Packet, payload: Bytes) {
      guard packet.sourcePort == 15_580, packet.destinationPort == 16_756, payload.count >= 12 else { return }
      heads.append((0..<12).map { payload[$0] })
      lengths.append(payload.count)
    }

    mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) {}
  }

  struct Collector: FrameVisitor, ~Copyable {
    private var decoder = PacketDecoder()
    var packets = Heads()

    mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
      decoder.decode(frame, header, visitor: &packets)
    }
  }

  @Test(
    .enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"), arguments: files)
  func `the packets after the refused offer of T.38 go on with the RTP before it`(
    file: String, count: Int, gaps: [Int]
  ) throws {
    var reader = try PcapReader([TestFolders.sharedCaptures.appendingPathComponent(file).path])
    var collector = Collector()
    while try reader.read(upTo: 4096, visitor: &collector) == .more {}
    let heads = collector.packets.heads
    #expect(heads.count == count)
    #expect(heads.allSatisfy { $0[0] == 0x80 && Array($0[8...]) == [0x0e, 0xaf, 0x0e, 0xaf] })
    let types = heads.map { $0[1] & 0x7f }
    #expect(types.count { $0 == 8 } == count - 1 && types.count { $0 == 102 } == 1)
    for (type, length) in zip(types, collector.packets.lengths) { #expect(length == (type == 8 ? 172 : 16)) }
    let numbers = heads.map { Int($0[2]) << 8 | Int($0[3]) }
    let steps = zip(numbers.dropFirst(), numbers).map { ($0 - $1) & 0xffff }
    // What T.38 has in the place of a sequence number (ITU-T T.38 Annex B) stands still.
    #expect(Set(heads.map { [$0[0], $0[1] & 0x7f] }) == [[0x80, 8], [0x80, 102]])
    #expect(steps.filter { $0 != 1 } == gaps)
  }
}
