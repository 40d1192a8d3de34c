internal import Events
internal import Values

/// The chains of one rule's `sequence` that are not complete, by their keys.
///
/// Events are given in the order of time. Of chains that have come equally far and can go on in the same
/// way the one with the latest start is kept, because all that completes an older one completes it too.
/// Chains that later steps tell apart by captured values are kept side by side, sixteen of a key at the most.
///
/// When there is no room, keys whose chains are over go first, then the least recent of those with a single
/// match, then those that have come less than half of the way, then the rest and those that are silent.
struct SequenceTable: SharingTable, Sendable {
  /// More chains of a key that differ in captured values only are not kept.
  static let maximumChains = 16
  /// A longer text of an earlier step is not kept: comparisons with it are unknown.
  static let maximumText = 128

  static let none: Int32 = -1

  /// A chain as far as it has come.
  struct Chain: Sendable {
    /// Matches so far; 0 when the place is free.
    var stage: Int32
    /// The next chain of the key.
    var next = none
    var start: Int64
    var startSequence: UInt64
    var evidence = Evidence()

    /// Whether it began later than another one.
    func isYounger(than other: Chain) -> Bool {
      start != other.start ? start > other.start : startSequence > other.startSequence
    }
  }

  /// What is kept of a key.
  struct KeyState: Sendable {
    var head = none
    var count: Int32 = 0
    /// The latest start of its chains.
    var newest = Int64.min
    var silentUntil = Int64.min
  }

  private(set) var sequence: CompiledSequence
  var keys: KeyTable
  var states: [KeyState] = []
  var chains: [Chain] = []
  /// The captures of all chains.
  var values: [FieldValue] = []
  /// The texts of them.
  var texts: [UInt8] = []
  private var freeChains: [Int32] = []
  private var usedChains = 0
  private var capacity: Int
  private let maximumPerKey: Int
  /// Chains that the current event can prolong.
  var candidates: [Int32] = []
  /// Those that have come to the end of a step with it.
  var arrivals: [Int32] = []
  /// What the current event has for later steps.
  var incoming: [FieldValue]
  var incomingText: [UInt8]
  var evictions: UInt64 = 0
  /// Bytes that it may take.
  private(set) var budget: Int
  /// Keys with chains that were given up because nothing is known of some time.
  private(set) var unknown: UInt64 = 0

  init(_ sequence: CompiledSequence, budget: Int) {
    self.sequence = sequence
    self.budget = budget
    let size = Self.size(sequence, budget: budget)
    keys = KeyTable(capacity: size.keys)
    capacity = size.chains
    maximumPerKey = Self.maximumPerKey(sequence)
    incoming = Array(repeating: .absent, count: sequence.captures.count)
    incomingText = Array(repeating: 0, count: sequence.textCount * Self.maximumText)
  }

  private static func maximumPerKey(_ sequence: CompiledSequence) -> Int {
    (sequence.total + 1) * (sequence.captures.isEmpty ? 1 : maximumChains)
  }

  private static var bytesPerKey: Int { KeyTable.bytesPerKey + MemoryLayout<KeyState>.stride }

  private static func bytesPerChain(_ sequence: CompiledSequence) -> Int {
    MemoryLayout<Chain>.stride + sequence.captures.count * MemoryLayout<FieldValue>.stride
      + sequence.textCount * maximumText
  }

  /// How many keys and chains fit; at least two full keys do.
  private static func size(_ sequence: CompiledSequence, budget: Int) -> (keys: Int, chains: Int) {
    let keys = max(16, budget / (bytesPerKey + bytesPerChain(sequence)))
    return (keys, max(keys, 2 * maximumPerKey(sequence)))
  }

  /// The most bytes that the chains of a rule take.
  static func bound(_ sequence: CompiledSequence, budget: Int) -> Int {
    let size = size(sequence, budget: budget)
    return size.keys * bytesPerKey + size.chains * bytesPerChain(sequence)
  }

  /// Bytes that the chains take.
  var byteCount: Int {
    keys.byteCount + states.count * MemoryLayout<KeyState>.stride
      + chains.count * MemoryLayout<Chain>.stride + values.count * MemoryLayout<FieldValue>.stride
      + texts.count
  }

  // MARK: Room

  /// Goes on for the same sequence in another program.
  mutating func adopt(_ sequence: CompiledSequence) {
    precondition(sequence.captures.count == self.sequence.captures.count, "equal sequences keep the same")
    self.sequence = sequence
  }

  /// Whether less than an eighth of the room is left.
  var isNearlyFull: Bool { keys.isNearlyFull || usedChains * 8 >= capacity * 7 }

  /// Takes another share of the memory; when it is smaller, the keys that matter least go.
  mutating func fit(budget: Int) {
    self.budget = budget
    let size = Self.size(sequence, budget: budget)
    while keys.count > size.keys || usedChains > size.chains {
      guard evict(except: nil) else { break }
    }
    capacity = size.chains
    if let former = keys.resize(to: size.keys) { states = former.map { states[$0] } }
    if chains.count > size.chains { compactChains() }
  }

