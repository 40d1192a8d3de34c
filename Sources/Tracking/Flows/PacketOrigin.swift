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
  /// The IP version, and sixteen times the tunnels: a byte more would make every call eight bytes larger.
  private let layers: UInt8
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
    layers = packet.ipVersion | min(packet.tunnel.depth, 15) << 4
    interface = packet.interface
    self.flowID = flowID
    number = packet.number
  }

  /// The origin of a stream's packets, by its first one.
  ///
  /// - Parameter path: how a TURN relay and its client exchange it; nil when they do not.
  init(firstOf stream: borrowing RTPStream, over path: RelayPath?) {
    key = if let path { path.flow } else { stream.key }
    isForward = if let path { path.isForward } else { stream.isForward }
    isToServer = stream.isToServer
    layers = stream.ipVersion
    interface = stream.interface
    flowID = stream.flowID
    number = stream.firstNumber
  }

  /// IP version, 4 or 6.
  public var ipVersion: UInt8 { layers & 15 }
  /// Tunnels that the packet was in, 15 at the most; 0 of a stream's packets.
  var tunnelDepth: UInt8 { layers >> 4 }

  /// The same packet as if it had gone the other way.
  func reversed() -> PacketOrigin {
    var origin = self
    origin.isForward.toggle()
    origin.isToServer.toggle()
    return origin
  }

  /// Whether it goes from where another packet went to, to where that came from, ports included.
  func isReply(to packet: PacketOrigin) -> Bool {
    source == packet.destination && destination == packet.source && sourcePort == packet.destinationPort
      && destinationPort == packet.sourcePort
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
