import Packets
import Testing
import Values

@testable import Protocols

struct UDPTLTests {
  /// Calling tone, with the packet before it repeated.
  static let indicator = WireSample.hex("0005 01 02 00 01 01 00")
  /// V.21 control data with two repetitions.
  static let data = WireSample.hex("0006 05 c0 01 80 00 01 00 02 01 06 01 02")
  /// Data with two blocks of parity.
  static let parity = WireSample.hex("0007 04 c2 01 80 ff 80 01 03 02 02 aabb 01 cc")

  @Test func `indicator, data and parity packets are told apart`() throws {
    let indicator = try UDPTLPacket(parsing: Self.indicator.span)
    #expect(indicator.message == .indicator)
    #expect(indicator.kind == 1)
    #expect(indicator.sequence == 5)
    #expect(indicator.recoveryCount == 1)
    let data = try UDPTLPacket(parsing: Self.data.span)
    #expect(data.message == .data)
    #expect(data.kind == 0)
    #expect(data.primary == ByteRange(3, 8))
    #expect(data.recoveryCount == 2)
    let parity = try UDPTLPacket(parsing: Self.parity.span)
    #expect(parity.recovery == .parity)
    #expect(parity.recoveryCount == 2)
  }

  @Test func `a long primary packet has a length of two bytes`() throws {
    let bytes = WireSample.hex("0001 80c8 c6") + [UInt8](repeating: 0, count: 199) + [0, 0]
    #expect(try UDPTLPacket(parsing: bytes.span).primary.count == 200)
  }

  @Test func `truncations and trailing bytes are refused`() {
    for sample in [Self.indicator, Self.data, Self.parity] {
      feedTruncations(of: sample) { bytes, _ in
        #expect(throws: WireError.self) { try UDPTLPacket(parsing: bytes) }
      }
      let error = #expect(throws: WireError.self) { try UDPTLPacket(parsing: (sample + [0]).span) }
      #expect(error?.field.description == "end")
    }
  }

  @Test(arguments: [
    "0005 01 82 00 00", "0005 02 02 00 00 00", "0005 02 d2 00 00 00", "0005 01 02 01 00", "0005 00 00 00",
  ])
  func `bytes that are no T38 message are refused`(text: String) {
    #expect(throws: WireError.self) { try UDPTLPacket(parsing: WireSample.hex(text).span) }
  }

  @Test func `the shortest packets are walked in linear steps`() throws {
    // The nastiest input: a count of repetitions of one byte each.
    let bytes = WireSample.hex("0001 01 02 00 bfff") + [UInt8](repeating: 1, count: 2 * 0x3fff)
    #expect(throws: WireError.self) { try UDPTLPacket(parsing: bytes.span) }
    let right =
      WireSample.hex("0001 01 02 00 bfff")
      + Array(repeatElement([1, 2] as [UInt8], count: 0x3fff).joined())
    #expect(try UDPTLPacket(parsing: right.span).recoveryCount == 0x3fff)
  }

  @Test func `mutated packets never trap and stay inside`() {
    feedMutations("UDPTL", seed: 38, of: [Self.indicator, Self.data, Self.parity]) { bytes in
      guard let packet = try? UDPTLPacket(parsing: bytes) else { return }
      #expect(packet.primary.end <= bytes.count)
    }
  }
}
