import Packets
import Values

/// Tells legal UTF-8 from garbage in a header section; runs only when a byte is not plain ASCII.
enum SIPTextCheck {
  /// `controlCharacter`, `controlInTag` and `invalidUTF8`, where they apply.
  ///
  /// - Parameter tags: where nobody reads the text: it is only compared.
  static func faults(_ bytes: Bytes, _ range: ByteRange, tags: (ByteRange, ByteRange)) -> SIPFaultSet {
    var faults = SIPFaultSet()
    var index = range.start
    Work.count(range.count)
    while index < range.end {
      let byte = bytes[index]
      if byte < 0x80 {
        let isLayout = byte == 0x09 || byte == 0x0a || byte == 0x0d
        if byte < 0x20 || byte == 0x7f, !isLayout, !isEscaped(bytes, index, range.start) {
          let isHarmless = byte != 0 && byte != 0x1b && (contains(tags.0, index) || contains(tags.1, index))
          faults.insert(isHarmless ? .controlInTag : .controlCharacter)
        }
        index += 1
      } else if let length = sequenceLength(bytes, index, range.end) {
        index += length
      } else {
        faults.insert(.invalidUTF8)
        index += 1
      }
    }
    return faults
  }

  private static func contains(_ range: ByteRange, _ index: Int) -> Bool {
    index >= range.start && index < range.end
  }

  /// Whether a backslash stands before the byte, as a quoted pair allows (RFC 3261 §25.1).
  private static func isEscaped(_ bytes: Bytes, _ index: Int, _ start: Int) -> Bool {
    index > start && bytes[index - 1] == UInt8(ascii: "\\")
  }

  /// Length of the well-formed UTF-8 sequence at an offset, or nil.
  private static func sequenceLength(_ bytes: Bytes, _ index: Int, _ end: Int) -> Int? {
    let lead = bytes[index]
    let length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    guard lead >= 0xc2, lead <= 0xf4, index + length <= end else { return nil }
    for offset in 1..<length where bytes[index + offset] & 0xc0 != 0x80 { return nil }
    let second = bytes[index + 1]
    switch lead {
    case 0xe0: return second >= 0xa0 ? length : nil
    case 0xed: return second < 0xa0 ? length : nil
    case 0xf0: return second >= 0x90 ? length : nil
    case 0xf4: return second < 0x90 ? length : nil
    default: return length
    }
  }
}
