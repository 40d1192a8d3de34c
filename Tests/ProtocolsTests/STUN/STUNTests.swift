import Packets
import Testing
import Values

@testable import Protocols

/// The test vectors of RFC 5769, sections 2.1 to 2.3.
enum STUNSample {
  static let request = WireSample.hex(
    """
    0001 0058 2112a442 b7e7a701bc34d686fa87dfae
    8022 0010 5354554e207465737420636c69656e74
    0024 0004 6e0001ff  8029 0008 932ff9b151263b36
    0006 0009 6576746a3a68367659202020
    0008 0014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2
    8028 0004 e57a3bcf
    """)
  static let response4 = WireSample.hex(
    """
    0101 003c 2112a442 b7e7a701bc34d686fa87dfae
    8022 000b 7465737420766563746f7220
    0020 0008 0001a147e112a643
    0008 0014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7
    8028 0004 c07d4c96
    """)
  static let response6 = WireSample.hex(
    """
    0101 0048 2112a442 b7e7a701bc34d686fa87dfae
    8022 000b 7465737420766563746f7220
    0020 0014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
    0008 0014 a382954e4be67bf11784c97c8292c275bfe3ed41
    8028 0004 c8fb0b4c
    """)
  /// Allocate error 401 with realm and nonce.
  static let unauthorized = WireSample.hex(
    """
    0113 0028 2112a442 000102030405060708090a0b
    0009 0010 00000401 556e617574686f72697a6564
    0014 0007 6578616d706c6500  0015 0001 61000000
    """)
  /// Send indication to 192.0.2.1 port 32853 with five bytes of data.
  static let send = WireSample.hex(
    """
    0016 0018 2112a442 000102030405060708090a0b
    0012 0008 0001a147e112a643  0013 0005 6162636465000000
    """)
  static let classic = WireSample.hex(
    "0101 000c 000102030405060708090a0b0c0d0e0f 0001 0008 0001 8055 c0000201")
  static let all = [request, response4, response6, unauthorized, send, classic]
}

struct STUNTests {
  @Test func `the sample request of RFC 5769 is read`() throws {
    let message = try STUNMessage(parsing: STUNSample.request.span)
    #expect(message.type.messageClass == .request)
    #expect(message.type.method == .binding)
    #expect(!message.isClassic)
    #expect(message.software == ByteRange(24, 40))
    #expect(message.priority == 0x6e00_01ff)
    #expect(message.iceRole == .controlled)
    #expect(message.username.map { Array(STUNSample.request[$0.range]) } == Array("evtj:h6vY".utf8))
    #expect(message.hasMessageIntegrity)
    #expect(message.fingerprint == .valid)
    #expect(message.attributeCount == 6)
    #expect(message.fault == nil)
  }

  @Test func `the sample responses of RFC 5769 give the mapped addresses`() throws {
    let four = try STUNMessage(parsing: STUNSample.response4.span)
    #expect(four.xorMappedAddress == .init(address: IPAddress(v4: 0xc000_0201), port: 32853))
    #expect(four.fingerprint == .valid)
    #expect(four.type.messageClass == .success)
    let six = try STUNMessage(parsing: STUNSample.response6.span)
    let expected = try #require(IPAddress("2001:db8:1234:5678:11:2233:4455:6677"))
    #expect(six.xorMappedAddress == .init(address: expected, port: 32853))
    #expect(six.fingerprint == .valid)
  }

  @Test func `a changed byte makes the fingerprint wrong`() throws {
    for index in 20..<STUNSample.response4.count - 8 where index < 24 || index > 36 {
      var bytes = STUNSample.response4
      bytes[index] ^= 1
      #expect(try STUNMessage(parsing: bytes.span).fingerprint != .valid)
    }
  }

  @Test func `an error response has its code, phrase and realm`() throws {
    let bytes = STUNSample.unauthorized
    let message = try STUNMessage(parsing: bytes.span)
    #expect(message.type.messageClass == .error)
    #expect(message.type.method == .allocate)
    #expect(message.errorCode == 401)
    #expect(message.errorReason.map { Array(bytes[$0.range]) } == Array("Unauthorized".utf8))
    #expect(message.realm.map { Array(bytes[$0.range]) } == Array("example".utf8))
    #expect(message.hasNonce)
  }

