/// The text of a `content` or the expression of a `pcre`, with what its option says of it.
enum SignatureContent {
  /// A content with what follows its closing quote, which Snort 3 uses for modifiers.
  struct Parsed {
    let bytes: [UInt8]
    let isNegated: Bool
    let modifiers: [(name: String, value: String)]
  }

  /// Reads `[!]"text|68 65 78|"[,modifier value]…`.
  static func content(_ option: Signature.Option) throws(SignatureFault) -> Parsed {
    let (inner, isNegated, rest) = try quoted(option)
    var bytes: [UInt8] = []
    var isHexadecimal = false
    var pending: UInt8?
    var index = 0
    while index < inner.count {
      let byte = inner[index]
      index += 1
      if byte == UInt8(ascii: "|") {
        guard pending == nil else { throw fault(option, "a byte between '|' has one digit only") }
        isHexadecimal.toggle()
      } else if isHexadecimal {
        if byte == 0x20 { continue }
        guard let digit = hexValue(byte) else {
          throw fault(option, "between '|' stand pairs of hexadecimal digits")
        }
        if let high = pending {
          bytes.append(high << 4 | digit)
          pending = nil
        } else {
          pending = digit
        }
      } else if byte == UInt8(ascii: "\\"), index < inner.count {
        bytes.append(inner[index])
        index += 1
      } else {
        bytes.append(byte)
      }
    }
    guard !isHexadecimal else { throw fault(option, "the '|' that closes the bytes is missing") }
    guard !bytes.isEmpty else { throw fault(option, "the content is empty") }
    return Parsed(bytes: bytes, isNegated: isNegated, modifiers: modifiers(rest))
  }

  /// An expression of `pcre` with its modifiers.
  struct Expression {
    let text: String
    let modifiers: String
    let isNegated: Bool
  }

  /// Reads `[!]"/expression/modifiers"`.
  static func expression(_ option: Signature.Option) throws(SignatureFault) -> Expression {
    let (inner, isNegated, _) = try quoted(option)
    guard inner.first == UInt8(ascii: "/"), let end = inner.lastIndex(of: UInt8(ascii: "/")), end > 0 else {
      throw fault(option, "the expression stands between two '/'")
    }
    guard inner.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) else {
      throw fault(option, "the expression has bytes that are no printable ASCII; write them as \\xHH")
    }
    var text: [UInt8] = []
    var index = 1
    while index < end {
      // What the option's own syntax or the slashes needed escaped needs it no more.
      if inner[index] == UInt8(ascii: "\\"), index + 1 < end, "/;\"".utf8.contains(inner[index + 1]) {
        index += 1
      }
      if inner[index] == UInt8(ascii: "\"") {
        text += Array("\\x22".utf8)
      } else {
        text.append(inner[index])
        if inner[index] == UInt8(ascii: "\\"), index + 1 < end {
          index += 1
          text.append(inner[index])
        }
      }
      index += 1
    }
    return Expression(
      text: String(decoding: text, as: UTF8.self),
      modifiers: String(decoding: inner[(end + 1)...], as: UTF8.self), isNegated: isNegated)
  }

  private static func fault(_ option: Signature.Option, _ message: String) -> SignatureFault {
    SignatureFault(place: option.place, message: "\(option.name): \(message)")
  }

  /// What stands in the quotes, escapes kept, and what follows them.
  private static func quoted(
    _ option: Signature.Option
  ) throws(SignatureFault) -> (inner: [UInt8], isNegated: Bool, rest: [UInt8]) {
    var value = option.value[...]
    let isNegated = value.first == UInt8(ascii: "!")
    if isNegated { value = value.dropFirst() }
    value = value.drop { $0 == 0x20 }
    guard value.first == UInt8(ascii: "\"") else { throw fault(option, "the value stands in double quotes") }
    var index = value.startIndex + 1
    while index < value.endIndex, value[index] != UInt8(ascii: "\"") {
      index += value[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < value.endIndex else { throw fault(option, "the closing quote is missing") }
    return (Array(value[(value.startIndex + 1)..<index]), isNegated, Array(value[(index + 1)...]))
  }

  private static func modifiers(_ rest: [UInt8]) -> [(name: String, value: String)] {
    String(decoding: rest, as: UTF8.self).split(separator: ",").map { part in
      let words = part.split(separator: " ", maxSplits: 1)
      return (words.first.map(String.init) ?? "", words.count > 1 ? String(words[1]) : "")
    }.filter { !$0.name.isEmpty }
  }

  private static func hexValue(_ digit: UInt8) -> UInt8? {
    guard digit.isHexDigit else { return nil }
    return digit.isDigit ? digit - 0x30 : (digit | 0x20) - 0x57
  }
}
