/// A `TZ` rule such as `CET-1CEST,M3.5.0,M10.5.0/3`: POSIX.1-2017 §8.3 with the extensions of RFC 8536 §3.3.1.
package struct PosixZoneRule {
  /// The days of a year on which clocks change.
  package enum Day {
    /// `Jn`: day 1–365, February 29 never counted.
    case julian(Int)
    /// `n`: day 0–365, February 29 counted.
    case ordinal(Int)
    /// `Mm.w.d`: weekday `d` (0 is Sunday) of week `w` of month `m`, 5 being the last.
    case weekday(month: Int, week: Int, day: Int)
  }

  /// A change of clocks.
  package struct Change {
    package let day: Day
    /// Seconds after local midnight; may be negative or beyond the day.
    package let time: Int64

    /// A change at a time of a day.
    package init(day: Day, time: Int64) {
      self.day = day
      self.time = time
    }

    /// Local seconds since the epoch of the change in a year.
    package func seconds(inYear year: Int) -> Int64 {
      Int64(daysSinceEpoch(year)) * 86_400 + time
    }

    private func daysSinceEpoch(_ year: Int) -> Int {
      let newYear = CivilTime.daysSinceEpoch(year: year, month: 1, day: 1)
      switch day {
      case .ordinal(let number): return newYear + number
      case .julian(let number):
        let isLeap = CivilTime.daysSinceEpoch(year: year + 1, month: 1, day: 1) - newYear == 366
        return newYear + number - 1 + (isLeap && number >= 60 ? 1 : 0)
      case .weekday(let month, let week, let weekday):
        let first = CivilTime.daysSinceEpoch(year: year, month: month, day: 1)
        let next =
          month == 12
          ? CivilTime.daysSinceEpoch(year: year + 1, month: 1, day: 1)
          : CivilTime.daysSinceEpoch(year: year, month: month + 1, day: 1)
        let shift = (weekday - CivilTime.weekday(daysSinceEpoch: first) + 7) % 7
        var day = first + shift + 7 * (week - 1)
        while day >= next { day -= 7 }
        return day
      }
    }
  }

  /// Seconds east of UTC in standard time.
  package let standardOffset: Int64
  /// Seconds east of UTC in summer, and when that begins and ends.
  package let daylight: (offset: Int64, start: Change, end: Change)?

  /// The rule in a text, or nil when it is none.
  package init?(_ text: [UInt8]) {
    var scanner = Scanner(text: text)
    guard scanner.skipName(), let west = scanner.time() else { return nil }
    standardOffset = -west
    guard !scanner.isAtEnd else {
      daylight = nil
      return
    }
    guard scanner.skipName() else { return nil }
    var offset = standardOffset + 3600
    if scanner.peek != UInt8(ascii: ",") {
      guard let west = scanner.time() else { return nil }
      offset = -west
    }
    guard scanner.skip(UInt8(ascii: ",")), let start = scanner.change(), scanner.skip(UInt8(ascii: ",")),
      let end = scanner.change(), scanner.isAtEnd
    else { return nil }
    daylight = (offset, start, end)
  }

  private struct Scanner {
    let text: [UInt8]
    var index = 0

    init(text: [UInt8]) {
      self.text = text
    }

    var isAtEnd: Bool { index == text.count }
    var peek: UInt8? { index < text.count ? text[index] : nil }

    mutating func skip(_ byte: UInt8) -> Bool {
      guard peek == byte else { return false }
      index += 1
      return true
    }

    /// Letters, or anything in angle brackets.
    mutating func skipName() -> Bool {
      let start = index
      if skip(UInt8(ascii: "<")) {
        while let byte = peek, byte != UInt8(ascii: ">") {
          _ = byte
          index += 1
        }
        return skip(UInt8(ascii: ">"))
      }
      while let byte = peek, (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) { index += 1 }
      return index > start
    }

    mutating func number(upTo limit: Int) -> Int? {
      let start = index
      var value = 0
      while let byte = peek, (0x30...0x39).contains(byte) {
        value = value * 10 + Int(byte - 0x30)
        guard value <= limit else { return nil }
        index += 1
      }
      return index > start ? value : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    mutating func time() -> Int64? {
      let isNegative = peek == UInt8(ascii: "-")
      if isNegative || peek == UInt8(ascii: "+") { index += 1 }
      guard let hours = number(upTo: 167) else { return nil }
      var seconds = hours * 3600
      for scale in [60, 1] where skip(UInt8(ascii: ":")) {
        guard let part = number(upTo: 59) else { return nil }
        seconds += part * scale
      }
      return Int64(isNegative ? -seconds : seconds)
    }

    mutating func change() -> Change? {
      guard let day = day() else { return nil }
      guard skip(UInt8(ascii: "/")) else { return Change(day: day, time: 7200) }
      return time().map { Change(day: day, time: $0) }
    }

    private mutating func day() -> Day? {
      if skip(UInt8(ascii: "J")) {
        guard let number = number(upTo: 365), number >= 1 else { return nil }
        return .julian(number)
      }
      guard skip(UInt8(ascii: "M")) else { return number(upTo: 365).map { .ordinal($0) } }
      guard let month = number(upTo: 12), month >= 1, skip(UInt8(ascii: ".")),
        let week = number(upTo: 5), week >= 1, skip(UInt8(ascii: ".")), let day = number(upTo: 6)
      else { return nil }
      return .weekday(month: month, week: week, day: day)
    }
  }
}
