public import Packets
public import Values

/// Tells datagrams that have the address of a host and yet came over another way than what it sent before.
///
/// A way is told by the time to live and by the hardware address in front of the packet: who forges an address from
/// elsewhere gets the one hardly right, and the other in the same network not without taking part in it for the other
/// host. The ways of a flow are those of its first message and those that several messages took, since routes change; what
/// also other messages of the host took is none of a stranger.
public struct SenderWays: Sendable, ~Copyable {
  /// Messages after which a way is one of the sender's.
  private static let enough: UInt32 = 8
  /// How long the ways of a flow and of a host are known; each message renews them.
  private static let memory: Int64 = 7_200_000_000_000

  /// Up to four ways, each a hash of 24 bits with a count of messages below it.
  private struct Ways: Sendable {
    private var slots = SIMD4<UInt32>(repeating: 0)

    /// Counts a message that took a way: whether it belongs to the sender. One with more ways than there is room for may
    /// take any.
    ///
    /// - Parameter isCopy: whether the way is that to a second place of capture.
    mutating func take(_ way: UInt32, isCopy: Bool) -> Bool {
      for place in slots.indices {
        let slot = slots[place]
        guard slot == 0 || slot >> 8 == way else { continue }
        let count = slot & 0xff
        slots[place] = way << 8 | (isCopy ? enough : min(count + 1, enough))
        return place == 0 || count >= enough
      }
      return true
    }
  }

  private var ofFlows: RecentSet<Ways>
  private var ofHosts: RecentSet<Ways>
  private let seed: UInt64

  /// No message was seen.
  ///
  /// - Parameters:
  ///   - capacity: flows that are remembered, at the most; and hosts.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    ofFlows = RecentSet(capacity: capacity, lifetime: Self.memory, empty: Ways())
    ofHosts = RecentSet(capacity: capacity, lifetime: Self.memory, empty: Ways())
    self.seed = seed
  }

  /// How full the memory of flows is.
  public var usage: TableUsage { ofFlows.usage }

  /// Takes a message: whether it came over another way than those of its sender.
  ///
  /// Nothing is said of TCP, where a forged address gets no connection, and of what came in a tunnel or in HEP.
  ///
  /// - Parameter isCopy: whether the packet was captured before, at another place.
  public mutating func isOther(_ packet: borrowing Packet, isCopy: Bool) -> Bool {
    guard packet.transport == .udp, packet.timeToLive > 0, packet.tunnel.depth == 0,
      packet.tunnel.kind == .none
    else { return false }
    let (host, flow, way) = hashes(of: packet)
    let time = packet.timestamp.nanoseconds
    var flowWays = ofFlows.value(flow, ~flow, at: time) ?? Ways()
    var hostWays = ofHosts.value(host, ~host, at: time) ?? Ways()
    let isOfFlow = flowWays.take(way, isCopy: isCopy)
    let isOfHost = hostWays.take(way, isCopy: isCopy)
    ofFlows.insert(flow, ~flow, flowWays, at: time)
    ofHosts.insert(host, ~host, hostWays, at: time)
    return !isOfFlow && !isOfHost && !isCopy
  }

  /// Forgets everything: packet time begins anew.
  public mutating func restart() {
    ofFlows.removeAll()
    ofHosts.removeAll()
  }

  private func hashes(of packet: borrowing Packet) -> (host: UInt64, flow: UInt64, way: UInt32) {
    var hash = SeededHash(seed: seed ^ UInt64(packet.interface))
    hash.combine(packet.source.high)
    hash.combine(packet.source.low)
    let host = hash.value
    hash.combine(packet.destination.high)
    hash.combine(packet.destination.low)
    hash.combine(UInt64(packet.sourcePort) << 16 | UInt64(packet.destinationPort))
    let flow = hash.value
    var way = SeededHash(seed: seed)
    way.combine(packet.linkSource << 8 | UInt64(packet.timeToLive))
    return (host, flow, UInt32(truncatingIfNeeded: way.value >> 40))
  }
}
