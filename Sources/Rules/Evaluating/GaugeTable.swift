internal import Values

/// The live things of one rule's `gauge`, by their keys.
///
/// A key has a set of members, never a counter: what begins twice is there once, and the end of something
/// unknown ends nothing. A member may consist of parts (the legs of a call) and lives until its last one ends.
///
/// When there is no room, the least recent of the keys with one member goes with all it has, then of those
/// below half of the limit, then of the rest: many new keys cannot push out one that is close to its limit.
struct GaugeTable: SharingTable, Sendable {
  private static let none: Int32 = -1

  private struct KeyState: Sendable {
    var head = none
    var size: Int32 = 0
    /// Whether the size was above the limit and has not fallen far enough since.
    var isAbove = false
  }

  private struct Owner: Sendable {
    var head = none
    var key: Int32
  }

  /// A part, in the list of its key and in that of its owner.
  private struct Part: Sendable {
    var key: Int32
    var owner: Int32
    var nextOfKey = none
    var previousOfKey = none
    var nextOfOwner = none
    var previousOfOwner = none
  }

  private let limit: Int
  private let clearBelow: Int
  private let countsOwners: Bool
  private var keys: KeyTable
  private var owners: KeyTable
  private var parts: KeyTable
  private var keyStates: [KeyState] = []
  private var ownerStates: [Owner] = []
  private var partStates: [Part] = []
  /// Live things, over all keys.
  private(set) var memberCount = 0
  /// Parts that were given up or turned away.
  private(set) var evictions: UInt64 = 0
  /// Bytes that it may take.
  private(set) var budget: Int

  init(_ gauge: CompiledGauge, budget: Int) {
    limit = gauge.limit
    clearBelow = gauge.clearBelow
    countsOwners = gauge.countsOwners
    self.budget = budget
    let capacity = Self.capacity(gauge.limit, budget)
    keys = KeyTable(capacity: capacity)
    owners = KeyTable(capacity: capacity)
    parts = KeyTable(capacity: capacity)
  }

  private static var bytesPerPart: Int {
    3 * KeyTable.bytesPerKey + MemoryLayout<KeyState>.stride + MemoryLayout<Owner>.stride
      + MemoryLayout<Part>.stride
  }

  /// At least two keys fit that are over the limit.
  private static func capacity(_ limit: Int, _ budget: Int) -> Int {
    max(16, 2 * (limit + 1), budget / bytesPerPart)
  }

  /// The most bytes that the gauge of a rule takes.
  static func bound(_ gauge: CompiledGauge, budget: Int) -> Int {
    capacity(gauge.limit, budget) * bytesPerPart
  }

  /// Bytes that the gauge takes.
  var byteCount: Int {
    keys.byteCount + owners.byteCount + parts.byteCount + keyStates.count * MemoryLayout<KeyState>.stride
      + ownerStates.count * MemoryLayout<Owner>.stride + partStates.count * MemoryLayout<Part>.stride
  }

  /// How many are live under a key.
  func size(of key: KeyHash) -> Int { keys.slot(of: key).map { Int(keyStates[$0].size) } ?? 0 }

  // MARK: Begin and end

  /// Takes in what begins; the size of its key when that is above the limit for the first time.
  mutating func begin(_ part: KeyHash, of owner: KeyHash, key: KeyHash) -> Int? {
    guard parts.slot(of: part) == nil else { return nil }
    // Another part of a call is counted where its first one is.
    let known = countsOwners ? owners.slot(of: owner) : nil
    let found = known.map { Int(ownerStates[$0].key) } ?? keys.slot(of: key)
    guard parts.count < parts.capacity || makeRoom(for: found) else {
      evictions += 1
      return nil
    }
    let slot = found ?? insertKey(key)
    guard add(part, owner, slot) else { return nil }
    keyStates[slot].size += 1
    memberCount += 1
    let size = Int(keyStates[slot].size)
    keys.touch(slot, rank: rank(size))
    guard size > limit, !keyStates[slot].isAbove else { return nil }
    keyStates[slot].isAbove = true
    return size
  }

  /// Takes out a part that ended, if it is there.
  mutating func end(_ part: KeyHash) {
    if let slot = parts.slot(of: part) { remove(slot) }
  }

  /// Takes out all parts of an owner.
  mutating func end(allOf owner: KeyHash) {
    while let slot = owners.slot(of: owner) { remove(Int(ownerStates[slot].head)) }
  }

  /// Gives up everything: nothing is known of some time.
  mutating func forgetAll() {
    while let slot = keys.leastValuable() { removeAll(slot) }
  }

  /// How much a key with so many matters when there is no room.
  private func rank(_ size: Int) -> Int { size < 2 ? 0 : size * 2 > limit ? 2 : 1 }

  // MARK: Places

  /// Whether less than an eighth of the room is left.
  var isNearlyFull: Bool { parts.isNearlyFull }

