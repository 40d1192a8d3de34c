/// Interarrival jitter of one RTP stream, RFC 3550 §A.8.
struct JitterEstimate: Sendable {
  /// The jitter now, in nanoseconds.
  private(set) var value: Double = 0
  /// The highest jitter so far, in nanoseconds.
  private(set) var maximum: Double = 0
  /// Nanoseconds of one tick of the stream's clock; 0 while the clock is not known.
  private(set) var tick: Double = 0
  /// When the packet before was captured, in nanoseconds.
  private(set) var arrival: Int64 = 0
  private var timestamp: UInt32 = 0
  /// Number of the packet before.
  private(set) var sequence: UInt16 = 0
  /// Whether there is a packet to compare with.
  private(set) var hasPrevious = false

  /// Whether there was a pair of packets to compare.
  private(set) var isMeasured = false

  /// The stream's clock in hertz, 0 for an unknown one.
  private(set) var clockRate: UInt32 = 0
  /// Whether the clock is known.
  var hasClock: Bool { clockRate > 0 }

  /// Says the stream's clock in hertz, 0 for an unknown one. Another clock starts a new comparison.
  mutating func setClock(_ rate: UInt32) {
    guard rate != clockRate else { return }
    clockRate = rate
    tick = rate == 0 ? 0 : 1_000_000_000 / Double(rate)
    hasPrevious = false
  }

  /// Ticks from the packet before to a timestamp; only of meaning when there is a packet before.
  @inline(__always)
  func ticks(to timestamp: UInt32) -> Int32 { Int32(bitPattern: timestamp &- self.timestamp) }

  /// The next packet cannot be compared with the one before it.
  mutating func restart() {
    hasPrevious = false
  }

  /// Forgets the maximum, for the next interval.
  mutating func beginInterval() {
    maximum = value
  }

  /// What no network does to a packet that comes right behind the one before it, in nanoseconds.
  private static let leap = 1_000_000_000.0
  /// The longest time between two packets, in nanoseconds, of which none was held up.
  private static let regular: Int64 = 500_000_000

  /// Takes a packet: when it came, in nanoseconds, the timestamp it bears, and its number.
  ///
  /// A timestamp that leaps between two packets that follow one another in time and number begins a new time base, as
  /// gateways do when they change their source; that is no jitter.
  @inline(__always)
  mutating func add(arrival: Int64, timestamp: UInt32, sequence: UInt16 = 0) {
    if tick > 0, hasPrevious {
      // Signed 32 bits: a late packet's timestamp lies before that of the one in front of it.
      let elapsed = arrival &- self.arrival
      let difference = abs(Double(elapsed) - Double(ticks(to: timestamp)) * tick)
      if difference < Self.leap || elapsed > Self.regular || sequence != self.sequence &+ 1 {
        value += (difference - value) / 16
        if value > maximum { maximum = value }
        isMeasured = true
      }
    }
    hasPrevious = true
    self.arrival = arrival
    self.timestamp = timestamp
    self.sequence = sequence
  }
}
