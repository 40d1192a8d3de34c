/// Interarrival jitter of one RTP stream, RFC 3550 §A.8.
struct JitterEstimate: Sendable {
  /// The jitter now, in nanoseconds.
  private(set) var value: Double = 0
  /// The highest jitter so far, in nanoseconds.
  private(set) var maximum: Double = 0
  /// Nanoseconds of one tick of the stream's clock; 0 while the clock is not known.
  private var tick: Double = 0
  private var arrival: Int64 = 0
  private var timestamp: UInt32 = 0
  private var hasPrevious = false

  /// Whether there was a pair of packets to compare.
  private(set) var isMeasured = false

  /// Whether the clock is known.
  var hasClock: Bool { tick > 0 }

  /// Says the stream's clock in hertz, 0 for an unknown one. Another clock starts a new comparison.
  mutating func setClock(_ rate: UInt32) {
    let tick = rate == 0 ? 0 : 1_000_000_000 / Double(rate)
    guard tick != self.tick else { return }
    self.tick = tick
    hasPrevious = false
  }

  /// Takes a packet: when it came, in nanoseconds, and the timestamp it bears.
  @inline(__always)
  mutating func add(arrival: Int64, timestamp: UInt32) {
    if tick > 0, hasPrevious {
      // Signed 32 bits: a late packet's timestamp lies before that of the one in front of it.
      let ticks = Int32(bitPattern: timestamp &- self.timestamp)
      let difference = Double(arrival &- self.arrival) - Double(ticks) * tick
      value += (abs(difference) - value) / 16
      if value > maximum { maximum = value }
      isMeasured = true
    }
    hasPrevious = true
    self.arrival = arrival
    self.timestamp = timestamp
  }
}
