internal import Events
internal import Values

/// What single messages say of their senders.
extension Profiles {
  mutating func observeRequest(_ event: borrowing Event, _ parties: borrowing EventParties) {
    guard event.isFirstSight, let key = parties.source else { return }
    let agent = event.hash(of: .sipUserAgent, seed: Self.valueSeed)
    let number = sources.use(key, at: event.timestamp)
    sources[number].see(request: event, agent: agent)
    if let peer = event.hash(of: .destIP, seed: Self.valueSeed) { sources[number].peers.insert(peer) }
    sources.touch(number)
    guard let key = parties.account else { return }
    let account = accounts.use(key, at: event.timestamp)
    accounts[account].see(request: event, agent: agent)
    if let address = event.hash(of: .srcIP, seed: Self.valueSeed) { accounts[account].peers.insert(address) }
    accounts.touch(account)
  }

  mutating func observeResponse(_ event: borrowing Event, _ parties: borrowing EventParties) {
    guard event.isFirstSight, let key = parties.source else { return }
    let number = sources.use(key, at: event.timestamp)
    sources[number].seeMessage(at: event.timestamp)
    sources[number].see(agentOf: event, event.hash(of: .sipUserAgent, seed: Self.valueSeed))
    if let peer = event.hash(of: .destIP, seed: Self.valueSeed) { sources[number].peers.insert(peer) }
    sources.touch(number)
    guard let code = event.integer(.sipCode), Self.isFailure(code) else { return }
    if event.has(.clientIP), let client = parties.client, let number = sources.find(client) {
      sources[number].see(failure: code, at: event.timestamp)
    }
    if let number = accountNumber(of: event, parties) {
      accounts[number].see(failure: code, at: event.timestamp)
    }
  }

  /// A fault is held against the message's sender, once a message.
  mutating func observeAnomaly(_ event: borrowing Event, _ parties: borrowing EventParties) {
    guard event.says(.anomalyLayer, "sip") || event.says(.anomalyLayer, "sdp"),
      let key = parties.source, let number = sources.find(key),
      sources[number].lastFault != event.sequence
    else { return }
    sources[number].lastFault = event.sequence
    sources[number].faults.increment()
    sources[number].reputation.move(.malformed, at: event.timestamp)
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

extension Profile {
  /// Takes note of a request that it sent, or that was sent in its name.
  fileprivate mutating func see(request event: borrowing Event, agent: UInt64?) {
    seeMessage(at: event.timestamp)
    requests.increment()
    see(agentOf: event, agent)
    if event.says(.sipMethod, "INVITE") {
      invites.increment()
    } else if event.says(.sipMethod, "REGISTER") {
      registers.increment()
    } else if event.says(.sipMethod, "OPTIONS") {
      options.increment()
    }
  }

  /// Takes note of a final answer that refuses.
  fileprivate mutating func see(failure code: Int64, at time: Timestamp) {
    failures.increment()
    switch code {
    case 404, 410, 484, 604: reputation.move(.notFound, at: time)
    case 403, 603, 607, 608: reputation.move(.forbidden, at: time)
    default: break
    }
  }

  /// Takes note of the user agent that a message names, by its hash.
  fileprivate mutating func see(agentOf event: borrowing Event, _ hash: UInt64?) {
    guard let hash, hash != agentHash, case .text(let range) = event[.sipUserAgent] else { return }
    see(agent: event.text.span.extracting(range.range), hash: hash)
  }
}
