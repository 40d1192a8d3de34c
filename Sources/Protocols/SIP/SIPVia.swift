import Packets
public import Values

/// The transports that a Via may name (RFC 3261 §20.42 and the IANA registry).
public enum SIPViaTransport: UInt8, Sendable {
  case none, other, udp, tcp, tls, sctp, tlsSCTP, ws, wss
}

/// One Via value (RFC 3261 §20.42): ranges into the message, empty when a part is absent.
public struct SIPVia: Sendable, Equatable {
  /// All of it.
  public var range = ByteRange()
  /// Which transport it names.
  public var transport = SIPViaTransport.none
  /// The transport as written.
  public var transportRange = ByteRange()
  /// The sent-by host; an IPv6 address without its brackets.
  public var host = ByteRange()
  /// The sent-by port.
  public var port: UInt16?
  /// The branch parameter.
  public var branch = ByteRange()
  /// Whether the branch begins with the magic cookie `z9hG4bK` (§8.1.1.7).
  public var hasMagicCookie = false
  /// The received parameter, an address without brackets (RFC 5118 §4.5 allows both spellings).
  public var received = ByteRange()
  /// Whether there is an rport parameter, with a value or without (RFC 3581).
  public var hasRport = false
  /// The value of rport.
  public var rport: UInt16?

  /// No Via.
  public init() {}
}
