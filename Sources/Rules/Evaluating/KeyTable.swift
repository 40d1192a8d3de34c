internal import Values

/// The identity of a group key or of a distinct value: 128 bits of a keyed hash.
///
/// The values themselves are not kept. Two different ones share an identity with a chance of 2⁻¹²⁸, and
/// nobody who does not know the seed can aim at it.
struct KeyHash: Hashable, Sendable {
  var high: UInt64
  var low: UInt64
}

/// Finds a slot for a key, and knows which key to give up first.
///
/// Open addressing over dense slots. Keys stand in one of several ranks, within a rank in the order of their
/// last touch. Neither depends on the hash, so results do not depend on the seed or on the layout.
struct KeyTable: Sendable {
  /// Ranks; keys of rank 0 are given up first.
  static let rankCount = 3
  /// Upper bound of the bytes a key takes here: its entry and at most four buckets.
  static let bytesPerKey = MemoryLayout<Entry>.stride + 4 * MemoryLayout<Int32>.stride

  private struct Entry {
    var hash: KeyHash
    var newer: Int32
    var older: Int32
    var rank: Int8
  }

  private static let nobody: Int32 = -1

  private(set) var capacity: Int
  private(set) var count = 0
  private var buckets = [Int32](repeating: nobody, count: 16)
  private var entries: [Entry] = []
  private var freeSlots: [Int32] = []
  private var newest = [Int32](repeating: nobody, count: rankCount)
  private var oldest = [Int32](repeating: nobody, count: rankCount)
  private var population = [Int](repeating: 0, count: rankCount)

  /// Room for a number of keys; memory is taken as they come.
  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Bytes of entries and buckets.
  var byteCount: Int { entries.count * MemoryLayout<Entry>.stride + buckets.count * 4 }

  /// Slots are numbers below this one.
  var slotBound: Int { entries.count }

  /// The slot of a key, or nil.
  func slot(of hash: KeyHash) -> Int? {
    let bucket = bucket(of: hash)
    return buckets[bucket] == Self.nobody ? nil : Int(buckets[bucket])
  }

  /// Takes a key in, which must not be there, at rank 0; there must be room.
  mutating func insert(_ hash: KeyHash) -> Int {
    precondition(count < capacity, "the caller makes room")
    if (count + 1) * 2 > buckets.count { growBuckets() }
    let entry = Entry(hash: hash, newer: Self.nobody, older: Self.nobody, rank: 0)
    let slot = freeSlots.popLast().map { Int($0) } ?? entries.count
    entries.place(entry, at: slot, within: capacity)
    buckets[bucket(of: hash)] = Int32(truncatingIfNeeded: slot)
    count += 1
    link(slot, rank: 0)
    return slot
  }

  /// Takes a key out.
  mutating func remove(_ slot: Int) {
    unlink(slot)
    vacate(bucket(of: entries[slot].hash))
    freeSlots.append(Int32(truncatingIfNeeded: slot))
    count -= 1
  }

  /// Makes a key the most recent one of a rank.
  mutating func touch(_ slot: Int, rank: Int) {
    unlink(slot)
    link(slot, rank: rank)
  }

  /// The key of a rank that was touched least recently, other than one that is to stay.
  func oldest(rank: Int, except kept: Int? = nil) -> Int? {
    var slot = oldest[rank]
    if let kept, Int(slot) == kept { slot = entries[kept].newer }
    return slot == Self.nobody ? nil : Int(slot)
  }

  /// The key that matters least: the one touched least recently of the lowest rank, other than one that is to stay.
  ///
  /// - Parameter share: keys of a rank that are spared while there are others. Without it, who fills the higher
  ///   ranks leaves new keys no time to come back, and nobody else ever rises.
  func leastValuable(except kept: Int? = nil, sparing share: Int = 0) -> Int? {
    for rank in 0..<Self.rankCount where population[rank] > share || rank == Self.rankCount - 1 {
      if let slot = oldest(rank: rank, except: kept) { return slot }
    }
    return share > 0 ? leastValuable(except: kept) : nil
  }

