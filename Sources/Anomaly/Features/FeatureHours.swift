package import Values

/// Hours of packet time as feature tables number them: those that a wall clock shows since Monday, 1970-01-05 00:00.
///
/// So `number % 24` is the hour of the day on that clock, and `number / 24 % 7` the day of the week from Monday on.
/// Where clocks are set forward a number is missing; where they are set back the hour that comes twice has one.
package struct FeatureHours: Sendable {
  private let clock: LocalClock
  /// Hours from 1970-01-01 to the Monday after it.
  private static let offset: Int64 = 96

  /// The hours of a clock.
  package init(_ clock: LocalClock = LocalClock()) {
    self.clock = clock
  }

  /// The number of the hour of an instant.
  package func number(of time: Timestamp) -> Int { Int(clock.hour(at: time) - Self.offset) }

  /// When an hour begins; of a number that is missing, when the next one does.
  package func start(of number: Int) -> Timestamp { clock.start(ofHour: Int64(number) &+ Self.offset) }
}

/// What a number of an hour says.
enum HourOfWeek {
  /// The hour of the day, 0–23.
  static func hour(_ number: Int) -> Int { remainder(number, 24) }

  /// Whether it is on a Saturday or a Sunday.
  static func isWeekend(_ number: Int) -> Bool { remainder(number, 168) >= 120 }

  private static func remainder(_ number: Int, _ divisor: Int) -> Int {
    let remainder = number % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
