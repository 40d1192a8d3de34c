internal import Values

/// What a table of known values says to a match.
enum NoveltyOutcome: Equatable {
  /// The value is known, or the key still learns.
  case known
  /// The value is new; so many are remembered of the key, this one included.
  case new(count: Int)
}

/// The values that each key of a rule had (`first_seen`).
///
/// A value is remembered for the memory's length after it was last seen: at T, when it was seen after T − m.
/// A key learns for the warm-up's length from its first match on; a key without a match for the memory's
/// length is forgotten and learns again. Of each key the most recently seen values are kept.
///
/// When there is no room, keys that still learn or had one match go first, then keys that are known for less
/// than a 64th of the memory's length; the least recent ones before the others. So a flood of new keys never
/// costs an established one its memory, which would make it learn again.
struct NoveltyTable: SharingTable, Sendable {
  /// Values that are remembered of one key.
  static let valuesPerKey = 256

  /// What is kept of a key.
  private struct KeyState: KeyChain {
    var head = ChunkPool.none
    var tail = ChunkPool.none
    var count: Int32 = 0
    var first: Int64
    var newest: Int64
  }

  private static let wordsPerValue = 3

  private let memory: Int64
  private let warmup: Int64
  /// How long after its newest match a key may still matter.
  private let retention: Int64
  private(set) var keys: KeyTable
  private var states: [KeyState] = []
  private(set) var pool: ChunkPool
  private(set) var evictions: UInt64 = 0
  /// Bytes that it may take.
  private(set) var budget: Int

  /// - Parameter lateness: how late a match may come, in nanoseconds; values are kept so much longer.
  init(_ novelty: CompiledNovelty, budget: Int, lateness: Int64) {
    memory = novelty.memory
    warmup = novelty.warmup
    retention = novelty.memory.saturatingAdd(lateness)
    self.budget = budget
    let size = Self.size(budget: budget)
    keys = KeyTable(capacity: size.keys)
    pool = ChunkPool(wordsPerHit: Self.wordsPerValue, capacity: size.chunks)
  }

  private static func size(budget: Int) -> (keys: Int, chunks: Int) {
    ChunkPool.room(
      in: budget, bytesPerKey: bytesPerKey, wordsPerHit: wordsPerValue,
      chunksPerKey: valuesPerKey / ChunkPool.hitsPerChunk)
  }

  private static var bytesPerKey: Int { KeyTable.bytesPerKey + MemoryLayout<KeyState>.stride }

  /// The most bytes that the memory of a rule takes.
  static func bound(budget: Int) -> Int {
    let size = size(budget: budget)
    return size.keys * bytesPerKey + size.chunks * ChunkPool.bytesPerChunk(wordsPerHit: wordsPerValue)
  }

  /// Bytes that the memory takes.
  var byteCount: Int { keys.byteCount + states.count * MemoryLayout<KeyState>.stride + pool.byteCount }

  /// Remembers the value of a match.
  mutating func add(key: KeyHash, value: KeyHash, time: Int64) -> NoveltyOutcome {
    let slot = keys.slot(of: key) ?? insert(key, time)
    if states[slot].newest <= time.saturatingSubtract(memory) {
      pool.free(chain: states[slot].head)
      states[slot] = KeyState(first: time, newest: time)
    }
    states[slot].newest = max(states[slot].newest, time)
    let isLearning = time < states[slot].first.saturatingAdd(warmup)
    keys.touch(slot, rank: isLearning ? 0 : rank(slot))
    let (isKnown, count) = renew(value, time, slot)
    return isKnown || isLearning ? .known : .new(count: count)
  }

  private func rank(_ slot: Int) -> Int {
    let age = states[slot].newest.saturatingSubtract(states[slot].first)
    return age <= 0 ? 0 : age < memory / 64 ? 1 : 2
  }

  // MARK: Values

