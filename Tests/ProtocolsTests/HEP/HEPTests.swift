import Packets
import Testing
import Values

@testable import Protocols

enum HEPSample {
  static func chunk(_ type: UInt16, _ value: [UInt8], vendor: UInt16 = 0) -> [UInt8] {
    WireSample.big(vendor) + WireSample.big(type) + WireSample.big(UInt16(6 + value.count)) + value
  }

  static func message(_ chunks: [[UInt8]]) -> [UInt8] {
    let body = Array(chunks.joined())
    return Array("HEP3".utf8) + WireSample.big(UInt16(6 + body.count)) + body
  }

  static let common: [[UInt8]] = [
    chunk(2, [17]), chunk(7, WireSample.big(UInt16(5060))), chunk(8, WireSample.big(UInt16(5080))),
    chunk(9, WireSample.big(UInt32(1_700_000_000))), chunk(10, WireSample.big(UInt32(250_000))),
    chunk(11, [1]),
    chunk(12, WireSample.big(UInt32(2001))), chunk(14, Array("secret".utf8)),
  ]
  static let four = message(
    [chunk(1, [2]), chunk(3, [192, 0, 2, 1]), chunk(4, [192, 0, 2, 2])] + common
      + [chunk(15, Array("OPTIONS".utf8)), chunk(17, Array("abc@x".utf8)), chunk(18, [0x0f, 0xff])])
  static let six = message(
    [
      chunk(1, [10]), chunk(5, WireSample.hex("20010db8 00000000 00000000 00000001")),
      chunk(6, WireSample.hex("20010db8 00000000 00000000 00000002")),
    ] + common + [
      chunk(1, [9, 9], vendor: 3), chunk(16, [0x78, 0x9c, 1, 2, 3]), chunk(19, Array("node".utf8)),
    ])
  static let all = [four, six, version1, version2, version2Six]

  static let version1 = WireSample.hex("01 10 02 11 13c4 13d8 c0000201 c0000202") + Array("OPTIONS".utf8)
  /// 1700000000 s and 250000 µs in little-endian order, agent 9.
  static let version2 =
    WireSample.hex("02 1c 02 11 13c4 13d8 c0000201 c0000202 00f15365 90d00300 0900 0000")
    + Array("OPTIONS".utf8)
  /// IPv6, the same time in network order, and a header length without it.
  static let version2Six =
    WireSample.hex(
      """
      02 28 0a 11 13c4 13d8 20010db8000000000000000000000001 20010db8000000000000000000000002
      6553f100 0003d090 0009 0000
      """) + Array("OPTIONS".utf8)
}

struct HEPMessageTests {
  static let time = Timestamp(seconds: 1_700_000_000, nanoseconds: 250_000_000)

  @Test func `a version 3 message gives the original packet`() throws {
    let bytes = HEPSample.four
    let message = try HEPMessage(parsing: bytes.span)
    #expect(message.version == 3)
    #expect(message.source == IPAddress("192.0.2.1"))
    #expect(message.destination == IPAddress("192.0.2.2"))
    #expect(message.sourcePort == 5060)
    #expect(message.destinationPort == 5080)
    #expect(message.ipProtocol == 17)
    #expect(message.time == Self.time)
    #expect(message.content == .sip)
    #expect(message.captureID == 2001)
    #expect(message.vlan == 4095)
    #expect(message.isPacket)
    #expect(!message.isCompressed)
    #expect(Array(bytes[message.payload.range]) == Array("OPTIONS".utf8))
    #expect(message.correlationID.map { Array(bytes[$0.range]) } == Array("abc@x".utf8))
    #expect(message.chunkCount == 14)
    #expect(message.fault == nil)
  }

  @Test func `the authentication key is told of and never shown`() throws {
    let message = try HEPMessage(parsing: HEPSample.four.span)
    #expect(message.hasAuthenticationKey)
    let key = Array("secret".utf8)
    for range in [message.payload, message.correlationID, message.group].compactMap({ $0 }) {
      #expect(Array(HEPSample.four[range.range]) != key)
    }
    #expect(!String(describing: message).contains("secret"))
  }

