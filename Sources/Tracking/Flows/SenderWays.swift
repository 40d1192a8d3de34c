public import Packets
public import Values

/// Tells datagrams that have the address of a host and yet came over another way than what it sent before.
///
/// A way is told by the time to live and by the hardware address in front of the packet: who forges an address from
/// elsewhere gets the one hardly right, and the other in the same network not without taking part in it for the other
/// host. What is compared are the messages of one Call-ID from one address to another one, since routes change between calls
/// and addresses are given to others. The ways of these are that of the first one and those that several took.
public struct SenderWays: Sendable, ~Copyable {
  /// Messages after which a way is one of the sender's.
  private static let enough: UInt32 = 8
  /// How long the ways of a Call-ID are known; each message renews them.
  private static let memory: Int64 = 7_200_000_000_000

  /// Up to three ways, each a hash of 24 bits with a count of messages below it, and the last one that was taken.
  private struct Ways: Sendable {
    private var slots = SIMD4<UInt32>(repeating: 0)
    private static let last = 3

    /// Counts a message that took a way: whether it belongs to the sender.
    mutating func take(_ way: UInt32) -> Bool {
      slots[Self.last] = way
      if let place = place(of: way) {
        let count = slots[place] & 0xff
        slots[place] = way << 8 | min(count + 1, SenderWays.enough)
        return place == 0 || count >= SenderWays.enough
      }
      // The first way stays; of the others the rarer one goes.
      let rarer = slots[2] == 0 || slots[1] & 0xff > slots[2] & 0xff ? 2 : 1
      let place = slots[0] == 0 ? 0 : slots[1] == 0 ? 1 : rarer
      slots[place] = way << 8 | 1
      return place == 0
    }

    /// The last message was captured again, at another place: if one of the two ways is the sender's, both are.
    mutating func takeCopy(_ way: UInt32) {
      let original = slots[Self.last]
      guard way != original, let known = place(of: original) else { return }
      let isOwn = isOwn(known) || place(of: way).map(isOwn) == true
      guard isOwn else { return }
      let place = place(of: way) ?? (slots[1] == 0 ? 1 : slots[2] == 0 || known == 1 ? 2 : 1)
      slots[place] = way << 8 | SenderWays.enough
      slots[known] = original << 8 | SenderWays.enough
    }

    private func isOwn(_ place: Int) -> Bool {
      place == 0 || slots[place] & 0xff >= SenderWays.enough
    }

    private func place(of way: UInt32) -> Int? {
      for place in 0..<Self.last where slots[place] != 0 && slots[place] >> 8 == way { return place }
      return nil
    }
  }

  private var known: RecentSet<Ways>
  private let seed: UInt64

  /// No message was seen.
  ///
  /// - Parameters:
  ///   - capacity: directions of Call-IDs that are remembered, at the most.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    known = RecentSet(capacity: capacity, lifetime: Self.memory, empty: Ways())
    self.seed = seed
  }

  /// How full the memory is.
  public var usage: TableUsage { known.usage }

  /// Takes a message: whether it came over another way than those of its sender.
  ///
  /// Nothing is said of TCP, where a forged address gets no connection, and of what came in a tunnel or in HEP.
  ///
  /// - Parameters:
  ///   - callID: the hash of its Call-ID.
  ///   - isCopy: whether the packet was captured before, at another place.
  public mutating func isOther(_ packet: borrowing Packet, callID: WideKey, isCopy: Bool) -> Bool {
    guard packet.transport == .udp, !packet.isWayUnknown, packet.tunnel.depth == 0,
      packet.tunnel.kind == .none, callID != .none
    else { return false }
    let key = key(packet, callID)
    let way = way(of: packet)
    let time = packet.timestamp.nanoseconds
    var ways = known.value(key, ~key, at: time) ?? Ways()
    let isOther = isCopy ? false : !ways.take(way)
    if isCopy { ways.takeCopy(way) }
    known.insert(key, ~key, ways, at: time)
    return isOther
  }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    known.removeAll()
  }

  private func key(_ packet: borrowing Packet, _ callID: WideKey) -> UInt64 {
    var hash = SeededHash(seed: seed ^ UInt64(packet.interface))
    hash.combine(callID.high)
    hash.combine(packet.source.high)
    hash.combine(packet.source.low)
    hash.combine(packet.destination.high)
    hash.combine(packet.destination.low)
    return hash.value
  }

  private func way(of packet: borrowing Packet) -> UInt32 {
    var hash = SeededHash(seed: seed)
    hash.combine(packet.linkSource << 8 | UInt64(packet.timeToLive))
    return UInt32(truncatingIfNeeded: hash.value >> 40)
  }
}
