/// Writes texts as YAML scalars that strict reading gives back unchanged.
enum YAMLText {
  /// Where a scalar stands.
  enum Context {
    /// After `key: ` or `- `, to the end of the line.
    case block
    /// Between the brackets of a flow collection.
    case flow
  }

  /// A text bare where that is safe, else in quotes.
  static func scalar(_ text: String, in context: Context) -> String {
    isPlain(text, in: context) ? text : quoted(text)
  }

  /// A text in quotes: double ones, or single ones where those would need escapes.
  static func quoted(_ text: String) -> String {
    let needsEscapes = text.unicodeScalars.contains {
      $0 == "\n" || $0 == "\t" || UTF8Scalar.isForbidden($0.value)
    }
    let hasSpecial = text.unicodeScalars.contains { $0 == "\"" || $0 == "\\" }
    if hasSpecial, !needsEscapes { return "'" + text.replacing("'", with: "''") + "'" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where UTF8Scalar.isForbidden(scalar.value): result += escape(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func escape(_ scalar: UnicodeScalar) -> String {
    let digits = String(scalar.value, radix: 16)
    let width = scalar.value > 0xffff ? 8 : 4
    return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
  }

  /// Whether a text means itself without quotes (YAML 1.1 §9.1.3, and a little more careful).
  static func isPlain(_ text: String, in context: Context) -> Bool {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, first != 0x20, last != 0x20,
      !"?:,[]{}#&*!|>'\"%@`".utf8.contains(first), last != UInt8(ascii: ":"), text != "<<"
    else { return false }
    if first == UInt8(ascii: "-") {
      // A dash and a blank begin an item, three dashes a document.
      guard bytes.count > 1, bytes[1] != 0x20, !text.hasPrefix("---") else { return false }
    }
    if text.hasPrefix("...") { return false }
    for (index, byte) in bytes.enumerated() {
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == UInt8(ascii: ":"), next == 0x20 { return false }
      if byte == 0x20, next == UInt8(ascii: "#") { return false }
      if context == .flow, ",[]{}".utf8.contains(byte) { return false }
      // A colon before a bracket ends a key of a flow mapping for some readers.
      if context == .flow, byte == UInt8(ascii: ":"), next == 0 || ",[]{}\"'".utf8.contains(next) {
        return false
      }
    }
    return !text.unicodeScalars.contains { $0.value < 0x20 || UTF8Scalar.isForbidden($0.value) }
  }
}
