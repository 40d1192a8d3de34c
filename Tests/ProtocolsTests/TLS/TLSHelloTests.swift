import Packets
import Testing
import Values

@testable import Protocols

struct TLSHelloTests {
  static func hello(_ body: [UInt8], isDTLS: Bool = false) throws -> TLSClientHello {
    try TLSClientHello(parsing: body.span, body: ByteRange(0, body.count), isDTLS: isDTLS)
  }

  static func text(_ bytes: [UInt8], _ range: ByteRange?) -> String {
    range.map { String(decoding: bytes[$0.range], as: UTF8.self) } ?? "-"
  }

  @Test func `a client hello gives name, protocols, versions and lists`() throws {
    let bytes = TLSSample.browser
    let hello = try Self.hello(bytes)
    #expect(hello.legacyVersion == 0x0303)
    #expect(hello.newestVersion(in: bytes.span) == 0x0304)
    #expect(hello.sessionID.count == 4)
    #expect(hello.cipherSuites.count == 16)
    #expect(hello.extensions.count == 18)
    #expect(hello.extensions.fault == nil)
    #expect(Self.text(bytes, hello.extensions.serverName) == "example.com")
    #expect(hello.extensions.supportedGroups.code(1, in: bytes.span) == 29)
    #expect(hello.extensions.signatureAlgorithms.count == 8)
    var protocols = TLSApplicationProtocols(hello.extensions)
    #expect(Self.text(bytes, protocols.next(in: bytes.span)) == "h2")
    #expect(Self.text(bytes, protocols.next(in: bytes.span)) == "http/1.1")
    #expect(protocols.next(in: bytes.span) == nil)
  }

  @Test func `a server hello gives the version it chose`() throws {
    let bytes = TLSSample.server
    let hello = try TLSServerHello(parsing: bytes.span, body: ByteRange(0, bytes.count))
    #expect(hello.legacyVersion == 0x0303)
    #expect(hello.version == 0x0304)
    #expect(hello.cipherSuite == 0x1301)
    #expect(!hello.isHelloRetryRequest)
    #expect(hello.extensions.hasServerName)
    #expect(hello.extensions.fault == nil)
    let retry = TLSSample.serverHello(
      random: WireSample.hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"),
      cipher: 0x1301, extensions: [])
    let again = try TLSServerHello(parsing: retry.span, body: ByteRange(0, retry.count))
    #expect(again.isHelloRetryRequest)
  }

  @Test func `a hello without extensions is whole`() throws {
    let full = TLSSample.clientHello(ciphers: [0x35], extensions: [])
    let bytes = Array(full.dropLast(2))
    let hello = try Self.hello(bytes)
    #expect(hello.extensions.count == 0)
    #expect(hello.newestVersion(in: bytes.span) == 0x0303)
  }

  @Test func `a truncated hello throws up to the compression methods and is a fault behind them`() throws {
    let bytes = TLSSample.browser
    let fixed = 2 + 32 + 5 + 2 + 32 + 2
    try feedTruncations(of: bytes) { prefix, count in
      if count < fixed || count == fixed + 1 {
        #expect(throws: WireError.self) {
          try TLSClientHello(parsing: prefix, body: ByteRange(0, count))
        }
      } else {
        let hello = try TLSClientHello(parsing: prefix, body: ByteRange(0, count))
        #expect((hello.extensions.fault == nil) == (count == fixed))
      }
    }
  }

  @Test func `a fault inside one extension does not hide the others`() throws {
    let bytes = TLSSample.clientHello(
      ciphers: [0x35],
      extensions: [
        (10, [0, 9, 0]), (0, TLSSample.serverName("a.example")), (0, TLSSample.serverName("b.example")),
      ])
    let hello = try Self.hello(bytes)
    #expect(hello.extensions.fault?.field.description == "supported_groups")
    #expect(Self.text(bytes, hello.extensions.serverName) == "a.example")
    #expect(hello.extensions.count == 3)
  }

  @Test func `exactly the sixteen reserved values are GREASE`() {
    let reserved = (UInt16.min ... .max).filter(TLSCodeList.isGREASE)
    #expect(reserved.count == 16)
    #expect(reserved.first == 0x0a0a && reserved.last == 0xfafa)
  }

  @Test func `mutated hellos never trap and stay inside`() {
    var writer = TLSFingerprintWriter()
    let samples = [TLSSample.browser, TLSSample.server]
    feedMutations("TLS hello", seed: 8446, of: samples) { bytes in
      let body = ByteRange(0, bytes.count)
      if let hello = try? TLSServerHello(parsing: bytes, body: body) {
        _ = hello.srtpProfile(in: bytes)
        writer.writeJA3S(hello, in: bytes)
      }
      guard let hello = try? TLSClientHello(parsing: bytes, body: body, isDTLS: bytes.count % 2 == 0) else {
        return
      }
      #expect(hello.extensions.list.end <= bytes.count)
      #expect(hello.extensions.count <= bytes.count / 4)
      writer.writeJA3(hello, in: bytes)
      let parts = writer.writeJA4(hello, over: .tcp, in: bytes)
      #expect(parts.a.count == 10 && parts.c.end == writer.text.count)
    }
  }
}

