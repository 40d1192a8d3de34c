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
/// An index over dense slots. Keys stand in one of several ranks, within a rank in the order of their
/// last touch. Neither depends on the hash, so results do not depend on the seed or on the layout.
struct KeyTable: Sendable {
  /// Something of each rank; keys of rank 0 are given up first.
  private typealias ByRank<Figure> = InlineArray<3, Figure>
  /// Upper bound of the bytes a key takes here: its entry and at most four places of the index.
  static let bytesPerKey = MemoryLayout<Entry>.stride + 4 * MemoryLayout<UInt64>.stride

  private struct Entry {
    var hash: KeyHash
    var newer: Int32
    var older: Int32
    /// What `moves` of the rank was when it became the most recent one.
    var move: UInt32
    var rank: Int8
  }

  private static let nobody: Int32 = -1

  private(set) var capacity: Int
  private(set) var count = 0
  private var index = HashIndex(minimumCapacity: 8)
  private var entries: [Entry] = []
  private var freeSlots: [Int32] = []
  private var newest = ByRank<Int32>(repeating: nobody)
  private var oldest = ByRank<Int32>(repeating: nobody)
  private var population = ByRank<UInt32>(repeating: 0)
  /// How often a key became the most recent one of each rank.
  private var moves = ByRank<UInt32>(repeating: 0)

  /// Room for a number of keys; memory is taken as they come.
  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Bytes of entries and index.
  var byteCount: Int { entries.count * MemoryLayout<Entry>.stride + index.byteCount }

  /// Whether less than an eighth of the room is left.
  var isNearlyFull: Bool { count * 8 >= capacity * 7 }

  /// Slots are numbers below this one.
  var slotBound: Int { entries.count }

  /// The slot of a key, or nil.
  func slot(of hash: KeyHash) -> Int? {
    let entries = entries.span
    return index.find(hash.low) { entries[$0].hash == hash }
  }

  /// Takes a key in, which must not be there, at rank 0; there must be room.
  mutating func insert(_ hash: KeyHash) -> Int {
    precondition(count < capacity, "the caller makes room")
    let entry = Entry(hash: hash, newer: Self.nobody, older: Self.nobody, move: 0, rank: 0)
    let slot = freeSlots.popLast().map { Int($0) } ?? entries.count
    entries.place(entry, at: slot, within: capacity)
    index.insert(hash.low, record: slot)
    count += 1
    link(slot, rank: 0)
    return slot
  }

  /// Takes a key out.
  mutating func remove(_ slot: Int) {
    unlink(slot)
    index.remove(entries[slot].hash.low, record: slot)
    freeSlots.append(Int32(truncatingIfNeeded: slot))
    count -= 1
  }

  /// Makes a key one of the most recent ones of a rank: the most recent, unless it is among the newest eighth
  /// of the rank anyway.
  ///
  /// What is used all the time does not pull its neighbours into the cache each time.
  mutating func refresh(_ slot: Int, rank: Int) {
    if Int(entries[slot].rank) == rank, moves[rank] &- entries[slot].move < population[rank] >> 3 {
      return
    }
    touch(slot, rank: rank)
  }

  /// Makes a key the most recent one of a rank.
  mutating func touch(_ slot: Int, rank: Int) {
    guard Int(newest[rank]) != slot else {
      moves[rank] &+= 1
      entries[slot].move = moves[rank]
      return
    }
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
    for rank in population.indices where Int(population[rank]) > share || rank == population.indices.last {
      if let slot = oldest(rank: rank, except: kept) { return slot }
    }
    return share > 0 ? leastValuable(except: kept) : nil
  }

  /// The first key for which a test holds among the least recent ones of the ranks.
  @inline(__always)
  func leastRecent(where test: (Int) -> Bool) -> Int? {
    for rank in oldest.indices {
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
    for rank in oldest.indices {
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
    population[rank] += 1
    moves[rank] &+= 1
    var entry = entries[slot]
    entry.rank = Int8(truncatingIfNeeded: rank)
    entry.move = moves[rank]
    entry.newer = Self.nobody
    entry.older = next
    entries[slot] = entry
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
