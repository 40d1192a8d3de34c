internal import Values

/// A bounded memory of recent 128-bit keys with a small value each: eight-way buckets, oldest displaced.
///
/// It costs one cache line or two a look-up, and forgets by age. Keys are keyed hashes of
/// what they stand for, so a stranger can neither aim at a bucket nor make two things collide.
///
/// The low halves of a bucket's keys stand beside each other, then the high halves, then the times: a look-up
/// that finds nothing, as most do, reads one cache line. Memory is taken with the first key, and doubled up to
/// the capacity rather than that a key is displaced before its time.
struct RecentSet<Value: Sendable>: Sendable, ~Copyable {
  /// Low halves, high halves and times of each bucket, behind `lead`.
  private var words: [UInt64] = []
  private var values: [Value] = []
  private let empty: Value
  private let capacity: Int
  /// Buckets at the most, and those that there are, less one.
  private let widest: Int
  private var mask: Int
  private let lifetime: Int64
  private let place = FixedPlace()
  private static var ways: Int { 8 }
  private static var wordsPerBucket: Int { 3 * ways }
  /// Words in front, so that buckets begin with a cache line: large memory begins 16 bytes behind a page's
  /// beginning, and an array's elements 32 bytes behind that.
  private static var lead: Int { 2 }
  private static var firstBuckets: Int { 32 }

  /// Entries displaced before their time.
  private(set) var evictions: UInt64 = 0
  /// Bytes that the set takes.
  var byteCount: Int {
    words.count * MemoryLayout<UInt64>.stride + values.count * MemoryLayout<Value>.stride
  }
  /// Places that were ever used.
  private var used = 0
  /// How full it is.
  var usage: TableUsage {
    TableUsage(entries: used, limit: capacity, bytes: byteCount, evictions: evictions)
  }

  /// A set of a power of two of entries, each of which lives a number of nanoseconds.
  init(capacity: Int, lifetime: Int64, empty: Value) {
    var size = Self.ways
    while size < capacity { size *= 2 }
    self.capacity = size
    self.empty = empty
    widest = size / Self.ways - 1
    mask = min(widest, Self.firstBuckets - 1)
    self.lifetime = lifetime
  }

  /// Whether no key was ever put in.
  var isEmpty: Bool { used == 0 }

  /// Asks for the memory of a key's bucket, which is given by the upper half of the key.
  func prefetch(_ high: UInt64) {
    guard !words.isEmpty else { return }
    let bucket = bucket(of: high)
    let start = Self.lead &+ bucket &* Self.wordsPerBucket
    words.prefetch(start..<start &+ Self.wordsPerBucket)
    values.prefetch(bucket &* Self.ways..<(bucket &+ 1) &* Self.ways)
  }

  /// The value of a key that was put in within its lifetime before `time`, or nil.
  func value(_ high: UInt64, _ low: UInt64, at time: Int64) -> Value? {
    guard let way = find(high, low), isAlive(bucket(of: high), way, at: time) else { return nil }
    return values[bucket(of: high) * Self.ways + way]
  }

  /// Puts a key in, or gives a known key a new value and time.
  mutating func insert(_ high: UInt64, _ low: UInt64, _ value: Value, at time: Int64) {
    _ = exchange(high, low, value, at: time)
  }

  /// Puts a key in unless it is there; the value that it has, or nil.
  mutating func add(_ high: UInt64, _ low: UInt64, _ value: Value, at time: Int64) -> Value? {
    if let known = self.value(high, low, at: time) { return known }
    return exchange(high, low, value, at: time)
  }

