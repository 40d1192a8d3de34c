public import Packets
public import Protocols
public import Values

/// What messages do to calls.
extension CallTable {
  /// A message with what was found out about it.
  struct Input {
    let keys: MessageKeys
    let verdict: RepeatVerdict
    let session: SessionFacts?
    let origin: PacketOrigin
    let acquaintance: Acquaintance
    /// Who has granted the sender a registration for the account that it names in From.
    let registrar: IPAddress?
    /// What a response is to its request.
    let standing: AnswerTracker.Standing
    let time: Timestamp
  }

  /// Takes a message, and says whose its description is: nil when its call is unknown.
  ///
  /// - Parameters:
  ///   - session: what its description says, nil without one.
  ///   - origin: where its packet came from.
  ///   - acquaintance: what the sender of an INVITE that takes over a call is to its receiver.
  ///   - registrar: who has granted the sender of a request within a dialog a registration for the account in From.
  ///   - standing: what a response is to its request; one that is forged changes nothing.
  @discardableResult
  public mutating func process(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    session: SessionFacts?, origin: PacketOrigin, acquaintance: Acquaintance = .unknown,
    registrar: IPAddress? = nil, standing: AnswerTracker.Standing = .accepted, at time: Timestamp
  ) -> MediaOwner? {
    guard Self.concernsCalls(message.method), keys.callID != .none, !message.isIdentityCut,
      standing != .forged
    else { return nil }
    let input = Input(
      keys: keys, verdict: verdict, session: session, origin: origin, acquaintance: acquaintance,
      registrar: registrar, standing: standing, time: time)
    if message.method == .refer, message.kind == .request { noteAskedTakeover(message, bytes, input) }
    let number: Int
    if let known = find(keys), !isReused(known, message, input) {
      number = known
      learnMove(known, input)
      count(message, input, known)
      if input.verdict.contains(.forwarded), isOpening(message, known, keys) { noteHop(known, input) }
    } else {
      guard message.kind == .request, message.method == .invite, keys.toTag == 0,
        !verdict.contains(.retransmission), !verdict.contains(.forwarded)
      else { return nil }
      isSenderTrusted = true
      return MediaOwner(call: open(message, bytes, input), isCaller: true)
    }
    isSenderTrusted =
      session != nil
      && (verdict.contains(.forwarded) || isOpening(message, number, keys)
        || isParty(origin.source, of: records[number]))
    if verdict.isEmpty || isPassedOn(message, verdict) {
      let changes =
        message.kind == .request
        ? processRequest(number, message, bytes, input) : processResponse(number, message, bytes, input)
      update(number, changes, at: time)
      // Who answers first is taken for the callee.
      if changes.contains(.answered) { isSenderTrusted = true }
    }
    // The sender of a request and the receiver of a response have their tag in From.
    let isFromCaller = (keys.fromTag == records[number].callerTag) == (message.kind == .request)
    return MediaOwner(call: reference(number), isCaller: isFromCaller)
  }

  /// Notes where a proxy passes an INVITE on to that it got.
  private mutating func noteHop(_ number: Int, _ input: Input) {
    let source = input.origin.source
    guard source == records[number].origin.destination || addressKey(source) == records[number].forwardedTo
    else { return }
    records[number].forwardedTo = addressKey(input.origin.destination)
  }

  /// Whether a message is the INVITE of a call that is not answered yet, on whatever hop of its way.
  private func isOpening(_ message: borrowing SIPMessage, _ number: Int, _ keys: MessageKeys) -> Bool {
    message.kind == .request && message.method == .invite && keys.toTag == 0
      && records[number].state.isInSetup
  }

  private static func concernsCalls(_ method: SIPMethod) -> Bool {
    switch method {
    case .none, .register, .options, .publish, .subscribe, .message: false
    default: true
    }
  }

  /// Whether the Call-ID and tag of a call that is over open another one.
  private mutating func isReused(_ number: Int, _ message: borrowing SIPMessage, _ input: Input) -> Bool {
    guard records[number].state.phase == .ended, message.kind == .request, message.method == .invite,
      input.keys.toTag == 0, input.verdict.isEmpty,
      // A proxy tries the next place under the same number.
      message.cseq.number != records[number].inviteCSeq || Self.isBranch(message, of: records[number])
    else { return false }
    remove(number)
    return true
  }

