/// Finds slots of a table by the hash of their keys: open addressing, linear probing, no tombstones.
///
/// It keeps hashes only; the owner compares keys. Memory is fixed at twice the capacity, rounded up.
struct HashIndex: Sendable {
  private var hashes: [UInt64]
  private var slots: [Int32]
  private let mask: Int

  /// An index for at most `capacity` slots.
  init(capacity: Int) {
    var size = 16
    while size < 2 * capacity { size *= 2 }
    hashes = Array(repeating: 0, count: size)
    slots = Array(repeating: -1, count: size)
    mask = size - 1
  }

  /// The slot with a hash that the owner accepts.
  @inline(__always)
  func slot(hash: UInt64, where isMatch: (Int) -> Bool) -> Int? {
    var position = Int(truncatingIfNeeded: hash) & mask
    while slots[position] >= 0 {
      if hashes[position] == hash, isMatch(Int(slots[position])) { return Int(slots[position]) }
      position = (position + 1) & mask
    }
    return nil
  }

  /// Adds a slot that is not in the index; there must be room.
  mutating func insert(hash: UInt64, slot: Int) {
    var position = Int(truncatingIfNeeded: hash) & mask
    while slots[position] >= 0 { position = (position + 1) & mask }
    hashes[position] = hash
    slots[position] = Int32(truncatingIfNeeded: slot)
  }

  /// Removes a slot and moves those that were pushed behind it forward.
  mutating func remove(hash: UInt64, slot: Int) {
    var hole = Int(truncatingIfNeeded: hash) & mask
    while Int(slots[hole]) != slot {
      guard slots[hole] >= 0 else { return }
      hole = (hole + 1) & mask
    }
    var position = (hole + 1) & mask
    while slots[position] >= 0 {
      let home = Int(truncatingIfNeeded: hashes[position]) & mask
      if (position - home) & mask >= (position - hole) & mask {
        hashes[hole] = hashes[position]
        slots[hole] = slots[position]
        hole = position
      }
      position = (position + 1) & mask
    }
    slots[hole] = -1
  }
}