  /// Puts a key in, or gives a known key a new value and time; the value that it had, or nil.
  mutating func exchange(_ high: UInt64, _ low: UInt64, _ value: Value, at time: Int64) -> Value? {
    if words.isEmpty { allocate() }
    let known = find(high, low)
    var bucket = bucket(of: high)
    var way = known ?? oldest(in: bucket)
    var isAlive = isAlive(bucket, way, at: time)
    while known == nil, isAlive, mask < widest {
      grow()
      bucket = self.bucket(of: high)
      way = oldest(in: bucket)
      isAlive = self.isAlive(bucket, way, at: time)
    }
    if known == nil, isAlive { evictions &+= 1 }
    let start = Self.lead &+ bucket &* Self.wordsPerBucket &+ way
    if self.time(bucket, way) == .min { used += 1 }
    let former = known != nil && isAlive ? values[bucket &* Self.ways &+ way] : nil
    words[start] = low
    words[start &+ Self.ways] = high
    words[start &+ 2 &* Self.ways] = UInt64(bitPattern: time)
    values[bucket &* Self.ways &+ way] = value
    return former
  }

  /// Forgets all keys.
  mutating func removeAll() {
    used = 0
    words = []
    values = []
    mask = min(widest, Self.firstBuckets - 1)
  }

  /// Doubles the buckets: the keys of each go to two.
  private mutating func grow() {
    let (formerWords, formerValues) = (words, values)
    mask = 2 * mask + 1
    allocate()
    for place in formerValues.indices {
      let start = Self.lead + place / Self.ways * Self.wordsPerBucket + place % Self.ways
      let time = formerWords[start + 2 * Self.ways]
      guard time != UInt64(bitPattern: .min) else { continue }
      let bucket = bucket(of: formerWords[start + Self.ways])
      let way = oldest(in: bucket)
      let target = Self.lead + bucket * Self.wordsPerBucket + way
      words[target] = formerWords[start]
      words[target + Self.ways] = formerWords[start + Self.ways]
      words[target + 2 * Self.ways] = time
      values[bucket * Self.ways + way] = formerValues[place]
    }
  }

  private mutating func allocate() {
    values = Array(repeating: empty, count: (mask + 1) * Self.ways)
    words = Array(repeating: 0, count: Self.lead + (mask + 1) * Self.wordsPerBucket)
    for bucket in 0...mask {
      let start = Self.lead + bucket * Self.wordsPerBucket + 2 * Self.ways
      for way in 0..<Self.ways { words[start + way] = UInt64(bitPattern: .min) }
    }
  }

  private func bucket(of high: UInt64) -> Int { Int(truncatingIfNeeded: high) & mask }

  @inline(__always)
  private func find(_ high: UInt64, _ low: UInt64) -> Int? {
    guard !words.isEmpty else { return nil }
    let start = start(of: bucket(of: high))
    let words = words.span
    for way in 0..<Self.ways
    // Safety: all words of the bucket lie inside, as `start` has checked.
    where unsafe words[unchecked: start &+ way] == low
      && words[unchecked: start &+ Self.ways &+ way] == high
      && words[unchecked: start &+ 2 &* Self.ways &+ way] != UInt64(bitPattern: .min)
    {
      return way
    }
    return nil
  }

  /// The first word of a bucket, all words of which are there.
  @inline(__always)
  private func start(of bucket: Int) -> Int {
    let start = Self.lead &+ bucket &* Self.wordsPerBucket
    precondition(start >= 0 && start <= words.count &- Self.wordsPerBucket)
    return start
  }

  private func time(_ bucket: Int, _ way: Int) -> Int64 {
    Int64(bitPattern: words[Self.lead &+ bucket &* Self.wordsPerBucket &+ 2 &* Self.ways &+ way])
  }

  /// The first of the places whose times are the oldest ones.
  @inline(__always)
  private func oldest(in bucket: Int) -> Int {
    let start = start(of: bucket) &+ 2 &* Self.ways
    let words = words.span
    var oldest = 0
    var best = Int64.max
    for way in 0..<Self.ways {
      // Safety: all words of the bucket lie inside, as `start` has checked.
      let time = unsafe Int64(bitPattern: words[unchecked: start &+ way])
      if time < best { (oldest, best) = (way, time) }
    }
    return oldest
  }

  private func isAlive(_ bucket: Int, _ way: Int, at time: Int64) -> Bool {
    let put = self.time(bucket, way)
    let age = time.subtractingReportingOverflow(put)
    return !age.overflow && age.partialValue <= lifetime && put != .min
  }
}
