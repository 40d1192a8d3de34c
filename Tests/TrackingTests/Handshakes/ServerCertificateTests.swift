import Events
import Testing
import Values

@testable import Tracking

@Suite struct ServerCertificateTests {
  /// Put together by hand; serial number 00ab0c, for sip.example.com, its SIP domain and two addresses.
  static let certificate: [UInt8] = [
    "3081dc3081cfa003020102020300ab0c300406022a033022310b300906035504060c02444531133011060355040a0c0a",
    "4578616d706c65204341301e170d3236303130323033303430355a170d3237303130323033303430355a301a31183016",
    "06035504030c0f7369702e6578616d706c652e636f6d30140707070707070707070707070707070707070707a3473045",
    "30430603551d11043c303a820f7369702e6578616d706c652e636f6d860f7369703a6578616d706c652e636f6d8704c0",
    "000201871020010db8000000000000000000000001300406022a0303020001",
  ].flatMap { line in
    stride(from: 0, to: line.count, by: 2).compactMap { offset in
      let start = line.index(line.startIndex, offsetBy: offset)
      return UInt8(line[start..<line.index(start, offsetBy: 2)], radix: 16)
    }
  }

  private func event(_ connection: TLSConnection) -> Event {
    var event = Event()
    event.reset(.tls, at: Timestamp(nanoseconds: 0), sequence: 1)
    connection.set(into: &event)
    return event
  }

  private func connection(_ client: [UInt8], _ server: [UInt8]) -> TLSConnection {
    var connection = TLSConnection()
    _ = connection.feed(HelloBytes.record(1, client).span, isForward: true)
    let progress = connection.feed(server.span, isForward: false)
    #expect(progress == .complete)
    return connection
  }

  @Test func `the certificate's names, number, dates and digest are told as Suricata writes them`() {
    let list = HelloBytes.vector(3, HelloBytes.vector(3, Self.certificate))
    let server = HelloBytes.record(2, HelloBytes.ja3Server) + HelloBytes.record(11, list)
    let event = event(connection(HelloBytes.ja3Client, server))
    #expect(event.string(.tlsSubject) == "CN=sip.example.com")
    #expect(event.string(.tlsIssuerdn) == "C=DE, O=Example CA")
    #expect(event.string(.tlsSerial) == "00:AB:0C")
    // By the SHA-1 of another program.
    #expect(event.string(.tlsFingerprint) == "44:76:52:3a:fa:23:3e:12:8a:2f:97:ea:db:2a:99:66:f1:30:e5:de")
    #expect(event[.tlsNotbefore] == .time(Timestamp(seconds: 1_767_323_045, nanoseconds: 0)))
    #expect(event[.tlsNotafter] == .time(Timestamp(seconds: 1_798_859_045, nanoseconds: 0)))
    #expect(
      names(event) == ["sip.example.com", "sip:example.com", "192.0.2.1", "2001:db8::1"])
    #expect(event.string(.tlsCipher) == "TLS_RSA_WITH_AES_128_CBC_SHA")
    #expect(event[.tlsSessionResumed] == .bool(false))
  }

  private func names(_ event: borrowing Event) -> [String] {
    guard case .list(let range) = event[.tlsSubjectaltname] else { return [] }
    return event.items[range.range].compactMap { item in
      guard case .text(let text) = item else { return nil }
      return String(decoding: event.text[text.range], as: UTF8.self)
    }
  }

  /// A hello whose session identifier is not empty.
  private func withSession(_ hello: [UInt8]) -> [UInt8] {
    Array(hello[..<34]) + HelloBytes.vector(1, [1, 2, 3, 4]) + Array(hello[35...])
  }

  @Test func `a session is resumed when the server repeats its identifier or selects a key`() {
    let done = HelloBytes.record(14, [])
    let old = connection(
      withSession(HelloBytes.ja3Client), HelloBytes.record(2, withSession(HelloBytes.ja3Server)) + done)
    #expect(event(old)[.tlsSessionResumed] == .bool(true))
    let other = connection(
      HelloBytes.ja3Client, HelloBytes.record(2, withSession(HelloBytes.ja3Server)) + done)
    #expect(event(other)[.tlsSessionResumed] == .bool(false))
    for (list, isResumed) in [([(0x2b, [3, 4])], false), ([(0x2b, [3, 4]), (41, [0, 0])], true)]
      as [([(Int, [UInt8])], Bool)]
    {
      let hello = HelloBytes.server(cipher: 0x1302, extensions: list)
      let event = event(connection(HelloBytes.ja4Example, HelloBytes.record(2, hello)))
      #expect(event[.tlsSessionResumed] == .bool(isResumed))
      #expect(event.string(.tlsCipher) == "TLS_AES_256_GCM_SHA384")
    }
    let rare = HelloBytes.server(cipher: 0xc0ff, extensions: [(0x2b, [3, 4])])
    let event = event(connection(HelloBytes.ja4Example, HelloBytes.record(2, rare)))
    #expect(event.string(.tlsCipher) == "0xc0ff")
  }

  @Test(
    arguments: [
      ("sip.example.com", ["h2"], true), ("SIPS.example.com", [], true),
      ("gossip.example.com", ["h2"], false),
      ("www.example.com", ["sip/2"], true), ("siphon.example.com", [], false),
    ] as [(String, [String], Bool)])
  func `a handshake names SIP by its server or its application protocol`(
    host: String, protocols: [String], isForSIP: Bool
  ) {
    let client = HelloBytes.client(
      ciphers: [0x1301],
      extensions: [(0, HelloBytes.serverName(host)), (16, HelloBytes.protocols(protocols))])
    let server = HelloBytes.server(cipher: 0x1301, extensions: [(0x2b, [3, 4])])
    #expect(connection(client, HelloBytes.record(2, server)).isForSIP == isForSIP)
  }
}