  @Test func `IPv6 addresses, another vendor's chunk and a compressed payload are read`() throws {
    let message = try HEPMessage(parsing: HEPSample.six.span)
    #expect(message.source == IPAddress("2001:db8::1"))
    #expect(message.destination == IPAddress("2001:db8::2"))
    #expect(message.isCompressed)
    #expect(message.payload.count == 5)
    #expect(message.group?.count == 4)
    #expect(message.fault == nil)
  }

  @Test func `versions 1 and 2 are read in both byte orders`() throws {
    let one = try HEPMessage(parsing: HEPSample.version1.span)
    #expect(one.version == 1)
    #expect(one.time == nil)
    #expect(one.source == IPAddress("192.0.2.1"))
    #expect(Array(HEPSample.version1[one.payload.range]) == Array("OPTIONS".utf8))
    let two = try HEPMessage(parsing: HEPSample.version2.span)
    #expect(two.time == Self.time)
    #expect(two.captureID == 9)
    #expect(two.sourcePort == 5060)
    #expect(Array(HEPSample.version2[two.payload.range]) == Array("OPTIONS".utf8))
    let six = try HEPMessage(parsing: HEPSample.version2Six.span)
    #expect(six.time == Self.time)
    #expect(six.destination == IPAddress("2001:db8::2"))
    #expect(Array(HEPSample.version2Six[six.payload.range]) == Array("OPTIONS".utf8))
  }

  @Test func `a truncated version 3 message is read as far as it goes`() throws {
    try feedTruncations(of: HEPSample.four) { bytes, count in
      guard count >= 6 else {
        #expect(throws: WireError.self) { try HEPMessage(parsing: bytes) }
        return
      }
      let message = try HEPMessage(parsing: bytes)
      #expect(message.fault?.field.description == "message")
      #expect(message.fault?.available == count)
      #expect((message.source != nil) == (count >= 23))
    }
  }

  @Test func `truncated headers of the earlier versions name their field`() {
    for sample in [HEPSample.version1, HEPSample.version2, HEPSample.version2Six] {
      feedTruncations(of: Array(sample.dropLast(7))) { bytes, count in
        let error = #expect(throws: WireError.self) { try HEPMessage(parsing: bytes) }
        #expect(error.map { $0.offset + $0.available } == count)
      }
    }
  }

  @Test func `bad lengths are faults that end or skip`() throws {
    #expect(throws: WireError.self) { try HEPMessage(parsing: Array("HEP3\0\u{5}".utf8).span) }
    #expect(throws: WireError.self) { try HEPMessage(parsing: Array("GET ".utf8).span) }
    let short = HEPSample.message([HEPSample.chunk(3, [1, 2]), HEPSample.chunk(4, [192, 0, 2, 2])])
    let message = try HEPMessage(parsing: short.span)
    #expect(message.fault?.field.description == "source_address")
    #expect(message.destination != nil)
    let broken = HEPSample.message([[0, 0, 0, 3, 0, 5], HEPSample.chunk(4, [192, 0, 2, 2])])
    let stopped = try HEPMessage(parsing: broken.span)
    #expect(stopped.fault?.field.description == "chunk_length")
    #expect(stopped.destination == nil)
    var wrong = HEPSample.version1
    wrong[1] = 17
    let error = #expect(throws: WireError.self) { try HEPMessage(parsing: wrong.span) }
    #expect(error?.field.description == "header_length")
  }

  @Test func `a message of empty chunks is walked in linear steps`() throws {
    for count in [2000, 4000, 8000] {
      let bytes = HEPSample.message(Array(repeating: HEPSample.chunk(99, []), count: count))
      #expect(try HEPMessage(parsing: bytes.span).chunkCount == count)
    }
  }

