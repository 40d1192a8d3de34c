internal import Values

/// Writing JSON values (RFC 8259).
extension LineBuffer {
  /// A quoted string of bytes that a stranger chose.
  ///
  /// Invalid UTF-8 becomes U+FFFD. Control characters (C0, DEL, C1), line and paragraph separators and
  /// bidirectional overrides are escaped, so that a line that is shown on a terminal or a web page cannot
  /// act on it. A text of more than `limit` bytes is cut there and ends in `…(+N bytes)`.
  @inline(__always)
  mutating func append(quoted range: ByteRange, of text: Span<UInt8>, limit: Int) {
    if range.count > limit || !append(quotedPlain: range, of: text) {
      append(quotedUnusual: text.extracting(range.range), limit: limit)
    }
  }

  private mutating func append(quotedUnusual text: Span<UInt8>, limit: Int) {
    append(UInt8(ascii: "\""))
    append(escaped: text, limit: limit)
    append(UInt8(ascii: "\""))
  }

  /// A string for the terminal, escaped in the same way but without quotation marks.
  mutating func append(shown text: String) {
    let bytes = Array(text.utf8)
    append(escaped: bytes.span, limit: 512)
  }

  private mutating func append(escaped text: Span<UInt8>, limit: Int) {
    let end = text.count <= limit ? text.count : Self.characterBoundary(in: text, at: limit)
    var run = 0
    var index = Self.plainEnd(text, from: 0, to: end)
    while index < end {
      append(text, run..<index)
      run = append(special: text, at: index, end: end)
      index = Self.plainEnd(text, from: run, to: end)
    }
    append(text, run..<end)
    if end < text.count {
      append("…(+")
      append(unsigned: UInt64(text.count - end))
      append(" bytes)")
    }
  }

  /// The first index that does not hold plain ASCII: nothing to escape and nothing to validate.
  private static func plainEnd(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int {
    var index = start
    while index < end {
      let byte = text[index]
      guard byte &- 0x20 < 0x5f, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else { break }
      index += 1
    }
    return index
  }

  /// Appends one character that is not plain ASCII and returns the index behind it.
  private mutating func append(special text: Span<UInt8>, at index: Int, end: Int) -> Int {
    let byte = text[index]
    guard byte >= 0x80 else {
      append(escapedASCII: byte)
      return index + 1
    }
    let scalar = UTF8Scalar(text, at: index, end: end)
    if !scalar.isValid {
      append("\u{FFFD}")
    } else if scalar.isUnsafeToShow {
      append(escape: scalar.value)
    } else {
      append(text, index..<index + scalar.length)
    }
    return index + scalar.length
  }

  private mutating func append(escapedASCII byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x0a: append("\\n")
    case 0x0d: append("\\r")
    case 0x09: append("\\t")
    default: append(escape: UInt32(byte))
    }
  }

  private mutating func append(escape value: UInt32) {
    append("\\u")
    for shift: UInt32 in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: value >> shift & 0xf)
      append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }

  /// The last index at or before `limit` that does not split a UTF-8 sequence.
  private static func characterBoundary(in text: Span<UInt8>, at limit: Int) -> Int {
    var index = limit
    while index > 0, index > limit - 3, text[index] & 0xc0 == 0x80 { index -= 1 }
    return text[index] & 0xc0 == 0x80 ? limit : index
  }

  /// An address in quotes.
  mutating func append(quoted address: IPAddress) {
    append(UInt8(ascii: "\""))
    if address.isIPv6 {
      var text: [UInt8] = []
      address.appendText(to: &text)
      append(text.span)
    } else {
      append(octet: UInt8(truncatingIfNeeded: address.low >> 24))
      append(UInt8(ascii: "."))
      append(octet: UInt8(truncatingIfNeeded: address.low >> 16))
      append(UInt8(ascii: "."))
      append(octet: UInt8(truncatingIfNeeded: address.low >> 8))
      append(UInt8(ascii: "."))
      append(octet: UInt8(truncatingIfNeeded: address.low))
    }
    append(UInt8(ascii: "\""))
  }

  /// A finite number with at most six decimals and no trailing zeros; what is not finite prints as null.
  mutating func append(decimal: Double) {
    guard decimal.isFinite, abs(decimal) < 9e12 else { return append("null") }
    if decimal < 0 { append(UInt8(ascii: "-")) }
    append(millionths: UInt64((abs(decimal) * 1_000_000).rounded()))
  }

  /// A length of time in seconds with at most six decimals.
  mutating func append(seconds nanoseconds: Int64) {
    if nanoseconds < 0 { append(UInt8(ascii: "-")) }
    append(millionths: nanoseconds.magnitude / 1000)
  }

  private mutating func append(millionths: UInt64) {
    append(unsigned: millionths / 1_000_000)
    var fraction = millionths % 1_000_000
    guard fraction > 0 else { return }
    var digits = 6
    while fraction % 10 == 0 {
      fraction /= 10
      digits -= 1
    }
    append(UInt8(ascii: "."))
    append(fraction, digits: digits)
  }
}

/// One scalar of a UTF-8 text, or the longest invalid piece of one (Unicode §3.9, best practice for U+FFFD).
private struct UTF8Scalar {
  var value: UInt32 = 0
  var length = 1
  var isValid = false

  /// Reads at an index whose byte is not ASCII.
  init(_ text: Span<UInt8>, at index: Int, end: Int) {
    let lead = text[index]
    let more: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xbf
    switch lead {
    case 0xc2...0xdf: more = 1
    case 0xe0...0xef:
      more = 2
      if lead == 0xe0 { lowest = 0xa0 }
      if lead == 0xed { highest = 0x9f }
    case 0xf0...0xf4:
      more = 3
      if lead == 0xf0 { lowest = 0x90 }
      if lead == 0xf4 { highest = 0x8f }
    default: return
    }
    value = UInt32(lead) & (0x3f >> UInt32(more))
    for step in 1...more {
      guard index + step < end, (lowest...highest).contains(text[index + step]) else { return }
      value = value << 6 | UInt32(text[index + step] & 0x3f)
      length = step + 1
      lowest = 0x80
      highest = 0xbf
    }
    isValid = true
  }

  /// Whether it controls a terminal, breaks a line or turns the direction of writing.
  var isUnsafeToShow: Bool { WritingControl.includes(value) }
}
