/// A number of a JSON text (RFC 8259 §6), exact as far as 19 digits go.
struct JSONNumber {
  /// Powers of ten that a `Double` has exactly.
  private static let exactPowers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  var isNegative = false
  /// All digits without the point; meaningless when there are too many.
  var digits: UInt64 = 0
  /// How many of them stand behind the point.
  var fractionDigits = 0
  /// Whether it has an exponent or more digits than fit.
  var isInexact = false
  /// Where it stands in the line.
  var range = 0..<0

  /// The value when it is a whole number in range.
  var whole: Int64? {
    guard !isInexact, fractionDigits == 0 else { return nil }
    return Int64(exactlySigned: digits, isNegative: isNegative)
  }

  /// The nearest binary number.
  func double(_ line: Span<UInt8>) -> Double? {
    guard !isInexact, digits < 1 << 53, fractionDigits < Self.exactPowers.count else {
      var text = ""
      for index in range { text.unicodeScalars.append(UnicodeScalar(line[index])) }
      return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }
    // Both are exact, so that the quotient is rounded once.
    let magnitude = Double(digits) / Self.exactPowers[fractionDigits]
    return isNegative ? -magnitude : magnitude
  }

  /// A number of seconds in nanoseconds; digits behind the ninth are dropped.
  func nanoseconds(_ line: Span<UInt8>) -> Int64? {
    guard !isInexact else {
      guard let seconds = double(line), abs(seconds) < 9e9 else { return nil }
      return Int64((seconds * 1e9).rounded())
    }
    var value = digits
    for _ in 9..<max(9, fractionDigits) { value /= 10 }
    for _ in min(9, fractionDigits)..<9 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      value = product
    }
    return Int64(exactlySigned: value, isNegative: isNegative)
  }
}

extension Int64 {
  fileprivate init?(exactlySigned magnitude: UInt64, isNegative: Bool) {
    guard let value = Int64(exactly: magnitude) else { return nil }
    self = isNegative ? -value : value
  }
}
