internal import Packets
internal import Protocols
internal import Values

/// Transfers: who asks for them, how they go, and which call follows (RFC 3515, RFC 5589).
extension CallTable {
  /// Takes a REFER within a call.
  mutating func refer(_ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input) {
    let isForeign = noteIfForeign(number, message, bytes, input)
    // A stranger who asks too takes nothing back.
    guard !isForeign || records[number].state.transfer.progress != .accepted else { return }
    let target = message.address(.referTo, in: bytes)
    let isForCall = input.keys.toTag != 0 && target.map { $0.uri.asksForCall(in: bytes) } ?? true
    records[number].state.refer(
      cseq: isForCall ? message.cseq.number : nil,
      byCaller: input.keys.fromTag == records[number].callerTag)
    guard isForCall, let target else { return }
    records[number].referTarget = MessageKeys.address(bytes, target.uri, seed: seed)
    // Some phones call before they accept.
    if !isForeign { noteTransferTarget(number, isAccepted: false, at: input.time) }
  }

  /// Takes the final response to a REFER.
  mutating func settleRefer(_ number: Int, _ code: UInt16, _ cseq: UInt32, _ input: Input) {
    let isByCaller = input.keys.fromTag == records[number].callerTag
    guard code >= 200, records[number].state.transfer.awaitsAnswer(to: cseq, byCaller: isByCaller) else {
      return
    }
    records[number].state.referAnswered(code)
    if code < 300 {
      noteTransferTarget(number, isAccepted: true, at: input.time)
    } else {
      forgetTransferTarget(number, at: input.time)
    }
  }

  /// Takes a NOTIFY within a call, which may say how a REFER goes.
  mutating func takeReferNotice(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) -> CallChanges {
    let event = message.referEvent(in: bytes)
    let code = message.fragmentStatusCode(in: bytes)
    let isHidden = message.isHeaderCut || event != nil && code == nil && message.isBodyCut
    guard isHidden || event != nil && code != nil, isParty(input.origin.source, of: records[number]) else {
      return []
    }
    let changes = records[number].state.referNotified(
      isHidden ? nil : code, id: event?.id, byCaller: input.keys.fromTag == records[number].callerTag)
    if let code, code >= 300 { forgetTransferTarget(number, at: input.time) }
    return changes
  }

  /// A party was asked by REFER, or has accepted: whoever now calls the target continues the call.
  ///
  /// What was only asked for displaces nothing.
  mutating func noteTransferTarget(_ number: Int, isAccepted: Bool, at time: Timestamp) {
    let target = records[number].referTarget
    guard target != 0, isAccepted || !isLive(transfer(to: target, at: time)) else { return }
    setTransfer(to: target, reference(number), at: time)
  }

  /// A REFER was refused.
  mutating func forgetTransferTarget(_ number: Int, at time: Timestamp) {
    let target = records[number].referTarget
    guard target != 0, transfer(to: target, at: time) == reference(number) else { return }
    setTransfer(to: target, .none, at: time)
  }

  private mutating func setTransfer(to target: UInt64, _ call: CallReference, at time: Timestamp) {
    transferTargets.insert(target, target &* 0x9e37_79b9_7f4a_7c15, call, at: time.nanoseconds)
  }

  /// The call whose transfer leads to a target.
  private func transfer(to target: UInt64, at time: Timestamp) -> CallReference {
    transferTargets.value(target, target &* 0x9e37_79b9_7f4a_7c15, at: time.nanoseconds)
      ?? CallReference.none
  }

  /// The call that a REFER asked to be continued by this INVITE: one of its parties makes it, from where it is.
  func transferringCall(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) -> Int? {
    let target = MessageKeys.address(bytes, message.startLine.uri, seed: seed)
    guard target != 0 else { return nil }
    let call = transfer(to: target, at: input.time)
    guard isLive(call) else { return nil }
    let record = records[Int(call.number)]
    let caller = input.keys.fromAddress
    guard !record.isContinued, caller == record.caller || caller == record.callee,
      isParty(input.origin.source, of: record)
    else { return nil }
    return Int(call.number)
  }
}
