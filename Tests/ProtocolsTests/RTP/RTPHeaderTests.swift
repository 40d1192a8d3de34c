import Packets
import Testing
import Values

@testable import Protocols

struct RTPHeaderTests {
  /// Version 2, payload type 0, sequence 0x1234, timestamp 0x01020304, SSRC 0xdeadbeef.
  static let plain = WireSample.hex("80 00 1234 01020304 deadbeef") + [1, 2, 3, 4]
  /// Two CSRCs, one-byte extension of two words (identifiers 1 and 3), marker, padding of four.
  static let full = WireSample.hex(
    """
    b2 e5 ffff 00000001 00000002  aaaaaaaa bbbbbbbb
    bede 0002 10 7f 32 010203 00 00  c0ffee  000004
    """)

  @Test func `the fixed header is read as RFC 3550 lays it out`() throws {
    let header = try RTPHeader(parsing: Self.plain.span)
    #expect(header.payloadType == 0)
    #expect(!header.hasMarker)
    #expect(header.sequence == 0x1234)
    #expect(header.timestamp == 0x0102_0304)
    #expect(header.ssrc == 0xdead_beef)
    #expect(header.payload == ByteRange(12, 16))
    #expect(header.padding == .none)
    #expect(!header.hasExtension)
    #expect(header.csrc(0, in: Self.plain.span) == nil)
  }

  @Test func `contributing sources, extension and padding have their places`() throws {
    let header = try RTPHeader(parsing: Self.full.span)
    #expect(header.hasMarker)
    #expect(header.payloadType == 0x65)
    #expect(header.csrcCount == 2)
    #expect(header.csrc(0, in: Self.full.span) == 0xaaaa_aaaa)
    #expect(header.csrc(1, in: Self.full.span) == 0xbbbb_bbbb)
    #expect(header.csrc(2, in: Self.full.span) == nil)
    #expect(header.csrc(-1, in: Self.full.span) == nil)
    #expect(header.extensionProfile == 0xbede)
    #expect(header.extensionData == ByteRange(24, 32))
    #expect(header.padding == .bytes(4))
    #expect(header.payload == ByteRange(32, 34))
  }

  @Test func `a truncated header names its field`() {
    feedTruncations(of: Array(Self.full[..<32])) { bytes, count in
      let error = #expect(throws: WireError.self) { try RTPHeader(parsing: bytes) }
      guard let error else { return }
      #expect(error.layer == .rtp)
      #expect(error.fault == .truncated)
      let field =
        count < 12 ? "fixed_header" : count < 20 ? "csrc" : count < 24 ? "extension_header" : "extension"
      #expect(error.field.description == field)
      #expect(error.offset + error.available == count)
      #expect(error.needed > error.available)
    }
  }

  @Test func `another version is no RTP`() {
    for version: UInt8 in [0, 1, 3] {
      var bytes = Self.plain
      bytes[0] = version << 6
      let error = #expect(throws: WireError.self) { try RTPHeader(parsing: bytes.span) }
      #expect(error?.field.description == "version")
    }
  }

  @Test func `a padding count outside of the packet keeps the payload`() throws {
    for count: UInt8 in [0, 5, 255] {
      var bytes = Self.plain
      bytes[0] = 0xa0
      bytes[15] = count
      let header = try RTPHeader(parsing: bytes.span)
      #expect(header.padding == .invalid)
      #expect(header.payload == ByteRange(12, 16))
    }
    var bytes = Self.plain
    bytes[0] = 0xa0
    #expect(try RTPHeader(parsing: bytes.span).payload.isEmpty)
    #expect(try RTPHeader(parsing: bytes.span, isPaddingReadable: false).padding == .unreadable)
    #expect(try RTPHeader(parsing: Array(bytes[..<12]).span).padding == .invalid)
  }

  @Test func `one-byte extension elements are walked over padding`() throws {
    let header = try RTPHeader(parsing: Self.full.span)
    var elements = RTPExtensionElements(header)
    #expect(elements.form == .oneByte)
    #expect(elements.next(in: Self.full.span) == RTPExtensionElement(identifier: 1, data: ByteRange(25, 26)))
    #expect(elements.next(in: Self.full.span) == RTPExtensionElement(identifier: 3, data: ByteRange(27, 30)))
    #expect(elements.next(in: Self.full.span) == nil)
    #expect(!elements.isMalformed)
  }

