internal import Events
internal import Values

/// Profiles by key, bounded: a full table gives up the one that is worth least, and of those the one that was
/// used longest ago.
struct ProfileTable: Sendable, ~Copyable {
  private var records = Arena<Profile>()
  /// By the numbers of the records: a search that reads keys alone leaves the records be.
  private var keys: [WideKey] = []
  private var index = HashIndex()
  private var queues = PriorityQueues()
  private let seed: UInt64
  /// The most profiles that are kept.
  let capacity: Int
  /// Profiles given up because the table was full.
  private(set) var evictions: UInt64 = 0
  /// Those of them that were of proven parties.
  private(set) var provenEvictions: UInt64 = 0

  init(capacity: Int, seed: UInt64) {
    self.capacity = max(1, capacity)
    self.seed = seed
  }

  /// Profiles in use.
  var count: Int { records.count }
  /// Bytes that the table takes.
  var byteCount: Int {
    records.byteCount + keys.count * MemoryLayout<WideKey>.stride + index.byteCount + queues.byteCount
  }

  /// The profile of a key, or nil.
  @inline(__always)
  func find(_ key: WideKey) -> Int? {
    let keys = keys.span
    return index.find(hash(key)) { keys[$0] == key }
  }

  /// The profile of a key, which is made if there is none.
  mutating func use(_ key: WideKey, at time: Timestamp) -> Int {
    if let number = find(key) { return number }
    if records.count >= capacity, let victim = queues.victim { evict(victim) }
    let number = records.insert(Profile(firstSeen: time, lastSeen: time))
    if number < keys.count { keys[number] = key } else { keys.append(key) }
    index.insert(hash(key), record: number)
    queues.use(number, level: 0)
    return number
  }

  /// Asks for the memory of a profile.
  func prefetch(_ number: Int) { records.prefetch(number) }

  /// Says that a profile was used just now.
  mutating func touch(_ number: Int) {
    queues.touch(number, level: records[number].level)
  }

  /// Gives an event figures of a profile.
  mutating func give(_ items: [ProfileSelection.Item], of number: Int, to event: inout Event) {
    for item in items { records[number].set(item.field, item.figure, in: &event) }
  }

  private mutating func evict(_ number: Int) {
    evictions &+= 1
    if records[number].isProven { provenEvictions &+= 1 }
    queues.remove(number)
    index.remove(hash(keys[number]), record: number)
    records.remove(number)
  }

  @inline(__always)
  private func hash(_ key: WideKey) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(key.high)
    hash.combine(key.low)
    return hash.value
  }

  subscript(number: Int) -> Profile {
    @inline(__always) _read { yield records[number] }
    @inline(__always) _modify { yield &records[number] }
  }
}
