/// Reads the user part of a URI as all its forms are equal (RFC 3261 §19.1.4): `%32` is `2`.
///
/// An escaped letter, digit or mark stands for itself. What is reserved, and what could not stand there
/// unescaped, stays escaped, with capital digits; nothing is unescaped twice.
public struct PlainUser: Sendable {
  private var index: Int
  private let end: Int
  /// Digits of an escape that stays.
  private var kept = 0

  /// A reader of a part of a text.
  public init(_ range: ByteRange) {
    index = range.start
    end = range.end
  }

  /// Whether a text has an escape, so that it need be read like this.
  public static func isEscaped(_ text: Span<UInt8>, _ range: ByteRange) -> Bool {
    for index in range.range where text[index] == UInt8(ascii: "%") { return true }
    return false
  }

  /// The next byte, or nil behind the last one.
  public mutating func next(in text: Span<UInt8>) -> UInt8? {
    guard index < end else { return nil }
    let byte = text[index]
    index += 1
    if kept > 0 {
      kept -= 1
      return byte >= UInt8(ascii: "a") ? byte & 0xdf : byte
    }
    guard let value = text.escapedByte(at: index - 1, before: end) else { return byte }
    guard Self.isUnreserved(value) else {
      kept = 2
      return byte
    }
    index += 2
    return value
  }

  /// Letters, digits and marks (RFC 3261 §25.1).
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "~"),
      UInt8(ascii: "*"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"):
      true
    default: false
    }
  }
}

extension SeededHash {
  /// Mixes the user part of a URI in, all its forms as the plain one.
  public mutating func combine(user range: ByteRange, of text: Span<UInt8>) {
    guard PlainUser.isEscaped(text, range) else { return combine(text.extracting(range.range)) }
    var plain = InlineArray<256, UInt8>(repeating: 0)
    var count = 0
    var reader = PlainUser(range)
    while let byte = reader.next(in: text) {
      if count == plain.count {
        combine(plain.span)
        count = 0
      }
      plain[count] = byte
      count += 1
    }
    combine(plain.span.extracting(0..<count))
  }
}
