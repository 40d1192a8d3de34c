public import Events
internal import Values

/// Tells outcomes as events.
extension RegistrationTracker {
  /// Gives an event the `registration` fields of a change and its ends; the rest is for the caller.
  public func describe(_ change: RegistrationChange, into event: inout Event) {
    event.set(.registrationEvent, constant: Self.name(of: change.kind))
    change.origin.setEnds(into: &event)
    switch change.record {
    case .exchange(let number): describe(exchanges[number], number, change, into: &event)
    case .binding(let number): describe(bindings[number], number, change, into: &event)
    }
    if change.isWildcard { event.set(.registrationContact, constant: "*") }
    if let lifetime = change.lifetime { event.set(.registrationExpires, integer: Int64(lifetime)) }
    if let code = change.code { event.set(.registrationCode, integer: Int64(code)) }
    if let failure = change.failure { event.set(.registrationReason, constant: failure.reason) }
    setSignals(change.signals, into: &event)
  }

  private func describe(
    _ exchange: RegistrationExchange, _ number: Int, _ change: RegistrationChange, into event: inout Event
  ) {
    let texts = exchanges.texts
    texts.set(.registrationAOR, exchange.aorText, of: number, into: &event)
    texts.set(.registrationContact, change.contact, of: number, into: &event)
    texts.set(.registrationUserAgent, exchange.userAgent, of: number, into: &event)
    texts.set(.registrationCallID, exchange.callIDText, of: number, into: &event)
    texts.set(.registrationAuthUser, exchange.authUser, of: number, into: &event)
    event.set(.registrationThirdParty, bool: exchange.isThirdParty)
    guard exchange.attempts.requests > 0 else { return }
    event.set(.registrationAttempts, integer: Int64(exchange.attempts.requests))
    event.set(.registrationRefusals, integer: Int64(exchange.attempts.refusals))
  }

  private func describe(
    _ binding: RegistrationBinding, _ number: Int, _ change: RegistrationChange, into event: inout Event
  ) {
    let texts = bindings.texts
    texts.set(.registrationAOR, binding.aorText, of: number, into: &event)
    texts.set(.registrationContact, change.contact, of: number, into: &event)
    texts.set(.registrationUserAgent, binding.userAgent, of: number, into: &event)
    texts.set(.registrationCallID, binding.callIDText, of: number, into: &event)
  }

  private func setSignals(_ signals: BindingSignals, into event: inout Event) {
    if let changed = signals.sourceChanged { event.set(.registrationSourceChanged, bool: changed) }
    if let changed = signals.contactChanged { event.set(.registrationContactChanged, bool: changed) }
    if let previous = signals.previousSource { event.set(.registrationPreviousSource, ip: previous) }
  }

  private static func name(of kind: EventKind) -> StaticString {
    switch kind {
    case .registrationRegistered: "registered"
    case .registrationRefreshed: "refreshed"
    case .registrationRemoved: "removed"
    case .registrationExpired: "expired"
    case .registrationChallenged: "challenged"
    default: "failed"
    }
  }
}
