public import Packets
public import Values

/// The attributes of a distinguished name in the order of its DER, RFC 5280 §4.1.2.4; it stops at the first
/// that is no DER.
public struct X509NameAttributes: Sendable {
  /// One attribute.
  public struct Attribute: Sendable, Equatable {
    /// Last number of an attribute type 2.5.4.x (3 is the common name); 0 for any other type.
    public let type: UInt8
    /// The bytes of its text, in whatever string type the issuer chose.
    public let text: ByteRange
  }

  private var sets: DERReader
  private var attributes: DERReader

  /// The attributes of a parsed certificate's name.
  public init(_ name: X509Certificate.Name, in bytes: Bytes) {
    var outer = DERReader(bytes, name.range)
    let content = (try? outer.next(DERReader.sequence, bytes, "name"))?.content ?? ByteRange()
    sets = DERReader(bytes, content)
    attributes = DERReader(bytes, ByteRange())
  }

  /// The next attribute, or nil at the end.
  public mutating func next(in bytes: Bytes) -> Attribute? {
    while attributes.isAtEnd {
      guard !sets.isAtEnd, let set = try? sets.next(DERReader.set, bytes, "name") else { return nil }
      attributes = DERReader(bytes, set.content)
    }
    guard let attribute = try? attributes.next(DERReader.sequence, bytes, "name_attribute") else {
      return nil
    }
    var parts = DERReader(bytes, attribute.content)
    guard let type = try? parts.next(DERReader.objectIdentifier, bytes, "name_attribute").content,
      let text = try? parts.next(bytes, "name_attribute").content
    else { return nil }
    let isX520 = type.count == 3 && bytes.uint16(at: type.start) == 0x5504
    return Attribute(type: isX520 ? bytes[type.start + 2] : 0, text: text)
  }
}
