public import Packets
public import Values

/// One element of an RTP header extension, RFC 8285 §4.
public struct RTPExtensionElement: Sendable, Equatable {
  /// Local identifier that SDP's `extmap` explains: 1–14 (one-byte form) or 1–255 (two-byte form).
  public let identifier: UInt8
  /// Where its data is; empty only in the two-byte form.
  public let data: ByteRange
}

/// The elements of an RTP header extension in wire order; it stops at the first element that does not fit.
public struct RTPExtensionElements: Sendable {
  /// How the extension's content is laid out.
  public enum Form: UInt8, Sendable {
    /// Profile 0xBEDE, RFC 8285 §4.2.
    case oneByte
    /// Profiles 0x1000–0x100F, RFC 8285 §4.3.
    case twoByte
    /// Another profile: the content is opaque.
    case opaque
  }

  /// How the extension's content is laid out.
  public let form: Form
  /// Whether the elements ended before the extension did because one did not fit.
  public private(set) var isMalformed = false
  private var offset: Int
  private let end: Int

  /// The elements of a parsed header's extension.
  public init(_ header: RTPHeader) {
    offset = header.extensionData.start
    end = header.extensionData.end
    switch header.extensionProfile {
    case 0xbede where header.hasExtension: form = .oneByte
    case 0x1000...0x100f where header.hasExtension: form = .twoByte
    default: form = .opaque
    }
  }

  /// The next element, or nil at the end; `bytes` are those that the header was parsed from.
  public mutating func next(in bytes: Bytes) -> RTPExtensionElement? {
    guard form != .opaque else { return nil }
    let limit = min(end, bytes.count)
    // A zero byte is padding between elements.
    let start = offset
    while offset < limit, bytes[offset] == 0 { offset += 1 }
    Work.count(1 + offset - start)
    guard offset < limit else { return nil }
    return form == .oneByte ? nextOneByte(bytes, limit) : nextTwoByte(bytes, limit)
  }

  private mutating func nextOneByte(_ bytes: Bytes, _ limit: Int) -> RTPExtensionElement? {
    let identifier = bytes[offset] >> 4
    let start = offset + 1
    let stop = start + Int(bytes[offset] & 0x0f) + 1
    // Identifier 15 ends the list, whatever follows.
    guard identifier != 15 else { return finish(isMalformed: false) }
    // Identifier 0 is padding only as a whole zero byte.
    guard identifier != 0, stop <= limit else { return finish(isMalformed: true) }
    offset = stop
    return RTPExtensionElement(identifier: identifier, data: ByteRange(start, stop))
  }

  private mutating func nextTwoByte(_ bytes: Bytes, _ limit: Int) -> RTPExtensionElement? {
    let start = offset + 2
    guard start <= limit else { return finish(isMalformed: true) }
    let stop = start + Int(bytes[offset + 1])
    guard stop <= limit else { return finish(isMalformed: true) }
    let identifier = bytes[offset]
    offset = stop
    return RTPExtensionElement(identifier: identifier, data: ByteRange(start, stop))
  }

  private mutating func finish(isMalformed malformed: Bool) -> RTPExtensionElement? {
    isMalformed = malformed
    offset = end
    return nil
  }
}
