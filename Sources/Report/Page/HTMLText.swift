internal import Values

/// HTML as it is put together: markup of ours, and texts of strangers that are escaped.
struct HTMLText: Sendable {
  /// What was written so far.
  private(set) var markup = ""

  /// Nothing written.
  init() {}

  /// Appends markup that the program itself wrote.
  mutating func raw(_ text: String) { markup += text }

  /// Appends a text so that it is nothing but text, in content and in quoted attributes.
  mutating func text(_ text: String) { markup += Self.escaped(text) }

  /// An element with a text in it.
  mutating func element(_ name: String, class style: String? = nil, _ text: String) {
    markup += style.map { "<\(name) class=\"\($0)\">" } ?? "<\(name)>"
    self.text(text)
    markup += "</\(name)>"
  }

  /// A text with everything replaced that could be markup, hide something or turn the direction of writing.
  static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ isPlain($0) }) { return text }
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "`": escaped += "&#96;"
      default: append(scalar, to: &escaped)
      }
    }
    return escaped
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar.value {
    case 0..<0x20:
      // The pictures of control characters stand in their order.
      text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
    case 0x7f: text.unicodeScalars.append("\u{2421}")
    case let value where WritingControl.includes(value) || isHidden(value):
      text += "⟨U+\(String(value, radix: 16, uppercase: true))⟩"
    default: text.unicodeScalars.append(scalar)
    }
  }

  /// Whether nothing is seen of a character, or anything may be: a page shows it by its number.
  private static func isHidden(_ value: UInt32) -> Bool {
    switch value {
    case 0xad, 0x180e, 0x200b...0x200d, 0x2060...0x2065, 0x206a...0x206f, 0xfff9...0xfffb, 0xe000...0xf8ff,
      0xe0000...0xe0fff:
      true
    default: false
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"),
      UInt8(ascii: "`"):
      false
    default: (0x20..<0x7f).contains(byte)
    }
  }
}
