internal import Events
public import Packets
public import Protocols
public import Values

/// Who registers what, and what comes of it (RFC 3261 §10).
///
/// Bindings belong to an address of record. Exchanges, which have no outcome yet, belong to a client of an
/// address of record: who guesses passwords for somebody's account has his own failures and leaves the
/// bindings alone. A response belongs to the exchange of the client that it goes to, so that of the hops
/// of one request only the first one counts.
public struct RegistrationTracker: Sendable, ~Copyable {
  /// Timers B and F (RFC 3261 §17.1): how long an answer, or the answer to a challenge, may take.
  static let patience: Int64 = 32_000_000_000
  /// How long a client's attempts are counted on without a new one.
  static let attemptMemory: Int64 = 3_600_000_000_000

  /// Outcomes that were not collected yet, in the order in which they came.
  public private(set) var changes: [RegistrationChange] = []
  /// All outcomes so far.
  public private(set) var counts = RegistrationCounts()

  var exchanges: ExchangeTable
  var bindings: BindingTable
  private var attempts: RecentSet<RegistrationAttempts>
  /// Exchanges that are over and whose texts the changes still need.
  var finished: [Int] = []
  private var nextExpiry = Timestamp(nanoseconds: .min)
  let seed: UInt64

  /// Bindings, and exchanges, at the most.
  public let capacity: Int

  /// A tracker that knows of no registration.
  ///
  /// - Parameters:
  ///   - capacity: bindings at the most, and as many exchanges.
  ///   - seed: of the hashes; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    self.capacity = max(1, capacity)
    self.seed = seed
    exchanges = ExchangeTable(capacity: capacity, seed: seed)
    bindings = BindingTable(capacity: capacity)
    attempts = RecentSet(capacity: capacity, lifetime: Self.attemptMemory, empty: RegistrationAttempts())
  }

  /// Bindings that hold.
  public var bindingCount: Int { bindings.activeCount }
  /// Exchanges without an outcome.
  public var exchangeCount: Int { exchanges.count }
  /// Bytes that the tables take.
  public var byteCount: Int { exchanges.byteCount + bindings.byteCount + attempts.byteCount }
  /// Bindings, exchanges and counts of attempts displaced because a table was full.
  public var evictions: UInt64 { exchanges.evictions &+ bindings.evictions &+ attempts.evictions }

  /// Takes a message; anything but a REGISTER or a response to one changes nothing.
  public mutating func process(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    _ origin: PacketOrigin, at time: Timestamp
  ) {
    guard message.method == .register, keys.toAddress != 0, !verdict.contains(.retransmission),
      !message.isIdentityCut
    else { return }
    if message.kind == .request {
      if verdict.isEmpty { ask(message, bytes, keys, origin, at: time) }
    } else {
      answer(message, bytes, keys, verdict, origin, at: time)
    }
  }

  /// Ends what waited too long at an instant, once a second.
  ///
  /// - Parameter answers: what is known of answers that were not read: nothing is said of those who may have had one.
  public mutating func expire(at time: Timestamp, _ answers: borrowing AnswerVisibility) {
    guard time >= nextExpiry else { return }
    nextExpiry = time.advanced(byNanoseconds: 1_000_000_000)
    while let number = exchanges.popDue(at: time) { giveUp(number, answers, at: time) }
    while let number = bindings.popExpired(at: time) {
      let binding = bindings[number]
      var change = RegistrationChange(
        .registrationExpired, at: binding.expiry, binding.origin, .binding(number))
      change.contact = binding.contact.text
      change.lifetime = binding.lifetime
      report(change)
    }
  }

  /// Ends the exchange that a REGISTER would go on with, where it has waited too long: the client has given it up and tries
  /// again, perhaps at another server.
  public mutating func expire(
    before message: borrowing SIPMessage, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    _ origin: PacketOrigin,
    at time: Timestamp, _ answers: borrowing AnswerVisibility
  ) {
    guard message.kind == .request, message.method == .register, verdict.isEmpty, !message.isIdentityCut,
      let number = exchanges.find(aor: keys.toAddress, callID: keys.callID, client: origin.source),
      exchanges[number].deadline <= time
    else { return }
    giveUp(number, answers, at: time)
  }

  /// Who has granted the sender of a request within a dialog a registration for the account that it names in From; nil
  /// when nobody has, or it holds no more.
  public func registrar(
    of message: borrowing SIPMessage, _ keys: MessageKeys, _ origin: PacketOrigin
  ) -> IPAddress? {
    guard message.kind == .request, message.method != .ack, keys.toTag != 0, keys.fromAddress != 0 else {
      return nil
    }
    return registrar(of: keys.fromAddress, at: origin.source)
  }

  /// Who has granted an account a registration from an address; nil when nobody has, or it holds no more.
  public func registrar(of account: UInt64, at client: IPAddress) -> IPAddress? {
    bindings.registrar(of: account, at: client)
  }

  /// Forgets the challenge to a request that a response shows to be forged, before the response is taken.
  public mutating func disregardChallenge(
    before response: borrowing SIPMessage, _ keys: MessageKeys, _ origin: PacketOrigin
  ) {
    guard response.method == .register,
      let number = exchanges.find(aor: keys.toAddress, callID: keys.callID, client: origin.destination),
      exchanges[number].cseq == response.cseq.number
    else { return }
    exchanges.disregardChallenge(of: number)
  }

  /// Forgets all registrations: packet time begins anew.
  public mutating func restart() {
    exchanges.restart()
    bindings.restart()
    attempts.removeAll()
    nextExpiry = Timestamp(nanoseconds: .min)
  }

  /// Forgets the changes once they were collected.
  public mutating func removeChanges() {
    if !changes.isEmpty { changes.removeAll(keepingCapacity: true) }
    guard !finished.isEmpty else { return }
    for number in finished { exchanges.close(number) }
    finished.removeAll(keepingCapacity: true)
  }

  mutating func report(_ change: RegistrationChange) {
    counts.count(change.kind)
    changes.append(change)
  }
}

