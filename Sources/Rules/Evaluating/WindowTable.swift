internal import Values

/// One match on its way into a window.
struct WindowHit {
  var key: KeyHash
  /// The distinct value, or a number in its lower half; unused where matches are counted.
  var value = KeyHash(high: 0, low: 0)
  /// Whether there is something to keep; otherwise only the window moves.
  var isPresent = true
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

/// The windows of all keys of one rule: exact, in bounded memory (RULES.md section 6.2).
///
/// The sliding window of a key is (T − w, T], where T is the newest time of the key; `WindowClock` has the
/// other ones. Counting N matches keeps the
/// last N times; counting N distinct values keeps the N most recent ones. What is older can never make a
/// difference again. A match that comes late is put where it belongs, so that the outcome after a set of
/// matches does not depend on their order.
///
/// When there is no room, keys whose window is over go first, then the least recent of those with a single
/// hit, then those below half of the threshold, then the rest. Keys with one hit, and those below half, keep a
/// quarter of the room each: a flood of sources that come twice must not leave new keys without time.
struct WindowTable: SharingTable, Sendable {
  /// What is kept of a key.
  struct KeyState: KeyChain {
    var head = ChunkPool.none
    var tail = ChunkPool.none
    /// Where the first hit stands in the first chunk.
    var offset: Int32 = 0
    var count: Int32 = 0
    var span = WindowSpan()

    var newest: Int64 { span.newest }
    /// Where the last hit stands in the last chunk.
    var lastPlace: Int { (Int(offset + count) - 1) % ChunkPool.hitsPerChunk }
  }

  let clock: WindowClock
  /// How long after its newest hit a key may still matter.
  private let retention: Int64
  private let window: CompiledWindow
  /// Which totals are kept.
  let kinds: [WindowTotal]
  var keys: KeyTable
  var states: [KeyState] = []
  /// The hits, unless distinct values are counted.
  var pool: ChunkPool
  /// The distinct values, where those are counted.
  var values: ValuePool
  private(set) var evictions: UInt64 = 0
  /// Bytes that it may take.
  private(set) var budget: Int
  /// Matches in the window of the key of the last match, where totals are kept.
  var matches = 0
  /// The totals of it.
  var totals: [Double] = []
  /// For sorting numbers.
  var scratch: [Double] = []

  /// - Parameter lateness: how late a hit may come, in nanoseconds; a key is kept so much longer.
  init(_ window: CompiledWindow, budget: Int, lateness: Int64) {
    clock = WindowClock(motion: window.motion, length: window.length, granule: window.granule)
    retention = window.length.saturatingAdd(lateness)
    self.window = window
    self.budget = budget
    let size = Self.size(window, budget: budget)
    keys = KeyTable(capacity: size.keys)
    pool = ChunkPool(wordsPerHit: Self.wordsPerHit(window), capacity: window.isDistinct ? 0 : size.hits)
    values = ValuePool(capacity: window.isDistinct ? size.hits : 0)
    if case .totals(let kinds) = window.contents { self.kinds = kinds } else { kinds = [] }
    totals = kinds.map(\.neutral)
  }

  /// How many fire; of a measure, how many of them are kept, or of totals how many matter.
  var minimum: Int { window.minimum }

  private static func wordsPerHit(_ window: CompiledWindow) -> Int {
    switch window.contents {
    case .matches, .values: 2
    case .samples: 3
    case .totals(let kinds): 3 + kinds.count
    }
  }

  /// The most hits of a key.
  private static func hitsPerKey(_ window: CompiledWindow) -> Int {
    guard case .totals = window.contents else { return window.minimum }
    return window.granule == 0 ? 1 : Int(clamping: window.length / window.granule) + 1
  }

  /// Keys, and chunks or values, that fit into a number of bytes.
  private static func size(_ window: CompiledWindow, budget: Int) -> (keys: Int, hits: Int) {
    guard !window.isDistinct else {
      let room = ValuePool.room(in: budget, bytesPerKey: bytesPerKey, valuesPerKey: window.minimum)
      return (room.keys, room.values)
    }
    let room = ChunkPool.room(
      in: budget, bytesPerKey: bytesPerKey, wordsPerHit: wordsPerHit(window),
      chunksPerKey: hitsPerKey(window) / ChunkPool.hitsPerChunk + 2)
    return (room.keys, room.chunks)
  }

  private static var bytesPerKey: Int { KeyTable.bytesPerKey + MemoryLayout<KeyState>.stride }

