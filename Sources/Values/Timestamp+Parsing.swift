extension Timestamp {
  /// The instant of `2026-03-01T22:14:07.5+01:00` or `…Z` (RFC 3339 §5.6), or nil; a zone is required.
  ///
  /// Digits behind the ninth of a fraction are an error.
  ///
  /// - Parameter isColonOptional: also takes `+0100`, as EVE logs write it (ISO 8601).
  public init?(_ text: Span<UInt8>, isColonOptional: Bool = false) {
    guard text.count >= 20, text[10] == UInt8(ascii: "T"), text[13] == UInt8(ascii: ":"),
      text[16] == UInt8(ascii: ":"),
      let days = CivilTime.daysSinceEpoch(text.extracting(0..<10)),
      let hour = Self.two(text, 11), let minute = Self.two(text, 14), let second = Self.two(text, 17),
      hour < 24, minute < 60, second < 60
    else { return nil }
    var index = 19
    guard let fraction = Self.fraction(text, &index),
      let offset = Self.offset(text, index, isColonOptional: isColonOptional)
    else { return nil }
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    self.init(seconds: Int64(seconds), nanoseconds: fraction)
  }

  private static func fraction(_ text: Span<UInt8>, _ index: inout Int) -> Int64? {
    guard text[index] == UInt8(ascii: ".") else { return 0 }
    index += 1
    var value: Int64 = 0
    var digits = 0
    while index < text.count, text[index] &- 0x30 <= 9, digits < 9 {
      value = value * 10 + Int64(text[index] - 0x30)
      digits += 1
      index += 1
    }
    guard digits > 0 else { return nil }
    for _ in digits..<9 { value *= 10 }
    return value
  }

  /// Seconds east of UTC.
  private static func offset(_ text: Span<UInt8>, _ index: Int, isColonOptional: Bool) -> Int? {
    guard index < text.count else { return nil }
    if text[index] == UInt8(ascii: "Z") { return index + 1 == text.count ? 0 : nil }
    guard index + 5 <= text.count else { return nil }
    let hasColon = text[index + 3] == UInt8(ascii: ":")
    guard hasColon || isColonOptional, index + (hasColon ? 6 : 5) == text.count,
      let hours = two(text, index + 1), let minutes = two(text, index + (hasColon ? 4 : 3)),
      hours < 24, minutes < 60
    else { return nil }
    switch text[index] {
    case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
    default: return nil
    }
  }

  private static func two(_ text: Span<UInt8>, _ index: Int) -> Int? {
    guard index + 1 < text.count else { return nil }
    let (tens, ones) = (text[index] &- 0x30, text[index + 1] &- 0x30)
    return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : nil
  }
}

extension CivilTime {
  /// Days from 1970-01-01 to the day that `YYYY-MM-DD` spells, years 1678–2261, or nil.
  public static func daysSinceEpoch(_ text: Span<UInt8>) -> Int? {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text, 0..<4), let month = number(text, 5..<7), let day = number(text, 8..<10),
      (1678...2261).contains(year)
    else { return nil }
    let days = daysSinceEpoch(year: year, month: month, day: day)
    // A day that does not exist (02-30, 13-01) comes back as another one.
    let back = CivilTime(daysSinceEpoch: days)
    return back.year == year && back.month == month && back.day == day ? days : nil
  }

  private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var value = 0
    for index in range {
      let digit = text[index] &- 0x30
      guard digit <= 9 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
}
