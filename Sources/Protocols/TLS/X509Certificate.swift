public import Packets
public import Values

/// The names and dates of an X.509 certificate, RFC 5280 §4.1; nothing is verified.
public struct X509Certificate: Sendable {
  /// A distinguished name and its usual parts, RFC 5280 §4.1.2.4.
  public struct Name: Sendable, Equatable {
    /// The whole name in DER.
    public internal(set) var range = ByteRange()
    /// The text of the first common name.
    public internal(set) var commonName: ByteRange?
    /// The text of the first organization.
    public internal(set) var organization: ByteRange?
    /// The text of the first country.
    public internal(set) var country: ByteRange?
  }

  /// The serial number's bytes, big-endian.
  public let serialNumber: ByteRange
  /// Who signed it.
  public let issuer: Name
  /// Whom it is for.
  public let subject: Name
  /// First instant of validity; nil when it is not written as RFC 5280 §4.1.2.5 has it.
  public let notBefore: Timestamp?
  /// Last instant of validity; nil as above.
  public let notAfter: Timestamp?
  /// Whether issuer and subject are the same bytes.
  public let isSelfIssued: Bool
  /// The subject's alternative names, a list of DER elements; empty without the extension.
  public internal(set) var alternativeNames = ByteRange()
  /// Why the extensions could not be read to their end, or nil.
  public internal(set) var fault: WireError?

  /// Parses one certificate.
  ///
  /// - Throws: `WireError` when anything up to the subject is cut off or no DER; faults behind it are kept in
  ///   `fault`.
  public init(parsing bytes: Bytes, _ range: ByteRange) throws(WireError) {
    var outer = DERReader(bytes, range)
    let certificate = try outer.next(DERReader.sequence, bytes, "certificate")
    var inner = DERReader(bytes, certificate.content)
    let body = try inner.next(DERReader.sequence, bytes, "tbs_certificate")
    var fields = DERReader(bytes, body.content)
    if fields.peek(bytes) == 0xa0 { _ = try fields.next(bytes, "certificate_version") }
    serialNumber = try fields.next(DERReader.integer, bytes, "serial_number").content
    _ = try fields.next(DERReader.sequence, bytes, "signature_algorithm")
    issuer = try Name(bytes, fields.next(DERReader.sequence, bytes, "issuer"))
    let validity = try fields.next(DERReader.sequence, bytes, "validity")
    var dates = DERReader(bytes, validity.content)
    notBefore = Timestamp(der: bytes, try dates.next(bytes, "not_before"))
    notAfter = Timestamp(der: bytes, try dates.next(bytes, "not_after"))
    subject = try Name(bytes, fields.next(DERReader.sequence, bytes, "subject"))
    isSelfIssued = Self.areEqual(issuer.range, subject.range, bytes)
    do throws(WireError) {
      try readExtensions(bytes, &fields)
    } catch {
      fault = error
    }
  }

  private static func areEqual(_ left: ByteRange, _ right: ByteRange, _ bytes: Bytes) -> Bool {
    guard left.count == right.count else { return false }
    for index in 0..<left.count where bytes[left.start + index] != bytes[right.start + index] {
      return false
    }
    return true
  }

  private mutating func readExtensions(_ bytes: Bytes, _ fields: inout DERReader) throws(WireError) {
    while !fields.isAtEnd {
      let field = try fields.next(bytes, "tbs_certificate")
      guard field.tag == 0xa3 else { continue }
      var wrapper = DERReader(bytes, field.content)
      var list = DERReader(bytes, try wrapper.next(DERReader.sequence, bytes, "extensions").content)
      while !list.isAtEnd {
        let item = try list.next(DERReader.sequence, bytes, "extension")
        try readExtension(bytes, item.content)
      }
    }
  }

  /// Takes the subject alternative name, object identifier 2.5.29.17.
  private mutating func readExtension(_ bytes: Bytes, _ content: ByteRange) throws(WireError) {
    var parts = DERReader(bytes, content)
    let identifier = try parts.next(DERReader.objectIdentifier, bytes, "extension_identifier").content
    guard identifier.count == 3, bytes.uint16(at: identifier.start) == 0x551d,
      bytes[identifier.start + 2] == 0x11, alternativeNames.isEmpty
    else { return }
    var value = try parts.next(bytes, "extension_value")
    // A Boolean in front says whether the extension is critical.
    if value.tag == 0x01 { value = try parts.next(bytes, "extension_value") }
    var octets = DERReader(bytes, value.content)
    alternativeNames = try octets.next(DERReader.sequence, bytes, "subject_alternative_name").content
  }
}

extension X509Certificate.Name {
  /// Walks the sets of attributes; each is an object identifier and a string.
  init(_ bytes: Bytes, _ element: DERReader.Element) throws(WireError) {
    range = element.whole
    var sets = DERReader(bytes, element.content)
    while !sets.isAtEnd {
      var attributes = DERReader(bytes, try sets.next(DERReader.set, bytes, "name").content)
      while !attributes.isAtEnd {
        let attribute = try attributes.next(DERReader.sequence, bytes, "name_attribute")
        var parts = DERReader(bytes, attribute.content)
        let type = try parts.next(DERReader.objectIdentifier, bytes, "name_attribute").content
        let text = try parts.next(bytes, "name_attribute").content
        keep(bytes, type, text)
      }
    }
  }

  /// Attribute types are 2.5.4.x.
  private mutating func keep(_ bytes: Bytes, _ type: ByteRange, _ text: ByteRange) {
    guard type.count == 3, bytes.uint16(at: type.start) == 0x5504 else { return }
    switch bytes[type.start + 2] {
    case 3: commonName = commonName ?? text
    case 6: country = country ?? text
    case 10: organization = organization ?? text
    default: break
    }
  }
}

/// The alternative names of a certificate's subject, RFC 5280 §4.2.1.6; it stops at the first that is no DER.
public struct X509AlternativeNames: Sendable {
  /// What a name is.
  public enum Kind: UInt8, Sendable {
    case email = 0x81
    case dns = 0x82
    /// For SIP the `sip:` URI of a domain, RFC 5922 §7.1.
    case uri = 0x86
    /// Four or sixteen bytes.
    case address = 0x87
  }

  private let end: Int
  private var offset: Int

  /// The names of a certificate.
  public init(_ certificate: X509Certificate) {
    offset = certificate.alternativeNames.start
    end = certificate.alternativeNames.end
  }

  /// The next name of a known kind, or nil at the end.
  public mutating func next(in bytes: Bytes) -> (kind: Kind, value: ByteRange)? {
    var reader = DERReader(bytes, ByteRange(offset, end))
    while !reader.isAtEnd, let element = try? reader.next(bytes, "general_name") {
      offset = element.whole.end
      if let kind = Kind(rawValue: element.tag) { return (kind, element.content) }
    }
    offset = end
    return nil
  }
}
