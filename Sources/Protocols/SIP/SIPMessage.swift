public import Values

/// A SIP message, parsed in place (RFC 3261): the value keeps ranges, the caller keeps the bytes.
///
/// Make one and parse every message into it; in steady state nothing is allocated. No message is
/// refused because it is invalid: what can be read is read and every fault is in `faults`.
public struct SIPMessage: Sendable, ~Copyable {
  /// The sizes above which a fault is raised.
  public let limits: SIPLimits

  /// The first line.
  public internal(set) var startLine = SIPStartLine()
  /// All header lines in order, as many as the limit allows.
  public internal(set) var headers: [SIPHeader] = []
  /// Number of header lines, also of those beyond the limit.
  public internal(set) var headerCount = 0
  /// Whether a header goes on over more than one line (RFC 3261 §7.3.1), so that its text has line ends.
  public internal(set) var hasFoldedHeader = false
  /// The known headers that occur.
  public internal(set) var presentHeaders = SIPHeaderSet()
  /// From the first header line to the empty line, without that.
  public internal(set) var headerSection = ByteRange()
  /// The body.
  public internal(set) var body = ByteRange()
  /// Length in bytes from the start line to the end of the body.
  public internal(set) var size = 0
  /// What follows the message in the same datagram and is a message again; empty otherwise.
  public internal(set) var remainder = ByteRange()
  /// Whether the capture cut the header section, so that headers behind the last one that was read may be missing.
  public internal(set) var isHeaderCut = false
  /// Whether the capture cut the body, or what stands before it.
  public internal(set) var isBodyCut = false
  /// Whether the capture cut the header section before all was said that tells whose message it is.
  public var isIdentityCut: Bool {
    isHeaderCut
      && !(presentHeaders.contains(.callID) && presentHeaders.contains(.cseq)
        && presentHeaders.contains(.from) && presentHeaders.contains(.to))
  }

  /// From.
  public internal(set) var from = SIPAddress()
  /// To.
  public internal(set) var to = SIPAddress()
  /// The first Contact.
  public internal(set) var contact = SIPAddress()
  /// Number of Contact values.
  public internal(set) var contactCount = 0
  /// Whether a Contact is `*` (RFC 3261 §10.2.2).
  public internal(set) var hasContactWildcard = false
  /// The expires parameter of the first Contact, in seconds.
  public internal(set) var contactExpires: UInt32?
  /// The top Via.
  public internal(set) var via = SIPVia()
  /// Number of Via values.
  public internal(set) var viaCount = 0
  /// CSeq.
  public internal(set) var cseq = SIPCSeq()
  /// Call-ID.
  public internal(set) var callID = ByteRange()
  /// Max-Forwards.
  public internal(set) var maxForwards: UInt8?
  /// Expires, in seconds.
  public internal(set) var expires: UInt32?
  /// Content-Type with its parameters.
  public internal(set) var contentType = ByteRange()
  /// The `type/subtype` of Content-Type.
  public internal(set) var mediaType = ByteRange()
  /// Content-Length as the message says.
  public internal(set) var contentLength: UInt32?
  /// User-Agent, or Server where there is none.
  public internal(set) var userAgent = ByteRange()
  /// Number of Route values.
  public internal(set) var routeCount = 0
  /// Number of Record-Route values.
  public internal(set) var recordRouteCount = 0

  /// Authorization.
  public internal(set) var serverCredentials: SIPCredentials?
  /// Proxy-Authorization.
  public internal(set) var proxyCredentials: SIPCredentials?
  var serverChallenge: SIPCredentials?
  var proxyChallenge: SIPCredentials?

  /// All faults.
  public internal(set) var faults = SIPFaultSet()
  /// The faults with the header that each concerns, at most 32 and each pair once.
  public internal(set) var faultDetails: [SIPFaultDetail] = []

  let names = SIPNameTable.shared
  private let place = FixedPlace()
  /// Whether bytes are missing behind those that were captured.
  var isCut = false
  /// Whether a CR stands alone somewhere in the header section.
  var hasBareReturn = false
  /// Whether lines are read up to a CR that stands alone; looked for only where there is one.
  var stopsAtReturns = false

  /// A message to parse into.
  public init(limits: SIPLimits = SIPLimits()) {
    self.limits = limits
    headers.reserveCapacity(64)
    faultDetails.reserveCapacity(32)
  }

  /// Whether it asks or answers.
  public var kind: SIPMessageKind { startLine.kind }

  /// The method of a request, the CSeq method of a response.
  public var method: SIPMethod { startLine.kind == .response ? cseq.method : startLine.method }

  /// Where the method is written.
  public var methodRange: ByteRange {
    startLine.kind == .response ? cseq.methodRange : startLine.methodRange
  }

  /// Forgets the last message and keeps the memory.
  mutating func reset() {
    startLine = SIPStartLine()
    headers.removeAll(keepingCapacity: true)
    headerCount = 0
    (hasFoldedHeader, hasBareReturn) = (false, false)
    presentHeaders = SIPHeaderSet()
    headerSection = ByteRange()
    body = ByteRange()
    size = 0
    remainder = ByteRange()
    (isHeaderCut, isBodyCut) = (false, false)
    from = SIPAddress()
    to = SIPAddress()
    contact = SIPAddress()
    contactCount = 0
    hasContactWildcard = false
    contactExpires = nil
    via = SIPVia()
    viaCount = 0
    resetScalars()
  }

  private mutating func resetScalars() {
    cseq = SIPCSeq()
    callID = ByteRange()
    maxForwards = nil
    expires = nil
    contentType = ByteRange()
    mediaType = ByteRange()
    contentLength = nil
    userAgent = ByteRange()
    routeCount = 0
    recordRouteCount = 0
    (serverCredentials, proxyCredentials) = (nil, nil)
    (serverChallenge, proxyChallenge) = (nil, nil)
    faults = SIPFaultSet()
    // Nearly every message is without one, and emptying an array that is empty is not free.
    if !faultDetails.isEmpty { faultDetails.removeAll(keepingCapacity: true) }
  }

  /// Records a fault, with the header that it concerns.
  mutating func report(_ fault: SIPFault, _ header: SIPHeaderName = .other) {
    faults.insert(fault)
    let detail = SIPFaultDetail(fault: fault, header: header)
    guard faultDetails.count < 32, !faultDetails.contains(detail) else { return }
    faultDetails.append(detail)
  }

  /// Records what a parser of a part has found.
  @inline(__always)
  mutating func report(_ found: SIPFaultSet, _ header: SIPHeaderName) {
    if !found.isEmpty { reportAll(found, header) }
  }

  private mutating func reportAll(_ found: SIPFaultSet, _ header: SIPHeaderName) {
    for fault in found { report(fault, header) }
  }
}
