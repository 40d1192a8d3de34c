internal import Events
internal import Values

/// What messages, registrations and streams say of those who sent them.
extension FeatureExtractor {
  mutating func observeRequest(_ event: borrowing Event, _ parties: borrowing EventParties) {
    guard event.isFirstSight, let key = parties.source else { return }
    let request = RequestFacts(event)
    let source = sources.use(key).number
    sources[source].see(request)
    if let agent = request.agent { sources.count(agent: agent, of: source) }
    sources.touch(source)
    guard let key = parties.account else { return }
    let account = useAccount(key, parties)
    accounts[account].see(request)
    if let agent = request.agent { accounts.count(agent: agent, of: account) }
    if let address = event.hash(of: .srcIP, seed: Self.valueSeed) {
      accounts[account].sources.insert(address)
    }
    if let country = event.hash(of: .srcCountry, seed: Self.valueSeed) {
      accounts[account].see(country: country)
    }
    accounts.touch(account)
  }

  /// A response tells of whoever asked, as far as the request was seen.
  mutating func observeResponse(_ event: borrowing Event, _ parties: borrowing EventParties) {
    guard event.isFirstSight, let code = event.integer(.sipCode) else { return }
    if event.has(.clientIP), let key = parties.client, let number = sources.find(key) {
      sources.enter(number)
      sources[number].see(response: code)
    }
    if let key = parties.account, let number = accounts.find(key) {
      accounts.enter(number)
      accounts[number].see(response: code)
    }
  }

  mutating func observeRegistration(_ event: borrowing Event, _ parties: borrowing EventParties) {
    if let key = parties.client {
      let number = sources.use(key).number
      sources[number].see(registration: event)
      sources.touch(number)
    }
    if let key = parties.account {
      let number = useAccount(key, parties)
      accounts[number].see(registration: event)
      accounts.touch(number)
    }
  }

  /// The packets of a stream are its sender's, and those of the account whose call it belongs to.
  mutating func observeStream(_ event: borrowing Event, _ parties: borrowing EventParties) {
    guard let packets = event.integer(.rtpPackets), packets > 0 else { return }
    if let key = parties.source, let number = sources.find(key) {
      sources.enter(number)
      sources[number].counters.mediaPackets &+= UInt64(packets)
    }
    if let key = parties.account, let number = accounts.find(key) {
      accounts.enter(number)
      accounts[number].counters.mediaPackets &+= UInt64(packets)
    }
  }

  /// The account of an event.
  mutating func useAccount(_ key: WideKey, _ parties: borrowing EventParties) -> Int {
    let (number, isNew) = accounts.use(key)
    if isNew { accounts[number].setName(parties.accountName) }
    return number
  }
}

/// What counts of a request.
struct RequestFacts {
  let time: Timestamp
  let method: RequestMethod
  let agent: UInt64?

  init(_ event: borrowing Event) {
    time = event.timestamp
    agent = event.hash(of: .sipUserAgent, seed: FeatureExtractor.valueSeed)
    if case .text(let range) = event[.sipMethod] {
      method = RequestMethod(event.text.span.extracting(range.range))
    } else {
      method = .other
    }
  }
}

extension ActivityRecord {
  fileprivate mutating func see(_ request: RequestFacts) {
    seen.increment()
    counters.messages.increment()
    counters.methods[request.method.rawValue].increment()
    if let agent = request.agent { see(agent: agent) }
    switch request.method {
    case .register: counters.registers.increment()
    case .options: counters.options.increment()
    default: break
    }
    if request.method != .register, request.time > registeredUntil { counters.unregistered.increment() }
  }

  fileprivate mutating func see(response code: Int64) {
    counters.messages.increment()
    if code == 404 { counters.notFound.increment() }
    if (500..<600).contains(code) { counters.serverFailures.increment() }
  }

  fileprivate mutating func see(registration event: borrowing Event) {
    guard event.kind == .registrationFailed else {
      isProven = true
      let seconds = event.integer(.registrationExpires) ?? 0
      let end = event.timestamp.advanced(byNanoseconds: min(seconds, 1 << 32) * 1_000_000_000)
      registeredUntil = max(registeredUntil, end)
      return
    }
    if event.says(.registrationReason, "bad-credentials") {
      counters.authenticationFailures.increment()
    } else if event.says(.registrationReason, "timeout") {
      counters.serverFailures.increment()
    }
  }
}
