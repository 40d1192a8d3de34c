internal import Values

/// From where to where the copies of one request were seen to go: who has not received it passes nothing on.
struct RequestHops: Sendable {
  private static let limit = 6

  private var senders = InlineArray<6, UInt32>(repeating: 0)
  private var receivers = InlineArray<6, UInt32>(repeating: 0)
  /// Where the next hop is put; the oldest one makes room.
  private var next: UInt8 = 0

  /// Whether an address has sent it.
  func isSender(_ address: UInt32) -> Bool {
    for index in 0..<Self.limit where senders[index] == address { return true }
    return false
  }

  /// Whether it went to an address.
  func isReceiver(_ address: UInt32) -> Bool {
    for index in 0..<Self.limit where receivers[index] == address { return true }
    return false
  }

  /// Adds a hop; says whether it is a new one.
  mutating func insert(from sender: UInt32, to receiver: UInt32) -> Bool {
    for index in 0..<Self.limit where senders[index] == sender && receivers[index] == receiver {
      return false
    }
    senders[Int(next)] = sender
    receivers[Int(next)] = receiver
    next = (next + 1) % UInt8(Self.limit)
    return true
  }

  /// Whether what an address has received may have come from another one: any of those for which this holds.
  func hasReceiver(where isWanted: (UInt32) -> Bool) -> Bool {
    for index in 0..<Self.limit where receivers[index] != 0 && isWanted(receivers[index]) { return true }
    return false
  }
}

/// What SIPRepeats knows of the ways of requests, and of proxies that receive at one address and send from another.
struct RequestWays: Sendable, ~Copyable {
  /// Timer C and more (RFC 3261 §16.6): an INVITE may be answered late.
  private static let memory: Int64 = 240_000_000_000
  /// How long it is known that two addresses are of one proxy.
  private static let pairMemory: Int64 = 86_400_000_000_000
  private static let pairLimit = 4096

  private var hops: RecentSet<RequestHops>
  /// Where a proxy receives, with where it sends from.
  private var pairs: RecentSet<UInt8>

  init(capacity: Int) {
    hops = RecentSet(capacity: capacity, lifetime: Self.memory, empty: RequestHops())
    pairs = RecentSet(capacity: min(capacity, Self.pairLimit), lifetime: Self.pairMemory, empty: 0)
  }

  /// How full the tables are together.
  var usage: TableUsage { hops.usage + pairs.usage }

  mutating func removeAll() {
    hops.removeAll()
    pairs.removeAll()
  }

  func prefetch(_ transaction: UInt64) { hops.prefetch(transaction) }

  /// The ways of a request so far; nil when none was seen.
  func hops(of transaction: UInt64, at time: Int64) -> RequestHops? {
    hops.value(transaction, Self.low(transaction), at: time)
  }

  /// Notes one.
  mutating func note(_ transaction: UInt64, from sender: UInt32, to receiver: UInt32, at time: Int64) {
    var known = hops(of: transaction, at: time) ?? RequestHops()
    guard known.insert(from: sender, to: receiver) else { return }
    hops.insert(transaction, Self.low(transaction), known, at: time)
  }

  /// Learns that what came to an address has gone on from another one.
  mutating func join(_ receiving: UInt32, _ sending: UInt32, at time: Int64) {
    let key = Self.pair(receiving, sending)
    pairs.insert(key, Self.low(key), 0, at: time)
  }

  /// Whether a request came to where a proxy receives that sends from an address.
  func hasCome(toProxyOf sender: UInt32, _ hops: RequestHops, at time: Int64) -> Bool {
    guard !pairs.isEmpty else { return false }
    return hops.hasReceiver {
      let key = Self.pair($0, sender)
      return pairs.value(key, Self.low(key), at: time) != nil
    }
  }

  /// The addresses are keyed hashes already.
  private static func pair(_ receiving: UInt32, _ sending: UInt32) -> UInt64 {
    (UInt64(receiving) << 32 | UInt64(sending)) &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(sending)
  }

  private static func low(_ key: UInt64) -> UInt64 { key &* 0xd6e8_feb8_6659_fd93 }
}
