/// What an entity had before: two Bloom filters of 1024 bits that take turns, and 32 bytes until there are nine values.
///
/// When one has taken 128 values, the older one is forgotten: between 128 and 256 values are remembered, those that
/// keep coming among them. One in 30 new values is taken for known when a filter is full, fewer before.
struct SeenMemory: Sendable {
  private static var capacity: UInt16 { 128 }
  private static var few: UInt16 { 8 }
  private static var wordsPerFilter: Int { 16 }

  /// The bits of the first values, three of ten binary digits each: most entities never have more.
  private var first = InlineArray<8, UInt32>(repeating: 0)
  private var taken: UInt16 = 0
  /// The current filter, then the former one; without words as long as there are few values.
  private var words: [UInt64] = []

  /// Remembers a value by its hash; says whether it was new.
  mutating func insert(_ hash: UInt64) -> Bool {
    let bits = UInt32(hash & 1023 | (hash >> 20 & 1023) << 10 | (hash >> 40 & 1023) << 20)
    guard !words.isEmpty else { return insertFirst(bits) }
    guard !holds(bits, from: 0) else { return false }
    let isNew = !holds(bits, from: Self.wordsPerFilter)
    if taken >= Self.capacity { turn() }
    set(bits)
    taken += 1
    return isNew
  }

  private mutating func insertFirst(_ bits: UInt32) -> Bool {
    guard !(0..<3).allSatisfy({ isSet(Self.bit(bits, $0)) }) else { return false }
    if taken < Self.few {
      first[Int(taken)] = bits
    } else {
      words = Array(repeating: 0, count: 2 * Self.wordsPerFilter)
      for place in first.indices { set(first[place]) }
      set(bits)
    }
    taken += 1
    return true
  }

  /// Whether one of the first values has a bit.
  private func isSet(_ bit: Int) -> Bool {
    for place in 0..<Int(taken) {
      for index in 0..<3 where Self.bit(first[place], index) == bit { return true }
    }
    return false
  }

  private mutating func turn() {
    for place in 0..<Self.wordsPerFilter {
      words[place + Self.wordsPerFilter] = words[place]
      words[place] = 0
    }
    taken = 0
  }

  private mutating func set(_ bits: UInt32) {
    for index in 0..<3 {
      let bit = Self.bit(bits, index)
      words[bit >> 6] |= 1 << UInt64(bit & 63)
    }
  }

  private func holds(_ bits: UInt32, from start: Int) -> Bool {
    for index in 0..<3 {
      let bit = Self.bit(bits, index)
      if words[start + bit >> 6] & (1 << UInt64(bit & 63)) == 0 { return false }
    }
    return true
  }

  private static func bit(_ bits: UInt32, _ index: Int) -> Int {
    Int(bits >> UInt32(10 * index) & 1023)
  }
}
