import Packets
import Testing
import Values

@testable import Protocols

struct X509CertificateTests {
  static func parse(_ bytes: [UInt8]) throws -> X509Certificate {
    try X509Certificate(parsing: bytes.span, ByteRange(0, bytes.count))
  }

  @Test func `names, dates and alternative names are read`() throws {
    let bytes = TLSSample.certificate()
    let certificate = try Self.parse(bytes)
    #expect(Array(bytes[certificate.serialNumber.range]) == [0x12, 0x34])
    #expect(TLSHelloTests.text(bytes, certificate.issuer.organization) == "Example CA")
    #expect(TLSHelloTests.text(bytes, certificate.issuer.country) == "DE")
    #expect(TLSHelloTests.text(bytes, certificate.issuer.commonName) == "Root")
    #expect(TLSHelloTests.text(bytes, certificate.subject.commonName) == "sip.example.com")
    // 2026-01-02 03:04:05 and 2051-01-02 03:04:05, both UTC.
    #expect(certificate.notBefore == Timestamp(seconds: 1_767_323_045, nanoseconds: 0))
    #expect(certificate.notAfter == Timestamp(seconds: 2_556_241_445, nanoseconds: 0))
    #expect(!certificate.isSelfIssued)
    #expect(certificate.fault == nil)
    var names = X509AlternativeNames(certificate)
    var found: [String] = []
    while let name = names.next(in: bytes.span) { found.append("\(name.kind) \(name.value.count)") }
    #expect(found == ["dns 15", "uri 15", "address 4"])
  }

  @Test func `the same issuer and subject are self-issued`() throws {
    let name = TLSSample.name([(3, "localhost")])
    #expect(try Self.parse(TLSSample.certificate(issuer: name, subject: name)).isSelfIssued)
  }

  @Test(arguments: [
    "260102030405", "26010203040Z", "261302030405Z", "260100030405Z", "260102240405Z", "26010203x405Z",
  ])
  func `a date in another form is no date`(text: String) throws {
    let dates = TLSSample.der(23, Array(text.utf8)) + TLSSample.der(23, Array("500101000000Z".utf8))
    let certificate = try Self.parse(TLSSample.certificate(dates: dates))
    #expect(certificate.notBefore == nil)
    // Two digits from 50 on are the last century.
    #expect(certificate.notAfter == Timestamp(seconds: -631_152_000, nanoseconds: 0))
  }

  @Test func `every truncation is an error that names a field`() {
    feedTruncations(of: TLSSample.certificate()) { bytes, count in
      let error = #expect(throws: WireError.self) { try X509Certificate(parsing: bytes, ByteRange(0, count)) }
      #expect(error?.layer == .certificate)
      #expect((error?.offset ?? count + 1) <= count)
    }
  }

  @Test func `indefinite and oversized lengths are refused`() {
    for text in ["30 80 00 00", "30 84 00 00 00 00", "3f 81 00", "30 83 ff ff ff"] {
      #expect(throws: WireError.self) { try Self.parse(WireSample.hex(text)) }
    }
  }

  @Test func `a chain is walked in wire order`() throws {
    let one = TLSSample.certificate()
    let body = TLSSample.vector24(TLSSample.vector24(one) + TLSSample.vector24(one) + [0, 0, 9, 1])
    var list = try TLSCertificateList(parsing: body.span, body: ByteRange(0, body.count))
    #expect(try list.next(in: body.span) == ByteRange(6, 6 + one.count))
    #expect(try list.next(in: body.span) == ByteRange(9 + one.count, 9 + 2 * one.count))
    let error = #expect(throws: WireError.self) { try list.next(in: body.span) }
    #expect(error?.needed == 9)
    #expect(try list.next(in: body.span) == nil)
  }

  @Test func `a name of empty sets is walked in linear steps`() throws {
    // The nastiest input: elements of two bytes. The reader has no other loop than over elements.
    let name = TLSSample.der(0x30, Array(repeatElement([0x31, 0] as [UInt8], count: 20_000).joined()))
    #expect(try Self.parse(TLSSample.certificate(issuer: name)).issuer.range.count == name.count)
  }

  @Test func `mutated certificates never trap and stay inside`() {
    feedMutations("X.509", seed: 5280, of: [TLSSample.certificate()]) { bytes in
      guard let certificate = try? X509Certificate(parsing: bytes, ByteRange(0, bytes.count)) else { return }
      #expect(certificate.alternativeNames.end <= bytes.count)
      var names = X509AlternativeNames(certificate)
      var steps = 0
      while let name = names.next(in: bytes) {
        #expect(name.value.end <= certificate.alternativeNames.end)
        steps += 1
      }
      #expect(steps <= certificate.alternativeNames.count / 2)
    }
  }
}
