import Events
import Testing
import Values

@testable import Tracking

@Suite struct TLSConnectionTests {
  private func event(_ connection: TLSConnection) -> Event {
    var event = Event()
    event.reset(.tls, at: Timestamp(nanoseconds: 0), sequence: 1)
    connection.set(into: &event)
    return event
  }

  private func list(_ event: borrowing Event, _ field: Field) -> [String] {
    guard case .list(let range) = event[field] else { return [] }
    return event.items[range.range].compactMap { item in
      guard case .text(let text) = item else { return nil }
      return String(decoding: event.text[text.range], as: UTF8.self)
    }
  }

  private func feed(
    _ connection: inout TLSConnection, _ bytes: [UInt8], isForward: Bool,
    gives expected: TLSConnection.Progress, _ location: SourceLocation = #_sourceLocation
  ) {
    let progress = connection.feed(bytes.span, isForward: isForward)
    #expect(progress == expected, sourceLocation: location)
  }

  @Test func `the fingerprints are those of their own descriptions`() throws {
    var connection = TLSConnection()
    let client = HelloBytes.record(1, HelloBytes.ja3Client)
    let server = HelloBytes.record(2, HelloBytes.ja3Server) + HelloBytes.record(14, [])
    feed(&connection, client, isForward: true, gives: .needsMore)
    feed(&connection, server, isForward: false, gives: .complete)
    let old = event(connection)
    #expect(old.string(.tlsJA3Hash) == "ada70206e40642a3e4461f35503241d5")
    #expect(old.string(.tlsJa3sHash) == "836ce314215654b5b1f85f97c73e506f")
    #expect(old.string(.tlsSNI) == "a.example" && old.string(.tlsVersion) == "TLSv1")

    var modern = TLSConnection()
    _ = modern.feed(HelloBytes.record(1, HelloBytes.ja4Example).span, isForward: true)
    let answer = HelloBytes.server(cipher: 0x1301, extensions: [(0x2b, [3, 4])])
    feed(&modern, HelloBytes.record(2, answer), isForward: false, gives: .complete)
    let new = event(modern)
    #expect(new.string(.tlsJA4) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
    #expect(new.string(.tlsVersion) == "TLS 1.3" && list(new, .tlsALPN) == ["h2", "http/1.1"])
  }

  @Test func `any cut of the stream gives the same, and the client may come from either end`() {
    let client = HelloBytes.record(1, HelloBytes.ja3Client)
    let server = HelloBytes.record(2, HelloBytes.ja3Server) + HelloBytes.record(14, [])
    for size in [1, 2, 3, 5, 7, 64] {
      var connection = TLSConnection()
      for start in stride(from: 0, to: client.count, by: size) {
        let part = Array(client[start..<min(start + size, client.count)])
        feed(&connection, part, isForward: false, gives: .needsMore)
      }
      var last = TLSConnection.Progress.needsMore
      for start in stride(from: 0, to: server.count, by: size) where last == .needsMore {
        last = connection.feed(Array(server[start..<min(start + size, server.count)]).span, isForward: true)
      }
      #expect(last == .complete && !connection.isClientForward)
      #expect(event(connection).string(.tlsJA3Hash) == "ada70206e40642a3e4461f35503241d5")
    }
  }

  @Test func `a resumed session is complete without a certificate, a server alone is over`() {
    let change: [UInt8] = [20, 3, 3, 0, 1, 1]
    var resumed = TLSConnection()
    _ = resumed.feed(HelloBytes.record(1, HelloBytes.ja3Client).span, isForward: true)
    let answer = HelloBytes.record(2, HelloBytes.ja3Server) + change
    feed(&resumed, answer, isForward: false, gives: .complete)
    var alone = TLSConnection()
    feed(&alone, answer, isForward: false, gives: .over)
  }

  @Test func `a client that sends early data still waits for its server`() {
    var connection = TLSConnection()
    let early = HelloBytes.record(1, HelloBytes.ja4Example) + [23, 3, 3, 0, 4, 1, 2, 3, 4]
    feed(&connection, early, isForward: true, gives: .needsMore)
    feed(&connection, Array(early.suffix(9)), isForward: true, gives: .needsMore)
  }

  @Test func `a request to try again is not the server's hello`() {
    var retry = HelloBytes.server(cipher: 0x1301, extensions: [(0x2b, [3, 4])])
    // The SHA-256 of "HelloRetryRequest" in place of the random bytes, RFC 8446 §4.1.3.
    let random: [UInt8] = [
      0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
      0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
    ]
    retry.replaceSubrange(2..<34, with: random)
    var connection = TLSConnection()
    let client = HelloBytes.record(1, HelloBytes.ja4Example)
    _ = connection.feed(client.span, isForward: true)
    feed(&connection, HelloBytes.record(2, retry), isForward: false, gives: .needsMore)
    _ = connection.feed(client.span, isForward: true)
    let answer = HelloBytes.server(cipher: 0x1301, extensions: [(0x2b, [3, 4])])
    feed(&connection, HelloBytes.record(2, answer), isForward: false, gives: .complete)
  }

