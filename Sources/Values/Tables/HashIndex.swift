/// From 64-bit hashes to record numbers: open addressing with linear probing, at most half full.
///
/// The records themselves live elsewhere; a slot holds 32 bits of the hash and the record's number, so
/// nearly every probe of a foreign slot is decided without touching the record, and growing needs no
/// record either. Lookups allocate nothing; inserting doubles the table when it is half full. Hashes must be
/// spread: many records with the same one stand in a row that each look-up walks along.
public struct HashIndex: Sendable {
  @usableFromInline var slots: [UInt64]
  @usableFromInline var mask: Int
  @usableFromInline var used = 0

  /// An index with room for a number of records before it grows first.
  public init(minimumCapacity: Int = 512) {
    var size = 16
    while size < minimumCapacity * 2 { size *= 2 }
    slots = Array(repeating: 0, count: size)
    mask = size - 1
  }

  /// Records in the index.
  @inlinable public var count: Int { used }
  /// Bytes that the table takes.
  @inlinable public var byteCount: Int { slots.count * MemoryLayout<UInt64>.stride }

  /// The number of the record with a hash for which `matches` holds, or nil.
  @inlinable @inline(__always)
  public func find(_ hash: UInt64, where matches: (Int) -> Bool) -> Int? {
    let tag = Self.tag(hash)
    var place = Int(truncatingIfNeeded: tag) & mask
    while true {
      let slot = slots[place]
      if slot == 0 { return nil }
      if slot >> 32 == tag {
        let record = Int(truncatingIfNeeded: slot & 0xffff_ffff) - 1
        if matches(record) { return record }
      }
      Work.count(1)
      place = (place + 1) & mask
    }
  }

  /// Adds a record that is not in the index.
  @inlinable
  public mutating func insert(_ hash: UInt64, record: Int) {
    if (used + 1) * 2 > slots.count { grow() }
    place(Self.slot(hash, record))
    used += 1
  }

  /// Takes a record out; the slots behind it move up, so that no tombstones gather.
  @inlinable
  public mutating func remove(_ hash: UInt64, record: Int) {
    let wanted = Self.slot(hash, record)
    var hole = home(of: wanted)
    while slots[hole] != wanted {
      guard slots[hole] != 0 else { return }
      Work.count(1)
      hole = (hole + 1) & mask
    }
    used -= 1
    var next = (hole + 1) & mask
    while slots[next] != 0 {
      Work.count(1)
      if (next - home(of: slots[next])) & mask >= (next - hole) & mask {
        slots[hole] = slots[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    slots[hole] = 0
  }

  @inlinable
  mutating func place(_ slot: UInt64) {
    var place = home(of: slot)
    while slots[place] != 0 {
      Work.count(1)
      place = (place + 1) & mask
    }
    slots[place] = slot
  }

  @usableFromInline
  mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    mask = slots.count - 1
    for slot in old where slot != 0 { place(slot) }
  }

  @inlinable
  func home(of slot: UInt64) -> Int {
    Int(truncatingIfNeeded: slot >> 32) & mask
  }

  @inlinable
  static func slot(_ hash: UInt64, _ record: Int) -> UInt64 {
    tag(hash) << 32 | UInt64(truncatingIfNeeded: record + 1)
  }

  @inlinable
  static func tag(_ hash: UInt64) -> UInt64 {
    hash & 0xffff_ffff
  }
}
