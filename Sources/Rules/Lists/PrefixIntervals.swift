/// The longest prefix of a key among up to millions, by binary search.
///
/// Nested prefixes are flattened into disjoint intervals, each owned by the longest prefix that covers
/// it, with the enclosing prefix of each prefix beside it. That answers a look-up with one search in a flat
/// array of keys (behind a radix table of the first 16 bits when there are many), where a binary trie
/// would chase a pointer a bit; a prefix costs at most two intervals whatever its length.
struct PrefixIntervals<Key: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  /// A prefix: the first `length` bits of `key`; the other bits are zero.
  struct Prefix {
    var key: Key
    var length: Int
    var expiry: Int64
    /// What a look-up gives back.
    var entry: UInt32

    var last: Key {
      length == 0 ? .max : length >= Key.bitWidth ? key : key | (Key.max >> Key(length))
    }
  }

  /// Nothing covers the interval.
  private static var nobody: UInt32 { .max }
  /// With fewer intervals the radix table would cost more than it saves.
  private static var radixThreshold: Int { 1024 }

  private var starts: [Key] = []
  /// The prefix that owns the interval.
  private var owners: [UInt32] = []
  /// Of each prefix: the next one around it.
  private var parents: [UInt32] = []
  private var expiries: [Int64] = []
  private var entries: [UInt32] = []
  /// Of each value of the first 16 bits: the interval that it starts in; one more at the end.
  private var radix: [UInt32] = []

  /// Number of distinct prefixes.
  var count: Int { entries.count }

  /// A table of prefixes in any order; of equal ones the one that expires last stays.
  init(_ unsorted: [Prefix]) {
    let prefixes = unsorted.sorted { left, right in
      if left.key != right.key { return left.key < right.key }
      if left.length != right.length { return left.length < right.length }
      return left.expiry != right.expiry ? left.expiry > right.expiry : left.entry < right.entry
    }
    reserve(prefixes.count)
    var builder = IntervalStack<Key>()
    for prefix in prefixes {
      if let open = builder.top, open.key == prefix.key, open.length == prefix.length { continue }
      while let open = builder.top, open.last < prefix.key { close(builder.pop(), &builder) }
      parents.append(builder.top?.number ?? Self.nobody)
      expiries.append(prefix.expiry)
      entries.append(prefix.entry)
      let number = UInt32(truncatingIfNeeded: entries.count - 1)
      builder.push(.init(key: prefix.key, length: prefix.length, last: prefix.last, number: number))
      begin(prefix.key, owner: number)
    }
    while builder.top != nil { close(builder.pop(), &builder) }
    buildRadix()
  }

  /// The entry of the longest prefix of `key` that has not expired at an instant, or nil.
  func longestPrefix(of key: Key, at nanoseconds: Int64) -> UInt32? {
    guard let interval = interval(of: key) else { return nil }
    var prefix = owners[interval]
    while prefix != Self.nobody {
      if expiries[Int(prefix)] > nanoseconds { return entries[Int(prefix)] }
      prefix = parents[Int(prefix)]
    }
    return nil
  }

  /// The last interval that starts at or before a key.
  private func interval(of key: Key) -> Int? {
    var low = 0
    var high = starts.count
    if !radix.isEmpty {
      let bucket = Int(truncatingIfNeeded: key >> Key(Key.bitWidth - 16))
      low = Int(radix[bucket])
      high = Int(radix[bucket + 1]) + 1
    }
    guard low < high, low < starts.count, starts[low] <= key else { return nil }
    high = min(high, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= key { low = middle } else { high = middle }
    }
    return low
  }

  private mutating func reserve(_ count: Int) {
    starts.reserveCapacity(2 * count + 1)
    owners.reserveCapacity(2 * count + 1)
    parents.reserveCapacity(count)
    expiries.reserveCapacity(count)
    entries.reserveCapacity(count)
  }

  private mutating func begin(_ key: Key, owner: UInt32) {
    if starts.last == key {
      owners[owners.count - 1] = owner
    } else {
      starts.append(key)
      owners.append(owner)
    }
  }

  /// Behind the end of a prefix the one around it goes on.
  private mutating func close(_ prefix: IntervalStack<Key>.Open, _ stack: inout IntervalStack<Key>) {
    guard prefix.last < .max else { return }
    begin(prefix.last + 1, owner: stack.top?.number ?? Self.nobody)
  }

  private mutating func buildRadix() {
    guard starts.count >= Self.radixThreshold else { return }
    // Before the first interval nothing is owned; starting at key 0 makes every bucket have an interval.
    if starts[0] > 0 {
      starts.insert(0, at: 0)
      owners.insert(Self.nobody, at: 0)
    }
    radix.reserveCapacity(65_537)
    var interval = 0
    for bucket in 0..<65_536 {
      let key = Key(truncatingIfNeeded: bucket) << Key(Key.bitWidth - 16)
      while interval + 1 < starts.count, starts[interval + 1] <= key { interval += 1 }
      radix.append(UInt32(truncatingIfNeeded: interval))
    }
    radix.append(UInt32(truncatingIfNeeded: starts.count - 1))
  }
}

/// The prefixes that are open at one point of the sweep, the innermost on top.
private struct IntervalStack<Key: FixedWidthInteger & UnsignedInteger> {
  struct Open {
    var key: Key
    var length: Int
    var last: Key
    var number: UInt32
  }

  private var items: [Open] = []

  var top: Open? { items.last }

  mutating func push(_ item: Open) { items.append(item) }

  mutating func pop() -> Open { items.removeLast() }
}
