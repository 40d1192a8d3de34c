public import Values

/// Both directions of one conversation: the 5-tuple without direction, and its VLANs.
///
/// The smaller (address, port) pair stands first, so a packet and its answer have equal keys.
public struct FlowKey: Hashable, Sendable {
  /// The smaller end's address.
  public let lowerAddress: IPAddress
  /// The greater end's address.
  public let upperAddress: IPAddress
  /// The smaller end's port.
  public let lowerPort: UInt16
  /// The greater end's port.
  public let upperPort: UInt16
  /// Outer VLAN identifier, 0 without one.
  public let outerVLAN: UInt16
  /// Inner VLAN identifier, 0 without one.
  public let innerVLAN: UInt16
  /// Protocol above IP.
  public let transport: TransportProtocol

  /// The key of a packet's flow.
  public init(_ packet: borrowing Packet) {
    let isForward = Self.isForward(packet)
    lowerAddress = isForward ? packet.source : packet.destination
    upperAddress = isForward ? packet.destination : packet.source
    lowerPort = isForward ? packet.sourcePort : packet.destinationPort
    upperPort = isForward ? packet.destinationPort : packet.sourcePort
    outerVLAN = packet.outerVLAN
    innerVLAN = packet.innerVLAN
    transport = packet.transport
  }

  /// Whether a packet goes from the smaller to the greater end of its flow.
  public static func isForward(_ packet: borrowing Packet) -> Bool {
    let source = packet.source
    let destination = packet.destination
    if source.low != destination.low { return source.low < destination.low }
    if source.high != destination.high { return source.high < destination.high }
    return packet.sourcePort <= packet.destinationPort
  }

  /// A keyed 64-bit hash of the whole key.
  public func hash(seed: UInt64) -> UInt64 {
    var hash = SeededHash(seed: seed)
    if lowerAddress.isIPv6 {
      hash.combine(lowerAddress.high)
      hash.combine(upperAddress.high)
    }
    hash.combine(lowerAddress.low)
    hash.combine(upperAddress.low)
    let ports = UInt64(lowerPort) << 48 | UInt64(upperPort) << 32
    hash.combine(ports | UInt64(transport.rawValue) << 24 | UInt64(outerVLAN) << 12 | UInt64(innerVLAN))
    return hash.value
  }

  /// A keyed hash of the address pair alone: equal for every flow and fragment between two hosts.
  public static func addressPairHash(_ packet: borrowing Packet, seed: UInt64) -> UInt64 {
    let isForward = isForward(packet)
    let lower = isForward ? packet.source : packet.destination
    let upper = isForward ? packet.destination : packet.source
    var hash = SeededHash(seed: seed)
    if lower.isIPv6 {
      hash.combine(lower.high)
      hash.combine(upper.high)
    }
    hash.combine(lower.low)
    hash.combine(upper.low)
    return hash.value
  }
}