  /// Looks for a value, and puts it in when it is not there: whether it was remembered, and how many are.
  private mutating func renew(_ value: KeyHash, _ time: Int64, _ slot: Int) -> (isKnown: Bool, count: Int) {
    var remembered = 0
    var found: (place: ValuePlace, time: Int64)?
    var oldest: (place: ValuePlace, time: Int64)?
    var place = ValuePlace(chunk: states[slot].head)
    for _ in 0..<Int(states[slot].count) {
      let (seen, identity) = read(place)
      if identity == value { found = (place, seen) }
      if seen > time.saturatingSubtract(memory) { remembered += 1 }
      if oldest.map({ seen < $0.time }) ?? true { oldest = (place, seen) }
      place.advance(in: pool)
    }
    if let found {
      write(value, max(found.time, time), found.place)
      let isKnown = found.time > time.saturatingSubtract(memory)
      return (isKnown, isKnown ? remembered : remembered + 1)
    }
    if let oldest, Int(states[slot].count) >= Self.valuesPerKey || oldest.time <= expiry(slot) {
      if oldest.time > expiry(slot) {
        evictions += 1
        if oldest.time > time.saturatingSubtract(memory) { remembered -= 1 }
      }
      write(value, time, oldest.place)
    } else {
      append(value, time, slot)
    }
    return (false, remembered + 1)
  }

  /// No match that may still come can find a value that was last seen then or before.
  private func expiry(_ slot: Int) -> Int64 { states[slot].newest.saturatingSubtract(retention) }

  private func read(_ place: ValuePlace) -> (time: Int64, identity: KeyHash) {
    let (chunk, index) = (place.chunk, place.index)
    return (
      Int64(bitPattern: pool[chunk, index, 0]),
      KeyHash(high: pool[chunk, index, 1], low: pool[chunk, index, 2])
    )
  }

  private mutating func write(_ value: KeyHash, _ time: Int64, _ place: ValuePlace) {
    pool[place.chunk, place.index, 0] = UInt64(bitPattern: time)
    pool[place.chunk, place.index, 1] = value.high
    pool[place.chunk, place.index, 2] = value.low
  }

  private mutating func append(_ value: KeyHash, _ time: Int64, _ slot: Int) {
    let index = Int(states[slot].count) % ChunkPool.hitsPerChunk
    if index == 0 {
      while !pool.hasRoom { evict(except: slot) }
      let chunk = pool.allocate()
      if states[slot].count == 0 {
        states[slot].head = chunk
      } else {
        pool.link(chunk, after: states[slot].tail)
      }
      states[slot].tail = chunk
    }
    write(value, time, ValuePlace(chunk: states[slot].tail, index: index))
    states[slot].count += 1
  }

  // MARK: Room

  /// Whether less than an eighth of the room is left.
  var isNearlyFull: Bool { keys.isNearlyFull || pool.used * 8 >= pool.capacity * 7 }

  /// Takes another share of the memory; when it is smaller, the keys that matter least go.
  mutating func fit(budget: Int) {
    self.budget = budget
    let size = Self.size(budget: budget)
    while keys.count > size.keys || pool.used > size.chunks { evict(except: nil) }
    pool.resize(to: size.chunks, &keys, to: size.keys, &states)
  }

  private mutating func insert(_ key: KeyHash, _ time: Int64) -> Int {
    // Two a time is enough to keep up with one new key a time.
    _ = removeExpired(at: time) && removeExpired(at: time)
    if keys.count == keys.capacity { evict(except: nil) }
    let slot = keys.insert(key)
    states.place(KeyState(first: time, newest: time), at: slot, within: keys.capacity)
    return slot
  }

  /// Frees a key that is forgotten, if the least recent of a rank is one.
  private mutating func removeExpired(at time: Int64) -> Bool {
    let limit = time.saturatingSubtract(retention)
    guard let slot = keys.leastRecent(where: { states[$0].newest <= limit }) else { return false }
    remove(slot)
    return true
  }

  /// Gives up the key that matters least.
  private mutating func evict(except kept: Int?) {
    guard let slot = keys.leastValuable(except: kept) else { return }
    remove(slot)
    evictions += 1
  }

  private mutating func remove(_ slot: Int) {
    pool.free(chain: states[slot].head)
    keys.remove(slot)
  }
}

/// Where a value of a key stands.
private struct ValuePlace {
  var chunk: Int32
  var index = 0

  mutating func advance(in pool: ChunkPool) {
    index += 1
    guard index == ChunkPool.hitsPerChunk else { return }
    index = 0
    chunk = pool.chunk(after: chunk)
  }
}
