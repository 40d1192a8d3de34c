internal import Values

/// The digits of a user part, read once: `+49 (0)30 12-34;phone-context=…` (RFC 3966 §3).
struct DialledText {
  private(set) var digits = TelephoneNumber()
  /// Whether the digits are a global number, which begins with `+`.
  private(set) var isGlobal = false
  /// The digits of a global `phone-context` (RFC 3966 §5.1.5); empty without one.
  private(set) var context = TelephoneNumber()
  /// What stands before the digits to show or hide who calls.
  private(set) var service = Service.none

  /// Codes with which a caller shows or hides the own number for one call.
  enum Service {
    case none
    /// `*31#` or `#31#` (3GPP TS 22.030 §6.5.5.2): a whole code, a number follows.
    case delimited
    /// `*67` or `*82`, as in North America: without an end of its own, so that it may be the beginning of
    /// another code.
    case open
  }

  /// The digits of a text, or nil when it is no telephone number: names, other `*` codes and `#` prefixes.
  init?(_ text: Span<UInt8>) {
    var index = Self.hasScheme(text) ? 4 : 0
    service = Self.readService(text, at: &index)
    while index < text.count {
      let byte = Self.unescape(text, at: &index)
      switch byte {
      case 0x30...0x39: digits.append(byte)
      case UInt8(ascii: "+") where digits.isEmpty && !isGlobal: isGlobal = true
      case UInt8(ascii: "(") where isGlobal && Self.isTrunkZero(text, at: index): index += 2
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: " "):
        continue
      case UInt8(ascii: ";"):
        readContext(text, from: index)
        index = text.count
      case UInt8(ascii: ","), UInt8(ascii: "p"), UInt8(ascii: "w"), UInt8(ascii: "P"), UInt8(ascii: "W"):
        guard !digits.isEmpty, Self.skipTones(text, at: &index) else { return nil }
      default: return nil
      }
    }
    guard !digits.isEmpty else { return nil }
  }

  private static func hasScheme(_ text: Span<UInt8>) -> Bool {
    text.count > 4 && text[0] | 0x20 == UInt8(ascii: "t") && text[1] | 0x20 == UInt8(ascii: "e")
      && text[2] | 0x20 == UInt8(ascii: "l") && text[3] == UInt8(ascii: ":")
  }

  /// The code that a text begins with; the index moves behind it.
  private static func readService(_ text: Span<UInt8>, at index: inout Int) -> Service {
    var code: UInt32 = 0
    var next = index
    for length in 1...4 where next < text.count {
      code = code << 8 | UInt32(unescape(text, at: &next))
      switch (length, code) {
      case (3, 0x2a_3637), (3, 0x2a_3832):
        index = next
        return .open
      case (4, 0x2a33_3123), (4, 0x2333_3123):
        index = next
        return .delimited
      default: continue
      }
    }
    return .none
  }

  /// Whether only tones and pauses follow, which are sent when the call is answered; the index moves behind them.
  private static func skipTones(_ text: Span<UInt8>, at index: inout Int) -> Bool {
    while index < text.count {
      let start = index
      switch unescape(text, at: &index) {
      case 0x30...0x39, UInt8(ascii: "*"), UInt8(ascii: "#"), UInt8(ascii: ","), UInt8(ascii: "p"),
        UInt8(ascii: "w"), UInt8(ascii: "P"), UInt8(ascii: "W"), UInt8(ascii: "-"), UInt8(ascii: " "):
        continue
      case UInt8(ascii: ";"):
        index = start
        return true
      default: return false
      }
    }
    return true
  }

  /// The byte at an index, `%2B` as `+`; the index moves on.
  private static func unescape(_ text: Span<UInt8>, at index: inout Int) -> UInt8 {
    let escaped = text.escapedByte(at: index, before: text.count)
    defer { index += escaped == nil ? 1 : 3 }
    return escaped ?? text[index]
  }

  /// Whether `0)` follows: people write `+49 (0)30 …`, and the zero is not part of the number.
  private static func isTrunkZero(_ text: Span<UInt8>, at index: Int) -> Bool {
    index + 1 < text.count && text[index] == UInt8(ascii: "0") && text[index + 1] == UInt8(ascii: ")")
  }

  private mutating func readContext(_ text: Span<UInt8>, from start: Int) {
    let name: StaticString = "phone-context=+"
    var begin = start
    while begin < text.count {
      var index = begin
      if Self.matches(text, at: &index, name) {
        while index < text.count, (0x30...0x39).contains(text[index]) || text[index] == UInt8(ascii: "-") {
          if text[index] != UInt8(ascii: "-") { context.append(text[index]) }
          index += 1
        }
        return
      }
      while begin < text.count, text[begin] != UInt8(ascii: ";") { begin += 1 }
      begin += 1
    }
  }

  /// Whether a lower-case name stands at an index, in any case; the index moves behind it.
  private static func matches(_ text: Span<UInt8>, at index: inout Int, _ name: StaticString) -> Bool {
    let start = index
    guard start + name.utf8CodeUnitCount <= text.count else { return false }
    // Safety: a static string's bytes live as long as the process; they are only read here.
    let isEqual = name.withUTF8Buffer { bytes in
      for offset in 0..<bytes.count {
        let byte = text[start + offset]
        let folded = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
        if unsafe bytes[offset] != folded { return false }
      }
      return true
    }
    index = start + name.utf8CodeUnitCount
    return isEqual
  }
}
