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
  let words = ProfileWords()

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

  /// Bytes of a user part or a host that tell accounts apart.
  static var nameLimit: Int { 128 }

  /// Kinds of event that profiles are made of.
  public static let observedKinds: EventKindSet = [
    EventKindSet(.sip), EventKindSet(.call), EventKindSet(.registration), EventKindSet(.anomaly),
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
    case .callStarted, .callRinging, .callAnswered, .callHeld, .callTransferred, .callEnded:
      observeCall(event)
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

/// Words that events are compared with, as bytes.
struct ProfileWords: Sendable {
  let invite = Array("INVITE".utf8)
  let register = Array("REGISTER".utf8)
  let options = Array("OPTIONS".utf8)
  let badCredentials = Array("bad-credentials".utf8)
  let forbidden = Array("forbidden".utf8)
  let challengeUnanswered = Array("challenge-unanswered".utf8)
  let rejected = Array("rejected".utf8)
  let failed = Array("failed".utf8)
  let timeout = Array("timeout".utf8)
  let sip = Array("sip".utf8)
  let sdp = Array("sdp".utf8)
}

// MARK: - Who

extension Profiles {
  /// The key of an address; what IPv4 has in front is multicast in IPv6, which no packet comes from.
  func key(_ address: IPAddress) -> WideKey {
    WideKey(high: address.isIPv6 ? address.high : .max, low: address.low)
  }

  func hash(_ address: IPAddress) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(address.high)
    hash.combine(address.low)
    return hash.value
  }

  func hash(_ bytes: Span<UInt8>) -> UInt64 {
    var hash = SeededHash(seed: seed)
    hash.combine(bytes)
    return hash.value
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
    let high = hash(account.span)
    var low = SeededHash(seed: ~seed)
    low.combine(account.span)
    return WideKey(high: high, low: low.value)
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
    for index in range.range.prefix(Self.nameLimit) { account.append(event.text[index]) }
  }

  private mutating func appendHost(_ range: ByteRange, of event: borrowing Event) {
    for index in range.range.prefix(Self.nameLimit) {
      let byte = event.text[index]
      account.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
    }
  }

  /// Whether a text field says a word.
  func says(_ field: Field, _ word: [UInt8], _ event: borrowing Event) -> Bool {
    guard case .text(let range) = event[field], range.count == word.count else { return false }
    for index in word.indices where event.text[range.start + index] != word[index] { return false }
    return true
  }
}
