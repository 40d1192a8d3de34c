public import Packets
public import Values

/// What a listener says about a message, beside its bytes.
public struct ReceivedHeader: Hashable, Sendable {
  /// When the message, or its end, arrived.
  public var timestamp: Timestamp
  /// Number of the message among all frames and messages of the run, from 1.
  public var number: UInt64
  /// Index of the listener among the run's inputs.
  public var interface: UInt16
  /// UDP or TCP.
  public var transport: TransportProtocol
  /// The sender.
  public var source: IPAddress
  /// Port of the sender.
  public var sourcePort: UInt16
  /// The address of this machine that the message was sent to.
  public var destination: IPAddress
  /// The port that the message was sent to.
  public var destinationPort: UInt16

  /// A header from its fields.
  public init(
    timestamp: Timestamp, number: UInt64, interface: UInt16 = 0, transport: TransportProtocol,
    source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16
  ) {
    self.timestamp = timestamp
    self.number = number
    self.interface = interface
    self.transport = transport
    self.source = source
    self.sourcePort = sourcePort
    self.destination = destination
    self.destinationPort = destinationPort
  }

  /// A header whose time and number come later.
  init(
    _ transport: TransportProtocol, from source: SocketAddress, to destination: SocketAddress,
    interface: UInt16
  ) {
    self.init(
      timestamp: Timestamp(nanoseconds: 0), number: 0, interface: interface, transport: transport,
      source: source.address, sourcePort: source.port, destination: destination.address,
      destinationPort: destination.port)
  }
}
