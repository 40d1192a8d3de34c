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

  /// Profiles without history.
  ///
  /// - Parameters:
  ///   - capacity: source addresses at the most, and as many accounts.
  ///   - seed: of the hashes.
  public init(capacity: Int = 1 << 16, seed: UInt64) {
    sources = ProfileTable(capacity: capacity, seed: seed)
    accounts = ProfileTable(capacity: capacity, seed: ~seed)
    self.seed = seed
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
  public mutating func observe(_ event: borrowing Event, _ parties: borrowing EventParties) {
    switch event.kind {
    case .sipRequest: observeRequest(event, parties)
    case .sipResponse: observeResponse(event, parties)
    case .anomaly: observeAnomaly(event, parties)
    case .callStarted, .callAnswered, .callEnded: observeCall(event, parties)
    case .registrationRegistered, .registrationRefreshed, .registrationFailed:
      observeRegistration(event, parties)
    default: break
    }
  }

  /// Takes note of an alert that an event fired: it is held against whoever asked, else against the sender.
  ///
  /// - Parameters:
  ///   - sid: the rule, for the explanation.
  ///   - spoofability: of the rule, 0 (proof) to 3 (a forged packet is enough).
  public mutating func observe(
    alertOf severity: Severity, sid: Int, spoofability: Int = 0, by event: borrowing Event,
    _ parties: borrowing EventParties
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
    if let key = parties.client {
      let number = sources.use(key, at: event.timestamp)
      sources[number].reputation.move(
        reason, weight: weight, detail: detail, at: event.timestamp)
    }
    if let number = accountNumber(of: event, parties) {
      accounts[number].reputation.move(
        reason, weight: weight, detail: detail, at: event.timestamp)
    }
  }
}

// MARK: - Who

extension Profiles {
  /// The key of the account that did what an event tells.
  ///
  /// Streams name the account of their call, but it did nothing by them.
  func accountKey(of event: borrowing Event, _ parties: borrowing EventParties) -> WideKey? {
    event.kind.type == .rtp ? nil : parties.account
  }

  /// The profile of an event's account, if it has one.
  func accountNumber(of event: borrowing Event, _ parties: borrowing EventParties) -> Int? {
    accountKey(of: event, parties).flatMap { accounts.find($0) }
  }

  /// Asks for the memory of the profiles that an event will change.
  ///
  /// It changes nothing, but a call of what does not change copies as much as this is large.
  public mutating func prefetch(_ parties: borrowing EventParties) {
    if let key = parties.client, let number = sources.find(key) { sources.prefetch(number) }
    if let key = parties.account, let number = accounts.find(key) { accounts.prefetch(number) }
  }
}
