internal import Packets
internal import Protocols
internal import Values

/// BYE: it ends the dialog that it names once it is known not to be refused (RFC 3261 §15).
extension CallTable {
  /// How long the end of a call waits for the response to its BYE: T1, after which the BYE would be sent again
  /// (RFC 3261 §17.1.2.1). The end has the time of the BYE, and rules count events that are a second late.
  static let hangUpPatience: Int64 = 500_000_000

  /// How long after a BYE something may come that its sender has sent before it.
  private static let crossingTime: Int64 = 2_000_000_000

  /// Takes a BYE.
  mutating func hangUp(_ number: Int, _ message: borrowing SIPMessage, _ input: Input) {
    let tag = calleeTag(number, input.keys)
    let side = side(ofBye: number, input)
    guard records[number].state.phase == .talking else {
      // Where no response made the dialog, those that did were not read.
      let isDialogHidden = tag != 0 && !records[number].dialogs.isAnyKnown
      let isLast = records[number].dialogs.end(tag, isAnswered: false)
      return isLast
        ? records[number].state.cancel(by: side, at: input.time, mayBeAnswered: isDialogHidden) : ()
    }
    guard records[number].dialogs.end(tag, isAnswered: true) else { return }
    // Of two that cross the first counts, but a stranger's is nothing that a party's has to wait for.
    if let earlier = pendingHangUp(number), earlier.side != nil || side == nil { return }
    while hangUps.isFull, let oldest = hangUps.popFirst() {
      end(oldest.number, oldest.hangUp, noticed: input.time)
    }
    records[number].hangUp = hangUps.append(
      HangUp(
        call: reference(number), side: side, isCallerTagged: input.keys.fromTag == records[number].callerTag,
        tag: tag, cseq: message.cseq.number, origin: input.origin, time: input.time))
  }

  /// Takes a final response to a BYE, which goes to where the BYE came from.
  ///
  /// To a party, 481 and 408 say that the dialog is gone (RFC 3261 §15.1.1); a stranger was turned away with them.
  mutating func settle(_ number: Int, _ code: UInt16, _ cseq: UInt32, _ input: Input) {
    guard let hangUp = pendingHangUp(number), hangUp.cseq == cseq,
      hangUp.isCallerTagged == (input.keys.fromTag == records[number].callerTag),
      input.origin.destination == hangUp.origin.source
    else { return }
    if 200..<300 ~= code || hangUp.side != nil && (code == 481 || code == 408) {
      return end(number, hangUp, noticed: input.time)
    }
    records[number].hangUp = nil
    records[number].dialogs.restore(hangUp.tag)
    records[number].messages &+= 1
  }

  /// Ends the calls whose BYE nobody answered.
  ///
  /// - Parameter time: BYEs that came less than the patience before it are still waited for.
  mutating func settleHangUps(at time: Timestamp) {
    let limit = time.advanced(byNanoseconds: -Self.hangUpPatience)
    while let oldest = hangUps.oldest, oldest < limit, let (number, hangUp) = hangUps.popFirst() {
      end(number, hangUp, noticed: time)
    }
  }

  /// Ends all calls whose BYE was not answered: the input ends, or packet time begins anew.
  public mutating func finish() {
    while let (number, hangUp) = hangUps.popFirst() { end(number, hangUp, noticed: hangUp.time) }
  }

  /// Ends the call of a hang-up that was taken out of the queue, unless another one has settled it.
  private mutating func end(_ hangUpNumber: UInt32, _ hangUp: HangUp, noticed: Timestamp) {
    let number = Int(hangUp.call.number)
    guard isLive(hangUp.call), records[number].hangUp == hangUpNumber else { return }
    end(number, hangUp, noticed: noticed)
  }

  private mutating func end(_ number: Int, _ hangUp: HangUp, noticed: Timestamp) {
    records[number].hangUp = nil
    // A 2xx from another place may have come meanwhile.
    guard !records[number].dialogs.isAnyConfirmed else { return }
    let changes = records[number].state.bye(from: hangUp.side, at: hangUp.time, noticed: noticed)
    update(number, changes, at: hangUp.time, origin: hangUp.origin)
  }

  /// The hang-up of a call that waits for its response.
  private func pendingHangUp(_ number: Int) -> HangUp? { records[number].hangUp.flatMap { hangUps[$0] } }

  /// Tells of a party that goes on with a dialog after its own BYE was accepted. What crosses the BYE comes at once.
  mutating func noteIfOver(_ number: Int, _ method: SIPMethod, _ input: Input) {
    guard method == .bye || method == .invite || method == .update,
      records[number].byeSource == byeSource(input.origin.source), let ended = records[number].state.ended,
      records[number].dialogs.isEnded(calleeTag(number, input.keys)),
      ended.advanced(byNanoseconds: Self.crossingTime) < input.time
    else { return }
    switch (records[number].state.endedBy, side(ofBye: number, input)) {
    case (.caller, .caller), (.callee, .callee):
      records[number].byeSource = 0
      note(.requestAfterBye)
    default: break
    }
  }

  /// A short hash of where a BYE comes from, never 0.
  func byeSource(_ address: IPAddress) -> UInt16 { UInt16(truncatingIfNeeded: addressKey(address)) | 1 }

  /// Who sends a BYE: a party, or somebody at an address where neither of them is.
  private func side(ofBye number: Int, _ input: Input) -> CallSide? {
    let record = records[number]
    guard isParty(input.origin.source, of: record) else { return nil }
    return input.keys.fromTag == record.callerTag ? .caller : .callee
  }
}
