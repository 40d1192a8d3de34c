internal import Packets
internal import Values

/// Reads DER elements (ITU-T X.690 §8.1, §10.1) one after the other; it never recurses by itself.
struct DERReader {
  /// One element: its identifier byte, its content, and the whole of it.
  struct Element {
    let tag: UInt8
    let content: ByteRange
    let whole: ByteRange
  }

  static let integer: UInt8 = 0x02
  static let octetString: UInt8 = 0x04
  static let objectIdentifier: UInt8 = 0x06
  static let utcTime: UInt8 = 0x17
  static let generalizedTime: UInt8 = 0x18
  static let sequence: UInt8 = 0x30
  static let set: UInt8 = 0x31

  private var reader: WireReader

  init(_ bytes: Bytes, _ range: ByteRange) {
    reader = WireReader(bytes, range, layer: .certificate)
  }

  var isAtEnd: Bool { reader.isAtEnd }

  /// The identifier byte of the next element, or nil at the end.
  func peek(_ bytes: Bytes) -> UInt8? {
    reader.isAtEnd ? nil : bytes[reader.offset]
  }

  /// The next element; identifiers of several bytes and indefinite lengths are not DER in a certificate.
  mutating func next(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> Element {
    let start = reader.offset
    let tag = try reader.uint8(bytes, field)
    guard tag & 0x1f != 0x1f else { throw reader.invalid(field, value: Int(tag)) }
    let first = try reader.uint8(bytes, field)
    let count =
      switch first {
      case 0..<0x80: Int(first)
      case 0x81: Int(try reader.uint8(bytes, field))
      case 0x82: Int(try reader.uint16(bytes, field))
      case 0x83: try reader.uint24(bytes, field)
      default: throw reader.invalid(field, value: Int(first))
      }
    let content = try reader.take(count, field)
    return Element(tag: tag, content: content, whole: ByteRange(start, content.end))
  }

  /// The next element, which must have a tag.
  mutating func next(
    _ tag: UInt8, _ bytes: Bytes, _ field: StaticString
  ) throws(WireError) -> Element {
    if let found = peek(bytes), found != tag { throw reader.invalid(field, value: Int(found)) }
    return try next(bytes, field)
  }
}