  @Test func `any bytes are taken without harm`() {
    let seed: UInt64 = 0x715
    print("TLS connections: 10000 mutated inputs from seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let client = HelloBytes.record(1, HelloBytes.ja4Example)
    let server =
      HelloBytes.record(2, HelloBytes.ja3Server) + HelloBytes.record(11, [0, 0, 6, 0, 0, 3, 0x30, 1, 0])
    var completed = 0
    for _ in 0..<5000 {
      var connection = TLSConnection()
      for (bytes, isForward) in [(client, true), (server, false)] {
        var mutated = bytes
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
          mutated[.random(in: 0..<mutated.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        if connection.feed(mutated.span, isForward: isForward) == .complete {
          completed += 1
          _ = event(connection)
        }
      }
    }
    #expect(completed > 100, "seed \(seed)")
  }
}

@Suite struct DTLSHelloTests {
  private static let hello = HelloBytes.client(
    version: 0xfefd, isDTLS: true, ciphers: [0xc02b, 0xc02f],
    extensions: [
      (14, HelloBytes.vector(2, HelloBytes.codes([7, 1])) + [0]), (10, HelloBytes.vector(2, [0, 23])),
    ])

  private func event(_ hello: DTLSHello) -> Event {
    var event = Event()
    event.reset(.dtls, at: Timestamp(nanoseconds: 0), sequence: 1)
    hello.set(into: &event)
    return event
  }

  @Test func `a client's hello has its version, profile and fingerprints`() throws {
    var reader = DTLSHelloReader()
    let isDTLS = reader.read(HelloBytes.dtlsRecord(1, Self.hello).span, flowID: 1, toServer: true)
    #expect(isDTLS)
    #expect(reader.hellos.count == 1)
    let event = event(try #require(reader.hellos.first))
    #expect(event.string(.dtlsHandshake) == "client_hello" && event.string(.dtlsVersion) == "DTLS 1.2")
    #expect(event.string(.dtlsSRTPProfile) == "SRTP_AEAD_AES_128_GCM")
    #expect(event.string(.dtlsJA3Hash)?.count == 32)
    #expect(event.string(.dtlsJA4)?.hasPrefix("dd2i0202") == true)
    #expect(event[.dtlsCookie] == .bool(false) && event.string(.dtlsCipher) == nil)
  }

  @Test func `fragments of two flows and out of order give both hellos`() throws {
    var reader = DTLSHelloReader()
    var whole = DTLSHelloReader()
    whole.read(HelloBytes.dtlsRecord(1, Self.hello).span, flowID: 1, toServer: true)
    let expected = event(try #require(whole.hellos.first)).string(.dtlsJA4)
    let (one, two) = (0..<20, 20..<Self.hello.count)
    for (part, flow) in [(two, 1), (one, 2), (one, 1), (two, 2)] as [(Range<Int>, Int64)] {
      reader.read(HelloBytes.dtlsRecord(1, Self.hello, part: part).span, flowID: flow, toServer: true)
      let isLast = part == (flow == 1 ? one : two)
      #expect(reader.hellos.count == (isLast ? 1 : 0))
      if let hello = reader.hellos.first { #expect(event(hello).string(.dtlsJA4) == expected) }
    }
  }

  @Test func `servers answer with a request to verify or a hello`() throws {
    var reader = DTLSHelloReader()
    let verify = HelloBytes.dtlsRecord(3, [0xfe, 0xff] + HelloBytes.vector(1, [1, 2, 3]))
    reader.read(verify.span, flowID: 1, toServer: false)
    #expect(event(try #require(reader.hellos.first)).string(.dtlsHandshake) == "hello_verify_request")
    let server = HelloBytes.server(
      version: 0xfefd, cipher: 0xc02b, extensions: [(14, HelloBytes.vector(2, [0, 1]) + [0])])
    reader.read(HelloBytes.dtlsRecord(2, server).span, flowID: 1, toServer: false)
    let answer = event(try #require(reader.hellos.first))
    #expect(answer.string(.dtlsHandshake) == "server_hello")
    #expect(answer.string(.dtlsSRTPProfile) == "SRTP_AES128_CM_HMAC_SHA1_80")
    #expect(answer.string(.dtlsJA3Hash) == nil)
    #expect(answer.string(.dtlsCipher) == "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
    #expect(answer.string(.dtlsJa3sHash)?.count == 32 && answer[.dtlsCookie] == .absent)
  }

  @Test func `a client that was asked to verify says so, and whom it wants`() throws {
    let list = [(0, HelloBytes.serverName("media.example.com"))]
    let plain = HelloBytes.client(version: 0xfefd, isDTLS: true, ciphers: [0xc02b], extensions: list)
    // Version, random bytes and the empty session identifier stand before the cookie.
    let hello = Array(plain[..<35]) + HelloBytes.vector(1, [9, 9, 9, 9]) + Array(plain[36...])
    var reader = DTLSHelloReader()
    reader.read(HelloBytes.dtlsRecord(1, hello).span, flowID: 1, toServer: true)
    let event = event(try #require(reader.hellos.first))
    #expect(event[.dtlsCookie] == .bool(true) && event.string(.dtlsSNI) == "media.example.com")
  }

  @Test func `more directions with fragments than there is memory for displace each other only`() {
    var reader = DTLSHelloReader()
    for flow in Int64(1)...100 {
      reader.read(
        HelloBytes.dtlsRecord(1, Self.hello, part: 0..<20).span, flowID: flow, toServer: true)
    }
    let rest = HelloBytes.dtlsRecord(1, Self.hello, part: 20..<Self.hello.count)
    reader.read(rest.span, flowID: 100, toServer: true)
    #expect(reader.hellos.count == 1)
    reader.read(rest.span, flowID: 1, toServer: true)
    #expect(reader.hellos.isEmpty)
  }

  @Test func `other bytes give nothing`() {
    var reader = DTLSHelloReader()
    for bytes in [[], [22], [22, 3, 1, 0, 1, 1], [UInt8](repeating: 40, count: 100)] as [[UInt8]] {
      let isDTLS = reader.read(bytes.span, flowID: 1, toServer: true)
      #expect(!isDTLS && reader.hellos.isEmpty)
    }
  }
}
