internal import Values

/// Memory for the distinct values of all keys of a window: of each key a list in the order of time, and one index
/// over all of them.
///
/// So looking for a value, renewing it and giving up the oldest cost the same however many there are.
struct ValuePool: Sendable {
  static let none: Int32 = -1

  /// What is known of a value.
  private struct Value: Sendable {
    var identity: KeyHash
    var time: Int64
    var packet: UInt64
    /// Numbers of the neighbours in the list of the owner.
    var older: Int32
    /// In a place without a value, the next such place.
    var newer: Int32
    /// The slot of the key.
    var owner: Int32
  }

  /// Upper bound of the bytes that a value takes: itself and at most four places of the index.
  static let bytesPerValue = MemoryLayout<Value>.stride + 4 * MemoryLayout<UInt64>.stride

  private(set) var capacity: Int
  private(set) var used = 0
  private var values: [Value] = []
  private var firstFree = none
  private var index = HashIndex(minimumCapacity: 8)

  /// Room for a number of values; memory is taken as they come.
  init(capacity: Int) {
    self.capacity = capacity
  }

  /// How many keys and values fit into a number of bytes, with four values a key; at least two full keys do.
  static func room(in budget: Int, bytesPerKey: Int, valuesPerKey: Int) -> (keys: Int, values: Int) {
    let keys = max(16, budget / (bytesPerKey + 4 * bytesPerValue))
    return (keys, max(keys, (budget - keys * bytesPerKey) / bytesPerValue, 2 * valuesPerKey))
  }

  /// Bytes of values and index.
  var byteCount: Int { values.count * MemoryLayout<Value>.stride + index.byteCount }

  /// Whether another value can be had.
  var hasRoom: Bool { used < capacity }

  /// The value of a key, or nil.
  func find(_ identity: KeyHash, of owner: Int) -> Int32? {
    let (values, owner) = (values.span, Int32(truncatingIfNeeded: owner))
    return index.find(Self.hash(identity, owner)) {
      values[$0].identity == identity && values[$0].owner == owner
    }.map { Int32(truncatingIfNeeded: $0) }
  }

  /// When a value was seen last.
  func time(of number: Int32) -> Int64 { values[Int(number)].time }

  /// The packet in which it was.
  func packet(of number: Int32) -> UInt64 { values[Int(number)].packet }

  /// The value before another one.
  func older(than number: Int32) -> Int32 { values[Int(number)].older }

  /// Takes a value in, which the key has not; there must be room.
  mutating func insert<Chain: KeyChain>(
    _ identity: KeyHash, at time: Int64, _ packet: UInt64, of owner: Int, _ chain: inout Chain
  ) {
    precondition(hasRoom, "the caller makes room")
    let value = Value(
      identity: identity, time: time, packet: packet, older: Self.none, newer: Self.none,
      owner: Int32(truncatingIfNeeded: owner))
    let place = firstFree == Self.none ? values.count : Int(firstFree)
    if place < values.count { firstFree = values[place].newer }
    values.place(value, at: place, within: capacity)
    used += 1
    index.insert(Self.hash(identity, value.owner), record: place)
    link(Int32(truncatingIfNeeded: place), &chain)
  }

  /// Notes that a value was seen again.
  mutating func renew<Chain: KeyChain>(
    _ number: Int32, at time: Int64, _ packet: UInt64, _ chain: inout Chain
  ) {
    unlink(number, &chain)
    (values[Int(number)].time, values[Int(number)].packet) = (time, packet)
    link(number, &chain)
  }

  /// Takes the oldest value of a key out, which has one.
  mutating func removeOldest<Chain: KeyChain>(_ chain: inout Chain) {
    let number = chain.head
    let value = values[Int(number)]
    unlink(number, &chain)
    index.remove(Self.hash(value.identity, value.owner), record: Int(number))
    values[Int(number)].newer = firstFree
    firstFree = number
    used -= 1
  }

  /// Takes all values of a key out.
  mutating func removeAll<Chain: KeyChain>(_ chain: inout Chain) {
    while chain.head != Self.none { removeOldest(&chain) }
  }

  /// Takes another capacity, and with it the table of the keys that have the values; all of both fits in.
  ///
  /// When there is memory for more values than that, it is given back.
  mutating func resize<Chain: KeyChain>(
    to capacity: Int, _ keys: inout KeyTable, to keyCapacity: Int, _ chains: inout [Chain]
  ) {
    guard let former = keys.resize(to: keyCapacity, renumbering: values.count > capacity) else {
      self.capacity = capacity
      return
    }
    var smaller = ValuePool(capacity: capacity)
    chains = former.map { chains[$0] }
    for slot in chains.indices {
      var number = chains[slot].head
      (chains[slot].head, chains[slot].tail) = (Self.none, Self.none)
      while number != Self.none {
        let value = values[Int(number)]
        smaller.insert(value.identity, at: value.time, value.packet, of: slot, &chains[slot])
        number = value.newer
      }
    }
    self = smaller
  }

  private static func hash(_ identity: KeyHash, _ owner: Int32) -> UInt64 {
    identity.low ^ UInt64(truncatingIfNeeded: owner) &* 0x9e37_79b9_7f4a_7c15
  }

  // MARK: Order

  /// Puts a value behind all that are not later: one step for each that is.
  private mutating func link<Chain: KeyChain>(_ number: Int32, _ chain: inout Chain) {
    let time = values[Int(number)].time
    var (older, newer) = (chain.tail, Self.none)
    while older != Self.none, values[Int(older)].time > time {
      Work.count(1)
      (older, newer) = (values[Int(older)].older, older)
    }
    (values[Int(number)].older, values[Int(number)].newer) = (older, newer)
    if older == Self.none { chain.head = number } else { values[Int(older)].newer = number }
    if newer == Self.none { chain.tail = number } else { values[Int(newer)].older = number }
  }

  private mutating func unlink<Chain: KeyChain>(_ number: Int32, _ chain: inout Chain) {
    let (older, newer) = (values[Int(number)].older, values[Int(number)].newer)
    if older == Self.none { chain.head = newer } else { values[Int(older)].newer = newer }
    if newer == Self.none { chain.tail = older } else { values[Int(newer)].older = older }
  }
}