  @Test func `a send indication carries the inner datagram`() throws {
    let message = try STUNMessage(parsing: STUNSample.send.span)
    #expect(message.type.messageClass == .indication)
    #expect(message.type.method == .send)
    #expect(message.peerAddress == .init(address: IPAddress(v4: 0xc000_0201), port: 32853))
    #expect(message.data == ByteRange(36, 41))
  }

  @Test func `classic STUN is taken only when type, length and attributes agree`() throws {
    let message = try STUNMessage(parsing: STUNSample.classic.span)
    #expect(message.isClassic)
    #expect(message.mappedAddress == .init(address: IPAddress(v4: 0xc000_0201), port: 0x8055))
    for (index, value) in [(1, 0x03), (3, 0x08), (22, 0x01), (25, 0x07)] as [(Int, UInt8)] {
      var bytes = STUNSample.classic
      bytes[index] = value
      #expect(throws: WireError.self) { try STUNMessage(parsing: bytes.span) }
    }
    #expect(throws: WireError.self) { try STUNMessage(parsing: [UInt8](repeating: 0, count: 20).span) }
  }

  @Test func `all methods and classes are put together and taken apart`() {
    for (raw, method, kind) in [
      (0x0016, .send, .indication), (0x0017, .data, .indication), (0x0118, .createPermission, .error),
      (0x0109, .channelBind, .success), (0x0004, .refresh, .request),
      (0x001c, .connectionAttempt, .indication),
      (0x0801, nil, .request),
      (0x000a, .connect, .request),
    ] as [(UInt16, STUNType.Method?, STUNType.Class)] {
      let type = STUNType(rawValue: raw)
      #expect(type.method == method)
      #expect(type.messageClass == kind)
    }
    #expect(STUNType(rawValue: 0x3eef).methodCode == 0xfff)
  }

  @Test func `truncations name what is missing`() {
    for sample in STUNSample.all {
      feedTruncations(of: sample) { bytes, count in
        let error = #expect(throws: WireError.self) { try STUNMessage(parsing: bytes) }
        #expect(error?.layer == .stun)
        #expect(error?.available == (count < 20 ? count : count - 20))
      }
    }
  }

  @Test func `an attribute beyond the message is a fault and the others are kept`() throws {
    var bytes = STUNSample.request
    bytes[0x4f] = 0xff
    let message = try STUNMessage(parsing: bytes.span)
    #expect(message.fault?.field.description == "attribute")
    #expect(message.fault?.needed == 255)
    #expect(message.priority == 0x6e00_01ff)
    #expect(message.username != nil)
    #expect(!message.hasMessageIntegrity)
  }

  @Test func `a message of empty attributes is walked in linear steps and checked once`() throws {
    for count in [4000, 8000, 16_000] {
      let attributes = Array(repeatElement(WireSample.hex("0015 0000"), count: count).joined())
      let bytes =
        WireSample.hex("0001") + WireSample.big(UInt16(attributes.count)) + WireSample.hex("2112a442")
        + [UInt8](repeating: 0, count: 12) + attributes
      #expect(try STUNMessage(parsing: bytes.span).attributeCount == count)
    }
  }

  @Test func `mutated messages never trap and stay inside`() {
    feedMutations("STUN", seed: 8489, of: STUNSample.all) { bytes in
      _ = try? TURNChannelData(parsing: bytes)
      guard let message = try? STUNMessage(parsing: bytes) else { return }
      for range in [message.username, message.realm, message.software, message.data, message.errorReason] {
        guard let range else { continue }
        #expect(range.start <= range.end && range.end <= message.range.end)
      }
      #expect(message.attributeCount <= bytes.count / 4)
    }
  }
}

struct TURNChannelDataTests {
  @Test func `channel data has a channel and its datagram, padded or not`() throws {
    for padding in 0...3 {
      let bytes = WireSample.hex("4001 0005 6162636465") + [UInt8](repeating: 0, count: padding)
      let data = try TURNChannelData(parsing: bytes.span)
      #expect(data.channel == 0x4001)
      #expect(data.data == ByteRange(4, 9))
    }
    #expect(TURNChannelData.byteCount(atStartOf: WireSample.hex("4001 0005").span) == 12)
    #expect(TURNChannelData.byteCount(atStartOf: [0x40].span) == nil)
  }

