public import Values

/// How to listen for HEP, in which SIP servers and capture agents mirror packets.
public struct HEPListenerOptions: Sendable {
  /// Where to listen.
  public var endpoints: [HEPEndpoint] = []
  /// Networks whose messages are taken; everybody's when empty.
  public var agents: [IPNetwork] = []
  /// Bytes that the kernel may keep for each UDP endpoint; it grants no more than `net.core.rmem_max`
  /// without CAP_NET_ADMIN.
  public var bufferSize = 64 * 1024 * 1024
  /// Live TCP connections at the most.
  public var connectionLimit = 256
  /// Live TCP connections from one address at the most, so that one agent cannot lock out the others.
  public var connectionLimitPerAgent = 32
  /// How long a TCP connection may be silent between two messages.
  public var idleTimeout = Duration.seconds(3600)
  /// How long a TCP connection may take for one message.
  public var messageTimeout = Duration.seconds(30)
  /// How often silent connections are looked for.
  var sweepInterval = Duration.seconds(1)

  /// No endpoint; the rest has defaults.
  public init() {}
}

/// What HEP listeners received and refused.
public struct HEPStatistics: Hashable, Sendable {
  /// Messages handed on.
  public var messages: UInt64 = 0
  /// Bytes of these.
  public var bytes: UInt64 = 0
  /// Datagrams that are no HEP.
  public var rejected: UInt64 = 0
  /// Datagrams and connections from addresses outside of the agents' networks.
  public var untrusted: UInt64 = 0
  /// Datagrams that the kernel dropped because its buffer was full.
  public var droppedByKernel: UInt64 = 0
  /// TCP connections taken.
  public var connections: UInt64 = 0
  /// TCP connections turned away because there were too many, or no descriptor was left.
  public var refusedConnections: UInt64 = 0
  /// TCP connections closed because what they sent was no HEP version 3, or that ended within a message.
  public var brokenConnections: UInt64 = 0
  /// TCP connections closed because nothing came for too long.
  public var idleConnections: UInt64 = 0

  /// Nothing received.
  public init() {}
}
