internal import Events
internal import Values

/// What calls and registrations say of those who tried them.
extension Profiles {
  mutating func observeCall(_ event: borrowing Event, _ parties: borrowing EventParties) {
    if let key = parties.client {
      let number = sources.use(key, at: event.timestamp)
      sources[number].see(call: event, seed: Self.valueSeed)
      if let live = event.integer(.callSourceConcurrent) {
        sources[number].concurrentCalls = UInt32(clamping: live)
      }
      sources.touch(number)
    }
    if let key = parties.account {
      let number = accounts.use(key, at: event.timestamp)
      accounts[number].see(call: event, seed: Self.valueSeed)
      if let live = event.integer(.callConcurrent) {
        accounts[number].concurrentCalls = UInt32(clamping: live)
      }
      accounts.touch(number)
    }
    if event.kind == .callAnswered { proveServer(event) }
  }

  mutating func observeRegistration(_ event: borrowing Event, _ parties: borrowing EventParties) {
    if let key = parties.client {
      let number = sources.use(key, at: event.timestamp)
      sources[number].see(registration: event)
      sources.touch(number)
    }
    if let key = parties.account {
      let number = accounts.use(key, at: event.timestamp)
      accounts[number].see(registration: event)
      accounts.touch(number)
    }
    if event.kind != .registrationFailed { proveServer(event) }
  }

  /// Who answers calls or accepts registrations is there for sure.
  private mutating func proveServer(_ event: borrowing Event) {
    guard case .ip(let server) = event[.serverIP], let number = sources.find(WideKey(server)) else { return }
    sources[number].isProven = true
    sources.touch(number)
  }
}

extension Profile {
  /// From this length on an answered call speaks for its caller.
  private static var longCall: Int64 { 30_000_000_000 }

  fileprivate mutating func see(call event: borrowing Event, seed: UInt64) {
    switch event.kind {
    case .callStarted:
      calls.increment()
      if let callee = event.hash(of: .callCallee, seed: seed) { callees.insert(callee) }
      if let country = event.hash(of: .callCalleeCountry, seed: seed) { countries.insert(country) }
    case .callAnswered:
      answeredCalls.increment()
      isProven = true
    case .callEnded: see(endOf: event)
    default: break
    }
  }

  private mutating func see(endOf event: borrowing Event) {
    if case .duration(let duration) = event[.callDuration] {
      if duration >= Self.longCall { reputation.move(.longCall, at: event.timestamp) }
      return
    }
    if event.says(.callCause, "challenge-unanswered") {
      failedCalls.increment()
      reputation.move(.challengeUnanswered, at: event.timestamp)
    } else if event.says(.callCause, "rejected") || event.says(.callCause, "failed")
      || event.says(.callCause, "timeout")
    {
      failedCalls.increment()
      guard let code = event.integer(.callCode), code == 401 || code == 407 else { return }
      authFailures.increment()
      reputation.move(.badCredentials, at: event.timestamp)
    }
  }

  fileprivate mutating func see(registration event: borrowing Event) {
    guard event.kind != .registrationFailed else {
      failedRegistrations.increment()
      if event.says(.registrationReason, "bad-credentials") {
        authFailures.increment()
        reputation.move(.badCredentials, at: event.timestamp)
      } else if event.says(.registrationReason, "challenge-unanswered") {
        reputation.move(.challengeUnanswered, at: event.timestamp)
      }
      return
    }
    registrations.increment()
    isProven = true
    reputation.move(
      event.kind == .registrationRegistered ? .registered : .refreshed, at: event.timestamp)
  }
}
