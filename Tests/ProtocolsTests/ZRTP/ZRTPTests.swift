import Packets
import Testing
import Values

@testable import Protocols

struct ZRTPTests {
  /// A HelloACK whose check value was computed by an independent CRC-32C.
  static let acknowledgement = WireSample.hex("1000b27f 5a525450 b72a7104 505a0003 48656c6c6f41434b dac933db")

  @Test func `a message is named and its check value is tested`() throws {
    let packet = try ZRTPPacket(parsing: Self.acknowledgement.span)
    #expect(packet.message == .helloAck)
    #expect(packet.sequence == 0xb27f)
    #expect(packet.ssrc == 0xb72a_7104)
    #expect(packet.body == ByteRange(12, 24))
    #expect(packet.isChecksumValid)
    for index in [2, 8, 27] {
      var bytes = Self.acknowledgement
      bytes[index] ^= 1
      #expect(try !ZRTPPacket(parsing: bytes.span).isChecksumValid)
    }
    var bytes = Self.acknowledgement
    bytes[16] = UInt8(ascii: "X")
    #expect(try ZRTPPacket(parsing: bytes.span).message == .unknown)
  }

  @Test(arguments: [(0, "version"), (4, "magic"), (12, "preamble")])
  func `another header is no ZRTP`(index: Int, field: String) {
    var bytes = Self.acknowledgement
    bytes[index] ^= 0x80
    let error = #expect(throws: WireError.self) { try ZRTPPacket(parsing: bytes.span) }
    #expect(error?.field.description == field)
  }

  @Test func `truncations name what is missing`() {
    feedTruncations(of: Self.acknowledgement) { bytes, count in
      let error = #expect(throws: WireError.self) { try ZRTPPacket(parsing: bytes) }
      #expect(error?.fault == .truncated)
      #expect(error?.available == count)
    }
    var long = Self.acknowledgement
    long[15] = 4
    let error = #expect(throws: WireError.self) { try ZRTPPacket(parsing: long.span) }
    #expect(error?.field.description == "message")
  }

  @Test func `mutated packets never trap and stay inside`() {
    feedMutations("ZRTP", seed: 6189, of: [Self.acknowledgement]) { bytes in
      guard let packet = try? ZRTPPacket(parsing: bytes) else { return }
      #expect(packet.body.end + 4 <= bytes.count)
    }
  }

  @Test(.enabled(if: CaptureSample.isAvailable, "the shared captures are not beside the package"))
  func `all messages of a captured key agreement are found and whole`() {
    let file = "ajbanjara__Wireshark/SampleCaptures/Asterisk_ZFONE_XLITE.pcap"
    let packets = CaptureSample.datagrams(file).filter { DatagramClass($0.payload.span) == .zrtp }
      .compactMap { try? ZRTPPacket(parsing: $0.payload.span) }
    #expect(packets.filter { !$0.isChecksumValid }.isEmpty)
    #expect(
      packets.map(\.message) == [
        .hello, .hello, .hello, .helloAck, .commit, .dhPart1, .dhPart2, .confirm1, .confirm2, .conf2Ack,
      ])
  }
}
