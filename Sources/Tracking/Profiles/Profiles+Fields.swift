public import Events
internal import Values

/// Which fields a profile fills in.
private struct ProfileFields {
  let firstSeen, lastSeen, messages, requests, invites, registers, options, failures: Field
  /// Anomalies name no account.
  let faults: Field?
  let calls, answeredCalls, failedCalls, concurrentCalls, callees, countries: Field
  let registrations, failedRegistrations, authFailures, peers, userAgents, userAgent: Field
  let reputation, reasons, threatLevel, score: Field

  static let source = ProfileFields(
    firstSeen: .sourceFirstSeen, lastSeen: .sourceLastSeen, messages: .sourceMessages,
    requests: .sourceRequests, invites: .sourceInvites, registers: .sourceRegisters, options: .sourceOptions,
    failures: .sourceFailures, faults: .sourceFaults, calls: .sourceCalls,
    answeredCalls: .sourceAnsweredCalls, failedCalls: .sourceFailedCalls,
    concurrentCalls: .sourceConcurrentCalls, callees: .sourceCallees, countries: .sourceCountries,
    registrations: .sourceRegistrations, failedRegistrations: .sourceFailedRegistrations,
    authFailures: .sourceAuthFailures, peers: .sourcePeers, userAgents: .sourceUserAgents,
    userAgent: .sourceUserAgent, reputation: .sourceReputation, reasons: .sourceReputationReasons,
    threatLevel: .sourceThreatLevel, score: .sourceScore)

  static let account = ProfileFields(
    firstSeen: .accountFirstSeen, lastSeen: .accountLastSeen, messages: .accountMessages,
    requests: .accountRequests, invites: .accountInvites, registers: .accountRegisters,
    options: .accountOptions, failures: .accountFailures, faults: nil, calls: .accountCalls,
    answeredCalls: .accountAnsweredCalls, failedCalls: .accountFailedCalls,
    concurrentCalls: .accountConcurrentCalls, callees: .accountCallees, countries: .accountCountries,
    registrations: .accountRegistrations, failedRegistrations: .accountFailedRegistrations,
    authFailures: .accountAuthFailures, peers: .accountSources, userAgents: .accountUserAgents,
    userAgent: .accountUserAgent, reputation: .accountReputation, reasons: .accountReputationReasons,
    threatLevel: .accountThreatLevel, score: .accountScore)
}

extension Profiles {
  /// Gives an event the profiles of its source address and of its account, as they are now.
  ///
  /// An address or account without a profile leaves its fields absent.
  ///
  /// - Parameter explains: also gives the reasons of the reputation, which makes text.
  public mutating func fill(_ event: inout Event, explains: Bool = false) {
    if let key = source(of: event), let number = sources.find(key) {
      set(sources[number], .source, into: &event)
      event.set(.sourceCountry, event[.srcCountry])
      if explains { explain(sources[number], .source, in: &event) }
    }
    guard let number = accountNumber(of: event) else { return }
    event.set(.accountName, copying: account.span)
    set(accounts[number], .account, into: &event)
    if explains { explain(accounts[number], .account, in: &event) }
  }

  private func set(_ profile: borrowing Profile, _ fields: ProfileFields, into event: inout Event) {
    event.set(fields.firstSeen, .time(profile.firstSeen))
    if let previous = profile.previousSeen { event.set(fields.lastSeen, .time(previous)) }
    set(fields.messages, profile.messages, &event)
    set(fields.requests, profile.requests, &event)
    set(fields.invites, profile.invites, &event)
    set(fields.registers, profile.registers, &event)
    set(fields.options, profile.options, &event)
    if let faults = fields.faults { set(faults, profile.faults, &event) }
    set(fields.failures, profile.failures, &event)
    set(fields.calls, profile.calls, &event)
    set(fields.answeredCalls, profile.answeredCalls, &event)
    set(fields.failedCalls, profile.failedCalls, &event)
    set(fields.concurrentCalls, profile.concurrentCalls, &event)
    set(fields.registrations, profile.registrations, &event)
    set(fields.failedRegistrations, profile.failedRegistrations, &event)
    set(fields.authFailures, profile.authFailures, &event)
    event.set(fields.callees, integer: Int64(profile.callees.value))
    event.set(fields.countries, integer: Int64(profile.countries.value))
    event.set(fields.peers, integer: Int64(profile.peers.value))
    event.set(fields.userAgents, integer: Int64(profile.userAgents.value))
    event.set(fields.userAgent, copying: profile.agent.span.extracting(0..<Int(profile.agentCount)))
    let reputation = profile.reputation.value(at: event.timestamp)
    event.set(fields.reputation, .decimal(Double(Self.tenths(reputation)) / 10))
    let level = ThreatLevel(reputation: reputation)
    if level > .low { event.set(fields.threatLevel, constant: level.name) }
    if let score = profile.score(at: event.timestamp) { event.set(fields.score, .decimal(score)) }
  }

  private func set(_ field: Field, _ value: UInt32, _ event: inout Event) {
    event.set(field, integer: Int64(value))
  }

  /// A number that is not negative, in tenths, rounded.
  private static func tenths(_ value: Double) -> Int { Int(value * 10 + 0.5) }

  /// Each reason as `not-found 12x -24`, the latest last; alerts with the number of their rule.
  private func explain(_ profile: borrowing Profile, _ fields: ProfileFields, in event: inout Event) {
    let texts = profile.reputation.reasons.map { movement in
      let tenths = Self.tenths(movement.amount.magnitude)
      let fraction = tenths % 10 == 0 ? "" : ".\(tenths % 10)"
      let points = (movement.amount < 0 ? "-" : "+") + "\(tenths / 10)" + fraction
      let rule = movement.detail > 0 ? " sid \(movement.detail)" : ""
      return "\(movement.reason.name)\(rule) \(movement.count)x \(points)"
    }
    let ranges = texts.map { event.append($0) }
    let start = event.items.count
    for range in ranges { event.appendItem(.text(range)) }
    event.set(fields.reasons, itemsFrom: start)
  }
}
