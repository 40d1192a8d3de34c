import Packets
import Values

/// The Date header: an RFC 1123 date, always in GMT (RFC 3261 §20.17).
enum SIPDate {
  /// Whether a value reads like `Sat, 13 Nov 2010 23:29:00 GMT`.
  static func isValid(_ bytes: Bytes, _ value: ByteRange) -> Bool {
    guard value.count == shape.count, hasShape(bytes, value) else { return false }
    let start = value.start
    guard days.contains(bytes, ByteRange(start, start + 3)),
      months.contains(bytes, ByteRange(start + 8, start + 11))
    else { return false }
    let day = number(bytes, start + 5)
    return day >= 1 && day <= 31 && number(bytes, start + 17) < 24
      && number(bytes, start + 20) < 60 && number(bytes, start + 23) <= 60
  }

  private static let days = SIPTokenSet(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])

  private static let months = SIPTokenSet([
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ])

  /// `a` stands for a letter, `0` for a digit, everything else for itself.
  private static let shape = Array("aaa, 00 aaa 0000 00:00:00 GMT".utf8)

  private static func hasShape(_ bytes: Bytes, _ value: ByteRange) -> Bool {
    for offset in 0..<shape.count {
      let byte = bytes[value.start + offset]
      switch shape[offset] {
      case UInt8(ascii: "a"): guard (byte | 0x20) &- 0x61 < 26 else { return false }
      case UInt8(ascii: "0"): guard byte &- 0x30 < 10 else { return false }
      case let exact: guard byte == exact else { return false }
      }
    }
    return true
  }

  /// The two digits at an offset.
  private static func number(_ bytes: Bytes, _ start: Int) -> Int {
    Int(bytes[start] &- 0x30) * 10 + Int(bytes[start + 1] &- 0x30)
  }
}
