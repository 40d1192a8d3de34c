import Foundation
import Testing
import Values

@testable import Rules

/// A schedule out of its `any_of`.
private func schedule(_ zone: String, _ anyOf: String, lists: String = "") throws -> Schedule {
  let loaded = loadText("\(lists)\nschedules: {s: {zone: \(zone), any_of: \(anyOf)}}\n")
  try #require(messages(loaded) == [])
  return try #require(loaded.schedules.first)
}

private func time(_ text: String) throws -> Timestamp {
  try #require(InstantText.parse(text))
}

@Suite struct ScheduleTests {
  @Test func `Monday to Friday 22 to 06 includes Saturday's first hours`() throws {
    let nights = try schedule("UTC", "[{days: [mon, tue, wed, thu, fri], hours: \"22:00-06:00\"}]")
    // 2026-03-06 is a Friday.
    for (instant, expected) in [
      ("2026-03-06T21:59:59Z", false), ("2026-03-06T22:00:00Z", true), ("2026-03-07T00:00:00Z", true),
      ("2026-03-07T05:59:59Z", true), ("2026-03-07T06:00:00Z", false), ("2026-03-07T22:00:00Z", false),
      ("2026-03-08T23:00:00Z", false), ("2026-03-09T00:00:00Z", false), ("2026-03-09T05:00:00Z", false),
      ("2026-03-09T22:00:00Z", true),
    ] {
      #expect(nights.contains(try time(instant)) == expected, "\(instant)")
    }
  }

  @Test func `the start is included, the end is not`() throws {
    let hours = try schedule("UTC", "[{hours: \"08:00-09:30\"}]")
    #expect(!hours.contains(try time("2026-03-01T07:59:59.999999999Z")))
    #expect(hours.contains(try time("2026-03-01T08:00:00Z")))
    #expect(hours.contains(try time("2026-03-01T09:29:59.999999999Z")))
    #expect(!hours.contains(try time("2026-03-01T09:30:00Z")))
    let whole = try schedule("UTC", "[{days: [sun], hours: \"00:00-24:00\"}]")
    #expect(whole.contains(try time("2026-03-01T00:00:00Z")))
    #expect(whole.contains(try time("2026-03-01T23:59:59.999999999Z")))
    #expect(!whole.contains(try time("2026-03-02T00:00:00Z")))
    #expect(!whole.contains(try time("2026-02-28T23:59:59Z")))
  }