  private mutating func count(_ message: borrowing SIPMessage, _ input: Input, _ number: Int) {
    if let session = input.session {
      records[number].lastDescription = input.time
      if message.cseq.number != records[number].inviteCSeq { records[number].lastChange = input.time }
      if session.hasCandidates { records[number].mayPause = true }
      if session.isOneWay { records[number].hasOneWayMedia = true }
    }
    // Who is no party names no places of one.
    if message.isBodyCut, isParty(input.origin.source, of: records[number]) { noteCut(number, message) }
    records[number].state.touch(at: input.time)
    if message.method == .bye,
      input.verdict.contains(.retransmission) || 200..<300 ~= message.startLine.statusCode
    {
      records[number].lastBye = input.time
      if message.kind == .response { records[number].byeSource = byeSource(input.origin.destination) }
    }
    // Messages are counted up to the BYE.
    guard records[number].hangUp == nil else { return }
    if input.verdict.contains(.retransmission) {
      if !input.verdict.contains(.duplicate) {
        records[number].retransmissions &+= 1
        if message.kind == .response, message.method == .invite {
          records[number].dialogs.repeatAnswer(input.keys.toTag)
        }
      }
    } else if input.verdict.isEmpty {
      records[number].messages &+= 1
    }
  }

  /// Notes that the capture cut a message that may describe media, and may name places of a party.
  mutating func noteCut(_ number: Int, _ message: borrowing SIPMessage) {
    switch message.method {
    case .invite, .update, .ack, .prack:
      records[number].hasOneWayMedia = true
      records[number].hasHiddenPlaces = true
    default: break
    }
  }

  /// What a proxy passes on was seen before, where it may not have counted: a failure beyond the proxy, or a
  /// response on its way to the server that stands before the client.
  private func isPassedOn(_ message: borrowing SIPMessage, _ verdict: RepeatVerdict) -> Bool {
    verdict.subtracting(.relayed) == .forwarded && message.kind == .response
      && (message.method == .invite || message.method == .bye)
  }
}

// MARK: - Requests

extension CallTable {
  private mutating func processRequest(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) -> CallChanges {
    noteIfOver(number, message.method, input)
    switch message.method {
    case .invite where input.keys.toTag == 0: repeatInvite(number, message, bytes, input)
    case .invite, .update:
      if isWithinDialog(number, input) {
        modify(number, message, bytes, input, isForeign: noteIfForeign(number, message, bytes, input))
      }
    case .cancel where input.origin.source == records[number].origin.source:
      // A proxy also cancels the places where it no longer looks for the callee.
      records[number].state.cancel(by: .caller, at: input.time)
    case .cancel where !isParty(input.origin.source, of: records[number]):
      records[number].state.cancel(by: nil, at: input.time)
    case .ack: acknowledge(number, message, input)
    case .prack where isWithinDialog(number, input): acknowledgeReliably(number, input)
    case .bye: hangUp(number, message, input)
    case .info where isWithinDialog(number, input):
      noteIfForeign(number, message, bytes, input)
    case .refer where isWithinDialog(number, input): refer(number, message, bytes, input)
    case .notify where isWithinDialog(number, input): return takeReferNotice(number, message, bytes, input)
    default: break
    }
    return []
  }

  private mutating func acknowledge(_ number: Int, _ message: borrowing SIPMessage, _ input: Input) {
    records[number].dialogs.acknowledge(calleeTag(number, input.keys))
    guard !records[number].hasOffer, message.cseq.number == records[number].inviteCSeq,
      let session = input.session
    else { return }
    keep(session, of: number)
  }

  /// A PRACK answers the offer of a reliable provisional response to an INVITE without one (RFC 3262 §5).
  private mutating func acknowledgeReliably(_ number: Int, _ input: Input) {
    guard !records[number].hasOffer, records[number].state.answered == nil, let session = input.session
    else { return }
    keep(session, of: number)
  }

