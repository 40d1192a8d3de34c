public import Events
internal import Values

/// Who is behind the traffic: a bounded profile of each source address and of each account.
///
/// Events feed it, each in constant time and without an allocation once the tables have grown. Time is packet
/// time. What is counted for whom, and the formula of the reputation, is in `docs/profiles.md`.
public struct Profiles: Sendable, ~Copyable {
  var sources: ProfileTable
  var accounts: ProfileTable
  let seed: UInt64
  /// Whether any account was ever given a score.
  var hasAccountScores = false
  /// The account of the event at hand, `user@host` with the host in lower case.
  var account: [UInt8] = []

  /// Profiles without history.
  ///
  /// - Parameters:
  ///   - capacity: source addresses at the most, and as many accounts.
  ///   - seed: of the hashes.
  public init(capacity: Int = 1 << 16, seed: UInt64) {
    sources = ProfileTable(capacity: capacity, seed: seed)
    accounts = ProfileTable(capacity: capacity, seed: ~seed)
    self.seed = seed
    account.reserveCapacity(Event.accountLimit)
  }

  /// Of the hashes of what is counted as different: the same in every run, so that estimates are too.
  static var valueSeed: UInt64 { 0x7661_6c75_6573 }

  /// Kinds of event that profiles are made of.
  public static let observedKinds: EventKindSet = [
    EventKindSet(.sip), EventKindSet(.registration), EventKindSet(.anomaly), EventKind.callStarted.set,
    EventKind.callAnswered.set, EventKind.callEnded.set,
  ]

  /// Profiles in use.
  public var count: Int { sources.count + accounts.count }
  /// Profiles at the most.
  public var limit: Int { sources.capacity + accounts.capacity }
  /// Profiles given up because a table was full.
  public var evictions: UInt64 { sources.evictions &+ accounts.evictions }
  /// Those of them whose parties had a call answered or a registration accepted.
  public var provenEvictions: UInt64 { sources.provenEvictions &+ accounts.provenEvictions }
  /// Bytes that the tables take.
  public var byteCount: Int { sources.byteCount + accounts.byteCount }

  /// Takes note of an event; those of kinds that are not observed change nothing.
  public mutating func observe(_ event: borrowing Event) {
    switch event.kind {
    case .sipRequest: observeRequest(event)
    case .sipResponse: observeResponse(event)
    case .anomaly: observeAnomaly(event)
    case .callStarted, .callAnswered, .callEnded: observeCall(event)
    case .registrationRegistered, .registrationRefreshed, .registrationFailed: observeRegistration(event)
    default: break
    }
  }

  /// Takes note of an alert that an event fired: it is held against whoever asked, else against the sender.
  ///
  /// - Parameters:
  ///   - sid: the rule, for the explanation.
  ///   - spoofability: of the rule, 0 (proof) to 3 (a forged packet is enough).
  public mutating func observe(
    alertOf severity: Severity, sid: Int, spoofability: Int = 0, by event: borrowing Event
  ) {
    let reason: ReputationReason
    switch severity {
    case .high: reason = .alertHigh
    case .medium: reason = .alertMedium
    case .low: reason = .alertLow
    case .info: return
    }
    let detail = UInt32(clamping: sid)
    // Who completed a handshake has the address.
    let isProof = event.says(.proto, "TCP") || event.says(.proto, "SCTP")
    let weight = isProof ? 1 : 1 - 0.25 * Double(min(3, max(0, spoofability)))
    if let key = client(of: event) {
      let number = sources.use(key, at: event.timestamp)
      sources[number].reputation.move(
        reason, weight: weight, detail: detail, at: event.timestamp)
    }
    if let number = accountNumber(of: event) {
      accounts[number].reputation.move(
        reason, weight: weight, detail: detail, at: event.timestamp)
    }
  }
}

// MARK: - Who

extension Profiles {
  func source(of event: borrowing Event) -> WideKey? { key(of: .srcIP, event) }

  /// Who asked: the sender of the request.
  func client(of event: borrowing Event) -> WideKey? {
    key(of: .clientIP, event) ?? key(of: .srcIP, event)
  }

  func key(of field: Field, _ event: borrowing Event) -> WideKey? {
    guard case .ip(let address) = event[field] else { return nil }
    return WideKey(address)
  }

  /// The account of an event's From; nil when it has none.
  mutating func accountKey(of event: borrowing Event) -> WideKey? {
    // Streams name the account of their call, but it did nothing by them.
    guard event.kind.type != .rtp, event.copyAccount(to: &account) else { return nil }
    return nameKey
  }

  /// The key of the text in `account`.
  var nameKey: WideKey {
    var (high, low) = (SeededHash(seed: seed), SeededHash(seed: ~seed))
    high.combine(account.span)
    low.combine(account.span)
    return WideKey(high: high.value, low: low.value)
  }

  /// The profile of an event's account, if it has one.
  mutating func accountNumber(of event: borrowing Event) -> Int? {
    guard let key = accountKey(of: event) else { return nil }
    return accounts.find(key)
  }
}