  /// Takes another share of the memory; when it is smaller, the keys that matter least go.
  mutating func fit(budget: Int) {
    self.budget = budget
    let capacity = Self.capacity(limit, budget)
    while parts.count > capacity, let key = keys.leastValuable() { evictions += UInt64(removeAll(key)) }
    let isTooLarge = max(keys.slotBound, owners.slotBound, parts.slotBound) > capacity
    let (formerKeys, newKeys) = Self.resize(&keys, to: capacity, renumbering: isTooLarge)
    let (formerOwners, newOwners) = Self.resize(&owners, to: capacity, renumbering: isTooLarge)
    let (formerParts, newParts) = Self.resize(&parts, to: capacity, renumbering: isTooLarge)
    guard isTooLarge else { return }
    keyStates = formerKeys.map { keyStates[$0] }
    ownerStates = formerOwners.map { ownerStates[$0] }
    partStates = formerParts.map { partStates[$0] }
    for key in keyStates.indices { newParts.apply(to: &keyStates[key].head) }
    for owner in ownerStates.indices {
      newParts.apply(to: &ownerStates[owner].head)
      newKeys.apply(to: &ownerStates[owner].key)
    }
    for part in partStates.indices {
      newKeys.apply(to: &partStates[part].key)
      newOwners.apply(to: &partStates[part].owner)
      newParts.apply(to: &partStates[part].nextOfKey)
      newParts.apply(to: &partStates[part].previousOfKey)
      newParts.apply(to: &partStates[part].nextOfOwner)
      newParts.apply(to: &partStates[part].previousOfOwner)
    }
  }

  /// Where slots of a table went, by their old numbers.
  private struct Renumbering {
    var places: [Int32]

    func apply(to slot: inout Int32) {
      if slot != GaugeTable.none { slot = places[Int(slot)] }
    }
  }

  private static func resize(
    _ table: inout KeyTable, to capacity: Int, renumbering: Bool
  ) -> (former: [Int], renumbering: Renumbering) {
    var places = [Int32](repeating: none, count: renumbering ? table.slotBound : 0)
    let former = table.resize(to: capacity, renumbering: renumbering) ?? []
    for (place, slot) in former.enumerated() { places[slot] = Int32(truncatingIfNeeded: place) }
    return (former, Renumbering(places: places))
  }

  private mutating func insertKey(_ key: KeyHash) -> Int {
    let slot = keys.insert(key)
    keyStates.place(KeyState(), at: slot, within: keys.capacity)
    return slot
  }

  /// Puts a part into its lists; whether it is a member of its own.
  private mutating func add(_ part: KeyHash, _ owner: KeyHash, _ key: Int) -> Bool {
    let known = owners.slot(of: owner)
    let ownerSlot = known ?? owners.insert(owner)
    let keyNumber = Int32(truncatingIfNeeded: key)
    if known == nil {
      ownerStates.place(Owner(key: keyNumber), at: ownerSlot, within: owners.capacity)
    }
    let slot = parts.insert(part)
    let number = Int32(truncatingIfNeeded: slot)
    var state = Part(key: keyNumber, owner: Int32(truncatingIfNeeded: ownerSlot))
    state.nextOfKey = keyStates[key].head
    state.nextOfOwner = ownerStates[ownerSlot].head
    if state.nextOfKey != Self.none { partStates[Int(state.nextOfKey)].previousOfKey = number }
    if state.nextOfOwner != Self.none { partStates[Int(state.nextOfOwner)].previousOfOwner = number }
    keyStates[key].head = number
    ownerStates[ownerSlot].head = number
    partStates.place(state, at: slot, within: parts.capacity)
    return known == nil || !countsOwners
  }

  private mutating func remove(_ slot: Int) {
    let part = partStates[slot]
    let (key, owner) = (Int(part.key), Int(part.owner))
    if part.nextOfKey != Self.none { partStates[Int(part.nextOfKey)].previousOfKey = part.previousOfKey }
    if part.nextOfOwner != Self.none {
      partStates[Int(part.nextOfOwner)].previousOfOwner = part.previousOfOwner
    }
    if part.previousOfKey == Self.none {
      keyStates[key].head = part.nextOfKey
    } else {
      partStates[Int(part.previousOfKey)].nextOfKey = part.nextOfKey
    }
    if part.previousOfOwner == Self.none {
      ownerStates[owner].head = part.nextOfOwner
    } else {
      partStates[Int(part.previousOfOwner)].nextOfOwner = part.nextOfOwner
    }
    parts.remove(slot)
    let isLast = ownerStates[owner].head == Self.none
    if isLast { owners.remove(owner) }
    if isLast || !countsOwners { shrink(key) }
  }

  private mutating func shrink(_ key: Int) {
    keyStates[key].size -= 1
    memberCount -= 1
    let size = Int(keyStates[key].size)
    if size < clearBelow { keyStates[key].isAbove = false }
    if size == 0 { keys.remove(key) } else { keys.touch(key, rank: rank(size)) }
  }

  /// Gives up the key that matters least, but not for one that is above its limit already.
  private mutating func makeRoom(for key: Int?) -> Bool {
    if let key, Int(keyStates[key].size) > limit { return false }
    guard let victim = keys.leastValuable(except: key) else { return false }
    evictions += UInt64(removeAll(victim))
    return true
  }

  /// Takes out a key with all that it has; how many parts that were.
  @discardableResult
  private mutating func removeAll(_ key: Int) -> Int {
    var count = 0
    while keyStates[key].head != Self.none {
      remove(Int(keyStates[key].head))
      count += 1
    }
    return count
  }
}
