internal import Packets

extension Span where Element == UInt8 {
  /// Whether the bytes at an offset spell an ASCII text. Literals are compared in place, nothing is allocated.
  func spells(_ text: String, at offset: Int = 0) -> Bool {
    guard offset >= 0, offset <= count, count - offset >= text.utf8.count else { return false }
    var index = offset
    for byte in text.utf8 {
      guard self[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// The same without regard to ASCII case; `text` is in lower case.
  func spellsIgnoringCase(_ text: String, at offset: Int = 0) -> Bool {
    guard offset >= 0, offset <= count, count - offset >= text.utf8.count else { return false }
    var index = offset
    for byte in text.utf8 {
      guard self[index].lowercasedASCII == byte else { return false }
      index += 1
    }
    return true
  }
}

extension UInt8 {
  /// The lower-case letter of an upper-case ASCII letter, every other byte unchanged.
  var lowercasedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
  /// Whether this is an ASCII digit.
  var isDigitASCII: Bool { self &- 0x30 < 10 }
  /// Whether this is an ASCII letter or digit.
  var isAlphanumericASCII: Bool { isDigitASCII || (self | 0x20) &- 0x61 < 26 }
}
