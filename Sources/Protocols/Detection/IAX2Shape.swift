internal import Packets
internal import Values

/// Tells IAX2 (RFC 5456 §8.1) from other datagrams by a full frame with control information.
///
/// Voice frames have too little structure, but every call begins and is kept alive with control frames.
enum IAX2Shape {
  private static let controlFrame: UInt8 = 6
  private static let newCall: UInt8 = 1
  private static let headerCount = 12

  static func matches(_ bytes: Bytes) -> Bool {
    guard bytes.count >= headerCount, bytes[0] & 0x80 != 0, bytes[10] == controlFrame else { return false }
    let source = bytes.uint16(at: 0) & 0x7fff
    let destination = bytes.uint16(at: 2) & 0x7fff
    guard source != 0, 1...40 ~= bytes[11] else { return false }
    guard bytes.count > headerCount else { return destination != 0 }
    // A new call has no peer number yet and says which version it speaks.
    if bytes[11] == newCall {
      guard destination == 0, bytes.uint16(at: 8) == 0, bytes.count >= 16,
        bytes.uint32(at: headerCount) == 0x0b02_0002
      else { return false }
    }
    return elementsFill(bytes)
  }

  /// Whether information elements (RFC 5456 §8.6) fill the rest exactly.
  private static func elementsFill(_ bytes: Bytes) -> Bool {
    var offset = headerCount
    while offset + 2 <= bytes.count { offset += 2 + Int(bytes[offset + 1]) }
    return offset == bytes.count
  }
}
