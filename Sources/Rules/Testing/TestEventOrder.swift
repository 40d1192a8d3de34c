internal import Values

/// A random order of events in which none comes later than an engine still counts it.
struct TestEventOrder {
  private var state: UInt64
  private let lateness: Int64

  /// - Parameters:
  ///   - seed: the same seed gives the same order.
  ///   - lateness: how much older than the newest event one may be, in nanoseconds.
  init(seed: UInt64, lateness: Int64) {
    state = seed
    self.lateness = lateness
  }

  /// The places of times in the new order.
  ///
  /// Each is put off by less than the bound; what comes before it is then no later than it is now, so that it is late
  /// by less than the bound.
  mutating func places(of times: [Int64]) -> [Int] {
    let keys = times.map { $0.saturatingAdd(next(below: lateness)) }
    return times.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }

  /// SplitMix64.
  private mutating func next(below limit: Int64) -> Int64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    mixed ^= mixed >> 31
    return limit > 0 ? Int64(mixed % UInt64(limit)) : 0
  }
}
