internal import Packets
internal import Protocols
public import Values

/// What responses do to calls.
extension CallTable {
  mutating func processResponse(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) -> CallChanges {
    let code = UInt16(clamping: message.startLine.statusCode)
    guard let cseq = message.cseq.number, code >= 100, comesToClient(number, message, input) else {
      return []
    }
    if isOfLostInvite(number, message, cseq, input) { takeLostInvite(number, cseq, input) }
    let isForeign = settleForeignRequest(number, code, cseq, input)
    switch message.method {
    case .invite where isSetup(number, cseq, code, input):
      return processSetup(number, message, bytes, code, input)
    // A stranger that is told of no dialog says nothing of the parties' one.
    case _ where isForeign && code >= 300: return []
    case .invite, .update: return processModification(number, message, bytes, code, cseq, input)
    case .bye where code >= 200:
      settle(number, code, cseq, input)
      return []
    case .refer:
      settleRefer(number, code, cseq, input)
      return []
    default: return []
    }
  }

  /// Whether a response can come to who asked (RFC 3261 §17.1.3): what the caller sends in answer to itself, and what
  /// strangers send each other, says nothing of the call.
  ///
  /// A request of the callee has its tag in From; who was seen where is not known of it.
  private func comesToClient(_ number: Int, _ message: borrowing SIPMessage, _ input: Input) -> Bool {
    guard input.keys.fromTag == records[number].callerTag,
      input.origin.destination != records[number].origin.source
    else { return true }
    // From a server to another hop, or to where a NAT has moved the caller.
    return input.origin.source != records[number].origin.source
      && (isParty(input.origin.source, of: records[number])
        || message.viaCount > Int(records[number].inviteViaCount))
  }

  /// Whether a response belongs to an INVITE that opens the dialog; a caller that hurries sends several,
  /// and any of them may be answered, but only the last one can fail.
  private func isSetup(_ number: Int, _ cseq: UInt32, _ code: UInt16, _ input: Input) -> Bool {
    guard input.keys.fromTag == records[number].callerTag else { return false }
    if cseq == records[number].inviteCSeq { return true }
    return code < 300 && cseq < records[number].inviteCSeq && records[number].state.isInSetup
  }

  /// Whether a response answers an INVITE that was not captured: the one that a challenge or a redirection asked for.
  private func isOfLostInvite(
    _ number: Int, _ message: borrowing SIPMessage, _ cseq: UInt32, _ input: Input
  ) -> Bool {
    message.method == .invite && records[number].state.awaitsInvite && cseq > records[number].inviteCSeq
      && input.keys.fromTag == records[number].callerTag
  }

  /// Takes it as the last one was, with what it was asked for.
  private mutating func takeLostInvite(_ number: Int, _ cseq: UInt32, _ input: Input) {
    beginInvite(
      number, cseq: cseq, branch: 0, hasCredentials: records[number].state.isChallenged, at: input.time)
  }

  private mutating func processSetup(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ code: UInt16, _ input: Input
  ) -> CallChanges {
    if code > 100, code < 300 { records[number].dialogs.note(input.keys.toTag, isSuccess: code >= 200) }
    switch code {
    case 100..<200:
      if let session = input.session {
        records[number].hasEarlyDescription = true
        keepAnswer(number, session)
      }
      return records[number].state.provisional(code, at: input.time)
    case 200..<300:
      let changes = records[number].state.success(code, at: input.time)
      if changes.contains(.answered) { noteAnswer(number, message, bytes, input) }
      return changes
    default: return processFailure(number, message, bytes, code, input)
    }
  }

  /// A failure counts where the caller gets it; beyond a proxy another place may still ring.
  private mutating func processFailure(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ code: UInt16, _ input: Input
  ) -> CallChanges {
    guard records[number].state.isInSetup else { return [] }
    let isOneOfMany = code != 401 && code != 407 && isOtherBranchOpen(number, message, bytes)
    if isBeyondProxy(number, message, input) || isOneOfMany || isDoubtfulEnd(code, input) {
      records[number].state.remoteFailure(code, at: input.time)
      keepReason(number, message, bytes)
      return []
    }
    keepReason(number, message, bytes)
    guard code == 401 || code == 407 else { return records[number].state.failure(code, at: input.time) }
    learnPublicPlace(number, message, bytes, input)
    records[number].state.challenge(
      code, isStale: message.isChallengeStale(in: bytes), at: input.time)
    return []
  }