  /// Gives back the memory of chains that are over; the others keep their order.
  private mutating func compactChains() {
    let (valueCount, textSize) = (sequence.captures.count, sequence.textCount * Self.maximumText)
    let live = chains.indices.filter { chains[$0].stage > 0 }
    var places = [Int32](repeating: Self.none, count: chains.count)
    for (place, chain) in live.enumerated() { places[chain] = Int32(truncatingIfNeeded: place) }
    values = live.flatMap { values[$0 * valueCount..<($0 + 1) * valueCount] }
    texts = live.flatMap { texts[$0 * textSize..<($0 + 1) * textSize] }
    chains = live.map { chains[$0] }
    freeChains = []
    for index in chains.indices where chains[index].next != Self.none {
      chains[index].next = places[Int(chains[index].next)]
    }
    for slot in states.indices where states[slot].head != Self.none {
      states[slot].head = places[Int(states[slot].head)]
    }
  }

  // MARK: Keys

  /// Takes a key in.
  mutating func insert(_ key: KeyHash, at time: Int64) -> Int {
    // Two a time is enough to keep up with one new key a time.
    _ = removeExpired(at: time) && removeExpired(at: time)
    if keys.count == keys.capacity { evict(except: nil) }
    let slot = keys.insert(key)
    states.place(KeyState(), at: slot, within: keys.capacity)
    return slot
  }

  /// Frees a key whose chains are over, if the least recent of a rank is one.
  private mutating func removeExpired(at time: Int64) -> Bool {
    let limit = time.saturatingSubtract(sequence.length)
    guard let slot = keys.leastRecent(where: { states[$0].newest <= limit }) else { return false }
    remove(slot)
    return true
  }

  /// Gives up the key that matters least; false when there is none.
  @discardableResult
  private mutating func evict(except kept: Int?) -> Bool {
    guard let slot = keys.leastValuable(except: kept) else { return false }
    remove(slot)
    evictions += 1
    return true
  }

  private mutating func remove(_ slot: Int) {
    while states[slot].head != Self.none { unlink(states[slot].head, after: Self.none, slot) }
    keys.remove(slot)
  }

  /// Notes how far a key has come; one without chains is forgotten.
  mutating func rate(_ slot: Int, at time: Int64) {
    var farthest: Int32 = 0
    states[slot].newest = .min
    var chain = states[slot].head
    while chain != Self.none {
      farthest = max(farthest, chains[Int(chain)].stage)
      states[slot].newest = max(states[slot].newest, chains[Int(chain)].start)
      chain = chains[Int(chain)].next
    }
    guard farthest > 0 else { return remove(slot) }
    let isFar = farthest > 1 && Int(farthest) * 2 >= sequence.total
    keys.touch(slot, rank: isFar || time < states[slot].silentUntil ? 2 : farthest > 1 ? 1 : 0)
  }

  /// Notes that a key has fired, so that it is kept while it is silent.
  mutating func noteFired(_ key: KeyHash, at time: Int64) {
    guard let slot = keys.slot(of: key) else { return }
    states[slot].silentUntil = time.saturatingAdd(sequence.silence)
    keys.touch(slot, rank: 2)
  }

  /// Ends all chains of a key.
  mutating func end(_ key: KeyHash) {
    if let slot = keys.slot(of: key) { remove(slot) }
  }

  /// Gives up all chains: nothing is known of some time.
  mutating func forgetAll() {
    while let slot = keys.leastValuable() {
      remove(slot)
      unknown += 1
    }
  }

  // MARK: Chains

  /// A chain of a key, in front of its others; other keys make room for it.
  mutating func add(_ chain: Chain, _ slot: Int) -> Int32 {
    while usedChains >= capacity {
      guard evict(except: slot) else { break }
    }
    let index: Int32
    if let free = freeChains.popLast() {
      index = free
      chains[Int(index)] = chain
    } else {
      index = Int32(truncatingIfNeeded: chains.count)
      chains.append(chain)
      for _ in sequence.captures { values.append(.absent) }
      for _ in 0..<sequence.textCount * Self.maximumText { texts.append(0) }
    }
    usedChains += 1
    chains[Int(index)].next = states[slot].head
    states[slot].head = index
    states[slot].count += 1
    return index
  }

  /// Takes a chain out of a key.
  mutating func unlink(_ chain: Int32, after previous: Int32, _ slot: Int) {
    let next = chains[Int(chain)].next
    chains[Int(chain)].stage = 0
    if previous == Self.none { states[slot].head = next } else { chains[Int(previous)].next = next }
    states[slot].count -= 1
    usedChains -= 1
    freeChains.append(chain)
  }

  /// Takes a chain out of a key that has it.
  mutating func remove(_ chain: Int32, _ slot: Int) {
    var previous = Self.none
    var current = states[slot].head
    while current != Self.none, current != chain {
      previous = current
      current = chains[Int(current)].next
    }
    if current == chain { unlink(chain, after: previous, slot) }
  }

  /// Drops the oldest chains of a key that has too many.
  mutating func trim(_ slot: Int) {
    while Int(states[slot].count) > maximumPerKey {
      var oldest = states[slot].head
      var chain = oldest
      while chain != Self.none {
        if chains[Int(oldest)].isYounger(than: chains[Int(chain)]) { oldest = chain }
        chain = chains[Int(chain)].next
      }
      remove(oldest, slot)
      evictions += 1
    }
  }
}