  /// The most bytes that the windows of a rule take.
  static func bound(_ window: CompiledWindow, budget: Int) -> Int {
    let size = size(window, budget: budget)
    let bytesPerHit =
      window.isDistinct
      ? ValuePool.bytesPerValue : ChunkPool.bytesPerChunk(wordsPerHit: wordsPerHit(window))
    return size.keys * bytesPerKey + size.hits * bytesPerHit
  }

  /// Bytes that the windows take.
  var byteCount: Int {
    keys.byteCount + states.count * MemoryLayout<KeyState>.stride + pool.byteCount + values.byteCount
  }

  /// Counts a match.
  ///
  /// - Parameters:
  ///   - inputs: what to add to the totals, not a number for nothing; where totals are kept only.
  ///   - rank: how much the key matters, when another window of the rule says it.
  mutating func add(_ hit: WindowHit, inputs: [Double] = [], rank: Int? = nil) -> WindowOutcome {
    let slot = keys.slot(of: hit.key) ?? insert(hit)
    // Changed here and put back once: other keys that make room touch their own only.
    var state = states[slot]
    switch clock.admit(hit.time, &state.span) {
    case .late: return .late
    case .fresh: clear(&state)
    case .inside: break
    }
    var marked = hit
    marked.time = clock.mark(hit.time)
    let count: Int
    switch window.contents {
    case .values:
      addDistinct(marked, slot, &state)
      count = Int(state.count)
    case .matches, .samples:
      addCounted(marked, slot, &state)
      count = Int(state.count)
    case .totals: count = addToTotals(marked, inputs, slot, &state)
    }
    states[slot] = state
    keys.refresh(slot, rank: rank ?? self.rank(count))
    return count >= minimum ? .reached(end: state.newest) : .counting(count)
  }

  /// Whether a hit has a number that is kept.
  var isSampled: Bool { if case .samples = window.contents { true } else { false } }

  /// Whether distinct values are counted.
  var isDistinct: Bool { window.isDistinct }

  /// How much a key with so many hits matters when there is no room.
  func rank(_ count: Int) -> Int { count * 2 >= minimum ? 2 : count >= 2 ? 1 : 0 }

  // MARK: Room

  /// Whether less than an eighth of the room is left.
  var isNearlyFull: Bool {
    keys.isNearlyFull || (pool.used + values.used) * 8 >= (pool.capacity + values.capacity) * 7
  }

  /// Takes another share of the memory; when it is smaller, the keys that matter least go.
  mutating func fit(budget: Int) {
    self.budget = budget
    let size = Self.size(window, budget: budget)
    while keys.count > size.keys || pool.used + values.used > size.hits {
      evict(except: nil, sparing: size.keys / 4)
    }
    if window.isDistinct {
      values.resize(to: size.hits, &keys, to: size.keys, &states)
    } else {
      pool.resize(to: size.hits, &keys, to: size.keys, &states)
    }
  }

  private mutating func insert(_ hit: WindowHit) -> Int {
    // Two a time is enough to keep up with one new key a time.
    _ = removeExpired(at: hit.time) && removeExpired(at: hit.time)
    if keys.count == keys.capacity { evict(except: nil) }
    let slot = keys.insert(hit.key)
    states.place(KeyState(), at: slot, within: keys.capacity)
    return slot
  }

  /// Frees a key whose window is over, if the least recent of a rank is one.
  private mutating func removeExpired(at time: Int64) -> Bool {
    let limit = time.saturatingSubtract(retention)
    guard let slot = keys.leastRecent(where: { states[$0].newest <= limit }) else { return false }
    remove(slot)
    return true
  }

  /// Gives up the key that matters least.
  mutating func evict(except kept: Int?, sparing share: Int? = nil) {
    guard let slot = keys.leastValuable(except: kept, sparing: share ?? keys.capacity / 4) else { return }
    remove(slot)
    evictions += 1
  }

  /// Forgets all keys.
  mutating func removeAll() {
    keys = KeyTable(capacity: keys.capacity)
    states = []
    pool = ChunkPool(wordsPerHit: pool.wordsPerHit, capacity: pool.capacity)
    values = ValuePool(capacity: values.capacity)
  }

  /// Forgets what a key had in the window before.
  private mutating func clear(_ state: inout KeyState) {
    guard state.count > 0 else { return }
    removeHits(of: &state)
    state = KeyState(span: state.span)
  }

  private mutating func remove(_ slot: Int) {
    var state = states[slot]
    removeHits(of: &state)
    keys.remove(slot)
  }

  private mutating func removeHits(of state: inout KeyState) {
    if isDistinct {
      values.removeAll(&state)
    } else {
      pool.free(chain: state.head)
    }
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