  /// Whether a response was seen behind a proxy: it has more Via values than the INVITE had, and does not go back the way
  /// that this came. Some proxies leave their own Via in what they pass on to the caller.
  private func isBeyondProxy(_ number: Int, _ message: borrowing SIPMessage, _ input: Input) -> Bool {
    message.viaCount > Int(records[number].inviteViaCount)
      && !input.origin.isReply(to: records[number].origin)
  }

  /// Whether a response that would end the call comes from a stranger, so that the one from the server is waited for.
  private func isDoubtfulEnd(_ code: UInt16, _ input: Input) -> Bool {
    input.standing == .doubtful && code >= 400 && code != 401 && code != 407 && code != 422
  }

  /// Forgets the failure, redirection or challenge that a call has had, once that is known to be forged.
  public mutating func disregard(_ code: UInt16, _ keys: MessageKeys) {
    guard let number = find(keys), records[number].state.disregard(code) else { return }
    let reason = records[number].reason.start
    records[number].reason = ByteRange(reason, reason)
  }

  /// Where the first INVITE of a message's call came from and went to; nil when the call is unknown.
  public func firstHop(of keys: MessageKeys) -> (client: IPAddress, server: IPAddress)? {
    find(keys).map { (records[$0].origin.source, records[$0].origin.destination) }
  }

  /// Learns where a challenge says that the request came from (RFC 3261 §18.2.1). A server sees another address than the
  /// capture does only where a NAT stands between: behind it addresses are private. Who is no end of the call's first hop
  /// knows nothing of it.
  private mutating func learnPublicPlace(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) {
    let (source, first) = (input.origin.source, records[number].origin)
    guard input.origin.destination.isPrivate, source == first.destination || source == first.source,
      !message.via.received.isEmpty, let address = IPAddress(bytes.extracting(message.via.received.range))
    else { return }
    records[number].publicPlace = UInt32(truncatingIfNeeded: addressKey(address))
  }

  /// Notes which branch of a proxy has failed; whether another one still looks for the callee. A branch whose INVITE was
  /// not seen says nothing of those that were.
  private mutating func isOtherBranchOpen(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes
  ) -> Bool {
    guard Self.isBranch(message, of: records[number]), records[number].inviteBranch != 0 else { return false }
    if MessageKeys.branch(of: message, bytes, seed: seed) == records[number].inviteBranch {
      records[number].hasInviteFailed = true
    } else if records[number].otherBranches > 0 {
      records[number].otherBranches -= 1
    }
    return records[number].otherBranches > 0 || !records[number].hasInviteFailed
  }

  private mutating func noteAnswer(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) {
    keepReason(number, message, bytes)
    learnContact(number, .callee, message, bytes)
    records[number].answerSource = addressKey(input.origin.source)
    records[number].state.agree(sessionInterval: message.sessionExpires(in: bytes))
    learnRoutes(number, message, bytes)
    settleTakeover(number)
    if let session = input.session { keepAnswer(number, session) }
  }

  /// Keeps what a response of the callee agrees on, unless it makes the offer itself (RFC 3261 §13.2.1).
  private mutating func keepAnswer(_ number: Int, _ session: SessionFacts) {
    guard records[number].hasOffer else { return }
    records[number].answerPlace = session.audioPlace
    keep(session, of: number)
  }

  mutating func keep(_ session: SessionFacts, of number: Int) {
    records[number].isEncrypted = session.isEncrypted
    if session.mayPause { records[number].mayPause = true }
    if let codec = session.codec { keepCodec(number, codec) }
  }

  private mutating func processModification(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ code: UInt16, _ cseq: UInt32,
    _ input: Input
  ) -> CallChanges {
    guard code >= 200 else { return [] }
    guard code < 300 else {
      if code == 401 || code == 407 {
        // On the next hop nobody asks for the change any more.
        if let side = records[number].state.side(asking: cseq) { records[number].challengedSide = side }
        learnPublicPlace(number, message, bytes, input)
      }
      return records[number].state.modificationFailed(code, cseq: cseq, at: input.time)
    }
    if let interval = message.sessionExpires(in: bytes) {
      records[number].state.agree(sessionInterval: interval)
    }
    if let session = input.session, message.method == .invite {
      records[number].isEncrypted = session.isEncrypted
    }
    return records[number].state.modified(cseq: cseq, isHeld: input.session?.isHeld)
  }
}
