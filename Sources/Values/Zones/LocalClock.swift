/// The wall clock of a zone.
package struct LocalClock: Hashable, Sendable {
  /// The IANA name of the zone.
  package let zoneName: String
  private let zone: ZoneTransitions

  /// Coordinated universal time.
  package init() {
    self.init(zoneName: "UTC", ZoneTransitions(fixedOffset: 0))
  }

  /// The clock of a zone.
  package init(zoneName: String, _ zone: ZoneTransitions) {
    self.zoneName = zoneName
    self.zone = zone
  }

  /// The date and time that the clock shows at an instant.
  package func civilTime(at time: Timestamp) -> CivilTime {
    CivilTime(secondsSinceEpoch: localSeconds(at: time))
  }

  /// The day of the week at an instant: 0 is Sunday.
  package func weekday(at time: Timestamp) -> Int {
    CivilTime.weekday(daysSinceEpoch: Int(localSeconds(at: time).floorDivided(by: 86_400)))
  }

  /// Seconds since 1970-01-01 00:00 of the wall clock.
  package func localSeconds(at time: Timestamp) -> Int64 {
    let seconds = time.nanoseconds.floorDivided(by: 1_000_000_000)
    return seconds + zone.period(at: seconds).offset
  }

  /// Hours that the clock has shown since 1970-01-01 00:00. They never run backward: where clocks are set back, the
  /// hour that they show again is still the same one.
  package func hour(at time: Timestamp) -> Int64 {
    let seconds = time.nanoseconds.floorDivided(by: 1_000_000_000)
    let period = zone.period(at: seconds)
    let hour = (seconds + period.offset).floorDivided(by: 3600)
    guard period.start > .min else { return hour }
    let former = zone.period(at: period.start - 1)
    return max(hour, (period.start - 1 + former.offset).floorDivided(by: 3600))
  }

  /// The first instant at which `hour(at:)` is an hour or a later one.
  package func start(ofHour hour: Int64) -> Timestamp {
    Timestamp(seconds: zone.instant(ofLocal: hour &* 3600), nanoseconds: 0)
  }
}
