import Foundation
import Testing
import Values

@testable import Rules

/// The report of a schedule out of its `any_of`.
private func report(
  _ zone: String, _ anyOf: String, from first: String, days: Int, lists: String = ""
) throws -> ScheduleReport {
  let loaded = loadText("\(lists)\nschedules: {s: {zone: \(zone), any_of: \(anyOf)}}\n")
  try #require(messages(loaded) == [])
  return ScheduleReport(
    try #require(loaded.schedules.first), from: try #require(CalendarDate(first)), dayCount: days)
}

@Suite struct ScheduleReportTests {
  @Test func `the night of the missing hour is an hour shorter`() throws {
    let night = try report(
      "Europe/Berlin", "[{hours: \"20:00-07:00\"}]", from: "2026-03-28", days: 2)
    #expect(
      night.renderText() == """
        s (Europe/Berlin), 2026-03-28 to 2026-03-29
        sat 2026-03-28 00:00:00+01:00 - sat 2026-03-28 07:00:00+01:00  2026-03-27T23:00:00Z - 2026-03-28T06:00:00Z  7h  any_of 1; began earlier
        sat 2026-03-28 20:00:00+01:00 - sun 2026-03-29 07:00:00+02:00  2026-03-28T19:00:00Z - 2026-03-29T05:00:00Z  10h  any_of 1
        sun 2026-03-29 20:00:00+02:00 - mon 2026-03-30 00:00:00+02:00  2026-03-29T18:00:00Z - 2026-03-29T22:00:00Z  4h  any_of 1; goes on

        """)
  }

  @Test func `the missing hour never comes and the repeated one comes twice`() throws {
    let spring = try report("Europe/Berlin", "[{hours: \"02:00-03:00\"}]", from: "2026-03-29", days: 1)
    #expect(spring.renderText() == "s (Europe/Berlin), 2026-03-29 to 2026-03-29\nnever on\n")
    let autumn = try report("Europe/Berlin", "[{hours: \"02:00-03:00\"}]", from: "2026-10-25", days: 1)
    #expect(
      autumn.renderText() == """
        s (Europe/Berlin), 2026-10-25 to 2026-10-25
        sun 2026-10-25 02:00:00+02:00 - sun 2026-10-25 03:00:00+01:00  2026-10-25T00:00:00Z - 2026-10-25T02:00:00Z  2h  any_of 1

        """)
    // The wall clock goes back while the window is open, which closes it twice.
    let half = try report("Europe/Berlin", "[{hours: \"02:00-02:30\"}]", from: "2026-10-25", days: 1)
    #expect(half.intervals.count == 2)
  }

  @Test func `neighbours are one interval that names its entries`() throws {
    let weekend = try report(
      "UTC",
      "[{days: [fri], hours: \"22:00-24:00\"}, {days: [sat, sun], hours: \"00:00-24:00\"}, {hours: \"10:00-11:00\"}]",
      from: "2026-03-06", days: 4)
    #expect(weekend.intervals.map { $0.entries } == [[2], [0, 1, 2], [2]])
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(weekend.renderJSON().utf8)) as? [String: Any])
    #expect(json["zone"] as? String == "UTC" && json["from"] as? String == "2026-03-06")
    #expect(json["to"] as? String == "2026-03-09")
    let intervals = try #require(json["intervals"] as? [[String: Any]])
    #expect(intervals[1]["start"] as? String == "2026-03-06T22:00:00+00:00")
    #expect(intervals[1]["end_utc"] as? String == "2026-03-09T00:00:00Z")
    #expect(intervals[1]["seconds"] as? Int == 50 * 3600)
    #expect(intervals[1]["entries"] as? [Int] == [1, 2, 3])
    #expect(intervals[1]["goes_on"] as? Bool == false)
  }

  @Test func `holidays belong to the day on which they begin`() throws {
    let lists = "lists: {holidays: {type: date, items: [2026-12-25]}}"
    let holidays = try report(
      "Europe/Berlin", "[{dates: holidays, hours: \"18:00-02:00\"}]", from: "2026-12-24", days: 4,
      lists: lists)
    let utc = holidays.intervals.map { ($0.start, $0.end) }
    #expect(utc.count == 1)
    #expect(utc.first?.0 == InstantText.parse("2026-12-25T18:00:00+01:00"))
    #expect(utc.first?.1 == InstantText.parse("2026-12-26T02:00:00+01:00"))
  }

  @Test func `a day begins with its first instant where midnight is skipped`() throws {
    // In Beirut clocks go from 00:00 to 01:00 on the last Sunday of March.
    let day = try report("Asia/Beirut", "[{hours: \"00:00-24:00\"}]", from: "2026-03-29", days: 1)
    let interval = try #require(day.intervals.first)
    #expect(interval.start == InstantText.parse("2026-03-29T01:00:00+03:00"))
    #expect(interval.end.nanoseconds(since: interval.start) == 23 * 3_600_000_000_000)
  }

  @Test func `an unknown name comes with the closest one`() {
    let loaded = loadText("schedules: {night: {zone: UTC, any_of: [{hours: \"20:00-07:00\"}]}}\n")
    #expect(loaded.complaint(aboutSchedule: "nigth") == "there is no schedule 'nigth'; did you mean 'night'?")
    #expect(loaded.complaint(aboutSchedule: "office") == "there is no schedule 'office'; there are night")
    #expect(loadText("rules: []\n").complaint(aboutSchedule: "x").hasSuffix("these rules have no schedules"))
  }
}
