public import Values

extension CallState {
  /// Nanoseconds that the phases may last.
  public struct Limits: Sendable, Equatable {
    /// Timer B, and whatever waits for an answer of a program (RFC 3261 §17.1.1.2).
    public var transaction: Int64 = 32_000_000_000
    /// Timer C: from the last provisional response to a final one (RFC 3261 §16.6).
    public var ringing: Int64 = 180_000_000_000
    /// An answered call without media and messages: its BYE was lost, or nothing of it is to be seen but its BYE.
    public var silence: Int64 = 7_200_000_000_000
    /// How long the BYE is waited for of an answered call of which no media was ever seen and that has no session timer.
    public var unheard: Int64 = 86_400_000_000_000
    /// An answered call whose media has stopped and that is not on hold.
    public var mediaSilence: Int64 = 300_000_000_000
    /// How long an ended call is known for late packets: EVENTS.md says 30 s.
    public var linger: Int64 = 32_000_000_000

    /// The defaults.
    public init() {}
  }

  /// Whether silence has ended it that no session timer limits, so that only its media can say how long it lasted.
  var isEndSupposed: Bool {
    guard let ended, let closed, endedBy == .timeout else { return false }
    return sessionInterval == 0 && closed > ended
  }

  /// Whether nothing was seen of it for as long as an answered call may be silent, and nothing was to be seen: no media,
  /// no refresh. It may go on all the same.
  public func isUnheard(_ limits: Limits, hadMedia: Bool, at time: Timestamp) -> Bool {
    phase == .talking && !hadMedia && sessionInterval == 0
      && time.nanoseconds(since: lastActivity) > limits.silence
  }
}
