internal import Foundation

/// When an entity calls: its attempts of the last 24 hours, and what the hours of its days had before.
struct CallHabit: Sendable {
  /// After so many hours without an attempt nothing is known any more.
  private static var memory: Int { 60 * 24 }
  /// What a day counts beside the next one: half as much after 14 days.
  private static var fading: Float { 0.951_695 }

  /// The hour up to which all is counted; `Int.min` before the first one.
  private var hour = Int.min
  /// Attempts by hour of the day, those of the running hour and of the 23 before it.
  private var recent = InlineArray<24, UInt16>(repeating: 0)
  /// Attempts of days that are over by hour of the day, of workdays and then of the weekend; older ones count less.
  private var sums = InlineArray<48, Float>(repeating: 0)
  /// These workdays and days of the weekend, weighted likewise.
  private var days = InlineArray<2, Float>(repeating: 0)

  /// Counts an attempt in an hour.
  mutating func count(in hour: Int) {
    advance(to: hour)
    let place = HourOfWeek.hour(hour)
    if recent[place] < .max { recent[place] += 1 }
  }

  /// The part of the attempts of the last 24 hours that was made from 22 to 6 o'clock; NaN without attempts.
  func nightShare(in hour: Int) -> Double {
    var habit = self
    habit.advance(to: hour)
    var (all, night) = (0, 0)
    for place in 0..<24 {
      all += Int(habit.recent[place])
      if place >= 22 || place < 6 { night += Int(habit.recent[place]) }
    }
    return all > 0 ? Double(night) / Double(all) : .nan
  }

  /// log10((attempts + 1) / (expected + 1)), where the expected ones are the mean of the hour of the day on earlier
  /// days of the kind, workday or weekend; NaN before one of these is over.
  func offHours(in hour: Int) -> Double {
    var habit = self
    habit.advance(to: hour)
    let (place, kind) = (HourOfWeek.hour(hour), HourOfWeek.isWeekend(hour) ? 1 : 0)
    guard habit.days[kind] > 0 else { return .nan }
    let expected = Double(habit.sums[24 * kind + place] / habit.days[kind])
    return log10((Double(habit.recent[place]) + 1) / (expected + 1))
  }

  /// Lets hours pass; a day that is over becomes one of those before.
  private mutating func advance(to now: Int) {
    guard hour > Int.min, now >= hour, now - hour <= Self.memory else {
      // Time that begins anew, as a longer pause, leaves no day to compare with.
      if hour != now { self = CallHabit() }
      hour = now
      return
    }
    while hour < now {
      hour += 1
      let place = HourOfWeek.hour(hour)
      if place == 0 { endDay(isWeekend: HourOfWeek.isWeekend(hour - 1)) }
      recent[place] = 0
    }
  }

  private mutating func endDay(isWeekend: Bool) {
    let kind = isWeekend ? 1 : 0
    for place in 0..<48 { sums[place] *= Self.fading }
    for place in 0..<2 { days[place] *= Self.fading }
    for place in 0..<24 { sums[24 * kind + place] += Float(recent[place]) }
    days[kind] += 1
  }
}
