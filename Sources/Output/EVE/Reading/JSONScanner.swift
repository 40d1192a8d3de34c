internal import Values

/// Reads the tokens of one line of JSON (RFC 8259) that a stranger may have written.
///
/// Nothing is allocated once the buffer for unescaped text has grown; no value is kept.
struct JSONScanner {
  /// Objects and arrays inside one another that are still read.
  private static let maximumDepth = 32

  /// The next byte to look at.
  private(set) var index = 0
  /// The last text, when it had escapes.
  private(set) var unescaped: [UInt8] = []

  /// A text: bytes of the line, or the scanner's own when it had escapes.
  struct Text {
    var range: ByteRange
    var isEscaped: Bool
  }

  /// Starts at the beginning of a line.
  mutating func begin() { index = 0 }

  /// The next byte that is no white space, 0 at the end of the line.
  mutating func peek(_ line: Span<UInt8>) -> UInt8 {
    while index < line.count {
      switch line[index] {
      case 0x20, 0x09, 0x0d, 0x0a: index += 1
      case let byte: return byte
      }
    }
    return 0
  }

  /// Steps over one byte, which must come next.
  mutating func expect(_ byte: UInt8, _ line: Span<UInt8>) throws(EVELineFault) {
    guard peek(line) == byte, index < line.count else { throw fault(.notJSON) }
    index += 1
  }

  /// Steps over one byte if it comes next.
  mutating func skip(_ byte: UInt8, _ line: Span<UInt8>) -> Bool {
    guard peek(line) == byte, index < line.count else { return false }
    index += 1
    return true
  }

  /// Nothing may follow the outermost value.
  mutating func expectEnd(_ line: Span<UInt8>) throws(EVELineFault) {
    _ = peek(line)
    guard index == line.count else { throw fault(.notJSON) }
  }

  func fault(_ reason: EVELineFault.Reason) -> EVELineFault { EVELineFault(reason, column: index + 1) }

  // MARK: Values

  /// The key of the next member of an object, with its colon; nil at the end of the object.
  ///
  /// - Parameter isFirst: true before the object, whose brace comes next; is made false.
  mutating func key(_ line: Span<UInt8>, isFirst: inout Bool) throws(EVELineFault) -> Text? {
    if isFirst {
      isFirst = false
      try expect(UInt8(ascii: "{"), line)
      guard !skip(UInt8(ascii: "}"), line) else { return nil }
    } else {
      guard skip(UInt8(ascii: ","), line) else {
        try expect(UInt8(ascii: "}"), line)
        return nil
      }
    }
    let key = try text(line)
    try expect(UInt8(ascii: ":"), line)
    return key
  }

  /// A text; its quotation mark comes next.
  mutating func text(_ line: Span<UInt8>) throws(EVELineFault) -> Text {
    try expect(UInt8(ascii: "\""), line)
    let start = index
    while index < line.count {
      switch line[index] {
      case UInt8(ascii: "\""):
        index += 1
        return Text(range: ByteRange(start, index - 1), isEscaped: false)
      case UInt8(ascii: "\\"):
        return try escapedText(line, from: start)
      case 0..<0x20: throw fault(.notJSON)
      default: index += 1
      }
    }
    throw fault(.notJSON)
  }

  /// The rest of a text that has escapes.
  private mutating func escapedText(_ line: Span<UInt8>, from start: Int) throws(EVELineFault) -> Text {
    unescaped.removeAll(keepingCapacity: true)
    for offset in start..<index { unescaped.append(line[offset]) }
    while index < line.count {
      let byte = line[index]
      guard byte >= 0x20 else { throw fault(.notJSON) }
      index += 1
      if byte == UInt8(ascii: "\"") {
        return Text(range: ByteRange(0, unescaped.count), isEscaped: true)
      }
      if byte == UInt8(ascii: "\\") { try unescape(line) } else { unescaped.append(byte) }
    }
    throw fault(.notJSON)
  }

  /// One escape, whose backslash was read.
  private mutating func unescape(_ line: Span<UInt8>) throws(EVELineFault) {
    guard index < line.count else { throw fault(.notJSON) }
    let byte = line[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
    case UInt8(ascii: "b"): unescaped.append(0x08)
    case UInt8(ascii: "f"): unescaped.append(0x0c)
    case UInt8(ascii: "n"): unescaped.append(0x0a)
    case UInt8(ascii: "r"): unescaped.append(0x0d)
    case UInt8(ascii: "t"): unescaped.append(0x09)
    case UInt8(ascii: "u"): append(try scalar(line))
    default: throw fault(.notJSON)
    }
  }

