import Packets
import Values

/// Picks the few claims of a PASSporT out of its JSON, without building it.
///
/// `orig` and `dest` are objects whose first string is wanted; so the scanner remembers which of the
/// names came last and takes the next plain value for it.
struct JSONClaims {
  enum Name { case attest, orig, dest, iat, x5u }

  private var position: Int
  private let end: Int
  private var pending: Name?

  init(_ range: ByteRange) {
    position = range.start
    end = range.end
  }

  /// The next claim and its value, strings without their quotes.
  mutating func next(in text: Bytes) -> (name: Name, value: ByteRange)? {
    while position < end {
      Work.count(1)
      let byte = text[position]
      if byte == UInt8(ascii: "\"") {
        guard let close = text.skipQuotedString(position, end), close <= end else { return nil }
        let string = ByteRange(position + 1, close - 1)
        position = close
        if isName(text) {
          pending = claim(text, string) ?? pending
        } else if let name = pending {
          pending = nil
          return (name, string)
        }
      } else if byte &- 0x30 < 10 {
        let start = position
        while position < end, text[position] &- 0x30 < 10 { position += 1 }
        Work.count(position - start)
        if pending == .iat {
          pending = nil
          return (.iat, ByteRange(start, position))
        }
      } else {
        position += 1
      }
    }
    return nil
  }

  /// Whether a colon follows, which makes the string just read a name.
  private func isName(_ text: Bytes) -> Bool {
    let next = text.skipWhitespace(position, end)
    return next < end && text[next] == UInt8(ascii: ":")
  }

  private func claim(_ text: Bytes, _ string: ByteRange) -> Name? {
    guard string.count <= 8 else { return nil }
    switch SIPWord(rawValue: text.littleEndianWord(at: string.start, width: string.count)) {
    case .attest: return .attest
    case .orig: return .orig
    case .dest: return .dest
    case .iat: return .iat
    case .x5u: return .x5u
    default: return nil
    }
  }
}
