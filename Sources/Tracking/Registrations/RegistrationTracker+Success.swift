internal import Events
internal import Packets
internal import Protocols
internal import Values

/// What a 200 changes.
extension RegistrationTracker {
  mutating func accept(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, at time: Timestamp
  ) {
    finished.append(number)
    exchanges.note(refusals: refusals(exchanges[number].aor, exchanges[number].client, at: time), of: number)
    // A question for the bindings is no success.
    if exchanges[number].isWildcard || exchanges[number].contactCount > 0 {
      forgetAttempts(exchanges[number].aor, exchanges[number].client, at: time)
    }
    let code = UInt16(clamping: message.startLine.statusCode)
    if exchanges[number].isWildcard {
      var change = RegistrationChange(
        .registrationRemoved, at: time, exchanges[number].origin, .exchange(number))
      change.signals = bindings.remove(exchanges[number], contact: nil, at: time)
      change.isWildcard = true
      change.lifetime = 0
      change.code = code
      return report(change)
    }
    var lifetimes = InlineArray<4, UInt32?>(repeating: nil)
    let count = exchanges[number].contactCount
    for place in 0..<count {
      lifetimes[place] = lifetime(of: exchanges[number].contacts[place], exchanges[number], message, bytes)
    }
    // What goes is compared with what was there before, not with what comes in the same request.
    for place in 0..<count where lifetimes[place] == 0 { change(number, place, 0, code: code, at: time) }
    for place in 0..<count {
      if let lifetime = lifetimes[place], lifetime > 0 {
        change(number, place, lifetime, code: code, at: time)
      }
    }
  }

  /// Does with one contact what was granted, and reports it.
  private mutating func change(
    _ number: Int, _ place: Int, _ lifetime: UInt32, code: UInt16, at time: Timestamp
  ) {
    let contact = exchanges[number].contacts[place]
    var (kind, signals) = (EventKind.registrationRemoved, BindingSignals())
    if lifetime == 0 {
      signals = bindings.remove(exchanges[number], contact: contact, at: time)
    } else {
      (kind, signals) = bindings.renew(
        exchanges[number], contact: contact, lifetime: lifetime, number, exchanges.texts, at: time)
    }
    var change = RegistrationChange(kind, at: time, exchanges[number].origin, .exchange(number))
    change.contact = contact.text
    change.lifetime = lifetime
    change.code = code
    change.signals = signals
    report(change)
  }

  /// Seconds that a contact was granted, 0 for one that was removed; nil when the capture cut what says so.
  private func lifetime(
    of contact: RegisteredContact, _ exchange: borrowing RegistrationExchange,
    _ message: borrowing SIPMessage, _ bytes: Bytes
  ) -> UInt32? {
    var granted = GrantedLifetime()
    var list = SIPContacts()
    while let listed = list.next(of: message, in: bytes) {
      granted.look(at: RegisteredContact(listed, bytes, expires: nil, seed: seed), for: contact)
    }
    return granted.seconds(
      asked: contact.asked, header: message.expires, contactsListed: message.contactCount,
      contactsAsked: exchange.contactCount, isCut: exchange.isCut || message.isHeaderCut)
  }
}
