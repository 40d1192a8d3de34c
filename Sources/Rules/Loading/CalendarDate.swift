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
    guard let days = CivilTime.daysSinceEpoch(text) else { return nil }
    daysSinceEpoch = days
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
}

extension CalendarDate: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  public var description: String {
    let time = CivilTime(daysSinceEpoch: daysSinceEpoch)
    let parts = [time.month, time.day].map { $0 < 10 ? "-0\($0)" : "-\($0)" }
    return "\(time.year)" + parts.joined()
  }
}
