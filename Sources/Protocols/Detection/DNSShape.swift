internal import Packets
internal import Values

/// Tells DNS (RFC 1035 §4.1) from other datagrams by header, first name and class.
enum DNSShape {
  static func matches(_ bytes: Bytes) -> Bool {
    guard bytes.count >= 17 else { return false }
    let flags = bytes.uint16(at: 2)
    let operation = flags >> 11 & 0xf
    // The Z bit is zero (RFC 6895 §2); response codes above 11 travel in an option only.
    guard operation <= 6, flags & 0x40 == 0, flags & 0xf <= 11 else { return false }
    let isResponse = flags & 0x8000 != 0
    let questions = Int(bytes.uint16(at: 4))
    let records = Int(bytes.uint16(at: 6)) + Int(bytes.uint16(at: 8)) + Int(bytes.uint16(at: 10))
    // Each question needs five bytes, each record eleven.
    guard questions + records > 0, 12 + 5 * questions + 11 * records <= bytes.count else { return false }
    // Multicast DNS answers without repeating the question (RFC 6762 §6).
    guard questions > 0 || isResponse, let name = nameEnd(bytes) else { return false }
    guard name + 4 <= bytes.count, isClass(bytes.uint16(at: name + 2)) else { return false }
    if questions == 1, records == 0 { return name + 4 == bytes.count }
    guard questions == 0 else { return true }
    return name + 10 <= bytes.count && name + 10 + Int(bytes.uint16(at: name + 8)) <= bytes.count
  }

  /// Behind the first name, which cannot be compressed; nil when it is none, or a NetBIOS name.
  private static func nameEnd(_ bytes: Bytes) -> Int? {
    var offset = 12
    if bytes[offset] == 32, isNetBIOS(bytes) { return nil }
    while offset < bytes.count, offset <= 12 + 255 {
      let count = Int(bytes[offset])
      if count == 0 { return offset + 1 }
      guard count <= 63 else { return nil }
      offset += 1 + count
    }
    return nil
  }

  /// A label of 32 letters from A to P (RFC 1001 §14.1).
  private static func isNetBIOS(_ bytes: Bytes) -> Bool {
    guard bytes.count >= 45 else { return false }
    for index in 13..<45 where bytes[index] &- 0x41 >= 16 { return false }
    return true
  }

  /// Internet, Chaos, Hesiod, none or any; multicast DNS uses the top bit.
  private static func isClass(_ value: UInt16) -> Bool {
    switch value & 0x7fff {
    case 1, 3, 4, 254, 255: true
    default: false
    }
  }
}
