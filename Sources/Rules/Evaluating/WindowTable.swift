internal import Values

/// One match on its way into a window.
struct WindowHit {
  var key: KeyHash
  /// The distinct value; unused where matches are counted.
  var value = KeyHash(high: 0, low: 0)
  var time: Int64
  /// Number of the packet, 0 when it has none.
  var packet: UInt64
}

/// What a window says after a match.
enum WindowOutcome: Equatable {
  /// The match lies before the window of its key.
  case late
  /// So many are in the window, fewer than the threshold.
  case counting(Int)
  /// The threshold is reached; the window ends at an instant.
  case reached(end: Int64)
}

/// The sliding windows of all keys of one rule: exact, in bounded memory (RULES.md section 6.2).
///
/// The window of a key is (T − w, T], where T is the newest time of the key. Counting N matches keeps the
/// last N times; counting N distinct values keeps the N most recent ones. What is older can never make a
/// difference again. A match that comes late is put where it belongs, so that the outcome after a set of
/// matches does not depend on their order.
///
/// When there is no room, keys whose window is over go first, then the least recent of those with a single
/// hit, then those below half of the threshold, then the rest.
struct WindowTable: Sendable {
  /// What is kept of a key.
  struct KeyState {
    var head = ChunkPool.none
    var tail = ChunkPool.none
    /// Where the first hit stands in the first chunk.
    var offset: Int32 = 0
    var count: Int32 = 0
    var newest: Int64 = .min
  }

  let length: Int64
  /// How long after its newest hit a key may still matter.
  private let retention: Int64
  let minimum: Int
  let isDistinct: Bool
  var keys: KeyTable
  var states: [KeyState] = []
  var pool: ChunkPool
  private(set) var evictions: UInt64 = 0

  /// - Parameter lateness: how late a hit may come, in nanoseconds; a key is kept so much longer.
  init(_ window: CompiledWindow, budget: Int, lateness: Int64) {
    length = window.length
    retention = window.length.saturatingAdd(lateness)
    minimum = window.minimum
    isDistinct = window.distinct != nil
    let size = Self.size(window, budget: budget)
    keys = KeyTable(capacity: size.keys)
    pool = ChunkPool(wordsPerHit: Self.wordsPerHit(window), capacity: size.chunks)
  }

  private static func wordsPerHit(_ window: CompiledWindow) -> Int { window.distinct == nil ? 2 : 4 }

  /// How many keys and chunks fit; at least two full keys do.
  private static func size(_ window: CompiledWindow, budget: Int) -> (keys: Int, chunks: Int) {
    let chunkBytes = ChunkPool.bytesPerChunk(wordsPerHit: wordsPerHit(window))
    let keys = max(16, budget / (bytesPerKey + chunkBytes))
    let chunksOfFullKey = window.minimum / ChunkPool.hitsPerChunk + 2
    return (keys, max(keys, 2 * chunksOfFullKey))
  }

  private static var bytesPerKey: Int { KeyTable.bytesPerKey + MemoryLayout<KeyState>.stride }

  /// The most bytes that the windows of a rule take.
  static func bound(_ window: CompiledWindow, budget: Int) -> Int {
    let size = size(window, budget: budget)
    let chunkBytes = ChunkPool.bytesPerChunk(wordsPerHit: wordsPerHit(window))
    return size.keys * bytesPerKey + size.chunks * chunkBytes
  }

  /// Bytes that the windows take.
  var byteCount: Int { keys.byteCount + states.count * MemoryLayout<KeyState>.stride + pool.byteCount }

  /// Counts a match.
  mutating func add(_ hit: WindowHit) -> WindowOutcome {
    let slot = keys.slot(of: hit.key) ?? insert(hit)
    guard hit.time > states[slot].newest.saturatingSubtract(length) else { return .late }
    states[slot].newest = max(states[slot].newest, hit.time)
    if isDistinct { addDistinct(hit, slot) } else { addCounted(hit, slot) }
    let count = Int(states[slot].count)
    keys.touch(slot, rank: count * 2 >= minimum ? 2 : count >= 2 ? 1 : 0)
    return count >= minimum ? .reached(end: states[slot].newest) : .counting(count)
  }

  // MARK: Room

  private mutating func insert(_ hit: WindowHit) -> Int {
    // Two a time is enough to keep up with one new key a time.
    _ = removeExpired(at: hit.time) && removeExpired(at: hit.time)
    if keys.count == keys.capacity { evict(except: nil) }
    let slot = keys.insert(hit.key)
    if slot == states.count {
      if states.count == states.capacity {
        states.reserveCapacity(min(max(16, states.count * 2), keys.capacity))
      }
      states.append(KeyState())
    } else {
      states[slot] = KeyState()
    }
    return slot
  }

  /// Frees a key whose window is over, if the least recent of a rank is one.
  private mutating func removeExpired(at time: Int64) -> Bool {
    for rank in 0..<KeyTable.rankCount {
      guard let slot = keys.oldest(rank: rank), states[slot].newest <= time.saturatingSubtract(retention)
      else { continue }
      remove(slot)
      return true
    }
    return false
  }

  /// Gives up the key that matters least.
  private mutating func evict(except kept: Int?) {
    for rank in 0..<KeyTable.rankCount {
      guard let slot = keys.oldest(rank: rank, except: kept) else { continue }
      remove(slot)
      evictions += 1
      return
    }
  }

  private mutating func remove(_ slot: Int) {
    pool.free(chain: states[slot].head)
    keys.remove(slot)
  }

  /// A chunk for a key; other keys make room for it.
  mutating func allocateChunk(for slot: Int) -> Int32 {
    while !pool.hasRoom { evict(except: slot) }
    return pool.allocate()
  }
}

extension Int64 {
  /// The difference, at the ends of the range where it would leave it.
  func saturatingSubtract(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other > 0 ? .min : .max) : difference
  }

  /// The sum, at the ends of the range where it would leave it.
  func saturatingAdd(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }
}
