extension CallState {
  /// Nanoseconds that the phases may last.
  public struct Limits: Sendable, Equatable {
    /// Timer B, and whatever waits for an answer of a program (RFC 3261 §17.1.1.2).
    public var transaction: Int64 = 32_000_000_000
    /// Timer C: from the last provisional response to a final one (RFC 3261 §16.6).
    public var ringing: Int64 = 180_000_000_000
    /// An answered call without media and messages: its BYE was lost.
    public var silence: Int64 = 7_200_000_000_000
    /// An answered call whose media has stopped and that is not on hold.
    public var mediaSilence: Int64 = 300_000_000_000
    /// How long an ended call is known for late packets: EVENTS.md says 30 s.
    public var linger: Int64 = 32_000_000_000

    /// The defaults.
    public init() {}
  }
}
