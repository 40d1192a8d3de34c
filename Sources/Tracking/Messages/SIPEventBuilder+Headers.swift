internal import Events
internal import Packets
internal import Protocols
internal import Values

/// Fields that come from headers which most messages do not have.
extension SIPEventBuilder {
  mutating func setRareHeaders(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ packet: borrowing Packet, isFirstSight: Bool,
    into event: inout Event
  ) {
    hasReplayedCredentials = false
    setRelatedParties(message, bytes, into: &event)
    if let reason = message.reason(in: bytes) {
      event.set(.sipReasonHeaderProtocol, text: reason.protocolName)
      event.set(.sipReasonHeaderText, text: plain(reason.text, of: message, in: &event))
      if let cause = reason.cause { event.set(.sipReasonHeaderCause, integer: Int64(cause)) }
    }
    if let value = message.value(.identity) { setIdentityClaims(value, bytes, into: &event) }
    if message.kind == .request {
      guard let credentials = message.credentials(in: bytes) else { return }
      setAuthentication(credentials, message, into: &event)
      if isFirstSight { setNonceReuse(credentials, message, bytes, packet, into: &event) }
    } else if let challenge = message.challenge(in: bytes) {
      setAuthentication(challenge, message, into: &event)
    }
  }

  private func setRelatedParties(
    _ message: borrowing SIPMessage, _ bytes: Bytes, into event: inout Event
  ) {
    if let address = message.address(.pAssertedIdentity, in: bytes) {
      event.set(.sipPAssertedIdentity, text: shown(address.uri, in: &event))
    }
    if let address = message.address(.diversion, in: bytes) {
      event.set(.sipDiversion, text: shown(address.uri, in: &event))
    }
    if let address = message.address(.referredBy, in: bytes) {
      event.set(.sipReferredBy, text: shown(address.uri, in: &event))
    }
    if let session = message.sessionID(in: bytes) { event.set(.sipSessionID, text: session.local) }
  }

  private mutating func setIdentityClaims(
    _ value: ByteRange, _ bytes: Bytes, into event: inout Event
  ) {
    guard passport.parse(bytes, value) else { return }
    // The claims live in the reader's own buffer, which is copied behind the message.
    let start = event.append(passport.text.span).start
    event.set(.sipIdentityAttest, text: passport.attest.shifted(by: start))
    event.set(.sipIdentityOrig, text: shown(uri: passport.orig.shifted(by: start), in: &event))
    event.set(.sipIdentityDest, text: shown(uri: passport.dest.shifted(by: start), in: &event))
    event.set(.sipIdentityX5u, text: shown(uri: passport.x5u.shifted(by: start), in: &event))
    if let issued = passport.iat { event.set(.sipIdentityIat, integer: issued) }
  }

  private func setAuthentication(
    _ values: SIPCredentials, _ message: borrowing SIPMessage, into event: inout Event
  ) {
    event.set(.sipAuthScheme, text: values.schemeRange)
    event.set(.sipAuthUsername, text: plain(values.username, of: message, in: &event))
    event.set(.sipAuthRealm, text: plain(values.realm, of: message, in: &event))
    event.set(.sipAuthAlgorithm, text: values.algorithm)
    event.set(.sipAuthQop, text: values.qop)
    if let count = values.nonceCount { event.set(.sipAuthNc, integer: Int64(count)) }
  }

  /// A user may use a nonce with a count once (RFC 7616 §3.4); pre-emptive credentials count on and are fine, and so
  /// is a server that gives one nonce to several users.
  ///
  /// Without a count (RFC 2069 style) clients rightly use the nonce again, so nothing is said; nor is anything of a relay
  /// that passes a request on under a Call-ID of its own.
  private mutating func setNonceReuse(
    _ credentials: SIPCredentials, _ message: borrowing SIPMessage, _ bytes: Bytes,
    _ packet: borrowing Packet, into event: inout Event
  ) {
    guard let nonce = credentials.nonceHash, let count = credentials.nonceCount else { return }
    var request = SeededHash(seed: nonce)
    request.combine(bytes.extracting(message.callID.range))
    request.combine(UInt64(message.cseq.number ?? 0))
    let use = CredentialUse(
      request: request.value, response: credentials.responseHash ?? 0, source: packet.source,
      destination: packet.destination, time: packet.timestamp)
    var key = SeededHash(seed: nonce)
    key.combine(UInt64(count))
    key.combine(bytes.extracting(credentials.username.range))
    let earlier = remember(use, key.value, nonce)
    event.set(.sipAuthNonceReused, bool: earlier.map { use.repeats($0) } ?? false)
    guard var earlier else { return }
    if earlier.response != use.response {
      // Another response to the same nonce is no replay of the first one, but may be of a later one.
      earlier = remember(use, key.value ^ use.response, nonce) ?? use
    }
    hasReplayedCredentials = use.repeats(earlier)
  }

  /// The first use under a key; keeps this one when there is none.
  private mutating func remember(
    _ use: CredentialUse, _ key: UInt64, _ nonce: UInt64
  ) -> CredentialUse? {
    let time = use.time.nanoseconds
    let earlier = nonces.value(key, nonce, at: time)
    if earlier == nil { nonces.insert(key, nonce, use, at: time) }
    return earlier
  }
}

/// A request that carried credentials.
struct CredentialUse: Sendable {
  /// What a relay with two addresses may take to pass a request on.
  private static let relayTime: Int64 = 500_000_000
  /// How long a server may wait for another one before it passes a request on (timer F).
  private static let serverTime: Int64 = 32_000_000_000

  /// Hashes of the request, and of its response.
  var request: UInt64 = 0
  var response: UInt64 = 0
  var source = IPAddress(v4: 0)
  var destination = IPAddress(v4: 0)
  var time = Timestamp(nanoseconds: 0)

  /// Whether this is another request than an earlier one with the same credentials, and none that passes it on: not
  /// that of its receiver, nor what follows at once from somebody else to another server, as from the inner address of
  /// a border controller.
  func repeats(_ earlier: CredentialUse) -> Bool {
    if request == earlier.request { return false }
    if source == earlier.source { return true }
    let age = time.nanoseconds(since: earlier.time)
    if source == earlier.destination { return age > Self.serverTime }
    return destination == earlier.destination || age > Self.relayTime
  }
}
