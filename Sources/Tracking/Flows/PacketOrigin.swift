public import Packets
internal import Values

/// Where a packet came from and went to, kept for events that have no packet of their own: time-outs and ends.
public struct PacketOrigin: Sendable {
  /// The flow's addresses, ports, transport and VLANs.
  public let key: FlowKey
  /// Whether the packet went from the lower to the upper end of the key.
  public private(set) var isForward: Bool
  /// Whether it went to the flow's server.
  public private(set) var isToServer: Bool
  /// IP version, 4 or 6.
  public let ipVersion: UInt8
  /// Tunnels that the packet was in; 0 for what was not seen.
  let tunnelDepth: UInt8
  /// Input that the packet came from.
  public let interface: UInt16
  /// Identity of its flow; 0 when it has none.
  public let flowID: Int64
  /// Number of the packet.
  public let number: UInt64

  /// The origin of a packet, whose flow may be unknown.
  public init(_ packet: borrowing Packet, flowID: Int64 = 0, toServer: Bool = true) {
    key = FlowKey(packet)
    isForward = FlowKey.isForward(packet)
    isToServer = toServer
    ipVersion = packet.ipVersion
    tunnelDepth = packet.tunnel.depth
    interface = packet.interface
    self.flowID = flowID
    number = packet.number
  }

  /// The origin of a stream's packets, by its first one.
  init(firstOf stream: borrowing RTPStream) {
    key = stream.key
    isForward = stream.isForward
    isToServer = stream.isToServer
    ipVersion = stream.ipVersion
    tunnelDepth = 0
    interface = stream.interface
    flowID = stream.flowID
    number = stream.firstNumber
  }

  /// The same packet as if it had gone the other way.
  func reversed() -> PacketOrigin {
    var origin = self
    origin.isForward.toggle()
    origin.isToServer.toggle()
    return origin
  }

  /// Source address.
  var source: IPAddress { isForward ? key.lowerAddress : key.upperAddress }
  /// Destination address.
  var destination: IPAddress { isForward ? key.upperAddress : key.lowerAddress }
  /// Source port.
  var sourcePort: UInt16 { isForward ? key.lowerPort : key.upperPort }
  /// Destination port.
  var destinationPort: UInt16 { isForward ? key.upperPort : key.lowerPort }
}
