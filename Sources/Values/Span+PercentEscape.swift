extension Span<UInt8> {
  /// The byte that `%` and two hexadecimal digits at an index stand for (RFC 3986 §2.1); nil where there is no such escape
  /// before the end.
  public func escapedByte(at index: Int, before end: Int) -> UInt8? {
    guard index + 2 < end, self[index] == UInt8(ascii: "%"), let high = Self.digit(self[index + 1]),
      let low = Self.digit(self[index + 2])
    else { return nil }
    return high << 4 | low
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}
