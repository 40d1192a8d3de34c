public import Values

/// How a message travelled, as far as its grammar cares.
public enum SIPTransport: UInt8, Sendable {
  /// UDP, or anything else that keeps message borders.
  case datagram
  /// TCP, TLS and other streams, where Content-Length is mandatory; the bytes are one framed message.
  case stream
}

/// What the parser made of the bytes.
public enum SIPParseStatus: UInt8, Sendable {
  /// They are no SIP message.
  case notSIP
  /// They are nothing but line ends, which keep a NAT binding open (RFC 3261 §7.5, RFC 5626 §3.5.1).
  case keepAlive
  /// They are a message, possibly with faults.
  case message
}

/// Whether a message asks or answers.
public enum SIPMessageKind: UInt8, Sendable {
  /// Nothing parsed yet.
  case none
  /// A request.
  case request
  /// A response.
  case response
}

/// The first line (RFC 3261 §7.1, §7.2): ranges into the message, empty when a part is absent.
public struct SIPStartLine: Sendable, Equatable {
  /// The line without its end.
  public var range = ByteRange()
  /// Request or response.
  public var kind = SIPMessageKind.none
  /// The method of a request.
  public var method = SIPMethod.none
  /// The method of a request as written.
  public var methodRange = ByteRange()
  /// The Request-URI of a request.
  public var uri = SIPURI()
  /// The SIP-Version as written.
  public var version = ByteRange()
  /// The status code of a response, 100 to 699; 0 when it has none that is valid.
  public var statusCode = 0
  /// The reason phrase of a response.
  public var reason = ByteRange()

  /// No line.
  public init() {}
}

/// The CSeq header (RFC 3261 §20.16).
public struct SIPCSeq: Sendable, Equatable {
  /// The sequence number, when it is one below 2^31.
  public var number: UInt32?
  /// The method.
  public var method = SIPMethod.none
  /// The method as written.
  public var methodRange = ByteRange()

  /// No CSeq.
  public init() {}
}
