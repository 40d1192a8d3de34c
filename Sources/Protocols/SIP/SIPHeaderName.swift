/// The header fields that Ringwatch knows by name (RFC 3261 §20 and the IANA registry).
///
/// A name with a compact form resolves to the same case. The raw value is a bit index below 128.
public enum SIPHeaderName: UInt8, CaseIterable, Sendable {
  /// A header whose name is not in this list.
  case other
  // What nearly every message carries.
  case via, from, to, callID, cseq, contact, maxForwards, contentType, contentLength, userAgent, server
  case route, recordRoute, expires, allow, supported, require, proxyRequire, unsupported, accept
  // RFC 3261, the rest.
  case acceptEncoding, acceptLanguage, alertInfo, authenticationInfo, authorization, callInfo
  case contentDisposition, contentEncoding, contentLanguage, date, errorInfo, inReplyTo, mimeVersion
  case minExpires, organization, priority, proxyAuthenticate, proxyAuthorization, replyTo, retryAfter
  case subject, timestamp, warning, wwwAuthenticate
  // Extensions.
  case acceptContact, allowEvents, diversion, event, geolocation, historyInfo, identity, identityInfo
  case join, minSE, pAccessNetworkInfo, pAssertedIdentity, pAssociatedURI, pCalledPartyID
  case pChargingVector, pPreferredIdentity, path, privacy, rack, reason, referSub, referTo, referredBy
  case rejectContact, remotePartyID, replaces, requestDisposition, rseq, serviceRoute, sessionExpires
  case sessionID, sipETag, sipIfMatch, subscriptionState, userToUser

  /// The full name in the usual spelling, empty for `other`.
  public var name: String { Self.spellings[Int(rawValue)].name }

  /// The compact form (a small letter), or nil.
  public var compactForm: Character? { Self.spellings[Int(rawValue)].compact }

  /// Whether a message may carry the header only once and with only one value (RFC 3261 §20 and the
  /// defining RFCs); Contact and Content-Length are judged apart.
  public var isSingleValued: Bool {
    switch self {
    case .from, .to, .callID, .cseq, .maxForwards, .contentType, .expires, .date, .userAgent, .server,
      .event, .minExpires, .mimeVersion, .organization, .priority, .rack, .rseq, .referTo, .referredBy,
      .replaces, .retryAfter, .sessionExpires, .sessionID, .sipETag, .sipIfMatch, .subject,
      .subscriptionState, .timestamp:
      true
    default: false
    }
  }

  private typealias Spelling = (name: String, compact: Character?)

  private static let spellings: [Spelling] = [
    ("", nil),
    ("Via", "v"), ("From", "f"), ("To", "t"), ("Call-ID", "i"), ("CSeq", nil), ("Contact", "m"),
    ("Max-Forwards", nil), ("Content-Type", "c"), ("Content-Length", "l"), ("User-Agent", nil),
    ("Server", nil),
    ("Route", nil), ("Record-Route", nil), ("Expires", nil), ("Allow", nil), ("Supported", "k"),
    ("Require", nil), ("Proxy-Require", nil), ("Unsupported", nil), ("Accept", nil),
    ("Accept-Encoding", nil), ("Accept-Language", nil), ("Alert-Info", nil), ("Authentication-Info", nil),
    ("Authorization", nil), ("Call-Info", nil),
    ("Content-Disposition", nil), ("Content-Encoding", "e"), ("Content-Language", nil), ("Date", nil),
    ("Error-Info", nil), ("In-Reply-To", nil), ("MIME-Version", nil),
    ("Min-Expires", nil), ("Organization", nil), ("Priority", nil), ("Proxy-Authenticate", nil),
    ("Proxy-Authorization", nil), ("Reply-To", nil), ("Retry-After", nil),
    ("Subject", "s"), ("Timestamp", nil), ("Warning", nil), ("WWW-Authenticate", nil),
    ("Accept-Contact", "a"), ("Allow-Events", "u"), ("Diversion", nil), ("Event", "o"),
    ("Geolocation", nil), ("History-Info", nil), ("Identity", "y"), ("Identity-Info", "n"),
    ("Join", nil), ("Min-SE", nil), ("P-Access-Network-Info", nil), ("P-Asserted-Identity", nil),
    ("P-Associated-URI", nil), ("P-Called-Party-ID", nil),
    ("P-Charging-Vector", nil), ("P-Preferred-Identity", nil), ("Path", nil), ("Privacy", nil),
    ("RAck", nil), ("Reason", nil), ("Refer-Sub", nil), ("Refer-To", "r"), ("Referred-By", "b"),
    ("Reject-Contact", "j"), ("Remote-Party-ID", nil), ("Replaces", nil), ("Request-Disposition", "d"),
    ("RSeq", nil), ("Service-Route", nil), ("Session-Expires", "x"),
    ("Session-ID", nil), ("SIP-ETag", nil), ("SIP-If-Match", nil), ("Subscription-State", nil),
    ("User-to-User", nil),
  ]
}

/// A set of known headers: one bit each, iterated in the order of the enumeration.
public struct SIPHeaderSet: Sendable, Equatable, Sequence {
  private var bits: UInt128 = 0

  /// The empty set.
  public init() {}

  /// Whether there is nothing in it.
  public var isEmpty: Bool { bits == 0 }

  /// Whether a header is in it.
  @inline(__always)
  public func contains(_ header: SIPHeaderName) -> Bool {
    bits &>> UInt128(header.rawValue) & 1 == 1
  }

  /// Adds a header and says whether it was new.
  @inline(__always) @discardableResult
  public mutating func insert(_ header: SIPHeaderName) -> Bool {
    let bit: UInt128 = 1 &<< UInt128(header.rawValue)
    let isNew = bits & bit == 0
    bits |= bit
    return isNew
  }

  /// The headers one by one, without allocating.
  public func makeIterator() -> Iterator { Iterator(rest: bits) }

  /// Yields the headers from the lowest bit to the highest.
  public struct Iterator: IteratorProtocol {
    fileprivate var rest: UInt128

    /// The next header.
    public mutating func next() -> SIPHeaderName? {
      guard rest != 0 else { return nil }
      let index = rest.trailingZeroBitCount
      rest &= rest &- 1
      return SIPHeaderName(rawValue: UInt8(truncatingIfNeeded: index))
    }
  }
}
