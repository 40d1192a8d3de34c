internal import Events
internal import Packets
internal import Protocols
internal import Values

/// Fields that come from headers which most messages do not have.
extension SIPEventBuilder {
  mutating func setRareHeaders(
    _ message: borrowing SIPMessage, _ bytes: Bytes, isFirstSight: Bool, into event: inout Event
  ) {
    hasReplayedCredentials = false
    setRelatedParties(message, bytes, into: &event)
    if let reason = message.reason(in: bytes) {
      event.set(.sipReasonHeaderProtocol, text: reason.protocolName)
      event.set(.sipReasonHeaderText, text: reason.text)
      if let cause = reason.cause { event.set(.sipReasonHeaderCause, integer: Int64(cause)) }
    }
    if let value = message.value(.identity) { setIdentityClaims(value, bytes, into: &event) }
    if message.kind == .request {
      guard let credentials = message.credentials(in: bytes) else { return }
      setAuthentication(credentials, into: &event)
      setNonceReuse(credentials, message, bytes, isFirstSight: isFirstSight, into: &event)
    } else if let challenge = message.challenge(in: bytes) {
      setAuthentication(challenge, into: &event)
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

  private func setAuthentication(_ values: SIPCredentials, into event: inout Event) {
    event.set(.sipAuthScheme, text: values.schemeRange)
    event.set(.sipAuthUsername, text: values.username)
    event.set(.sipAuthRealm, text: values.realm)
    event.set(.sipAuthAlgorithm, text: values.algorithm)
    event.set(.sipAuthQop, text: values.qop)
    if let count = values.nonceCount { event.set(.sipAuthNc, integer: Int64(count)) }
  }

  /// A nonce with a count may be used once (RFC 7616 §3.4); pre-emptive credentials count on and are fine.
  ///
  /// Without a count (RFC 2069 style) clients rightly use the nonce again, so nothing is said.
  private mutating func setNonceReuse(
    _ credentials: SIPCredentials, _ message: borrowing SIPMessage, _ bytes: Bytes, isFirstSight: Bool,
    into event: inout Event
  ) {
    guard let nonce = credentials.nonceHash, let count = credentials.nonceCount, isFirstSight else { return }
    var use = SeededHash(seed: nonce)
    use.combine(bytes.extracting(message.callID.range))
    use.combine(UInt64(message.cseq.number ?? 0))
    let time = event.timestamp.nanoseconds
    let key = (nonce &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(count), nonce)
    let earlier = nonces.value(key.0, key.1, at: time)
    hasReplayedCredentials = earlier != nil && earlier != use.value
    event.set(.sipAuthNonceReused, bool: hasReplayedCredentials)
    if earlier == nil { nonces.insert(key.0, key.1, use.value, at: time) }
  }
}
