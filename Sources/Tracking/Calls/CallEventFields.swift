public import Events
internal import Numbering
internal import Values

/// Fills events with what is known of a call.
extension CallTable {
  /// All `call` fields of one change, and the roles of the two ends.
  ///
  /// - Parameter change: exactly one of the changes that the table reported.
  public func describe(
    _ call: CallReference, _ change: CallChanges, _ streams: borrowing StreamTable, into event: inout Event
  ) {
    guard isLive(call) else { return }
    let number = Int(call.number)
    event.set(.callEvent, constant: Self.name(of: change))
    // Taken once: each look at one field of a record that holds an array copies the whole of it.
    let record = records[number]
    setIdentity(record, into: &event)
    event.set(.callState, constant: records[number].state.name)
    records[number].origin.setRoles(into: &event)
    setNumbers(record, into: &event)
    setOutcome(record, into: &event)
    setTimes(number, into: &event)
    setCounts(number, into: &event)
    setMedia(number, streams, into: &event)
  }

  /// Where the call's first INVITE came from and went to, for events without a packet.
  public func origin(of call: CallReference) -> PacketOrigin { records[Int(call.number)].origin }

  /// The kind of event that a change is.
  public static func kind(of change: CallChanges) -> EventKind {
    switch change {
    case .started: .callStarted
    case .ringing: .callRinging
    case .answered: .callAnswered
    case .held: .callHeld
    case .transferred: .callTransferred
    default: .callEnded
    }
  }

  private static func name(of change: CallChanges) -> StaticString {
    switch change {
    case .started: "started"
    case .ringing: "ringing"
    case .answered: "answered"
    case .held: "held"
    case .transferred: "transferred"
    default: "ended"
    }
  }

  /// The fields that name a call and its parties.
  func setIdentity(_ record: borrowing CallRecord, into event: inout Event) {
    event.set(.callID, text: Self.append(hexadecimal: record.id, to: &event))
    set(.callCallID, record.callID, of: record, &event)
    set(.callCaller, record.callerUser, of: record, &event)
    set(.callCallee, record.calleeUser, of: record, &event)
    let (user, host) = (record.callerUser, record.callerHost)
    if !user.isEmpty, !host.isEmpty { set(.callAccount, ByteRange(user.start, host.end), of: record, &event) }
  }

  private func setOutcome(_ record: borrowing CallRecord, into event: inout Event) {
    let state = record.state
    if state.code > 0 { event.set(.callCode, integer: Int64(state.code)) }
    set(.callReason, record.reason, of: record, &event)
    if record.takeover == .replaced, isLive(record.otherCall) {
      let replacement = records[Int(record.otherCall.number)]
      set(.callReplacedBy, replacement.callID, of: replacement, &event)
    }
    set(.callCodec, record.codec, of: record, &event)
    if let isEncrypted = record.isEncrypted { event.set(.callEncrypted, bool: isEncrypted) }
    guard state.phase == .ended else { return }
    if let cause = state.cause { event.set(.callCause, constant: cause.name) }
    if let ender = state.endedBy { event.set(.callEndedBy, constant: ender.name) }
  }

  private func setTimes(_ number: Int, into event: inout Event) {
    let state = records[number].state
    // Merged captures may be out of order: no time is negative.
    func set(_ field: Field, from start: Timestamp, to end: Timestamp) {
      event.set(field, .duration(max(0, end.nanoseconds(since: start))))
    }
    if let first = state.firstRinging ?? state.answered {
      set(.callPDD, from: state.start, to: first)
      if let start = state.authenticatedStart { set(.callPDDAfterAuth, from: start, to: first) }
    }
    if let answered = state.answered {
      set(.callSetup, from: state.start, to: answered)
      let isUnknown = state.isEndSupposed && records[number].streamCount == 0
      if let ended = state.ended, !isUnknown { set(.callDuration, from: answered, to: ended) }
    }
    if let ringing = state.firstRinging, let end = state.answered ?? state.ended {
      set(.callRing, from: ringing, to: end)
    }
  }

  private func setCounts(_ number: Int, into event: inout Event) {
    event.set(.callMessages, integer: Int64(records[number].messages))
    event.set(.callRetransmissions, integer: Int64(records[number].retransmissions))
    event.set(.callForks, integer: Int64(records[number].forks))
    event.set(.callHolds, integer: Int64(records[number].state.holds))
    event.set(.callTransfers, integer: Int64(records[number].state.transfers))
    let transfer = records[number].state.transfer
    if transfer.code > 0 { event.set(.callTransferCode, integer: Int64(transfer.code)) }
    event.set(.callLegs, integer: Int64(records[number].legs))
    if let evidence = records[number].evidence { event.set(.callLegEvidence, constant: evidence.name) }
    event.set(.callCarriedOn, bool: records[number].isCarriedOn)
    event.set(.callConcurrent, integer: Int64(callers.count(records[number].caller)))
    event.set(
      .callSourceConcurrent,
      integer: Int64(callerAddresses.count(addressKey(records[number].origin.source))))
  }

  func set(
    _ field: Field, _ range: ByteRange, of record: borrowing CallRecord, _ event: inout Event
  ) {
    guard !range.isEmpty else { return }
    event.set(field, copying: record.text.span.extracting(range.range))
  }

  private static func append(hexadecimal value: UInt64, to event: inout Event) -> ByteRange {
    var digits = InlineArray<16, UInt8>(repeating: 0)
    for place in 0..<16 {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * place) & 15)
      digits[place] = digit < 10 ? 0x30 + digit : 0x57 + digit
    }
    return event.append(digits.span)
  }
}
