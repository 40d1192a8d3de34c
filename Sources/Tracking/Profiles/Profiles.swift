public import Events
internal import Values

/// Who is behind the traffic: a bounded profile of each source address and of each account.
///
/// Events feed it, each in constant time and without an allocation once the tables have grown. Time is packet
/// time. What is counted for whom, and the formula of the reputation, is in `docs/profiles.md`.
public struct Profiles: Sendable {
  var sources: ProfileTable
  var accounts: ProfileTable
  let seed: UInt64
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
    account.reserveCapacity(2 * Self.nameLimit + 1)
  }

  /// Of the hashes of what is counted as different: the same in every run, so that estimates are too.
  static var valueSeed: UInt64 { 0x7661_6c75_6573 }

  /// Bytes of a user part or a host that tell accounts apart.
  static var nameLimit: Int { 128 }

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
  /// - Parameter sid: the rule, for the explanation.
  public mutating func observe(alertOf severity: Severity, sid: Int, by event: borrowing Event) {
    let reason: ReputationReason
    switch severity {
    case .high: reason = .alertHigh
    case .medium: reason = .alertMedium
    case .low: reason = .alertLow
    case .info: return
    }
    let detail = UInt32(clamping: sid)
    if let key = client(of: event) {
      let number = sources.use(key, at: event.timestamp)
      sources[number].reputation.move(reason, detail: detail, at: event.timestamp)
    }
    if let number = accountNumber(of: event) {
      accounts[number].reputation.move(reason, detail: detail, at: event.timestamp)
    }
  }
}

// MARK: - Who

extension Profiles {
  /// The key of an address; what IPv4 has in front is multicast in IPv6, which no packet comes from.
  func key(_ address: IPAddress) -> WideKey {
    WideKey(high: address.isIPv6 ? address.high : .max, low: address.low)
  }

  func source(of event: borrowing Event) -> WideKey? { key(of: .srcIP, event) }

  /// Who asked: the sender of the request.
  func client(of event: borrowing Event) -> WideKey? {
    key(of: .clientIP, event) ?? key(of: .srcIP, event)
  }

  func key(of field: Field, _ event: borrowing Event) -> WideKey? {
    guard case .ip(let address) = event[field] else { return nil }
    return key(address)
  }

  /// The account of an event's From; nil when it has none.
  mutating func accountKey(of event: borrowing Event) -> WideKey? {
    account.removeAll(keepingCapacity: true)
    switch event.kind.type {
    case .sip:
      guard event.has(.sipFromUser), case .text(let user) = event[.sipFromUser] else { return nil }
      append(user, of: event)
      guard case .text(let host) = event[.sipFromHost] else { break }
      account.append(UInt8(ascii: "@"))
      appendHost(host, of: event)
    case .call: setAccount(.callAccount, of: event)
    case .registration: setAccount(.registrationAOR, of: event)
    default: return nil
    }
    guard !account.isEmpty else { return nil }
    var (high, low) = (SeededHash(seed: seed), SeededHash(seed: ~seed))
    high.combine(account.span)
    low.combine(account.span)
    return WideKey(high: high.value, low: low.value)
  }

  /// The profile of an event's account, if it has one.
  mutating func accountNumber(of event: borrowing Event) -> Int? {
    accountKey(of: event).flatMap { accounts.find($0) }
  }

  /// `user@host` of a text field; without `@` there is no account.
  private mutating func setAccount(_ field: Field, of event: borrowing Event) {
    guard case .text(let range) = event[field],
      let at = event.text[range.range].lastIndex(of: UInt8(ascii: "@"))
    else { return }
    append(ByteRange(range.start, at), of: event)
    account.append(UInt8(ascii: "@"))
    appendHost(ByteRange(at + 1, range.end), of: event)
  }

  private mutating func append(_ range: ByteRange, of event: borrowing Event) {
    let text = event.text.span
    account.append(text.extracting(range.start..<min(range.end, range.start + Self.nameLimit)))
  }

  private mutating func appendHost(_ range: ByteRange, of event: borrowing Event) {
    for index in range.range.prefix(Self.nameLimit) {
      let byte = event.text[index]
      account.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
    }
  }
}
