internal import Values

/// The intervals that a schedule covers in a range of days of its zone, for people and programs.
public struct ScheduleReport: Sendable {
  /// The longest range, in days.
  public static let maximumDays = 36_600

  /// The schedule.
  public let schedule: Schedule
  /// The first day.
  public let first: CalendarDate
  /// The last day, which is included.
  public let last: CalendarDate
  /// The intervals, in order.
  public let intervals: [ScheduleInterval]
  private let range: Range<Timestamp>

  /// The intervals from the beginning of a day to the end of another, in the schedule's zone.
  ///
  /// - Parameter dayCount: 1 to `maximumDays`.
  public init(_ schedule: Schedule, from first: CalendarDate, dayCount: Int) {
    self.schedule = schedule
    self.first = first
    let days = min(max(dayCount, 1), Self.maximumDays)
    last = CalendarDate(daysSinceEpoch: first.daysSinceEpoch + days - 1)
    let end = schedule.start(of: CalendarDate(daysSinceEpoch: first.daysSinceEpoch + days))
    let start = schedule.start(of: first)
    range = start..<max(start, end)
    intervals = schedule.intervals(from: start, to: end)
  }

  /// One line an interval: local start and end with their offsets, the same in UTC, the length, and which
  /// entries of `any_of` it comes from.
  public func renderText() -> String {
    var lines = ["\(schedule.name.value) (\(schedule.zoneName)), \(first) to \(last)"]
    if intervals.isEmpty { lines.append("never on") }
    for interval in intervals {
      var line = "\(weekday(interval.start)) \(local(interval.start)) - \(weekday(interval.end)) "
      line += "\(local(interval.end))  \(utc(interval.start)) - \(utc(interval.end))"
      line += "  \(Self.length(interval))  any_of \(Self.positions(interval))"
      if beganEarlier(interval) { line += "; began earlier" }
      if goesOn(interval) { line += "; goes on" }
      lines.append(line)
    }
    return lines.map { TerminalText.escape($0) + "\n" }.joined()
  }

  /// The report as one JSON object: `schedule`, `zone`, `from`, `to` and `intervals` (`start`, `end`,
  /// `start_utc`, `end_utc`, `seconds`, `entries`, `began_earlier`, `goes_on`).
  ///
  /// Instants are those of RFC 3339, ends are exclusive; entries of `any_of` are counted from 1.
  public func renderJSON() -> String {
    var json = JSONText()
    json.object { json in
      json.string("schedule", schedule.name.value)
      json.string("zone", schedule.zoneName)
      json.string("from", "\(first)")
      json.string("to", "\(last)")
      json.array("intervals") { json in
        for interval in intervals { json.object { append(interval, to: &$0) } }
      }
    }
    return json.text + "\n"
  }

  private func append(_ interval: ScheduleInterval, to json: inout JSONText) {
    json.string("start", local(interval.start, separator: "T"))
    json.string("end", local(interval.end, separator: "T"))
    json.string("start_utc", utc(interval.start))
    json.string("end_utc", utc(interval.end))
    json.number("seconds", Self.seconds(interval))
    json.array("entries") { json in
      for entry in interval.entries.sorted() { json.number(nil, entry + 1) }
    }
    json.boolean("began_earlier", beganEarlier(interval))
    json.boolean("goes_on", goesOn(interval))
  }

  // MARK: Parts

  private func beganEarlier(_ interval: ScheduleInterval) -> Bool {
    interval.start == range.lowerBound && schedule.contains(interval.start.advanced(byNanoseconds: -1))
  }

  private func goesOn(_ interval: ScheduleInterval) -> Bool {
    interval.end == range.upperBound && schedule.contains(interval.end)
  }

  private func weekday(_ time: Timestamp) -> String {
    let clock = schedule.wallClock(at: time).time
    let days = CivilTime.daysSinceEpoch(year: clock.year, month: clock.month, day: clock.day)
    return RuleSchema.weekdays[CivilTime.weekday(daysSinceEpoch: days)]
  }

  private func local(_ time: Timestamp, separator: String = " ") -> String {
    let (clock, offset) = schedule.wallClock(at: time)
    let magnitude = abs(offset)
    var text = Self.text(clock, separator) + (offset < 0 ? "-" : "+")
    text += "\(Self.two(magnitude / 3600)):\(Self.two(magnitude / 60 % 60))"
    // Zones before about 1900 kept their own sun's time, to the second.
    if magnitude % 60 != 0 { text += ":\(Self.two(magnitude % 60))" }
    return text
  }

  private func utc(_ time: Timestamp) -> String {
    let seconds = time.nanoseconds.floorDivided(by: 1_000_000_000)
    return Self.text(CivilTime(secondsSinceEpoch: seconds), "T") + "Z"
  }

  private static func text(_ time: CivilTime, _ separator: String) -> String {
    "\(CalendarDate(time))\(separator)\(two(time.hour)):\(two(time.minute)):\(two(time.second))"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func seconds(_ interval: ScheduleInterval) -> Int {
    Int(interval.end.nanoseconds(since: interval.start) / 1_000_000_000)
  }

  /// Hours and minutes, which is what schedules are made of.
  private static func length(_ interval: ScheduleInterval) -> String {
    let minutes = seconds(interval) / 60
    return minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes / 60)h\(two(minutes % 60))m"
  }

  private static func positions(_ interval: ScheduleInterval) -> String {
    interval.entries.sorted().map { "\($0 + 1)" }.joined(separator: ", ")
  }
}

extension LoadedRules {
  /// What to say about the name of a schedule that there is none of.
  public func complaint(aboutSchedule name: String) -> String {
    let names = schedules.map(\.name.value)
    if names.isEmpty { return "there is no schedule \(name.quoted): these rules have no schedules" }
    let suggestion = Suggestion.phrase(for: name, among: names)
    let known = suggestion.isEmpty ? "; there are \(names.joined(separator: ", "))" : suggestion
    return "there is no schedule \(name.quoted)\(known)"
  }
}
