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

  /// A header without time and number.
  init(
    _ transport: TransportProtocol, from source: SocketAddress, to destination: SocketAddress,
    interface: UInt16
  ) {
    timestamp = Timestamp(nanoseconds: 0)
    number = 0
    self.interface = interface
    self.transport = transport
    self.source = source.address
    sourcePort = source.port
    self.destination = destination.address
    destinationPort = destination.port
  }
}