  private mutating func repeatInvite(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) {
    guard let cseq = message.cseq.number, records[number].state.isInSetup else { return }
    guard cseq != records[number].inviteCSeq else { return countBranch(number, message) }
    let hasCredentials = Self.hasCredentials(message, bytes)
    compareSession(
      number, input, isAnswer: hasCredentials != false && records[number].state.isChallenged)
    beginInvite(
      number, cseq: cseq, branch: MessageKeys.branch(of: message, bytes, seed: seed),
      hasCredentials: hasCredentials, at: input.time)
    noteTakeover(number, message, bytes, input)
    records[number].inviteViaCount = UInt16(clamping: message.viaCount)
    records[number].hasOffer = input.session != nil
    let reason = records[number].reason.start
    records[number].reason = ByteRange(reason, reason)
  }

  /// Whether a request carries credentials; nil when the capture cut it where it may.
  static func hasCredentials(_ message: borrowing SIPMessage, _ bytes: Bytes) -> Bool? {
    if message.credentials(in: bytes) != nil { return true }
    return message.isHeaderCut ? nil : false
  }

  /// Begins with another INVITE that opens the dialog; its branch is 0 when it was not captured.
  mutating func beginInvite(
    _ number: Int, cseq: UInt32, branch: UInt32, hasCredentials: Bool?, at time: Timestamp
  ) {
    records[number].state.invite(at: time, hasCredentials: hasCredentials)
    records[number].inviteCSeq = cseq
    records[number].inviteBranch = branch
    records[number].hasInviteFailed = false
    records[number].otherBranches = 0
    records[number].dialogs.removeAll()
  }

  /// Beside a proxy's first branch there may be others, each to another place.
  private mutating func countBranch(_ number: Int, _ message: borrowing SIPMessage) {
    guard Self.isBranch(message, of: records[number]), records[number].otherBranches < .max else { return }
    records[number].otherBranches += 1
  }

  static func isBranch(_ message: borrowing SIPMessage, of record: borrowing CallRecord) -> Bool {
    message.viaCount > 1 && message.viaCount == Int(record.inviteViaCount)
  }

  /// Compares the session of an INVITE that answers a challenge with the one that was challenged, and keeps it
  /// for the next one; without a description an INVITE promises nothing.
  private mutating func compareSession(_ number: Int, _ input: Input, isAnswer: Bool) {
    let earlier = records[number].inviteSession
    let session = input.session?.identity ?? .unknown
    if isAnswer, !session.isUnknown, !earlier.isUnknown, session != earlier {
      note(isMoved(number, from: earlier, to: session) ? .sessionMoved : .sessionChanged)
    }
    records[number].inviteSession = session
    records[number].challengedSide = nil
    records[number].seenPlace = UInt32(truncatingIfNeeded: addressKey(input.origin.source))
    records[number].publicPlace = 0
  }

  /// Whether media are expected elsewhere now, and not where the challenged INVITE is known to have come from: a telephone
  /// behind a NAT that has learned its address from the challenge may say so (RFC 3581).
  private func isMoved(_ number: Int, from earlier: SessionIdentity, to session: SessionIdentity) -> Bool {
    session.places != 0 && earlier.places != 0 && session.places != earlier.places
      && session.places != records[number].seenPlace && session.places != records[number].publicPlace
  }

  private mutating func modify(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input, isForeign: Bool
  ) {
    guard let cseq = message.cseq.number else { return }
    let side: CallSide = input.keys.fromTag == records[number].callerTag ? .caller : .callee
    if !isForeign { learnContact(number, side, message, bytes) }
    let isChallenged = records[number].challengedSide == side
    compareSession(number, input, isAnswer: isChallenged && message.credentials(in: bytes) != nil)
    records[number].state.modify(from: side, cseq: cseq, isHeld: input.session?.isHeld)
  }

  /// The callee's tag in a request or response: the one that is not the caller's.
  func calleeTag(_ number: Int, _ keys: MessageKeys) -> UInt64 {
    keys.fromTag == records[number].callerTag ? keys.toTag : keys.fromTag
  }

  /// Whether a request has the tags of a dialog of the call; an answer of 481 to another one means nothing.
  private func isWithinDialog(_ number: Int, _ input: Input) -> Bool {
    records[number].dialogs.contains(calleeTag(number, input.keys))
  }
}
