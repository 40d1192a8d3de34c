import Foundation
import Testing
import Values

@testable import Anomaly

/// Hours by the clock of a zone.
@Suite struct FeatureHoursTests {
  static let hour: Int64 = 3600

  private func hours(_ zone: String) throws -> FeatureHours {
    let bytes = Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(zone)")))
    return FeatureHours(LocalClock(zoneName: zone, try #require(ZoneTransitions(tzif: bytes))))
  }

  private func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds, nanoseconds: 0) }

  @Test func `the hour of the day is that of the clock`() throws {
    // 2026-07-01 22:30 UTC, a Wednesday; in Berlin it is Thursday 00:30.
    let night = time(1_782_945_000)
    let (utc, berlin) = (FeatureHours(), try hours("Europe/Berlin"))
    #expect(utc.number(of: night) % 24 == 22 && utc.number(of: night) / 24 % 7 == 2)
    #expect(berlin.number(of: night) % 24 == 0 && berlin.number(of: night) / 24 % 7 == 3)
    // Half an hour more in India.
    #expect(try hours("Asia/Kolkata").number(of: time(1_782_945_000 - 1800)) % 24 == 3)
  }

  @Test func `in spring a number is missing`() throws {
    let berlin = try hours("Europe/Berlin")
    // 2026-03-29 01:00 UTC: clocks go from 02:00 to 03:00.
    let change: Int64 = 1_774_746_000
    let before = berlin.number(of: time(change - 1))
    #expect(before % 24 == 1)
    #expect(berlin.number(of: time(change)) == before + 2)
    #expect(berlin.start(of: before + 1) == time(change))
    #expect(berlin.start(of: before + 2) == time(change))
    #expect(berlin.start(of: before + 3) == time(change + Self.hour))
  }

  @Test func `in autumn the hour that comes twice is one`() throws {
    let berlin = try hours("Europe/Berlin")
    // 2026-10-25 01:00 UTC: clocks go from 03:00 back to 02:00.
    let change: Int64 = 1_792_890_000
    let twice = berlin.number(of: time(change - 1))
    #expect(twice % 24 == 2)
    #expect(berlin.number(of: time(change)) == twice)
    #expect(berlin.number(of: time(change + Self.hour)) == twice + 1)
    #expect(berlin.start(of: twice) == time(change - Self.hour))
    #expect(berlin.start(of: twice + 1) == time(change + Self.hour))
  }

  @Test(arguments: [
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca",
    "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu", "Antarctica/Troll",
  ])
  func `numbers never fall, and each begins where it is said to`(zone: String) throws {
    let hours = try hours(zone)
    // Two years in steps of a quarter of an hour, from before Samoa skipped a day.
    let first: Int64 = 1_324_900_000 / 900 * 900
    var former = hours.number(of: time(first - 900))
    for step in 0..<Int64(70_000) {
      let now = time(first + step * 900)
      let number = hours.number(of: now)
      #expect(number >= former)
      let (start, end) = (hours.start(of: number), hours.start(of: number + 1))
      #expect(start <= now && now < end, "\(zone) \(now)")
      guard start <= now, now < end, number >= former else { return }
      former = number
    }
  }

  @Test func `extreme times trap nothing`() throws {
    let berlin = try hours("Europe/Berlin")
    for nanoseconds in [Int64.min, 0, .max] {
      _ = berlin.start(of: berlin.number(of: Timestamp(nanoseconds: nanoseconds)) + 1)
    }
  }

  // MARK: Habits

  /// The number of an hour of a day; day 0 is a Monday.
  private func number(_ day: Int, _ hour: Int) -> Int { 24 * 700 + 24 * day + hour }

  @Test func `attempts at night are those from 22 to 6 o'clock of the last 24 hours`() {
    var habit = CallHabit()
    #expect(habit.nightShare(in: number(0, 12)).isNaN)
    for hour in [12, 21, 22, 23] { habit.count(in: number(0, hour)) }
    #expect(habit.nightShare(in: number(0, 23)) == 0.5)
    for hour in [0, 5, 6] { habit.count(in: number(1, hour)) }
    #expect(habit.nightShare(in: number(1, 6)).isNear(4.0 / 7))
    // The one at 12 o'clock of the day before is 24 hours ago.
    #expect(habit.nightShare(in: number(1, 12)).isNear(4.0 / 6))
    #expect(habit.nightShare(in: number(3, 0)).isNaN)
  }

  @Test func `attempts are compared with those of the hour on earlier days of the kind`() {
    var habit = CallHabit()
    for day in 0..<5 {
      for _ in 0..<9 { habit.count(in: number(day, 10)) }
      if day == 0 { #expect(habit.offHours(in: number(0, 23)).isNaN) }
    }
    // Nine as always, none as never, 99 where there never was one.
    for _ in 0..<9 { habit.count(in: number(7, 10)) }
    #expect(habit.offHours(in: number(7, 10)).isNear(0))
    #expect(habit.offHours(in: number(7, 11)).isNear(0))
    for _ in 0..<99 { habit.count(in: number(8, 3)) }
    #expect(habit.offHours(in: number(8, 3)).isNear(2))
    #expect(habit.offHours(in: number(8, 10)).isNear(-1))
    // A Saturday is beside Saturdays and Sundays.
    #expect(habit.offHours(in: number(12, 10)).isNear(0))
  }

  @Test func `a day of the other kind is none to compare with`() {
    var habit = CallHabit()
    habit.count(in: number(4, 10))
    #expect(habit.offHours(in: number(5, 10)).isNaN)
    #expect(habit.offHours(in: number(6, 10)).isNear(0))
  }

  @Test func `after sixty quiet days, and when time begins anew, nothing is known`() {
    var habit = CallHabit()
    for day in 0..<3 { habit.count(in: number(day, 10)) }
    #expect(!habit.offHours(in: number(60, 10)).isNaN)
    #expect(habit.offHours(in: number(70, 10)).isNaN)
    habit.count(in: number(1, 10))
    #expect(habit.offHours(in: number(1, 10)).isNaN)
    #expect(habit.nightShare(in: number(1, 10)) == 0)
  }

  @Test func `hours before 1970 are hours`() {
    var habit = CallHabit()
    for hour in -50 ..< -1 { habit.count(in: hour) }
    #expect(habit.nightShare(in: -2).isNear(8.0 / 24))
    #expect(HourOfWeek.hour(-1) == 23 && HourOfWeek.isWeekend(-1) && !HourOfWeek.isWeekend(-49))
  }
}
