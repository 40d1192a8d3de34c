public import Packets
public import Values

/// Finds headers by name, one after the other or the first.
extension SIPMessage {
  /// The first line of a known header, or nil.
  public func firstHeader(_ name: SIPHeaderName) -> SIPHeader? {
    guard name != .other, presentHeaders.contains(name) else { return nil }
    for header in headers where header.name == name { return header }
    return nil
  }

  /// The value of the first line of a known header, or nil.
  public func value(_ name: SIPHeaderName) -> ByteRange? { firstHeader(name)?.value }

  /// The value of the first header with a name, in whatever spelling; nil when there is none.
  public func value(of key: SIPHeaderKey, in bytes: Bytes) -> ByteRange? {
    if key.known != .other { return value(key.known) }
    guard presentHeaders.contains(.other) else { return nil }
    for header in headers where key.matches(header, in: bytes) { return header.value }
    return nil
  }

  /// Calls `body` with each list element of each line of a header: repeated and comma-joined headers
  /// come out alike (RFC 3261 §7.3.1). Empty elements are left out.
  public func forEachValue(of name: SIPHeaderName, in bytes: Bytes, _ body: (ByteRange) -> Void) {
    guard presentHeaders.contains(name) else { return }
    for header in headers where header.name == name {
      var elements = SIPElements(header.value)
      while let element = elements.next(in: bytes) {
        if !element.isEmpty { body(element) }
      }
    }
  }

  /// Calls `body` with the value of each line whose header has a name, in whatever spelling.
  public func forEachLine(of key: SIPHeaderKey, in bytes: Bytes, _ body: (ByteRange) -> Void) {
    guard presentHeaders.contains(key.known) else { return }
    for header in headers where key.matches(header, in: bytes) { body(header.value) }
  }

  /// The first address in a header such as P-Asserted-Identity, Diversion, Referred-By or Refer-To.
  @inlinable
  public func address(_ name: SIPHeaderName, in bytes: Bytes) -> SIPAddress? {
    // Most messages have none of these: asking for one makes no address then.
    presentHeaders.contains(name) ? firstAddress(name, in: bytes) : nil
  }

  @usableFromInline
  func firstAddress(_ name: SIPHeaderName, in bytes: Bytes) -> SIPAddress? {
    guard let value = value(name) else { return nil }
    var elements = SIPElements(value)
    guard let element = elements.next(in: bytes), !element.isEmpty else { return nil }
    return Self.address(element, in: bytes)
  }

  /// Calls `body` with each address of each line of a header such as Record-Route.
  public func forEachAddress(of name: SIPHeaderName, in bytes: Bytes, _ body: (SIPAddress) -> Void) {
    forEachValue(of: name, in: bytes) { body(Self.address($0, in: bytes)) }
  }

  private static func address(_ element: ByteRange, in bytes: Bytes) -> SIPAddress {
    var ignored = SIPFaultSet()
    var address = SIPAddress()
    address.read(bytes, element, malformed: .badURI, &ignored)
    return address
  }

  /// The credentials of a request: Authorization, or Proxy-Authorization where there is none.
  ///
  /// Asked for like every typed header, although these were read while parsing.
  public func credentials(in _: Bytes) -> SIPCredentials? { serverCredentials ?? proxyCredentials }

  /// The challenge of a response: WWW-Authenticate, or Proxy-Authenticate where there is none.
  public func challenge(in _: Bytes) -> SIPCredentials? { serverChallenge ?? proxyChallenge }

  /// Whether the challenge refuses the nonce only, so that the same credentials may do; nil when the capture cut the
  /// challenge.
  public func isChallengeStale(in bytes: Bytes) -> Bool? {
    challenge(in: bytes)?.isStale ?? (isHeaderCut ? nil : false)
  }
}