  @Test func `every channel and nothing else is one`() {
    for first: UInt8 in 0...255 {
      for second: UInt8 in [0, 1, 0xff] {
        let data = try? TURNChannelData(parsing: [first, second, 0, 1, 0x61].span)
        #expect(data?.channel == (0x40...0x4f ~= first ? UInt16(first) << 8 | UInt16(second) : nil))
      }
    }
  }

  @Test func `the data has the length that is told, less what was not captured`() {
    for length in 0...12 {
      for captured in 0...20 {
        for missing in 0...20 {
          let bytes = [0x40, 0, 0, UInt8(length)] + [UInt8](repeating: 0x61, count: captured)
          let data = try? TURNChannelData(parsing: bytes.span, uncapturedLength: missing)
          let isWhole = length...length + 3 ~= captured + missing
          #expect((data != nil) == isWhole, "\(length) \(captured) \(missing)")
          guard let data else { continue }
          #expect(data.data == ByteRange(4, 4 + min(length, captured)))
          #expect(data.uncapturedLength == length - data.data.count)
        }
      }
    }
  }

  @Test(arguments: ["4001 0005 61626364", "5000 0001 61", "4001 0001 6100000000", "4001 00", ""])
  func `other bytes are refused`(text: String) {
    let error = #expect(throws: WireError.self) { try TURNChannelData(parsing: WireSample.hex(text).span) }
    #expect(error?.layer == .turn)
  }
}

@Suite(.enabled(if: CaptureSample.isAvailable, "the shared captures are not beside the package"))
struct STUNCaptureTests {
  static let files = [
    "MichalCab__ISA/sip.pcap", "arkime__arkime/tests/pcap/arkime_synthetic.pcap",
    "cisco__mercury/unit_tests/pcaps/emix.pcap", "cisco__mercury/unit_tests/pcaps/stun.pcap",
    "ntop__nDPI/tests/cfgs/default/pcap/lru_ipv6_caches.pcapng",
    "ntop__nDPI/tests/cfgs/default/pcap/stun.pcap",
    "ntop__nDPI/tests/cfgs/default/pcap/stun_dtls_rtp.pcapng",
    "ntop__nDPI/tests/cfgs/default/pcap/stun_signal.pcapng",
    "ntop__nDPI/tests/cfgs/default/pcap/teams.pcap",
    "ntop__nDPI/tests/cfgs/default/pcap/telegram_videocall.pcapng",
    "ntop__nDPI/tests/cfgs/default/pcap/wa_video.pcap",
    "ntop__nDPI/tests/cfgs/default/pcap/whatsapp_voice_and_message.pcap",
    "zeek__zeek/testing/btest/Traces/tls/webrtc-stun.pcap",
  ]

  /// What tshark counts out of ICMP errors, which quote messages that were never delivered.
  static let quotedInICMP: [String: [String: Int]] = [
    "ntop__nDPI/tests/cfgs/default/pcap/stun.pcap": ["0x0104": 1],
    "ntop__nDPI/tests/cfgs/default/pcap/stun_signal.pcapng": ["0x0001": 31, "0x0003": 16, "0x0104": 6],
    "ntop__nDPI/tests/cfgs/default/pcap/telegram_videocall.pcapng": ["0x0104": 6],
  ]

  @Test(arguments: files)
  func `message types are those that tshark counts`(file: String) throws {
    var found: [String: Int] = [:]
    for datagram in CaptureSample.datagrams(file) {
      var rest = datagram.payload
      // Over TCP a message may stand behind a 16-bit length (RFC 4571).
      if datagram.isTCP, rest.count > 2, Int(rest.span.uint16(at: 0)) == rest.count - 2 {
        rest.removeFirst(2)
      }
      while let message = try? STUNMessage(parsing: rest.span), !message.isClassic {
        rest.removeFirst(message.range.end)
        // Types that are in no registry are STUN here, and only data to tshark.
        guard message.type.method != nil else { continue }
        let digits = String(message.type.rawValue, radix: 16)
        found["0x" + String(repeating: "0", count: 4 - digits.count) + digits, default: 0] += 1
      }
    }
    found.merge(Self.quotedInICMP[file] ?? [:], uniquingKeysWith: +)
    let expected = try #require(CaptureSample.truth(file)["stun_types"] as? [String: Int])
    #expect(found == expected)
  }
}