  /// The first key for which a test holds among the least recent ones of the ranks.
  @inline(__always)
  func leastRecent(where test: (Int) -> Bool) -> Int? {
    for rank in 0..<Self.rankCount {
      if let slot = oldest(rank: rank), test(slot) { return slot }
    }
    return nil
  }

  /// Takes another capacity, which all keys must fit in.
  ///
  /// - Returns: nil, unless there are too many slots for it, or it is to be sure: then keys are numbered anew,
  ///   in the order in which they would be given up, and these are the slots that they had.
  mutating func resize(to capacity: Int, renumbering isForced: Bool = false) -> [Int]? {
    precondition(count <= capacity, "the caller makes room")
    self.capacity = capacity
    guard isForced || entries.count > capacity else { return nil }
    var fresh = KeyTable(capacity: capacity)
    var former: [Int] = []
    for rank in 0..<Self.rankCount {
      var slot = oldest[rank]
      while slot != Self.nobody {
        fresh.touch(fresh.insert(entries[Int(slot)].hash), rank: rank)
        former.append(Int(slot))
        slot = entries[Int(slot)].newer
      }
    }
    self = fresh
    return former
  }

  // MARK: Recency

  private mutating func link(_ slot: Int, rank: Int) {
    let number = Int32(truncatingIfNeeded: slot)
    let next = newest[rank]
    entries[slot].rank = Int8(truncatingIfNeeded: rank)
    population[rank] += 1
    entries[slot].newer = Self.nobody
    entries[slot].older = next
    if next == Self.nobody { oldest[rank] = number } else { entries[Int(next)].newer = number }
    newest[rank] = number
  }

  private mutating func unlink(_ slot: Int) {
    let entry = entries[slot]
    let rank = Int(entry.rank)
    population[rank] -= 1
    if entry.newer == Self.nobody {
      newest[rank] = entry.older
    } else {
      entries[Int(entry.newer)].older = entry.older
    }
    if entry.older == Self.nobody {
      oldest[rank] = entry.newer
    } else {
      entries[Int(entry.older)].newer = entry.newer
    }
  }

  // MARK: Buckets

  /// The bucket that holds a key, or the vacant one where it would go.
  private func bucket(of hash: KeyHash) -> Int {
    let mask = buckets.count - 1
    var bucket = Int(truncatingIfNeeded: hash.low) & mask
    while buckets[bucket] != Self.nobody, entries[Int(buckets[bucket])].hash != hash {
      bucket = (bucket + 1) & mask
    }
    return bucket
  }

  /// Empties a bucket and moves later ones back, so that no search stops too early.
  private mutating func vacate(_ start: Int) {
    let mask = buckets.count - 1
    var hole = start
    var bucket = (start + 1) & mask
    while buckets[bucket] != Self.nobody {
      let home = Int(truncatingIfNeeded: entries[Int(buckets[bucket])].hash.low) & mask
      if (bucket - home) & mask >= (bucket - hole) & mask {
        buckets[hole] = buckets[bucket]
        hole = bucket
      }
      bucket = (bucket + 1) & mask
    }
    buckets[hole] = Self.nobody
  }

  private mutating func growBuckets() {
    let old = buckets
    buckets = [Int32](repeating: Self.nobody, count: old.count * 2)
    for slot in old where slot != Self.nobody { buckets[bucket(of: entries[Int(slot)].hash)] = slot }
  }
}

extension Array {
  /// Puts what is kept of a key at its slot, which is at most one behind the end.
  ///
  /// - Parameter capacity: the most slots of the table; memory is not taken for more.
  mutating func place(_ state: Element, at slot: Int, within capacity: Int) {
    guard slot == count else {
      self[slot] = state
      return
    }
    if count == self.capacity { reserveCapacity(Swift.min(Swift.max(16, count * 2), capacity)) }
    append(state)
  }
}
