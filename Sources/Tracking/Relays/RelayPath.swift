public import Events
public import Packets
internal import Values

/// How a datagram went between a TURN relay and its client (RFC 8656), and from where to where it is relayed.
///
/// Media are tracked between the client's address at the relay, which its descriptions name, and the peer: for them a
/// relay is a tunnel. Events have the ends of the flow, between which the packet was seen.
public struct RelayPath: Sendable {
  /// The flow of the client and the relay.
  let flow: FlowKey
  /// Whether the datagram goes from the lower to the upper end of that flow.
  let isForward: Bool
  /// Whether the client sent it.
  let isFromClient: Bool
  /// The channel, or 0 of a Send or Data indication.
  var channel: UInt16
  /// Where the relay receives for the client; the client itself while that is unknown.
  let client: MediaEnd
  /// The peer, or what stands for it.
  let peer: MediaEnd

  /// What tells peers apart, most likely.
  var mark: UInt32 { UInt32(truncatingIfNeeded: peer.address.low) ^ UInt32(peer.port) << 16 }

  /// A packet as the peer would see it.
  public func relayed(_ packet: borrowing Packet, uncapturedLength: Int) -> Packet {
    var packet = copy packet
    let (source, destination) = isFromClient ? (client, peer) : (peer, client)
    (packet.source, packet.sourcePort) = (source.address, source.port)
    (packet.destination, packet.destinationPort) = (destination.address, destination.port)
    packet.uncapturedLength = uncapturedLength
    if uncapturedLength == 0 { packet.traits.remove(.truncated) }
    return packet
  }
}

// MARK: - Peers without an address

extension RelayPath {
  /// What stands for the peer of a channel whose binding was not seen: an address that no packet has, since its prefix
  /// is for what is to be thrown away (RFC 6666), and another one for each flow and channel.
  static func standIn(_ channel: UInt16, flowID: Int64) -> MediaEnd {
    let low = UInt64(bitPattern: flowID) << 12 | UInt64(channel & 0xfff)
    return MediaEnd(address: IPAddress(v6High: discardPrefix, low: low), port: channel)
  }

  /// Whether an address only stands for a peer.
  static func isStandIn(_ address: IPAddress) -> Bool {
    address.isIPv6 && address.high == discardPrefix
  }

  private static let discardPrefix: UInt64 = 0x0100_0000_0000_0000
}

extension PacketEventFields {
  /// Says that what an event is about came through a TURN relay.
  public func set(_ path: RelayPath, into event: inout Event) {
    if path.channel != 0 { event.set(.turnChannel, integer: Int64(path.channel)) }
    guard !RelayPath.isStandIn(path.peer.address) else { return }
    event.set(.turnPeerIP, ip: path.peer.address)
    event.set(.turnPeerPort, integer: Int64(path.peer.port))
  }
}
