package import Values

/// The wall clock of a zone.
package struct LocalClock: Sendable {
  private let zone: ZoneTransitions

  /// Coordinated universal time.
  package init() {
    zone = ZoneTransitions(fixedOffset: 0)
  }

  private init(_ zone: ZoneTransitions) {
    self.zone = zone
  }

  /// The clock of an IANA zone, or the error that there is none.
  package static func read(
    _ name: Spanned<String>, diagnostics: inout DiagnosticSink, folder: String = "/usr/share/zoneinfo"
  ) -> LocalClock? {
    do throws(ZoneDatabase.Problem) {
      return LocalClock(try ZoneDatabase(folder: folder).zone(named: name.value))
    } catch {
      diagnostics.report(error.diagnostic(for: name))
      return nil
    }
  }

  /// The date and time that the clock shows at an instant.
  package func civilTime(at time: Timestamp) -> CivilTime {
    CivilTime(secondsSinceEpoch: localSeconds(at: time))
  }

  /// The day of the week at an instant: 0 is Sunday.
  package func weekday(at time: Timestamp) -> Int {
    CivilTime.weekday(daysSinceEpoch: Int(localSeconds(at: time).floorDivided(by: 86_400)))
  }

  private func localSeconds(at time: Timestamp) -> Int64 {
    let seconds = time.nanoseconds.floorDivided(by: 1_000_000_000)
    return seconds + zone.period(at: seconds).offset
  }
}
