/// Memory for the hits of all keys of a window: equal chunks of two hits, chained per key.
///
/// Equal chunks never fragment, and a key takes only as many as it has hits for; most keys have few.
struct ChunkPool: Sendable {
  /// Hits in a chunk.
  static let hitsPerChunk = 2
  static let none: Int32 = -1

  /// Numbers that make a hit.
  let wordsPerHit: Int
  private(set) var capacity: Int
  private var words: [UInt64] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  private var firstFree = none
  private(set) var used = 0

  init(wordsPerHit: Int, capacity: Int) {
    self.wordsPerHit = wordsPerHit
    self.capacity = capacity
  }

  /// Bytes of one chunk with its links.
  static func bytesPerChunk(wordsPerHit: Int) -> Int { hitsPerChunk * wordsPerHit * 8 + 8 }

  /// How many keys and chunks fit into a number of bytes, with eight hits a key; at least two full keys do.
  ///
  /// - Parameters:
  ///   - bytesPerKey: what a key takes beside its chunks.
  ///   - chunksPerKey: chunks of a full key.
  static func room(
    in budget: Int, bytesPerKey: Int, wordsPerHit: Int, chunksPerKey: Int
  ) -> (keys: Int, chunks: Int) {
    let chunks = 8 / hitsPerChunk * bytesPerChunk(wordsPerHit: wordsPerHit)
    let keys = max(16, budget / (bytesPerKey + chunks))
    let left = (budget - keys * bytesPerKey) / bytesPerChunk(wordsPerHit: wordsPerHit)
    return (keys, max(keys, left, 2 * chunksPerKey))
  }

  /// Bytes of all chunks.
  var byteCount: Int { words.count * 8 + (next.count + previous.count) * 4 }

  /// Chunks that memory was taken for.
  var allocated: Int { next.count }

  /// Whether another chunk can be had.
  var hasRoom: Bool { used < capacity }

  /// A chunk without neighbours; there must be room.
  mutating func allocate() -> Int32 {
    precondition(hasRoom, "the caller makes room")
    used += 1
    guard firstFree == Self.none else {
      let chunk = firstFree
      firstFree = next[Int(chunk)]
      next[Int(chunk)] = Self.none
      previous[Int(chunk)] = Self.none
      return chunk
    }
    grow()
    next.append(Self.none)
    previous.append(Self.none)
    words.append(contentsOf: repeatElement(0, count: Self.hitsPerChunk * wordsPerHit))
    return Int32(truncatingIfNeeded: next.count - 1)
  }

  private mutating func grow() {
    guard next.count == next.capacity else { return }
    let wanted = min(max(16, next.count * 2), capacity)
    next.reserveCapacity(wanted)
    previous.reserveCapacity(wanted)
    words.reserveCapacity(wanted * Self.hitsPerChunk * wordsPerHit)
  }

  /// Gives a chunk back.
  mutating func free(_ chunk: Int32) {
    next[Int(chunk)] = firstFree
    firstFree = chunk
    used -= 1
  }

  /// Gives back a chunk and all behind it.
  mutating func free(chain first: Int32) {
    var chunk = first
    while chunk != Self.none {
      let following = next[Int(chunk)]
      free(chunk)
      chunk = following
    }
  }

  /// Copies a chain into another pool, which must have room for it; its ends there.
  private func copy(chain first: Int32, to other: inout ChunkPool) -> (head: Int32, tail: Int32) {
    var (ends, chunk) = ((head: Self.none, tail: Self.none), first)
    while chunk != Self.none {
      let copied = other.allocate()
      for hit in 0..<Self.hitsPerChunk {
        for word in 0..<wordsPerHit { other[copied, hit, word] = self[chunk, hit, word] }
      }
      if ends.head == Self.none { ends.head = copied } else { other.link(copied, after: ends.tail) }
      ends.tail = copied
      chunk = next[Int(chunk)]
    }
    return ends
  }

  /// Takes another capacity, and with it the table of the keys that have the chunks; all of both fits in.
  ///
  /// When there is memory for more chunks than that, it is given back.
  mutating func resize<State: KeyChain>(
    to capacity: Int, _ keys: inout KeyTable, to keyCapacity: Int, _ states: inout [State]
  ) {
    let isTooLarge = allocated > capacity
    guard let former = keys.resize(to: keyCapacity, renumbering: isTooLarge) else {
      self.capacity = capacity
      return
    }
    var smaller = ChunkPool(wordsPerHit: wordsPerHit, capacity: capacity)
    states = former.map { states[$0] }
    for slot in states.indices {
      (states[slot].head, states[slot].tail) = copy(chain: states[slot].head, to: &smaller)
    }
    self = smaller
  }

  /// Puts a chunk behind another one.
  mutating func link(_ chunk: Int32, after earlier: Int32) {
    next[Int(earlier)] = chunk
    previous[Int(chunk)] = earlier
    next[Int(chunk)] = Self.none
  }

  /// Ends a chain at a chunk.
  mutating func cut(after chunk: Int32) { next[Int(chunk)] = Self.none }

  func chunk(after chunk: Int32) -> Int32 { next[Int(chunk)] }

  func chunk(before chunk: Int32) -> Int32 { previous[Int(chunk)] }

  /// A number of a hit.
  subscript(_ chunk: Int32, _ hit: Int, _ word: Int) -> UInt64 {
    get { words[place(chunk, hit, word)] }
    set { words[place(chunk, hit, word)] = newValue }
  }

  /// Where a number of a hit is: the same numbers of all hits of a chunk stand together.
  private func place(_ chunk: Int32, _ hit: Int, _ word: Int) -> Int {
    (Int(chunk) * wordsPerHit + word) * Self.hitsPerChunk + hit
  }
}

/// What is kept of a key that has a chain of something.
protocol KeyChain {
  /// Numbers of the first and the last one.
  var head: Int32 { get set }
  var tail: Int32 { get set }
}
