import Packets
import Testing

@testable import Protocols

struct RTPProbeTests {
  /// A packet with twenty bytes of payload.
  static func packet(
    _ sequence: Int, timestamp: Int, ssrc: UInt32 = 0x1122_3344, type: UInt8 = 0, payload: Int = 20
  ) -> [UInt8] {
    [0x80, type] + WireSample.big(UInt16(truncatingIfNeeded: sequence))
      + WireSample.big(UInt32(truncatingIfNeeded: timestamp)) + WireSample.big(ssrc)
      + [UInt8](repeating: 0x55, count: payload)
  }

  static func verdicts(_ packets: [[UInt8]]) -> [RTPProbe.Verdict] {
    var probe = RTPProbe()
    return packets.map { probe.process($0.span) }
  }

  @Test func `four consecutive packets of a known payload type are RTP, over a wrap too`() {
    let packets = (0..<4).map { Self.packet(65534 + $0, timestamp: 0xffff_ff00 + 160 * $0) }
    #expect(Self.verdicts(packets) == [.undecided, .undecided, .undecided, .rtp])
  }

  @Test func `an unassigned payload type needs eight`() {
    let packets = (0..<8).map { Self.packet($0, timestamp: 160 * $0, type: 80) }
    #expect(
      Self.verdicts(packets) == [.undecided, .undecided, .undecided] + Array(repeating: .undecided, count: 4)
        + [.rtp])
  }

  @Test func `loss, duplicates, reordering and a DTMF event do not spoil the count`() {
    let packets = [
      Self.packet(10, timestamp: 1600), Self.packet(12, timestamp: 1920), Self.packet(12, timestamp: 1920),
      Self.packet(11, timestamp: 1760), Self.packet(13, timestamp: 2080, type: 101, payload: 4),
      Self.packet(14, timestamp: 2080, type: 101, payload: 4), Self.packet(15, timestamp: 2560),
      Self.packet(16, timestamp: 2720),
    ]
    #expect(Self.verdicts(packets).last == .rtp)
    var probe = RTPProbe()
    for packet in packets { _ = probe.process(packet.span) }
    #expect(probe.recent.ssrc == 0x1122_3344)
    #expect(probe.recent.packets == 8)
  }

  @Test func `two sources that share the ports are both followed`() {
    let packets = (0..<8).map {
      Self.packet($0 / 2, timestamp: 160 * $0, ssrc: $0 % 2 == 0 ? 1 : 2, type: $0 % 2 == 0 ? 0 : 97)
    }
    #expect(Self.verdicts(packets).firstIndex(of: .rtp) == 6)
  }

  @Test func `BACnet, whose length stands where the sequence number would, is no RTP`() {
    // BVLC 0x81, function, length; then a network and an application header with an invoke number that counts.
    let packets = (0..<50).map { index in
      let body =
        [UInt8](repeating: 4, count: 3) + [UInt8(index)] + [0, 0, 0, 1]
        + [UInt8](repeating: 9, count: 17 + index)
      return [0x81, 0x0a] + WireSample.big(UInt16(body.count + 4)) + body
    }
    #expect(!Self.verdicts(packets).contains(.rtp))
    // The same without the length that gives it away would be one.
    let others = packets.map { Array($0.dropLast()) }
    #expect(Self.verdicts(others).contains(.rtp))
  }

  @Test func `a constant where the timestamp should be is no RTP`() {
    let packets = (0..<50).map { Self.packet($0, timestamp: 7) }
    #expect(!Self.verdicts(packets).contains(.rtp))
  }

  @Test func `a little-endian counter is no RTP`() {
    let packets = (0..<50).map { Self.packet($0 << 8, timestamp: 160 * $0) }
    #expect(Self.verdicts(packets).last == .rejected)
  }

  @Test func `empty payloads do not make RTP`() {
    let packets = (0..<50).map { Self.packet($0, timestamp: 160 * $0, payload: 0) }
    #expect(!Self.verdicts(packets).contains(.rtp))
  }

  @Test func `DNS queries with any identifier are rejected`() {
    var random = WireRandom(seed: 53)
    let packets = (0..<200).map { _ in
      random.bytes(2) + WireSample.hex("0100 0001 0000 0000 0000 03 777777 02 6161 00 0001 0001")
    }
    #expect(Self.verdicts(packets).last == .rejected)
    #expect(!Self.verdicts(packets).contains(.rtp))
  }

  @Test func `random bytes with a valid first byte are rejected and RTP after them is still found`() {
    var random = WireRandom(seed: 99)
    var packets = (0..<5000).map { _ in [0x80] + random.bytes(40) }
    #expect(!Self.verdicts(packets).contains(.rtp))
    packets += (0..<4).map { Self.packet($0, timestamp: 160 * $0) }
    #expect(Self.verdicts(packets).suffix(2) == [.rejected, .rtp])
  }

  @Test func `a QUIC connection with a constant connection identifier is rejected`() {
    var random = WireRandom(seed: 443)
    let packets = (0..<100).map { _ in
      WireSample.hex("80 7a 11 22 33 44 55 66 77 88 99 aa") + random.bytes(30)
    }
    #expect(!Self.verdicts(packets).contains(.rtp))
  }

  @Test func `the state is a few bytes`() {
    #expect(MemoryLayout<RTPProbe>.size <= 40)
  }

  @Test func `mutated streams never trap`() {
    var probe = RTPProbe()
    let samples = (0..<8).map { Self.packet($0, timestamp: 160 * $0) }
    feedMutations("RTPProbe", seed: 5761, of: samples + [RTPHeaderTests.full]) { bytes in
      if probe.process(bytes) == .rtp { probe = RTPProbe() }
    }
  }
}

struct DatagramClassTests {
  @Test func `the first byte chooses the class as in RFC 7983`() {
    for first in UInt8.min ... .max {
      let expected: DatagramClass =
        switch first {
        case 0...3: .stun
        case 16...19: .zrtp
        case 20...63: .dtls
        case 64...79: .turnChannel
        case 128...191: .rtp
        default: .other
        }
      #expect(DatagramClass([first, 0].span) == expected)
    }
  }

  @Test func `packet types 192 to 223 are RTCP`() {
    for second in UInt8.min ... .max {
      #expect(DatagramClass([0x80, second].span) == (192...223 ~= second ? .rtcp : .rtp))
    }
    #expect(DatagramClass([0x80].span) == .other)
  }
}
