internal import Values

/// Notices that a count of losses grows, and says when that is news.
struct GrowthWatch {
  /// Nanoseconds of packet time between two reports.
  private static let interval: Int64 = 60_000_000_000

  private var known: UInt64 = 0
  private var reported: UInt64 = 0
  private var nextReport = Timestamp(nanoseconds: .min)

  /// Whether there are more than the last time.
  mutating func notices(_ count: UInt64) -> Bool {
    guard count > known else { return false }
    known = count
    return true
  }

  /// How many there are that were not reported, when it is time to report them; otherwise nil.
  mutating func takeReport(at time: Timestamp) -> UInt64? {
    // A clock that was set back does not silence it.
    let wait = nextReport.nanoseconds(since: time)
    guard known > reported, wait <= 0 || wait > Self.interval else { return nil }
    defer { reported = known }
    nextReport = time.advanced(byNanoseconds: Self.interval)
    return known - reported
  }
}