// MARK: - Messages

extension RegistrationTracker {
  private mutating func ask(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ origin: PacketOrigin,
    at time: Timestamp
  ) {
    let number =
      exchanges.find(aor: keys.toAddress, callID: keys.callID, client: origin.source)
      ?? open(keys, origin, at: time)
    exchanges.read(number, message, bytes, keys)
    exchanges.note(origin, attempts: countAttempt(keys.toAddress, origin.source, at: time), of: number)
    _ = exchanges.take(.request(RegistrationExchange.proof(of: message)), of: number)
    keepWaiting(number, at: time)
  }

  private mutating func answer(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ keys: MessageKeys, _ verdict: RepeatVerdict,
    _ origin: PacketOrigin, at time: Timestamp
  ) {
    let code = UInt16(clamping: message.startLine.statusCode)
    if let number = exchanges.find(aor: keys.toAddress, callID: keys.callID, client: origin.destination) {
      guard exchanges[number].cseq == message.cseq.number else {
        return answerToOtherRequest(number, message, bytes, verdict, at: time)
      }
      let action = exchanges.take(
        .response(code: code, isStale: isStale(message, bytes, exchanges[number])), of: number)
      if action == .accept {
        accept(number, message, bytes, at: time)
      } else {
        act(on: action, number, code: code, at: time)
      }
      return
    }
    // The request was not captured. What goes on to another hop is for the hop of the client to tell.
    guard verdict.isEmpty, Self.grantsAlone(message), !isClient(origin.source, keys, at: time) else { return }
    let number = open(keys, origin.reversed(), at: time)
    exchanges.read(number, message, bytes, keys)
    keepWaiting(number, at: time)
    accept(number, message, bytes, at: time)
  }

  /// Whether a challenge says that the credentials before it were right but for their nonce; nil where the capture cut it.
  ///
  /// Many registrars let a nonce grow old without saying `stale`: credentials for one that was accepted from the
  /// client were right then.
  private func isStale(
    _ message: borrowing SIPMessage, _ bytes: Bytes, _ exchange: borrowing RegistrationExchange
  ) -> Bool? {
    let isStale = message.isChallengeStale(in: bytes)
    guard isStale == false, bindings.hasAccepted(exchange.nonce, of: exchange.aor, from: exchange.client),
      let challenge = message.challenge(in: bytes)
    else { return isStale }
    // A nonce that is offered again is none too old.
    return challenge.nonceHash != exchange.nonce
  }

  /// Takes a response to another request than the last one: a 200 to the one that followed a challenge and was not
  /// captured, which asked for what the last one did; or a refusal of one before, whose client did not wait for it.
  private mutating func answerToOtherRequest(
    _ number: Int, _ message: borrowing SIPMessage, _ bytes: Bytes, _ verdict: RepeatVerdict,
    at time: Timestamp
  ) {
    guard verdict.isEmpty, let cseq = message.cseq.number, let asked = exchanges[number].cseq else { return }
    let progress = exchanges[number].progress
    if cseq > asked {
      if Self.grantsAlone(message), progress.isChallenged { accept(number, message, bytes, at: time) }
      return
    }
    let isRefusal = [401, 403, 407].contains(message.startLine.statusCode)
    guard isRefusal, progress.hasProof, !message.isHeaderCut else { return }
    guard isStale(message, bytes, exchanges[number]) != true else { return }
    countRefusal(exchanges[number].aor, exchanges[number].client, at: time)
  }

