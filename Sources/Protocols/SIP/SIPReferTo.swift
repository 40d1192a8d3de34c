public import Packets
import Values

/// The Call-ID that a Refer-To wants to be replaced or joined: `<sip:x@y?Replaces=…>`, unescaped (RFC 3891 §6.1).
public struct SIPReplacedCallID: Sendable {
  /// Bytes at the most; a longer one is none.
  public static let limit = 256

  /// Its bytes; those behind `count` are zero.
  public private(set) var bytes = InlineArray<256, UInt8>(repeating: 0)
  /// How many there are.
  public private(set) var count = 0

  /// Finds the one that a URI names in its header fields; nil when it names none.
  public init?(_ text: Bytes, _ uri: SIPURI) {
    var list = SIPParameters(uri.headers, separator: UInt8(ascii: "&"))
    while let field = list.next(in: text) {
      guard field.name.count == 8 || field.name.count == 4, !field.value.isEmpty else { continue }
      let name = SIPWord(rawValue: text.word(field.name))
      guard name == .replaces || name == .join else { continue }
      if unescape(text, field.value) { return }
    }
    return nil
  }

  /// Takes what stands before the first semicolon; false when there is nothing or too much.
  private mutating func unescape(_ text: Bytes, _ value: ByteRange) -> Bool {
    count = 0
    var index = value.start
    while index < value.end {
      let escaped = text.escapedByte(at: index, before: value.end)
      let byte = escaped ?? text[index]
      index += escaped == nil ? 1 : 3
      if byte == UInt8(ascii: ";") { break }
      guard count < Self.limit else { return false }
      bytes[count] = byte
      count += 1
    }
    return count > 0
  }
}

extension SIPURI {
  /// Whether a Refer-To names somebody to be called: another method asks for something else (RFC 3515 §2.1).
  public func asksForCall(in bytes: Bytes) -> Bool {
    var list = SIPParameters(parameters)
    while let parameter = list.next(in: bytes) {
      guard parameter.name.count == 6, bytes.word(parameter.name) == SIPWord.method.rawValue else { continue }
      return SIPMethod.named(bytes, parameter.value) == .invite
    }
    return true
  }
}
