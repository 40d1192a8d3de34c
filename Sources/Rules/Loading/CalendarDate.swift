public import Values

/// A day of the Gregorian calendar, written `2027-01-31`.
public struct CalendarDate: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  public let daysSinceEpoch: Int

  /// A day from its number.
  public init(daysSinceEpoch: Int) {
    self.daysSinceEpoch = daysSinceEpoch
  }

  /// The day that `YYYY-MM-DD` spells, years 1678–2261, or nil.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(bytes.span)
  }

  /// The same from bytes.
  public init?(_ text: Span<UInt8>) {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = Self.number(text, 0..<4), let month = Self.number(text, 5..<7),
      let day = Self.number(text, 8..<10), (1678...2261).contains(year)
    else { return nil }
    daysSinceEpoch = CivilTime.daysSinceEpoch(year: year, month: month, day: day)
    // A day that does not exist (02-30, 13-01) comes back as another one.
    let back = CivilTime(daysSinceEpoch: daysSinceEpoch)
    guard back.year == year, back.month == month, back.day == day else { return nil }
  }

  /// The day of a time.
  init(_ time: CivilTime) {
    daysSinceEpoch = CivilTime.daysSinceEpoch(year: time.year, month: time.month, day: time.day)
  }

  /// The first instant after the day, in UTC: what expires on it is valid before that.
  public var endInUTC: Timestamp {
    Timestamp(seconds: Int64(daysSinceEpoch + 1) * 86_400, nanoseconds: 0)
  }

  /// Earlier first.
  public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
    left.daysSinceEpoch < right.daysSinceEpoch
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

extension CalendarDate: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  public var description: String {
    let time = CivilTime(daysSinceEpoch: daysSinceEpoch)
    let parts = [time.month, time.day].map { $0 < 10 ? "-0\($0)" : "-\($0)" }
    return "\(time.year)" + parts.joined()
  }
}
