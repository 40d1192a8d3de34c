internal import Events
internal import Packets
internal import Protocols
internal import Values

/// What the log says of an end's certificate, with the names and the writing of Suricata's `tls` log.
struct HandshakeCertificate: Sendable {
  /// The fields of one type of event.
  struct Fields: Sendable {
    let subject, issuer, serial, fingerprint, notBefore, notAfter, alternativeNames: Field

    static let tls = Fields(
      subject: .tlsSubject, issuer: .tlsIssuerdn, serial: .tlsSerial, fingerprint: .tlsFingerprint,
      notBefore: .tlsNotbefore, notAfter: .tlsNotafter, alternativeNames: .tlsSubjectaltname)
    static let dtls = Fields(
      subject: .dtlsSubject, issuer: .dtlsIssuerdn, serial: .dtlsSerial, fingerprint: .dtlsFingerprint,
      notBefore: .dtlsNotbefore, notAfter: .dtlsNotafter, alternativeNames: .dtlsSubjectaltname)
  }

  /// More names than this are cut off; large hosters have hundreds.
  private static let nameLimit = 32

  private let subject: [UInt8]
  private let issuer: [UInt8]
  private let serial: [UInt8]
  private let fingerprint: [UInt8]
  private let notBefore: Timestamp?
  private let notAfter: Timestamp?
  private var alternativeNames: [[UInt8]] = []

  /// Reads the certificate that is a range of a handshake message; nil when it is no certificate.
  init?(parsing bytes: Bytes, _ range: ByteRange) {
    guard let certificate = try? X509Certificate(parsing: bytes, range) else { return nil }
    subject = DistinguishedName.text(of: certificate.subject, in: bytes)
    issuer = DistinguishedName.text(of: certificate.issuer, in: bytes)
    serial = Self.hexadecimal(bytes, certificate.serialNumber)
    fingerprint = HandshakeFingerprints.certificate(bytes, range)
    notBefore = certificate.notBefore
    notAfter = certificate.notAfter
    readNames(of: certificate, in: bytes)
  }

  private mutating func readNames(of certificate: X509Certificate, in bytes: Bytes) {
    var names = X509AlternativeNames(certificate)
    while alternativeNames.count < Self.nameLimit, let (kind, value) = names.next(in: bytes) {
      if kind == .address {
        guard let address = Self.address(bytes, value) else { continue }
        alternativeNames.append(Array(address.description.utf8))
      } else {
        var text: [UInt8] = []
        text.append(copying: value, of: bytes)
        alternativeNames.append(text)
      }
    }
  }

  private static func address(_ bytes: Bytes, _ range: ByteRange) -> IPAddress? {
    switch range.count {
    case 4: IPAddress(v4: bytes.uint32(at: range.start))
    case 16: IPAddress(v6High: bytes.uint64(at: range.start), low: bytes.uint64(at: range.start + 8))
    default: nil
    }
  }

  /// Adds the fields to an event.
  func set(_ fields: Fields, into event: inout Event) {
    event.set(fields.subject, copying: subject.span)
    event.set(fields.issuer, copying: issuer.span)
    event.set(fields.serial, copying: serial.span)
    event.set(fields.fingerprint, copying: fingerprint.span)
    if let notBefore { event.set(fields.notBefore, .time(notBefore)) }
    if let notAfter { event.set(fields.notAfter, .time(notAfter)) }
    let start = event.items.count
    for name in alternativeNames { event.appendItem(.text(event.append(name.span))) }
    event.set(fields.alternativeNames, itemsFrom: start)
  }

  /// Pairs of upper-case digits with colons, as certificate tools show serial numbers.
  private static func hexadecimal(_ bytes: Bytes, _ range: ByteRange) -> [UInt8] {
    var text: [UInt8] = []
    for index in range.range.prefix(64) {
      if !text.isEmpty { text.append(UInt8(ascii: ":")) }
      for digit in [bytes[index] >> 4, bytes[index] & 0xf] {
        text.append(digit < 10 ? 0x30 + digit : 0x37 + digit)
      }
    }
    return text
  }
}
