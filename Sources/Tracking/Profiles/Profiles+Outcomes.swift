internal import Events
internal import Values

/// What calls and registrations say of those who tried them.
extension Profiles {
  /// From this length on an answered call speaks for its caller.
  static var longCall: Int64 { 30_000_000_000 }

  mutating func observeCall(_ event: borrowing Event) {
    if let key = client(of: event) {
      let number = sources.use(key, at: event.timestamp)
      seeCall(&sources[number], event)
      if let live = event.integer(.callSourceConcurrent) {
        sources[number].concurrentCalls = UInt32(clamping: live)
      }
      sources.touch(number)
    }
    if let key = accountKey(of: event) {
      let number = accounts.use(key, at: event.timestamp)
      seeCall(&accounts[number], event)
      if let live = event.integer(.callConcurrent) {
        accounts[number].concurrentCalls = UInt32(clamping: live)
      }
      accounts.touch(number)
    }
    if event.kind == .callAnswered { proveServer(event) }
  }

  private func seeCall(_ profile: inout Profile, _ event: borrowing Event) {
    switch event.kind {
    case .callStarted:
      profile.calls.increment()
      if case .text(let callee) = event[.callCallee] {
        profile.callees.insert(hash(event.text.span.extracting(callee.range)))
      }
      if case .text(let country) = event[.callCalleeCountry] {
        profile.countries.insert(hash(event.text.span.extracting(country.range)))
      }
    case .callAnswered:
      profile.answeredCalls.increment()
      profile.isProven = true
    case .callEnded: seeEnd(&profile, event)
    default: break
    }
  }

  private func seeEnd(_ profile: inout Profile, _ event: borrowing Event) {
    if case .duration(let duration) = event[.callDuration] {
      if duration >= Self.longCall { profile.reputation.move(.longCall, at: event.timestamp) }
      return
    }
    if says(.callCause, words.challengeUnanswered, event) {
      profile.failedCalls.increment()
      profile.reputation.move(.challengeUnanswered, at: event.timestamp)
    } else if says(.callCause, words.rejected, event) || says(.callCause, words.failed, event)
      || says(.callCause, words.timeout, event)
    {
      profile.failedCalls.increment()
      guard let code = event.integer(.callCode), code == 401 || code == 407 else { return }
      profile.authFailures.increment()
      profile.reputation.move(.badCredentials, at: event.timestamp)
    }
  }

  mutating func observeRegistration(_ event: borrowing Event) {
    if let key = client(of: event) {
      let number = sources.use(key, at: event.timestamp)
      seeRegistration(&sources[number], event)
      sources.touch(number)
    }
    if let key = accountKey(of: event) {
      let number = accounts.use(key, at: event.timestamp)
      seeRegistration(&accounts[number], event)
      accounts.touch(number)
    }
    if event.kind != .registrationFailed { proveServer(event) }
  }

  private func seeRegistration(_ profile: inout Profile, _ event: borrowing Event) {
    let reason: ReputationReason
    switch event.kind {
    case .registrationRegistered: reason = .registered
    case .registrationRefreshed: reason = .refreshed
    default:
      profile.failedRegistrations.increment()
      if says(.registrationReason, words.badCredentials, event) {
        profile.authFailures.increment()
        profile.reputation.move(.badCredentials, at: event.timestamp)
      } else if says(.registrationReason, words.challengeUnanswered, event) {
        profile.reputation.move(.challengeUnanswered, at: event.timestamp)
      }
      return
    }
    profile.registrations.increment()
    profile.isProven = true
    profile.reputation.move(reason, at: event.timestamp)
  }

  /// Who answers calls or accepts registrations is there for sure.
  private mutating func proveServer(_ event: borrowing Event) {
    guard let server = key(of: .serverIP, event), let number = sources.find(server) else { return }
    sources[number].isProven = true
    sources.touch(number)
  }
}
