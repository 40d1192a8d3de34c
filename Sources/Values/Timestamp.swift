/// An instant of packet time: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// The range is the years 1678–2262; arithmetic saturates at its ends, so that a hostile capture
/// header cannot overflow it.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Nanoseconds since the Unix epoch.
  public var nanoseconds: Int64

  /// An instant from nanoseconds since the Unix epoch.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// An instant from whole seconds and a fraction in nanoseconds; saturates when out of range.
  public init(seconds: Int64, nanoseconds fraction: Int64) {
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else {
      self.nanoseconds = seconds < 0 ? .min : .max
      return
    }
    let (sum, carried) = scaled.addingReportingOverflow(fraction)
    self.nanoseconds = carried ? (fraction < 0 ? .min : .max) : sum
  }

  /// Earlier first.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Nanoseconds from `earlier` to this instant, negative when `earlier` is later; saturates.
  public func nanoseconds(since earlier: Timestamp) -> Int64 {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    guard overflow else { return difference }
    return nanoseconds < 0 ? .min : .max
  }

  /// This instant moved by a number of nanoseconds; saturates.
  public func advanced(byNanoseconds delta: Int64) -> Timestamp {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(delta)
    guard overflow else { return Timestamp(nanoseconds: sum) }
    return Timestamp(nanoseconds: delta < 0 ? .min : .max)
  }
}
