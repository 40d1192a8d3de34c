internal import Values

/// A bounded memory of recent 128-bit keys with a small value each: eight-way buckets, oldest displaced.
///
/// It never grows, costs one cache line or two a look-up, and forgets by age. Keys are keyed hashes of
/// what they stand for, so a stranger can neither aim at a bucket nor make two things collide.
struct RecentSet<Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    var high: UInt64 = 0
    var low: UInt64 = 0
    var time: Int64 = .min
    var value: Value
  }

  private var entries: [Entry]
  private let mask: Int
  private let lifetime: Int64
  private static var ways: Int { 8 }

  /// Entries displaced before their time.
  private(set) var evictions: UInt64 = 0
  /// Bytes that the set takes.
  var byteCount: Int { entries.count * MemoryLayout<Entry>.stride }
  /// Places that were ever used.
  private var used = 0
  /// How full it is.
  var usage: TableUsage {
    TableUsage(entries: used, limit: entries.count, bytes: byteCount, evictions: evictions)
  }

  /// A set of a power of two of entries, each of which lives a number of nanoseconds.
  init(capacity: Int, lifetime: Int64, empty: Value) {
    var size = Self.ways
    while size < capacity { size *= 2 }
    entries = Array(repeating: Entry(value: empty), count: size)
    mask = size / Self.ways - 1
    self.lifetime = lifetime
  }

  /// The value of a key that was put in within its lifetime before `time`, or nil.
  func value(_ high: UInt64, _ low: UInt64, at time: Int64) -> Value? {
    let start = (Int(truncatingIfNeeded: high) & mask) * Self.ways
    for place in start..<start + Self.ways
    where entries[place].low == low && entries[place].high == high && isAlive(place, at: time) {
      return entries[place].value
    }
    return nil
  }

  /// Puts a key in, or gives a known key a new value and time.
  mutating func insert(_ high: UInt64, _ low: UInt64, _ value: Value, at time: Int64) {
    let start = (Int(truncatingIfNeeded: high) & mask) * Self.ways
    var oldest = start
    for place in start..<start + Self.ways {
      if entries[place].low == low, entries[place].high == high {
        oldest = place
        break
      }
      if entries[place].time < entries[oldest].time { oldest = place }
    }
    let displaced = entries[oldest]
    if displaced.low != low || displaced.high != high, isAlive(oldest, at: time) { evictions &+= 1 }
    if displaced.time == .min { used += 1 }
    entries[oldest] = Entry(high: high, low: low, time: time, value: value)
  }

  /// Forgets all keys.
  mutating func removeAll() {
    guard used > 0 else { return }
    used = 0
    for place in entries.indices {
      entries[place].high = 0
      entries[place].low = 0
      entries[place].time = .min
    }
  }

  private func isAlive(_ place: Int, at time: Int64) -> Bool {
    let age = time.subtractingReportingOverflow(entries[place].time)
    return !age.overflow && age.partialValue <= lifetime && entries[place].time != .min
  }
}