struct TLSFingerprintTests {
  @Test func `JA3 is the version and four lists without GREASE`() throws {
    var writer = TLSFingerprintWriter()
    let client = TLSSample.browser
    let hello = try TLSHelloTests.hello(client)
    writer.writeJA3(hello, in: client.span)
    #expect(
      String(decoding: writer.text, as: UTF8.self)
        == "771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,"
        + "27-0-51-16-17513-23-45-13-5-35-18-43-65281-11-10-21,29-23-24,0")
    let bytes = TLSSample.server
    let answer = try TLSServerHello(parsing: bytes.span, body: ByteRange(0, bytes.count))
    writer.writeJA3S(answer, in: bytes.span)
    #expect(String(decoding: writer.text, as: UTF8.self) == "771,4865,43-51-0")
  }

  @Test func `JA4 is the published example`() throws {
    var writer = TLSFingerprintWriter()
    let bytes = TLSSample.browser
    let hello = try TLSHelloTests.hello(bytes)
    let parts = writer.writeJA4(hello, over: .tcp, in: bytes.span)
    func part(_ range: ByteRange) -> String { String(decoding: writer.text[range.range], as: UTF8.self) }
    #expect(part(parts.a) == "t13d1516h2")
    #expect(part(parts.b) == "002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9")
    #expect(
      part(parts.c)
        == "0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01"
        + "_0403,0804,0401,0503,0805,0501,0806,0601")
    #expect(parts.hasExtensions)
  }

  @Test(
    arguments: [
      ([], "00"), ([0xab], "ab"), ([0xab, 0xcd], "ad"), ([0x30, 0xab], "3b"),
      ([0x30, 0x31, 0xab, 0xcd], "3d"), ([0x30, 0xab, 0xcd, 0x31], "01"), ([0x68], "hh"),
    ] as [([UInt8], String)])
  func `the protocol part follows the published cases`(name: [UInt8], expected: String) throws {
    let bytes = TLSSample.clientHello(
      version: 0xfefd, cookie: [], ciphers: [],
      extensions: [(16, TLSSample.vector16(TLSSample.vector8(name)))])
    var writer = TLSFingerprintWriter()
    let hello = try TLSHelloTests.hello(bytes, isDTLS: true)
    let parts = writer.writeJA4(hello, over: .dtls, in: bytes.span)
    #expect(String(decoding: writer.text, as: UTF8.self) == "dd2i0001\(expected)__")
    #expect(parts.b.isEmpty)
    #expect(!parts.hasExtensions)
  }

  @Test func `more than ninety-nine ciphers are counted as ninety-nine and all are listed in order`() throws {
    var random = WireRandom(seed: 4)
    let ciphers = (0..<5000).map { _ in UInt16(truncatingIfNeeded: random.next()) & 0x7f7f | 0x0080 }
    let bytes = TLSSample.clientHello(ciphers: ciphers, extensions: [])
    var writer = TLSFingerprintWriter()
    let hello = try TLSHelloTests.hello(bytes)
    let parts = writer.writeJA4(hello, over: .quic, in: bytes.span)
    #expect(String(decoding: writer.text[..<10], as: UTF8.self) == "q12i990000")
    let listed = TLSSample.codes(String(decoding: writer.text[parts.b.range], as: UTF8.self))
    #expect(listed == ciphers.sorted())
  }
}
