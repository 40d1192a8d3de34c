internal import Events
internal import Values

/// What single messages say of their senders.
extension Profiles {
  mutating func observeRequest(_ event: borrowing Event) {
    guard isFirstSight(event), case .ip(let source) = event[.srcIP] else { return }
    let number = sources.use(key(source), at: event.timestamp)
    seeRequest(&sources[number], event)
    if case .ip(let peer) = event[.destIP] { sources[number].peers.insert(hash(peer)) }
    sources.touch(number)
    guard let key = accountKey(of: event) else { return }
    let account = accounts.use(key, at: event.timestamp)
    seeRequest(&accounts[account], event)
    accounts[account].peers.insert(hash(source))
    accounts.touch(account)
  }

  private func seeRequest(_ profile: inout Profile, _ event: borrowing Event) {
    profile.seeMessage(at: event.timestamp)
    profile.requests.increment()
    seeAgent(&profile, event)
    if says(.sipMethod, words.invite, event) {
      profile.invites.increment()
    } else if says(.sipMethod, words.register, event) {
      profile.registers.increment()
    } else if says(.sipMethod, words.options, event) {
      profile.options.increment()
    }
  }

  mutating func observeResponse(_ event: borrowing Event) {
    guard isFirstSight(event), case .ip(let source) = event[.srcIP] else { return }
    let number = sources.use(key(source), at: event.timestamp)
    sources[number].seeMessage(at: event.timestamp)
    seeAgent(&sources[number], event)
    if case .ip(let peer) = event[.destIP] { sources[number].peers.insert(hash(peer)) }
    sources.touch(number)
    guard let code = event.integer(.sipCode), Self.isFailure(code) else { return }
    if let client = key(of: .clientIP, event), let number = sources.find(client) {
      seeFailure(&sources[number], code, event)
    }
    if let number = accountNumber(of: event) { seeFailure(&accounts[number], code, event) }
  }

  private func seeFailure(_ profile: inout Profile, _ code: Int64, _ event: borrowing Event) {
    profile.failures.increment()
    switch code {
    case 404, 410, 484, 604: profile.reputation.move(.notFound, at: event.timestamp)
    case 403, 603, 607, 608: profile.reputation.move(.forbidden, at: event.timestamp)
    default: break
    }
  }

  private func seeAgent(_ profile: inout Profile, _ event: borrowing Event) {
    guard case .text(let range) = event[.sipUserAgent] else { return }
    let agent = event.text.span.extracting(range.range)
    profile.see(agent: agent, hash: hash(agent))
  }

  /// A fault is held against the message's sender, once a message.
  mutating func observeAnomaly(_ event: borrowing Event) {
    guard says(.anomalyLayer, words.sip, event) || says(.anomalyLayer, words.sdp, event),
      let key = source(of: event), let number = sources.find(key),
      sources[number].lastFault != event.sequence
    else { return }
    sources[number].lastFault = event.sequence
    sources[number].faults.increment()
    sources[number].reputation.move(.malformed, at: event.timestamp)
  }

  private func isFirstSight(_ event: borrowing Event) -> Bool {
    event[.sipRetransmission] != .bool(true) && event[.sipForwarded] != .bool(true)
  }

  /// A final answer that refuses: challenges, questions for another lifetime or session, glare, redirections
  /// and the end of a cancelled call are none.
  static func isFailure(_ code: Int64) -> Bool {
    switch code {
    case 401, 407, 422, 423, 487, 491, 494: false
    default: code >= 400
    }
  }
}
