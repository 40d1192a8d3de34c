public import Values

/// The URI schemes that SIP elements meet; `other` is any further one, `none` no scheme at all.
public enum SIPURIScheme: UInt8, Sendable {
  case none, other, sip, sips, tel, urn, http, https, im, pres, mailto, xmpp, cid

  /// Whether the URI has the `user@host` form of RFC 3261 §19.1.
  @inline(__always)
  var hasUserAndHost: Bool {
    switch self {
    case .sip, .sips, .im, .pres, .mailto, .xmpp: true
    default: false
    }
  }
}

/// A URI taken apart (RFC 3261 §19.1.1, RFC 3966): ranges into the message, empty when a part is absent.
public struct SIPURI: Sendable, Equatable {
  /// All of it.
  public var range = ByteRange()
  /// Which scheme it has.
  public var scheme = SIPURIScheme.none
  /// The scheme as written, without the colon.
  public var schemeRange = ByteRange()
  /// The user part without password, still escaped; the number of a `tel` URI.
  public var user = ByteRange()
  /// Whether a password follows the user; where it is, is not kept.
  public var hasPassword = false
  /// The host; an IPv6 address without its brackets.
  public var host = ByteRange()
  /// Whether the host was written in square brackets.
  public var isHostBracketed = false
  /// The port, when one is given and is a number from 1 to 65535.
  public var port: UInt16?
  /// The parameters behind the first semicolon, without it.
  public var parameters = ByteRange()
  /// The header fields behind the question mark, without it.
  public var headers = ByteRange()
  /// Whether a password or header fields may be somewhere in it, even if it breaks the grammar.
  public var mayHoldSecret = false

  /// No URI.
  public init() {}
}

/// A host with an optional port, as in a URI or as a Via's sent-by.
struct SIPHostPort {
  var host = ByteRange()
  var isBracketed = false
  var port: UInt16?
}
