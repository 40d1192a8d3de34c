internal import Values

/// A bounded memory of values by keys that forgets what was put in longest ago, and takes room only when it
/// is needed: for values that are large and mostly few.
struct RecentTable<Value: Sendable>: Sendable, ~Copyable {
  struct Entry: Sendable {
    var key: WideKey
    var time: Int64
    var value: Value
  }

  private var entries = Arena<Entry>()
  private var index = HashIndex()
  private var queue = PriorityQueues()
  private let capacity: Int
  private let lifetime: Int64
  private var evictions: UInt64 = 0

  /// A memory of a number of values, each of which lives a number of nanoseconds.
  init(capacity: Int, lifetime: Int64) {
    self.capacity = max(1, capacity)
    self.lifetime = lifetime
  }

  /// How full it is.
  var usage: TableUsage {
    TableUsage(
      entries: entries.count, limit: capacity,
      bytes: entries.byteCount + index.byteCount + queue.byteCount, evictions: evictions)
  }

  /// Whether there is nothing in it.
  var isEmpty: Bool { entries.count == 0 }

  /// The value of a key that was put in within its lifetime before `time`, or nil.
  func value(_ key: WideKey, at time: Int64) -> Value? {
    guard let number = find(key), !isOld(number, at: time) else { return nil }
    return entries[number].value
  }

  /// Puts a key in, or gives a known key a new value and time.
  mutating func insert(_ key: WideKey, _ value: Value, at time: Int64) {
    if let number = find(key) {
      entries[number].time = time
      entries[number].value = value
      return queue.use(number, level: 0)
    }
    // Two for one: what is too old is gone before it is in the way.
    for _ in 0..<2 {
      guard let oldest = queue.victim, isOld(oldest, at: time) else { break }
      remove(oldest)
    }
    if entries.count >= capacity, let oldest = queue.victim {
      evictions &+= 1
      remove(oldest)
    }
    let number = entries.insert(Entry(key: key, time: time, value: value))
    index.insert(key.high, record: number)
    queue.use(number, level: 0)
  }

  /// Forgets all values.
  mutating func removeAll() {
    while let oldest = queue.victim { remove(oldest) }
  }

  private func find(_ key: WideKey) -> Int? {
    index.find(key.high) { entries[$0].key == key }
  }

  private func isOld(_ number: Int, at time: Int64) -> Bool {
    let age = time.subtractingReportingOverflow(entries[number].time)
    return age.overflow || age.partialValue > lifetime
  }

  private mutating func remove(_ number: Int) {
    index.remove(entries[number].key.high, record: number)
    queue.remove(number)
    entries.remove(number)
  }
}
