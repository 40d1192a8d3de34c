/// A condition of the rule language that is being written.
indirect enum ConditionText {
  /// A comparison.
  case test(String)
  /// All of them; there is at least one.
  case all([ConditionText])
  /// Any of them; there is at least one.
  case any([ConditionText])
  case not(ConditionText)

  /// The condition, `and` and `or` never mixed without brackets.
  var text: String {
    switch self {
    case .test(let text): text
    case .all(let parts): Self.joined(parts, "and")
    case .any(let parts): Self.joined(parts, "or")
    case .not(.test(let text)): text.contains(" ") ? "not (\(text))" : "not \(text)"
    case .not(let inner): "not (\(inner.text))"
    }
  }

  /// The condition as a part of one that is joined by another word.
  var part: String {
    switch self {
    case .all(let parts), .any(let parts): parts.count == 1 ? parts[0].part : "(\(text))"
    default: text
    }
  }

  /// The parts that all must hold.
  var conjuncts: [ConditionText] {
    switch self {
    case .all(let parts): parts.flatMap(\.conjuncts)
    case .any(let parts) where parts.count == 1: parts[0].conjuncts
    default: [self]
    }
  }

  private static func joined(_ parts: [ConditionText], _ word: String) -> String {
    parts.count == 1 ? parts[0].text : parts.map(\.part).joined(separator: " \(word) ")
  }

  /// A text in double quotes, as expressions read it.
  static func quoted(_ bytes: some Sequence<UInt8>) -> String {
    var text = "\""
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""): text += "\\\""
      case UInt8(ascii: "\\"): text += "\\\\"
      case 0x0a: text += "\\n"
      case 0x0d: text += "\\r"
      case 0x09: text += "\\t"
      case 0x20..<0x7f: text.unicodeScalars.append(UnicodeScalar(byte))
      default: text += "\\x" + hexadecimal(byte)
      }
    }
    return text + "\""
  }

  /// Two hexadecimal digits.
  static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
  }
}

/// Pieces of regular expressions over bytes; `.` matches every byte.
enum PatternText {
  /// Bytes that mean themselves.
  static func literal(_ bytes: [UInt8], isCaseFolded: Bool) -> String {
    let text = bytes.map { byte in
      if byte.isWordByte || byte == 0x20 || "-:/@,=<>~%;&'".utf8.contains(byte) {
        return String(UnicodeScalar(byte))
      }
      let canBeEscaped = byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"")
      return canBeEscaped ? "\\\(UnicodeScalar(byte))" : "\\x" + ConditionText.hexadecimal(byte)
    }.joined()
    return isCaseFolded && bytes.contains(where: \.isLetter) ? "(?i:\(text))" : text
  }

  /// Any bytes, from a number of them to another.
  static func gap(_ minimum: Int, _ maximum: Int?, of set: String = ".") -> String {
    guard let maximum else { return minimum == 0 ? "\(set)*" : "\(set){\(minimum),}" }
    guard maximum > 0 else { return "" }
    return minimum == maximum ? "\(set){\(minimum)}" : "\(set){\(minimum),\(maximum)}"
  }

  /// An expression that begins with `^`, without it.
  static func unanchored(_ text: String, _ flags: String, _ part: PayloadPart) throws(SignatureFault)
    -> String
  {
    var depth = 0
    var isEscaped = false
    for character in text {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch character {
      case "\\": isEscaped = true
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "|" where depth == 0: throw part.fault("an alternative that is anchored on one side only")
      default: break
      }
    }
    return "(?\(flags):\(text.dropFirst()))"
  }

  /// An expression without the blanks and comments that the modifier `x` allows.
  static func withoutLayout(_ text: String) -> String {
    var result = ""
    var isEscaped = false
    var isInSet = false
    for character in text {
      if !isEscaped, !isInSet {
        if character == "#" { break }
        if character == " " { continue }
      }
      if !isEscaped, character == "[" || character == "]" { isInSet = character == "[" }
      isEscaped = !isEscaped && character == "\\"
      result.append(character)
    }
    return result
  }

  /// Every byte but one.
  static func allBut(_ byte: UInt8) -> String { "[^\\x\(ConditionText.hexadecimal(byte))]" }
}
