public import Values

/// When something is on: a set of windows on the wall clock of one zone (RULES.md sections 1 and 6.10).
public struct Schedule: Sendable {
  /// One alternative.
  struct Window: Sendable {
    /// Bit 0 is Sunday.
    var weekdays: UInt8
    /// Seconds of the day.
    var start: Int64
    /// One past the last second; not after the start when the window goes on after midnight.
    var end: Int64
    /// Days since 1970-01-01 on which it applies; nil is every day.
    var dates: RangeSet?
  }

  /// The name, where it is declared.
  public let name: Spanned<String>
  /// The IANA zone.
  public let zoneName: String
  private let zone: ZoneTransitions
  private let windows: [Window]
  /// Seconds of the day at which a window may begin or end, midnight included at both ends.
  private let boundaries: [Int64]
  /// Whether a list of dates has entries that expire, which happens at midnight UTC.
  private let hasExpiries: Bool

  init(name: Spanned<String>, zoneName: String, zone: ZoneTransitions, windows: [Window]) {
    self.name = name
    self.zoneName = zoneName
    self.zone = zone
    self.windows = windows
    boundaries = Set([0, 86_400] + windows.flatMap { [$0.start, $0.end] }).sorted()
    hasExpiries = windows.contains { $0.dates?.hasExpiries ?? false }
  }

  /// Whether the schedule is on at an instant; allocates nothing.
  ///
  /// The wall clock of the instant decides: an hour that is repeated in autumn counts twice, one that is
  /// missing in spring never comes.
  public func contains(_ time: Timestamp) -> Bool {
    isOn(localSeconds: localSeconds(at: time), time)
  }

  /// Whether the schedule is on at an instant, and a stretch around it in which that does not change.
  ///
  /// The stretch ends where something may change, not only where something does.
  public func state(at time: Timestamp) -> ScheduleState {
    let seconds = time.nanoseconds.floorDivided(by: 1_000_000_000)
    let period = zone.period(at: seconds)
    let local = seconds + period.offset
    let midnight = local.floorDivided(by: 86_400) * 86_400 - period.offset
    var start = max(period.start, midnight)
    var end = min(period.end, midnight + 86_400)
    for boundary in boundaries {
      let instant = midnight + boundary
      if instant <= seconds { start = max(start, instant) } else { end = min(end, instant) }
    }
    if hasExpiries {
      let day = seconds.floorDivided(by: 86_400) * 86_400
      start = max(start, day)
      end = min(end, day + 86_400)
    }
    return ScheduleState(
      isOn: isOn(localSeconds: local, time), start: Timestamp(seconds: start, nanoseconds: 0),
      end: Timestamp(seconds: end, nanoseconds: 0))
  }

  /// The intervals in which the schedule is on, cut to `start ..< end`; neighbours are one interval.
  public func intervals(from start: Timestamp, to end: Timestamp) -> [ScheduleInterval] {
    var intervals: [ScheduleInterval] = []
    var time = start
    while time < end {
      let state = state(at: time)
      let next = min(max(state.end, time.advanced(byNanoseconds: 1)), end)
      if state.isOn {
        let entries = entries(at: time)
        if let last = intervals.last, last.end == time {
          intervals[intervals.count - 1].end = next
          intervals[intervals.count - 1].entries.formUnion(entries)
        } else {
          intervals.append(ScheduleInterval(start: time, end: next, entries: entries))
        }
      }
      time = next
    }
    return intervals
  }

  /// What the clocks of the zone show at an instant, and how many seconds they are east of UTC.
  func wallClock(at time: Timestamp) -> (time: CivilTime, offset: Int) {
    let seconds = time.nanoseconds.floorDivided(by: 1_000_000_000)
    let offset = zone.period(at: seconds).offset
    return (CivilTime(secondsSinceEpoch: seconds + offset), Int(offset))
  }

  /// The first instant of a day in the zone; where midnight is skipped, the instant of the skip.
  func start(of date: CalendarDate) -> Timestamp {
    Timestamp(seconds: zone.instant(ofLocal: Int64(date.daysSinceEpoch) * 86_400), nanoseconds: 0)
  }

  /// The entries of `any_of` that are on at an instant.
  private func entries(at time: Timestamp) -> Set<Int> {
    let local = localSeconds(at: time)
    return Set(windows.indices.filter { isOn(windows[$0], localSeconds: local, time) })
  }

  private func localSeconds(at time: Timestamp) -> Int64 {
    let seconds = time.nanoseconds.floorDivided(by: 1_000_000_000)
    return seconds + zone.period(at: seconds).offset
  }

  private func isOn(localSeconds: Int64, _ time: Timestamp) -> Bool {
    for window in windows where isOn(window, localSeconds: localSeconds, time) { return true }
    return false
  }

  private func isOn(_ window: Window, localSeconds: Int64, _ time: Timestamp) -> Bool {
    let day = localSeconds.floorDivided(by: 86_400)
    let second = localSeconds - day * 86_400
    if window.start < window.end {
      return second >= window.start && second < window.end && applies(window, day, time)
    }
    if second >= window.start { return applies(window, day, time) }
    // After midnight the window still belongs to the day on which it began.
    return second < window.end && applies(window, day - 1, time)
  }

  private func applies(_ window: Window, _ day: Int64, _ time: Timestamp) -> Bool {
    let weekday = CivilTime.weekday(daysSinceEpoch: Int(day))
    guard window.weekdays & (1 << UInt8(weekday)) != 0 else { return false }
    guard let dates = window.dates else { return true }
    return dates.match(day, at: time) != nil
  }
}

/// A stretch of time in which a schedule is on.
public struct ScheduleInterval: Hashable, Sendable {
  /// The first instant.
  public let start: Timestamp
  /// One past the last instant.
  public internal(set) var end: Timestamp
  /// The positions in `any_of` of the entries that it comes from, from 0.
  public internal(set) var entries: Set<Int>
}

/// What a schedule says in a stretch of time.
public struct ScheduleState: Hashable, Sendable {
  /// Whether it is on.
  public let isOn: Bool
  /// First instant of the stretch.
  public let start: Timestamp
  /// One past its last instant.
  public let end: Timestamp
}

/// Remembers the stretch that the last instant was in: packets come nearly in order, so almost every
/// question is two comparisons.
public struct ScheduleCursor: Sendable {
  private var state = ScheduleState(
    isOn: false, start: Timestamp(nanoseconds: 0), end: Timestamp(nanoseconds: 0))

  /// A cursor for one schedule, always the same one.
  public init() {}

  /// Whether the schedule is on at an instant; allocates nothing.
  public mutating func contains(_ time: Timestamp, in schedule: Schedule) -> Bool {
    if time < state.start || time >= state.end { state = schedule.state(at: time) }
    return state.isOn
  }
}