  @Test func `mutated messages never trap and stay inside`() {
    feedMutations("HEP", seed: 9060, of: HEPSample.all) { bytes in
      guard let message = try? HEPMessage(parsing: bytes) else { return }
      for range in [message.payload, message.correlationID, message.group].compactMap({ $0 }) {
        #expect(range.start <= range.end && range.end <= bytes.count)
      }
      #expect(message.chunkCount <= bytes.count / 6)
    }
  }

  @Test(.enabled(if: CaptureSample.isAvailable, "the shared captures are not beside the package"))
  func `a captured agent's messages all give packets`() {
    let datagrams = CaptureSample.datagrams("sipcapture__hep-wireshark/pcap/hep.pcap")
    let messages = datagrams.compactMap { try? HEPMessage(parsing: $0.payload.span) }
    #expect(messages.count == 8)
    #expect(messages.filter { $0.isPacket && $0.fault == nil && $0.hasAuthenticationKey }.count == 8)
    #expect(messages.map(\.contentCode) == [1, 1, 1, 1, 100, 1, 1, 5])
    #expect(messages[0].source == IPAddress("192.168.1.1"))
    #expect(messages[0].time == Timestamp(seconds: 0x584d_365c, nanoseconds: 100_000))
  }
}

struct HEPStreamFramerTests {
  static func frames(_ chunks: [[UInt8]]) -> (frames: [[UInt8]], skipped: UInt64) {
    var framer = HEPStreamFramer()
    var frames: [[UInt8]] = []
    for chunk in chunks {
      var offset = 0
      while let range = framer.next(in: chunk.span, from: &offset) {
        frames.append(Array(framer.buffer[range.range]))
      }
    }
    return (frames, framer.skippedBytes)
  }

  @Test func `every split of a stream gives the same messages`() {
    let stream = HEPSample.four + HEPSample.six + HEPSample.message([])
    let expected = [HEPSample.four, HEPSample.six, HEPSample.message([])]
    for split in 0...stream.count {
      let (frames, skipped) = Self.frames([Array(stream[..<split]), Array(stream[split...])])
      #expect(frames == expected)
      #expect(skipped == 0)
    }
    #expect(Self.frames(stream.map { [$0] }).frames == expected)
  }

  @Test func `garbage is skipped, counted, and the next message is found`() {
    let garbage = Array("xxHEHEPHHEP2HEP3\0\u{3}HEP".utf8)
    for split in 0...garbage.count {
      let chunks = [Array(garbage[..<split]), Array(garbage[split...]) + HEPSample.four]
      let (frames, skipped) = Self.frames(chunks)
      #expect(frames == [HEPSample.four])
      #expect(skipped == UInt64(garbage.count))
    }
  }

  @Test func `the memory is one message at most`() {
    var framer = HEPStreamFramer()
    let chunk = Array("HEP3".utf8) + [0xff, 0xff] + [UInt8](repeating: 0, count: 100_000)
    for _ in 0..<20 {
      var offset = 0
      while framer.next(in: chunk.span, from: &offset) != nil { #expect(framer.buffer.count == 65_535) }
    }
    #expect(framer.buffer.count <= 65_535)
  }

  @Test func `the nastiest garbage is looked at once`() {
    // Three letters of the magic again and again: every byte is either skipped or kept.
    for count in [1000, 2000, 4000] {
      let stream = Array(repeatElement(Array("HEP".utf8), count: count).joined())
      let (frames, skipped) = Self.frames([stream])
      #expect(frames.isEmpty)
      #expect(skipped == UInt64(3 * count - 3))
    }
  }

  @Test func `mutated streams never trap`() {
    var framer = HEPStreamFramer()
    feedMutations("HEP stream", seed: 9061, of: [HEPSample.four + HEPSample.six]) { bytes in
      var offset = 0
      while let range = framer.next(in: bytes, from: &offset) {
        let buffer = framer.buffer
        #expect(range.end == buffer.count)
        _ = try? HEPMessage(parsing: buffer.span)
      }
      #expect(offset == bytes.count)
    }
  }
}
