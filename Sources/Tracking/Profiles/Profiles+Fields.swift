public import Events
internal import Values

extension Profiles {
  /// Gives an event the profiles of its source address and of its account, as they are now.
  ///
  /// An address or account without a profile leaves its fields absent.
  ///
  /// - Parameter explains: also gives the reasons of the reputation, which makes text.
  public mutating func fill(
    _ event: inout Event, _ parties: borrowing EventParties, with selection: ProfileSelection = .all,
    explains: Bool = false
  ) {
    if selection.readsSource, let key = parties.source { fillSource(key, &event, selection, explains) }
    guard selection.readsAccount, hasAccountScores || !selection.readsScoreAlone,
      let number = accountNumber(of: event, parties)
    else { return }
    if selection.hasName { event.set(.accountName, copying: parties.accountName.span) }
    accounts.give(selection.account, of: number, to: &event)
    if explains { accounts[number].explain(.accountReputationReasons, in: &event) }
  }

  private mutating func fillSource(
    _ key: WideKey, _ event: inout Event, _ selection: ProfileSelection, _ explains: Bool
  ) {
    guard let number = sources.find(key) else { return }
    sources.give(selection.source, of: number, to: &event)
    if selection.hasCountry { event.set(.sourceCountry, event[.srcCountry]) }
    if explains { sources[number].explain(.sourceReputationReasons, in: &event) }
  }
}

extension Profile {
  /// Gives an event one figure.
  ///
  /// It changes nothing, and says that it does because a profile that only reads is copied first: it is large.
  mutating func set(_ field: Field, _ figure: ProfileFigure, in event: inout Event) {
    switch figure {
    case .firstSeen: event.set(field, .time(firstSeen))
    case .lastSeen: if let previousSeen { event.set(field, .time(previousSeen)) }
    case .messages: event.set(field, integer: Int64(messages))
    case .requests: event.set(field, integer: Int64(requests))
    case .invites: event.set(field, integer: Int64(invites))
    case .registers: event.set(field, integer: Int64(registers))
    case .options: event.set(field, integer: Int64(options))
    case .faults: event.set(field, integer: Int64(faults))
    case .failures: event.set(field, integer: Int64(failures))
    case .calls: event.set(field, integer: Int64(calls))
    case .answeredCalls: event.set(field, integer: Int64(answeredCalls))
    case .failedCalls: event.set(field, integer: Int64(failedCalls))
    case .concurrentCalls: event.set(field, integer: Int64(concurrentCalls))
    case .registrations: event.set(field, integer: Int64(registrations))
    case .failedRegistrations: event.set(field, integer: Int64(failedRegistrations))
    case .authFailures: event.set(field, integer: Int64(authFailures))
    case .callees: event.set(field, integer: Int64(callees.value))
    case .countries: event.set(field, integer: Int64(countries.value))
    case .peers: event.set(field, integer: Int64(peers.value))
    case .userAgents: event.set(field, integer: Int64(userAgents.value))
    case .userAgent:
      // A span of the profile's own bytes would copy all of the profile to point into.
      let agent = agent
      event.set(field, copying: agent.span.extracting(0..<Int(agentCount)))
    case .reputation: event.set(field, .decimal(Double(Self.tenths(reputation(at: event))) / 10))
    case .threatLevel:
      let level = ThreatLevel(reputation: reputation(at: event))
      if level > .low { event.set(field, constant: level.name) }
    case .score: if let score = score(at: event.timestamp) { event.set(field, .decimal(score)) }
    }
  }

  @inline(__always)
  private func reputation(at event: borrowing Event) -> Double { reputation.value(at: event.timestamp) }

  /// A number that is not negative, in tenths, rounded.
  private static func tenths(_ value: Double) -> Int { Int(value * 10 + 0.5) }

  /// Each reason as `not-found 12x -24`, the latest last; alerts with the number of their rule.
  fileprivate func explain(_ field: Field, in event: inout Event) {
    let texts = reputation.reasons.map { movement in
      let tenths = Self.tenths(movement.amount.magnitude)
      let fraction = tenths % 10 == 0 ? "" : ".\(tenths % 10)"
      let points = (movement.amount < 0 ? "-" : "+") + "\(tenths / 10)" + fraction
      let rule = movement.detail > 0 ? " sid \(movement.detail)" : ""
      return "\(movement.reason.name)\(rule) \(movement.count)x \(points)"
    }
    let ranges = texts.map { event.append($0) }
    let start = event.items.count
    for range in ranges { event.appendItem(.text(range)) }
    event.set(field, itemsFrom: start)
  }
}