  @Test func `two-byte extension elements may be empty`() throws {
    let bytes = Self.plain[..<12] + WireSample.hex("1000 0002  05 00 00 07 03 010203") + [9]
    var packet = Array(bytes)
    packet[0] = 0x90
    let header = try RTPHeader(parsing: packet.span)
    var elements = RTPExtensionElements(header)
    #expect(elements.form == .twoByte)
    #expect(elements.next(in: packet.span) == RTPExtensionElement(identifier: 5, data: ByteRange(18, 18)))
    #expect(elements.next(in: packet.span) == RTPExtensionElement(identifier: 7, data: ByteRange(21, 24)))
    #expect(elements.next(in: packet.span) == nil)
  }

  @Test(arguments: [
    ("bede 0001 1f 01 02 03", true), ("bede 0001 f0 01 02 03", false), ("bede 0001 01 02 03 04", true),
    ("1000 0001 05 09 00 00", true), ("1000 0001 00 00 00 05", true), ("abac 0001 10 ff 00 00", false),
  ])
  func `an element that does not fit ends the list`(content: String, isMalformed: Bool) throws {
    var packet = Array(Self.plain[..<12]) + WireSample.hex(content)
    packet[0] = 0x90
    var elements = RTPExtensionElements(try RTPHeader(parsing: packet.span))
    #expect(elements.next(in: packet.span) == nil)
    #expect(elements.isMalformed == isMalformed)
    #expect(elements.next(in: packet.span) == nil)
  }

  @Test func `mutated packets keep every range inside the packet`() {
    feedMutations("RTP", seed: 3550, of: [Self.plain, Self.full]) { bytes in
      guard let header = try? RTPHeader(parsing: bytes) else { return }
      #expect(header.payload.start <= header.payload.end && header.payload.end <= bytes.count)
      #expect(header.extensionData.end <= header.payload.start)
      for index in 0..<16 { _ = header.csrc(index, in: bytes) }
      var elements = RTPExtensionElements(header)
      var steps = 0
      while let element = elements.next(in: bytes) {
        #expect(element.data.end <= header.extensionData.end)
        steps += 1
      }
      #expect(steps <= header.extensionData.count / 2 + 1)
      _ = try? TelephoneEvent(parsing: bytes, payload: header.payload)
    }
  }
}

struct TelephoneEventTests {
  @Test func `every key gives the same value, so the digit cannot be told`() throws {
    let first = try TelephoneEvent(parsing: [0, 0x8a, 0x03, 0x20].span, payload: ByteRange(0, 4))
    #expect(first.kind == .dtmf)
    #expect(first.isEnd)
    #expect(first.duration == 800)
    for key: UInt8 in 0...15 {
      #expect(try TelephoneEvent(parsing: [key, 0x8a, 0x03, 0x20].span, payload: ByteRange(0, 4)) == first)
    }
    #expect(
      try TelephoneEvent(parsing: [16, 0x0a, 0x03, 0x20].span, payload: ByteRange(0, 4)).kind == .other)
    #expect(try !TelephoneEvent(parsing: [16, 0x0a, 0x03, 0x20].span, payload: ByteRange(0, 4)).isEnd)
  }

  @Test func `a short payload is named`() {
    feedTruncations(of: [1, 2, 3, 4]) { bytes, count in
      let error = #expect(throws: WireError.self) {
        try TelephoneEvent(parsing: bytes, payload: ByteRange(0, 4))
      }
      #expect(error?.available == count)
    }
  }
}

struct RTPCodecTests {
  @Test func `static payload types have their clocks`() {
    #expect(RTPCodec.assigned(to: 0)?.name.description == "PCMU")
    #expect(RTPCodec.assigned(to: 9)?.clockRate == 8000)
    #expect(RTPCodec.assigned(to: 10)?.channels == 2)
    #expect(RTPCodec.assigned(to: 34)?.clockRate == 90_000)
    for payloadType: UInt8 in [1, 2, 19, 20, 24, 27, 35, 72, 96, 127] {
      #expect(RTPCodec.assigned(to: payloadType) == nil)
    }
  }

  @Test func `names are found without regard to case`() {
    #expect(RTPCodec.named(Array("OPUS".utf8).span)?.clockRate == 48_000)
    #expect(RTPCodec.named(Array("g722".utf8).span)?.clockRate == 8000)
    #expect(RTPCodec.named(Array("Telephone-Event".utf8).span)?.clockRate == 8000)
    #expect(RTPCodec.named(Array("opu".utf8).span) == nil)
    #expect(RTPCodec.named([UInt8]().span) == nil)
  }
}
