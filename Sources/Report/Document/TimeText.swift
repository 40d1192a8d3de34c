internal import Values

/// How instants and lengths of time are written.
enum TimeText {
  /// RFC 3339 in UTC with six decimals: `2026-03-01T22:14:07.000123Z`.
  static func machine(_ time: Timestamp) -> String {
    let (civil, fraction) = parts(time)
    return "\(date(civil))T\(clock(civil)).\(padded(fraction / 1000, 6))Z"
  }

  /// For people, in UTC with milliseconds: `2026-03-01 22:14:07.000`.
  static func human(_ time: Timestamp) -> String {
    let (civil, fraction) = parts(time)
    return "\(date(civil)) \(clock(civil)).\(padded(fraction / 1_000_000, 3))"
  }

  /// Time of day in UTC to the second: `22:14:07`.
  static func clock(_ time: Timestamp) -> String { clock(parts(time).civil) }

  /// A length of time in words: `1 d 2 h`, `3 min 17 s`, `2.5 s`.
  static func length(_ nanoseconds: Int64) -> String {
    let seconds = Double(max(0, nanoseconds)) / 1_000_000_000
    if seconds < 60 { return NumberText.decimal(seconds, digits: seconds < 10 ? 2 : 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    if whole < 86_400 { return "\(whole / 3600) h \(whole / 60 % 60) min" }
    return "\(whole / 86_400) d \(whole / 3600 % 24) h"
  }

  private static func parts(_ time: Timestamp) -> (civil: CivilTime, fraction: Int) {
    let second = time.nanoseconds.floorDivided(by: 1_000_000_000)
    return (CivilTime(secondsSinceEpoch: second), Int(time.nanoseconds &- second &* 1_000_000_000))
  }

  private static func date(_ time: CivilTime) -> String {
    "\(padded(time.year, 4))-\(padded(time.month, 2))-\(padded(time.day, 2))"
  }

  private static func clock(_ time: CivilTime) -> String {
    "\(padded(time.hour, 2)):\(padded(time.minute, 2)):\(padded(time.second, 2))"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}

/// How numbers are written for people.
enum NumberText {
  /// A whole number with a thin space between thousands: `1 234 567`.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude))
    var text = number < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append("\u{2009}") }
      text.append(digit)
    }
    return text
  }

  /// A number with exactly some decimals.
  static func decimal(_ number: Double, digits: Int) -> String {
    guard number.isFinite, abs(number) < 1e12 else { return "–" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int((abs(number) * Double(scale)).rounded())
    let sign = number < 0 && scaled > 0 ? "−" : ""
    guard digits > 0 else { return sign + grouped(scaled) }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: digits - fraction.utf8.count)
    return "\(sign)\(grouped(scaled / scale)).\(zeros)\(fraction)"
  }

  /// A share as a percentage with two decimals below 1 %, one above: `12.5 %`.
  static func percent(_ share: Double) -> String {
    decimal(share * 100, digits: share > 0 && share < 0.01 ? 2 : 1) + "\u{00a0}%"
  }

  /// Bytes with a binary unit: `1.4 MiB`.
  static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if value < 1024 || unit == "GiB" {
        return decimal(value, digits: unit == "B" ? 0 : 1) + "\u{00a0}" + unit
      }
      value /= 1024
    }
    return "\(count)"
  }
}
