internal import Packets
internal import Protocols
internal import Values

/// Calls that take the place of others, or join them (RFC 3891, RFC 3911), and strangers who do so.
extension CallTable {
  /// The call that has a dialog; a dialog without tags of its own is nobody's.
  func call(of dialog: SIPReplaces, _ bytes: Bytes) -> Int? {
    let callID = MessageKeys.wide(bytes, dialog.callID, seed: seed)
    let (from, to) = (
      MessageKeys.key(bytes, dialog.fromTag, seed: seed), MessageKeys.key(bytes, dialog.toTag, seed: seed)
    )
    if let number = find(callID, from), records[number].dialogs.contains(to) { return number }
    if let number = find(callID, to), records[number].dialogs.contains(from) { return number }
    return nil
  }

  /// Notes which call an INVITE wants to replace or to join.
  mutating func noteTakeover(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input
  ) {
    records[number].takeover = .none
    let replaces = message.replaces(in: bytes)
    guard let dialog = replaces ?? message.join(in: bytes), let named = call(of: dialog, bytes),
      named != number
    else { return }
    let isStrange = isStrange(message, input, toPartiesOf: named)
    records[number].otherCall = reference(named)
    if replaces != nil {
      records[number].takeover = isStrange ? .strangerReplaces : .replaces
    } else {
      records[number].takeover = isStrange ? .strangerJoins : .joins
    }
  }

  /// Whether the sender of an INVITE has nothing to do with a call, as far as anybody can tell.
  ///
  /// Who picks up a call that rings has seldom to do with it. Where the receiver is no telephone that was seen to
  /// register, so that everybody may call everybody, whoever asked by REFER (Referred-By) may have done so where nobody
  /// looks.
  private func isStrange(
    _ message: borrowing SIPMessage, _ input: Input, toPartiesOf number: Int
  ) -> Bool {
    let source = input.origin.source
    guard records[number].state.phase == .talking, !records[number].isTakeoverAsked, !message.isHeaderCut,
      input.acquaintance == .stranger
        || input.acquaintance == .unknown && message.value(.referredBy) == nil,
      addressKey(source) != records[number].forwardedTo
    else { return false }
    return !isParty(source, of: records[number]) && isParty(input.origin.destination, of: records[number])
  }

  /// An INVITE is accepted: what it wanted to replace is replaced. One whose credentials were asked for is no stranger's.
  mutating func settleTakeover(_ number: Int) {
    let (takeover, other) = (records[number].takeover, records[number].otherCall)
    guard takeover != .none, takeover != .replaced else { return }
    records[number].takeover = .none
    guard isLive(other) else { return }
    if takeover == .replaces || takeover == .strangerReplaces {
      records[Int(other.number)].takeover = .replaced
      records[Int(other.number)].otherCall = reference(number)
    }
    guard records[number].state.authenticatedStart == nil else { return }
    switch takeover {
    case .strangerReplaces: note(.strangersReplaces)
    case .strangerJoins: note(.strangersJoin)
    default: break
    }
  }

  /// A party of a call asks somebody to replace or join it (RFC 5589 §7).
  mutating func noteAskedTakeover(_ message: borrowing SIPMessage, _ bytes: Bytes, _ input: Input) {
    guard let target = message.address(.referTo, in: bytes), !target.uri.headers.isEmpty,
      let callID = SIPReplacedCallID(bytes, target.uri)
    else { return }
    let range = ByteRange(0, callID.count)
    guard let named = indexedCall(with: MessageKeys.wide(callID.bytes.span, range, seed: seed)),
      isParty(input.origin.source, of: records[named])
    else { return }
    records[named].isTakeoverAsked = true
  }
}