  /// Ends an exchange that has waited long enough.
  private mutating func giveUp(_ number: Int, _ answers: borrowing AnswerVisibility, at time: Timestamp) {
    let deadline = exchanges[number].deadline
    let input: RegistrationProgress.Input = isSilence(number, answers, at: time) ? .silence : .ignorance
    act(on: exchanges.take(input, of: number), number, code: nil, at: deadline)
  }

  /// Whether nothing came that would have been seen: the answer to a request, or the one to a challenge.
  private func isSilence(_ number: Int, _ answers: borrowing AnswerVisibility, at time: Timestamp) -> Bool {
    let record = exchanges[number]
    if record.progress.isChallenged {
      return !answers.hasUnreadRequest(.register, of: record.client, at: time)
    }
    return !answers.hasUnreadEnd(record.branch, to: record.client, at: time)
      && answers.showsAnswers(to: record.origin, at: time)
  }

  /// Whether a message says by itself what was granted: to the client, one contact.
  private static func grantsAlone(_ message: borrowing SIPMessage) -> Bool {
    !message.isHeaderCut && message.startLine.statusCode / 100 == 2 && message.viaCount <= 1
      && message.contactCount == 1
  }

  /// Whether an address has asked for registrations of an account: what it sends is no registrar's answer.
  private func isClient(_ address: IPAddress, _ keys: MessageKeys, at time: Timestamp) -> Bool {
    if exchanges.find(aor: keys.toAddress, callID: keys.callID, client: address) != nil { return true }
    let key = attemptKey(keys.toAddress, address)
    return attempts.value(key.high, key.low, at: time.nanoseconds) != nil
  }

  private mutating func open(_ keys: MessageKeys, _ request: PacketOrigin, at time: Timestamp) -> Int {
    exchanges.open(
      aor: keys.toAddress, callID: keys.callID, origin: request,
      until: time.advanced(byNanoseconds: Self.patience))
  }

  /// Goes on waiting, from now.
  private mutating func keepWaiting(_ number: Int, at time: Timestamp) {
    let record = exchanges[number]
    let survey = bindings.survey(record.aor, nil, callID: nil, source: record.client)
    exchanges.keepWaiting(
      number, until: time.advanced(byNanoseconds: Self.patience), isKnownClient: survey.isActiveSource)
  }

  /// What follows from a response or from silence.
  private mutating func act(
    on action: RegistrationProgress.Action, _ number: Int, code: UInt16?, at time: Timestamp
  ) {
    let kind: EventKind
    var failure: RegistrationFailure?
    switch action {
    case .wait, .accept: return
    case .challenge:
      kind = .registrationChallenged
      keepWaiting(number, at: time)
    case .fail(let reason):
      kind = .registrationFailed
      failure = reason
      finished.append(number)
      if reason == .badCredentials { countRefusal(exchanges[number].aor, exchanges[number].client, at: time) }
    case .end:
      finished.append(number)
      return
    }
    var change = RegistrationChange(kind, at: time, exchanges[number].origin, .exchange(number))
    change.isWildcard = exchanges[number].isWildcard
    if exchanges[number].contactCount > 0 { change.contact = exchanges[number].contacts[0].text }
    change.code = code
    change.failure = failure
    report(change)
  }

  private mutating func countAttempt(
    _ aor: UInt64, _ client: IPAddress, at time: Timestamp
  ) -> RegistrationAttempts {
    changeAttempts(aor, client, at: time) { $0.requests &+= 1 }
  }

  private mutating func countRefusal(_ aor: UInt64, _ client: IPAddress, at time: Timestamp) {
    changeAttempts(aor, client, at: time) { $0.refusals &+= 1 }
  }

  /// Credentials of a client for an address of record that were refused since its last success.
  func refusals(_ aor: UInt64, _ client: IPAddress, at time: Timestamp) -> UInt32 {
    let key = attemptKey(aor, client)
    return attempts.value(key.high, key.low, at: time.nanoseconds)?.refusals ?? 0
  }

  mutating func forgetAttempts(_ aor: UInt64, _ client: IPAddress, at time: Timestamp) {
    changeAttempts(aor, client, at: time) { $0 = RegistrationAttempts() }
  }

  @discardableResult
  private mutating func changeAttempts(
    _ aor: UInt64, _ client: IPAddress, at time: Timestamp, _ change: (inout RegistrationAttempts) -> Void
  ) -> RegistrationAttempts {
    let key = attemptKey(aor, client)
    var count = attempts.value(key.high, key.low, at: time.nanoseconds) ?? RegistrationAttempts()
    change(&count)
    attempts.insert(key.high, key.low, count, at: time.nanoseconds)
    return count
  }

  private func attemptKey(_ aor: UInt64, _ client: IPAddress) -> WideKey {
    var hash = SeededHash(seed: seed)
    hash.combine(aor)
    hash.combine(client.high)
    hash.combine(client.low)
    return WideKey(high: hash.value, low: aor)
  }
}