  /// The scalar of `\uXXXX`, or of two of them that are a surrogate pair; a lone surrogate is U+FFFD.
  private mutating func scalar(_ line: Span<UInt8>) throws(EVELineFault) -> UInt32 {
    let first = try fourDigits(line)
    guard (0xd800...0xdfff).contains(first) else { return first }
    guard first < 0xdc00, index + 1 < line.count, line[index] == UInt8(ascii: "\\"),
      line[index + 1] == UInt8(ascii: "u")
    else { return 0xfffd }
    let mark = index
    index += 2
    let second = try fourDigits(line)
    guard (0xdc00...0xdfff).contains(second) else {
      index = mark
      return 0xfffd
    }
    return 0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)
  }

  private mutating func fourDigits(_ line: Span<UInt8>) throws(EVELineFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard index < line.count else { throw fault(.notJSON) }
      let byte = line[index]
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: throw fault(.notJSON)
      }
      index += 1
    }
    return value
  }

  private mutating func append(_ scalar: UInt32) {
    let byte = { (shift: UInt32, mark: UInt8, mask: UInt32) in
      mark | UInt8(truncatingIfNeeded: scalar >> shift & mask)
    }
    switch scalar {
    case ..<0x80: unescaped.append(UInt8(truncatingIfNeeded: scalar))
    case ..<0x800:
      unescaped.append(byte(6, 0xc0, 0x1f))
      unescaped.append(byte(0, 0x80, 0x3f))
    case ..<0x10000:
      unescaped.append(byte(12, 0xe0, 0x0f))
      unescaped.append(byte(6, 0x80, 0x3f))
      unescaped.append(byte(0, 0x80, 0x3f))
    default:
      unescaped.append(byte(18, 0xf0, 0x07))
      unescaped.append(byte(12, 0x80, 0x3f))
      unescaped.append(byte(6, 0x80, 0x3f))
      unescaped.append(byte(0, 0x80, 0x3f))
    }
  }

  /// A number; its first byte comes next.
  mutating func number(_ line: Span<UInt8>) throws(EVELineFault) -> JSONNumber {
    var number = JSONNumber()
    let start = index
    number.isNegative = skip(UInt8(ascii: "-"), line)
    try digits(of: &number, line)
    if index < line.count, line[index] == UInt8(ascii: ".") {
      index += 1
      let point = index
      try digits(of: &number, line)
      number.fractionDigits = index - point
    }
    if index < line.count, line[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      number.isInexact = true
      if index < line.count, line[index] == UInt8(ascii: "+") || line[index] == UInt8(ascii: "-") {
        index += 1
      }
      var exponent = JSONNumber()
      try digits(of: &exponent, line)
    }
    number.range = start..<index
    return number
  }

  /// One digit or more.
  private mutating func digits(of number: inout JSONNumber, _ line: Span<UInt8>) throws(EVELineFault) {
    let start = index
    while index < line.count, line[index] &- 0x30 <= 9 {
      let (product, isTooLarge) = number.digits.multipliedReportingOverflow(by: 10)
      let (sum, isOver) = product.addingReportingOverflow(UInt64(line[index] - 0x30))
      if isTooLarge || isOver { number.isInexact = true }
      number.digits = sum
      index += 1
    }
    guard index > start else { throw fault(.notJSON) }
  }

  /// `true`, `false` or `null`; the last one is nil.
  mutating func word(_ line: Span<UInt8>) throws(EVELineFault) -> Bool? {
    if take("true", line) { return true }
    if take("false", line) { return false }
    guard take("null", line) else { throw fault(.notJSON) }
    return nil
  }

  private mutating func take(_ word: StaticString, _ line: Span<UInt8>) -> Bool {
    let end = index + word.utf8CodeUnitCount
    guard end <= line.count else { return false }
    // Safety: a static string's bytes live as long as the process.
    let isEqual = word.withUTF8Buffer { bytes in
      for offset in 0..<bytes.count where unsafe bytes[offset] != line[index + offset] { return false }
      return true
    }
    if isEqual { index = end }
    return isEqual
  }

  /// Steps over any value.
  mutating func skipValue(_ line: Span<UInt8>, depth: Int = 0) throws(EVELineFault) {
    guard depth < Self.maximumDepth else { throw fault(.tooDeep) }
    switch peek(line) {
    case UInt8(ascii: "\""): _ = try text(line)
    case UInt8(ascii: "{"):
      index += 1
      guard !skip(UInt8(ascii: "}"), line) else { return }
      repeat {
        _ = try text(line)
        try expect(UInt8(ascii: ":"), line)
        try skipValue(line, depth: depth + 1)
      } while skip(UInt8(ascii: ","), line)
      try expect(UInt8(ascii: "}"), line)
    case UInt8(ascii: "["):
      index += 1
      guard !skip(UInt8(ascii: "]"), line) else { return }
      repeat { try skipValue(line, depth: depth + 1) } while skip(UInt8(ascii: ","), line)
      try expect(UInt8(ascii: "]"), line)
    case UInt8(ascii: "-"), 0x30...0x39: _ = try number(line)
    default: _ = try word(line)
    }
  }
}