  @Test func `the repeated hour counts twice and the missing one never comes`() throws {
    let hour = try schedule("Europe/Berlin", "[{hours: \"02:00-03:00\"}]")
    let autumn = try time("2026-10-24T22:00:00Z")
    let night = hour.intervals(from: autumn, to: autumn.advanced(byNanoseconds: 12 * 3_600_000_000_000))
    #expect(
      night.map { $0.start..<$0.end } == [
        try time("2026-10-25T00:00:00Z")..<(try time("2026-10-25T02:00:00Z"))
      ])
    let spring = try time("2026-03-28T22:00:00Z")
    #expect(
      hour.intervals(from: spring, to: spring.advanced(byNanoseconds: 12 * 3_600_000_000_000)).isEmpty)
    // A window over the missing hour is an hour shorter.
    let longer = try schedule("Europe/Berlin", "[{hours: \"01:30-03:30\"}]")
    #expect(
      longer.intervals(from: spring, to: spring.advanced(byNanoseconds: 12 * 3_600_000_000_000))
        .map { $0.start..<$0.end } == [
          try time("2026-03-29T00:30:00Z")..<(try time("2026-03-29T01:30:00Z"))
        ])
  }

  @Test func `holidays are days of the schedule's zone`() throws {
    let lists = "lists: {holidays: {type: date, items: [2026-12-25, 2026-12-31..2027-01-01]}}"
    let days = try schedule("Asia/Tokyo", "[{dates: holidays, hours: \"18:00-02:00\"}]", lists: lists)
    for (instant, expected) in [
      ("2026-12-25T17:59:59+09:00", false), ("2026-12-25T18:00:00+09:00", true),
      ("2026-12-26T01:59:59+09:00", true), ("2026-12-26T02:00:00+09:00", false),
      ("2026-12-25T01:00:00+09:00", false), ("2027-01-01T00:30:00+09:00", true),
      ("2027-01-02T00:30:00+09:00", true), ("2027-01-02T18:30:00+09:00", false),
    ] {
      #expect(days.contains(try time(instant)) == expected, "\(instant)")
    }
  }

  @Test func `any window is enough`() throws {
    let night = try #require(loadText(exampleRules).schedules.first)
    for (instant, expected) in [
      ("2026-03-04T12:00:00+01:00", false), ("2026-03-04T20:00:00+01:00", true),
      ("2026-03-07T12:00:00+01:00", true), ("2026-03-08T23:00:00+01:00", true),
      ("2026-03-09T06:59:00+01:00", true), ("2026-03-09T07:00:00+01:00", false),
      ("2026-12-25T12:00:00+01:00", true), ("2026-12-24T12:00:00+01:00", false),
    ] {
      #expect(night.contains(try time(instant)) == expected, "\(instant)")
    }
  }

  @Test(arguments: [
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns",
    "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "America/Sao_Paulo", "Europe/Dublin", "Asia/Gaza",
    "Antarctica/Troll", "America/Havana",
  ])
  func `offsets agree with Foundation at random instants`(_ name: String) throws {
    let zone = try ZoneDatabase(folder: "/usr/share/zoneinfo").zone(named: name)
    let reference = try #require(TimeZone(identifier: name))
    let seed: UInt64 = 1
    var random = SeededGenerator(seed: seed)
    for _ in 0..<4000 {
      let seconds = Int64.random(in: 0...2_145_000_000, using: &random)
      let expected = reference.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
      #expect(zone.period(at: seconds).offset == Int64(expected), "seed \(seed) second \(seconds)")
    }
  }

  @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
  func `schedules agree with Foundation's calendar at random instants`(_ name: String) throws {
    let first = try schedule(
      name, "[{days: [mon, wed, fri], hours: \"21:15-05:45\"}, {days: [sun], hours: \"01:30-02:30\"}]")
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: name))
    let seed: UInt64 = 2
    var random = SeededGenerator(seed: seed)
    var cursor = ScheduleCursor()
    for _ in 0..<4000 {
      let seconds = Int64.random(in: 946_684_800...2_145_000_000, using: &random)
      let date = Date(timeIntervalSince1970: Double(seconds))
      let parts = calendar.dateComponents([.weekday, .hour, .minute], from: date)
      let weekday = try #require(parts.weekday)
      let minute = try #require(parts.hour) * 60 + (try #require(parts.minute))
      let yesterday = weekday == 1 ? 7 : weekday - 1
      let isNight = [2, 4, 6].contains(weekday) && minute >= 1275
      let isMorning = [2, 4, 6].contains(yesterday) && minute < 345
      let isSunday = weekday == 1 && minute >= 90 && minute < 150
      let instant = Timestamp(seconds: seconds, nanoseconds: 0)
      #expect(first.contains(instant) == (isNight || isMorning || isSunday), "seed \(seed) \(seconds)")
      #expect(cursor.contains(instant, in: first) == first.contains(instant))
    }
  }

  @Test(arguments: [Int64.min, .min + 1, -1, 0, .max - 1, .max])
  func `the ends of time are instants like others`(_ nanoseconds: Int64) throws {
    let schedule = try schedule("America/New_York", "[{hours: \"20:00-07:00\"}]")
    let instant = Timestamp(nanoseconds: nanoseconds)
    var cursor = ScheduleCursor()
    #expect(cursor.contains(instant, in: schedule) == schedule.contains(instant))
    #expect(schedule.state(at: instant).isOn == schedule.contains(instant))
  }

  @Test func `the cursor and the intervals say the same as each instant`() throws {
    let lists = "lists: {days: {type: date, items: [2026-10-20..2026-10-28]}}"
    let schedule = try schedule(
      "America/New_York", "[{hours: \"22:10-01:40\"}, {dates: days, hours: \"01:00-01:30\"}]", lists: lists)
    let start = try time("2026-10-15T00:00:00Z")
    let end = try time("2026-11-05T00:00:00Z")
    let intervals = schedule.intervals(from: start, to: end)
    var cursor = ScheduleCursor()
    var instant = start
    while instant < end {
      let isOn = schedule.contains(instant)
      #expect(cursor.contains(instant, in: schedule) == isOn)
      let isInside = intervals.contains { $0.start <= instant && instant < $0.end }
      #expect(isInside == isOn)
      instant = instant.advanced(byNanoseconds: 299_999_999_999)
    }
    let areApart = zip(intervals, intervals.dropFirst()).allSatisfy { $0.end < $1.start }
    #expect(areApart)
  }

  @Test func `an expiring date ends at midnight UTC for the cursor too`() throws {
    let folder = try TemporaryFolder()
    try folder.write("2026-01-01..2026-12-31 expires=2026-03-05\n", to: "days.txt")
    let path = try folder.write(
      "lists: {d: {type: date, file: days.txt}}\nschedules: {s: {zone: Asia/Tokyo, any_of: [{dates: d}]}}\n",
      to: "r.yaml")
    let loaded = RuleLoader().load([path])
    try #require(messages(loaded) == [])
    var cursor = ScheduleCursor()
    #expect(cursor.contains(try time("2026-03-05T23:59:59Z"), in: loaded.schedules[0]))
    #expect(!cursor.contains(try time("2026-03-06T00:00:00Z"), in: loaded.schedules[0]))
  }
}
