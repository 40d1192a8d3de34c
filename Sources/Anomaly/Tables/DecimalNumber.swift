/// Decimal numbers as tables have them, read to the nearest double.
enum DecimalNumber {
  /// What a text is.
  enum Reading: Equatable {
    case number(Double)
    /// Nothing, blanks or `nan`.
    case undefined
    /// An infinity, or beyond the largest double.
    case infinite
    case malformed
  }

  /// Reads digits with an optional sign, fraction and exponent; blanks around them do not matter.
  ///
  /// Up to 2^53 with a power of ten up to 10^22 both parts are doubles without error, and so one operation
  /// rounds as it must (Clinger 1990); the standard library reads the rest.
  static func read(_ text: Span<UInt8>) -> Reading {
    var start = 0
    var end = text.count
    while start < end, isBlank(text[start]) { start += 1 }
    while end > start, isBlank(text[end - 1]) { end -= 1 }
    guard start < end else { return .undefined }
    var scan = Scan(index: start, end: end)
    guard scan.readAll(text) else { return word(text.extracting(start..<end)) }
    if scan.mantissa == 0, !scan.isCut { return .number(scan.isNegative ? -0.0 : 0) }
    if !scan.isCut, scan.mantissa <= 1 << 53, abs(scan.exponent) <= 22 {
      let mantissa = Double(scan.mantissa)
      let power = powersOfTen[abs(scan.exponent)]
      let value = scan.exponent < 0 ? mantissa / power : mantissa * power
      return .number(scan.isNegative ? -value : value)
    }
    return exactly(text.extracting(start..<end))
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
  ]

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func exactly(_ text: Span<UInt8>) -> Reading {
    guard let value = Double(string(text)) else { return .malformed }
    return value.isFinite ? .number(value) : .infinite
  }

  private static func word(_ text: Span<UInt8>) -> Reading {
    guard text.count <= 9 else { return .malformed }
    switch string(text).lowercased() {
    case "nan": return .undefined
    case "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity": return .infinite
    default: return .malformed
    }
  }

  private static func string(_ text: Span<UInt8>) -> String {
    String(decoding: (0..<text.count).map { text[$0] }, as: UTF8.self)
  }
}

/// The parts of a decimal number.
private struct Scan {
  var index: Int
  let end: Int
  var isNegative = false
  /// The first 19 significant digits.
  var mantissa: UInt64 = 0
  /// The power of ten by which the mantissa is to be multiplied.
  var exponent = 0
  /// Whether there were more than 19 significant digits.
  var isCut = false

  /// Reads everything; false when it is not the text of a number.
  mutating func readAll(_ text: Span<UInt8>) -> Bool {
    if text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isNegative = text[index] == UInt8(ascii: "-")
      index += 1
    }
    var digits = readDigits(text, isFraction: false)
    if index < end, text[index] == UInt8(ascii: ".") {
      index += 1
      digits += readDigits(text, isFraction: true)
    }
    guard digits > 0 else { return false }
    if index < end, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      guard readExponent(text) else { return false }
    }
    return index == end
  }

  private mutating func readDigits(_ text: Span<UInt8>, isFraction: Bool) -> Int {
    let first = index
    while index < end {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      if mantissa < 1_000_000_000_000_000_000 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        if isFraction { exponent -= 1 }
      } else {
        isCut = true
      }
      index += 1
    }
    return index - first
  }

  private mutating func readExponent(_ text: Span<UInt8>) -> Bool {
    var isDown = false
    if index < end, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isDown = text[index] == UInt8(ascii: "-")
      index += 1
    }
    let first = index
    var value = 0
    while index < end {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      // More makes no difference, and the sum must not overflow.
      if value < 1_000_000 { value = value * 10 + Int(digit) }
      index += 1
    }
    exponent += isDown ? -value : value
    return index > first
  }
}
