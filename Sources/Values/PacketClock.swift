/// Packet time as a sensor believes it: tells time stamps that can be true from those that cannot be.
///
/// It only judges. What becomes of a packet whose time is in doubt is decided by what comes after it
/// (`FrameStage`): a single stamp may be broken or forged, a whole run of them means that the clock was set.
public struct PacketClock: Sendable {
  /// Nanoseconds after which time that jumps forward is a pause: nothing is known of what was between.
  public static let longestPause: Int64 = 3_600_000_000_000

  /// How a time stamp stands to packet time.
  public enum Judgement: Sendable {
    /// It can be true: at most `lateness` older than the newest one, at most `longestPause` newer.
    case current
    /// It is older than events may come late.
    case behind
    /// It is further in the future than the longest pause.
    case ahead
  }

  /// The newest time that was believed; nil before the first one.
  public private(set) var now: Timestamp?
  /// How much older than the newest time a stamp may be, in nanoseconds.
  public let lateness: Int64

  /// A clock that knows no time.
  public init(lateness: Int64) {
    self.lateness = lateness
  }

  /// Judges a time stamp; the first one is believed.
  @inline(__always)
  public func judge(_ time: Timestamp) -> Judgement {
    guard let now else { return .current }
    let step = time.nanoseconds(since: now)
    return step < -lateness ? .behind : step > Self.longestPause ? .ahead : .current
  }

  /// Goes forward; an older time changes nothing.
  @inline(__always)
  public mutating func advance(to time: Timestamp) {
    if let now, time <= now { return }
    now = time
  }

  /// Begins anew with a time, whatever was before.
  public mutating func begin(at time: Timestamp) {
    now = time
  }
}
