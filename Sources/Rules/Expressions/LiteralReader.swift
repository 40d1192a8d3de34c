internal import Values

/// Reads the words of an expression that begin with a digit or are addresses.
enum LiteralReader {
  /// The value that a word spells.
  static func literal(_ word: String, at range: Range<Int>) throws(ExpressionFault) -> Literal {
    if word.contains(":") || word.utf8.count(where: { $0 == UInt8(ascii: ".") }) >= 2 {
      return try address(word, at: range)
    }
    let digits = word.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = String(word.dropFirst(digits.count))
    if digits.utf8.count == 1, unit == "xx" { return try statusClass(word, at: range) }
    guard !unit.isEmpty else { return try number(String(digits), at: range) }
    let scale = durationUnits[unit] ?? sizeUnits[unit]
    guard let scale else {
      let known = durationUnits.keys.sorted() + sizeUnits.keys.sorted()
      throw ExpressionFault(
        code: .badLiteral, range: range,
        message: "\(word.quoted) is no number, and '\(unit)' is no unit"
          + Suggestion.phrase(for: unit, among: known),
        help: "durations end in ms, s, m, h or d; sizes in B, kB, MB, GB, KiB, MiB or GiB")
    }
    let value = try scaled(try number(String(digits), at: range), by: scale, word, at: range)
    return durationUnits[unit] != nil ? .duration(value) : .integer(value)
  }

  private static let durationUnits: [String: Int64] = [
    "ns": 1, "us": 1000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
    "h": 3_600_000_000_000, "d": 86_400_000_000_000,
  ]

  private static let sizeUnits: [String: Int64] = [
    "B": 1, "kB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "KiB": 1024, "MiB": 1 << 20, "GiB": 1 << 30,
  ]

  private static func scaled(
    _ number: Literal, by scale: Int64, _ word: String, at range: Range<Int>
  ) throws(ExpressionFault) -> Int64 {
    switch number {
    case .integer(let value):
      let (product, overflow) = value.multipliedReportingOverflow(by: scale)
      if !overflow { return product }
    case .decimal(let value):
      if let exact = Int64(exactly: (value * Double(scale)).rounded()) { return exact }
    default: break
    }
    throw ExpressionFault(code: .badLiteral, range: range, message: "\(word.quoted) is too large")
  }

  private static func number(_ digits: String, at range: Range<Int>) throws(ExpressionFault) -> Literal {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let whole = String(parts[0])
    guard whole.utf8.count == 1 || !whole.hasPrefix("0") else {
      let shortened = String(digits.drop { $0 == "0" })
      throw ExpressionFault(
        code: .badLiteral, range: range,
        message: "a number has no leading zero, so that nobody reads it as octal",
        help: shortened.first?.isNumber == true
          ? "write \(shortened), or \"\(digits)\" for text" : "write \"\(digits)\" for text")
    }
    if parts.count == 2, !parts[1].isEmpty, let value = Double(digits) { return .decimal(value) }
    if parts.count == 1, let value = Int64(whole) { return .integer(value) }
    throw ExpressionFault(code: .badLiteral, range: range, message: "\(digits.quoted) is no number")
  }

  private static func statusClass(_ word: String, at range: Range<Int>) throws(ExpressionFault) -> Literal {
    guard let first = word.first?.wholeNumberValue, (1...6).contains(first) else {
      throw ExpressionFault(
        code: .badLiteral, range: range, message: "\(word.quoted) is no status class",
        help: "the classes are 1xx to 6xx")
    }
    return .range(Int64(first) * 100, Int64(first) * 100 + 99)
  }

  private static func address(_ word: String, at range: Range<Int>) throws(ExpressionFault) -> Literal {
    if word.contains("/") {
      guard let network = IPNetwork(word) else { throw badAddress(word, "address block", at: range) }
      let parts = word.split(separator: "/")
      if let address = IPAddress(String(parts[0])), address != network.address {
        throw ExpressionFault(
          code: .badAddress, range: range, message: "\(word.quoted) has bits behind the prefix",
          help: "write \(network)")
      }
      return .network(network)
    }
    guard let address = IPAddress(word) else { throw badAddress(word, "IP address", at: range) }
    return .ip(address)
  }

  private static func badAddress(_ word: String, _ what: String, at range: Range<Int>) -> ExpressionFault {
    ExpressionFault(
      code: .badAddress, range: range, message: "\(word.quoted) is no \(what)",
      help: "addresses look like 192.0.2.1, 10.0.0.0/8, 2001:db8::1 or 2001:db8::/32; text stands in quotes")
  }

  /// The bytes of `"…"`, escapes undone; `range` includes the quotes.
  static func text(_ bytes: [UInt8], _ range: Range<Int>) throws(ExpressionFault) -> [UInt8] {
    var result: [UInt8] = []
    var index = range.lowerBound + 1
    let end = range.upperBound - 1
    while index < end {
      guard bytes[index] == UInt8(ascii: "\\") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let escape = bytes[index + 1]
      if escape == UInt8(ascii: "x"), index + 3 < end, let byte = hexByte(bytes[index + 2], bytes[index + 3])
      {
        result.append(byte)
        index += 4
      } else if let byte = escapes[escape] {
        result.append(byte)
        index += 2
      } else {
        throw ExpressionFault(
          code: .badEscape, range: index..<min(index + 2, end), message: "this escape is unknown",
          help: "the escapes are \\\" \\\\ \\n \\r \\t \\0 and \\x41; a backslash itself is \\\\")
      }
    }
    return result
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "n"): 0x0a,
    UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09, UInt8(ascii: "0"): 0,
  ]

  /// The bytes of `h"0d 0a"`; `range` includes the `h` and the quotes.
  static func bytes(_ bytes: [UInt8], _ range: Range<Int>) throws(ExpressionFault) -> [UInt8] {
    var result: [UInt8] = []
    var index = range.lowerBound + 2
    let end = range.upperBound - 1
    while index < end {
      if bytes[index] == 0x20 {
        index += 1
        continue
      }
      guard index + 1 < end, let byte = hexByte(bytes[index], bytes[index + 1]) else {
        throw ExpressionFault(
          code: .badLiteral, range: index..<min(index + 2, end),
          message: "bytes are pairs of hexadecimal digits",
          help: "for example h\"0d 0a\"")
      }
      result.append(byte)
      index += 2
    }
    guard !result.isEmpty else {
      throw ExpressionFault(code: .badLiteral, range: range, message: "there are no bytes in it")
    }
    return result
  }

  private static func hexByte(_ high: UInt8, _ low: UInt8) -> UInt8? {
    guard let high = hexValue(high), let low = hexValue(low) else { return nil }
    return high << 4 | low
  }

  private static func hexValue(_ digit: UInt8) -> UInt8? {
    guard digit.isHexDigit else { return nil }
    return digit.isDigit ? digit - 0x30 : (digit | 0x20) - 0x57
  }
}
