/// What an entity had before, in 264 bytes: two Bloom filters of 1024 bits that take turns.
///
/// When one has taken 128 values, the older one is forgotten: between 128 and 256 values are remembered, those that
/// keep coming among them. One in 30 new values is taken for known when a filter is full, fewer before.
struct SeenMemory: Sendable {
  private static var capacity: UInt16 { 128 }

  private var current = InlineArray<16, UInt64>(repeating: 0)
  private var former = InlineArray<16, UInt64>(repeating: 0)
  private var taken: UInt16 = 0

  /// Remembers a value by its hash; says whether it was new.
  mutating func insert(_ hash: UInt64) -> Bool {
    guard !Self.holds(current, hash) else { return false }
    let isNew = !Self.holds(former, hash)
    if taken >= Self.capacity {
      former = current
      current = InlineArray(repeating: 0)
      taken = 0
    }
    for index in 0..<3 {
      let bit = Self.bit(hash, index)
      current[bit >> 6] |= 1 << UInt64(bit & 63)
    }
    taken += 1
    return isNew
  }

  private static func holds(_ words: InlineArray<16, UInt64>, _ hash: UInt64) -> Bool {
    for index in 0..<3 {
      let bit = bit(hash, index)
      if words[bit >> 6] & (1 << UInt64(bit & 63)) == 0 { return false }
    }
    return true
  }

  private static func bit(_ hash: UInt64, _ index: Int) -> Int {
    Int(truncatingIfNeeded: hash >> UInt64(20 * index) & 1023)
  }
}
