import Events
import Packets
import Protocols
import Testing
import Values

@testable import Tracking

/// Certificates in DTLS handshakes, and the fingerprints that announce them.
@Suite struct DTLSCertificateTests {
  private static let list = HelloBytes.vector(3, HelloBytes.vector(3, ServerCertificateTests.certificate))
  /// By other programs.
  private static let sha1 = "44:76:52:3A:FA:23:3E:12:8A:2F:97:EA:DB:2A:99:66:F1:30:E5:DE"

  private func event(_ hello: DTLSHello) -> Event {
    var event = Event()
    event.reset(.dtls, at: Timestamp(nanoseconds: 0), sequence: 1)
    hello.set(into: &event)
    return event
  }

  /// The first medium of a description with some lines at the session and at the medium.
  private func fingerprint(session: [String] = [], medium: [String]) -> SDPFingerprint? {
    let lines =
      ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"] + session
      + ["m=audio 4000 UDP/TLS/RTP/SAVPF 0"] + medium
    let bytes = Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    var description = SessionDescription()
    description.parse(bytes.span, ByteRange(0, bytes.count))
    #expect(description.faults == [])
    return description.media.first.flatMap { SDPFingerprint($0, in: bytes.span) }
  }

  @Test func `a certificate is told whole, and in parts of any order and size`() throws {
    for size in [Self.list.count, 100, 7, 1] {
      var reader = DTLSHelloReader()
      let starts = stride(from: 0, to: Self.list.count, by: size).reversed()
      for start in starts {
        let part = start..<min(start + size, Self.list.count)
        #expect(reader.hellos.isEmpty)
        reader.read(
          HelloBytes.dtlsRecord(11, Self.list, part: part).span, flowID: 1, toServer: false)
      }
      let hello = try #require(reader.hellos.first)
      #expect(hello.isCertificate)
      let event = event(hello)
      #expect(event.string(.dtlsHandshake) == "certificate")
      #expect(event.string(.dtlsVersion) == "DTLS 1.2")
      #expect(event.string(.dtlsSubject) == "CN=sip.example.com")
      #expect(event.string(.dtlsIssuerdn) == "C=DE, O=Example CA")
      #expect(event.string(.dtlsSerial) == "00:AB:0C")
      #expect(event.string(.dtlsFingerprint) == Self.sha1.lowercased())
      #expect(event[.dtlsMatchesSDP] == .absent)
      #expect(event.string(.tlsSubject) == nil)
    }
  }

  @Test func `a list that is empty, cut or no certificate tells nothing that is not there`() {
    for body in [[], HelloBytes.vector(3, []), Array(Self.list.dropLast(9)), [0, 0, 9]] as [[UInt8]] {
      var reader = DTLSHelloReader()
      reader.read(HelloBytes.dtlsRecord(11, body).span, flowID: 1, toServer: false)
      #expect(reader.hellos.isEmpty)
    }
    var reader = DTLSHelloReader()
    let odd = HelloBytes.vector(3, HelloBytes.vector(3, [1, 2, 3]))
    reader.read(HelloBytes.dtlsRecord(11, odd).span, flowID: 1, toServer: false)
    #expect(reader.hellos.map { event($0).string(.dtlsSubject) } == [nil])
  }

  @Test func `a certificate matches its fingerprint by every function and no other one`() throws {
    var reader = DTLSHelloReader()
    reader.read(HelloBytes.dtlsRecord(11, Self.list).span, flowID: 1, toServer: false)
    var hello = try #require(reader.hellos.first)
    let own = try #require(fingerprint(medium: ["a=fingerprint:SHA-1 " + Self.sha1]))
    hello.compare(with: own)
    #expect(hello.matchesDescription == true)
    #expect(event(hello)[.dtlsMatchesSDP] == .bool(true))
    for function in SDPFingerprint.Function.allCases {
      hello.compare(
        with: HandshakeFingerprints.fingerprint(of: ServerCertificateTests.certificate, by: function))
      #expect(hello.matchesDescription == true)
      hello.compare(with: HandshakeFingerprints.fingerprint(of: [1, 2, 3], by: function))
      #expect(hello.matchesDescription == false)
    }
    #expect(event(hello)[.dtlsMatchesSDP] == .bool(false))
  }

  @Test func `a fingerprint is that of the medium, or else that of the session`() {
    let other = "sha-1 " + Self.sha1.replacing("44", with: "45")
    let own = fingerprint(medium: ["a=fingerprint:sha-1 " + Self.sha1.lowercased()])
    #expect(own != nil)
    #expect(fingerprint(session: ["a=fingerprint:sha-1 " + Self.sha1], medium: []) == own)
    #expect(
      fingerprint(session: ["a=fingerprint:" + other], medium: ["a=fingerprint:sha-1 " + Self.sha1]) == own)
    #expect(fingerprint(medium: ["a=fingerprint:" + other]) != own)
  }

  @Test(arguments: [
    ["a=fingerprint:md5 00:01"], [],
    ["a=fingerprint:sha-256 " + sha1], ["a=fingerprint:sha-1 " + sha1.dropLast(3)],
    ["a=fingerprint:sha-1 " + sha1.replacing("44:", with: "4G:")],
    ["a=fingerprint:sha-1 " + sha1.replacing(":", with: "-")],
    ["a=fingerprint:sha-1 " + sha1, "a=fingerprint:sha-1 " + sha1],
  ])
  func `what cannot be compared is not`(lines: [String]) {
    #expect(fingerprint(medium: lines) == nil)
  }
}
