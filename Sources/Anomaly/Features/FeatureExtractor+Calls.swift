package import Events
internal import Values

/// What calls say of those who make them, and of where they go.
extension FeatureExtractor {
  mutating func observeCall(_ event: borrowing Event, _ parties: borrowing EventParties) {
    let facts = CallFacts(event)
    if let key = parties.client {
      let number = sources.use(key).number
      let live = event.integer(.callSourceConcurrent)
      sources.see(facts, live: live, of: number)
    }
    if let key = parties.account {
      let number = useAccount(key, parties)
      let live = event.integer(.callConcurrent)
      accounts.see(facts, live: live, of: number)
    }
    guard setPrefix(of: event) else { return }
    let (number, isNew) = prefixes.use(WideKey(name.span, seed: seed))
    if isNew { prefixes[number].setName(name) }
    if prefixes.hasFurther, let address = event.hash(of: .clientIP, seed: Self.valueSeed) {
      prefixes[number].sources.insert(address)
    }
    prefixes[number].countLive(event.kind)
    let live = Int64(prefixes[number].liveCalls)
    prefixes.see(facts, live: live, of: number)
  }

  /// Puts the prefix of the callee into `name`; false when there is no callee.
  private mutating func setPrefix(of event: borrowing Event) -> Bool {
    name.removeAll(keepingCapacity: true)
    guard let range = CallFacts.prefix(of: event) else { return false }
    for index in range { name.append(event.text[index]) }
    return true
  }
}

/// What counts of a change of a call.
struct CallFacts {
  let kind: EventKind
  let time: Timestamp
  /// Whether the call was somebody's attempt, and not part of a transfer.
  let isAttempt: Bool
  let callee: UInt64?
  let prefix: UInt64?
  let country: UInt64?
  let isInternational: Bool
  let isPremium: Bool
  let postDialDelay: Int64?
  let duration: Int64?
  let isCancelled: Bool
  let isTimeout: Bool
  let isNetworkFailure: Bool
  let isCredentialFailure: Bool
  let isOneWay: Bool?

  init(_ event: borrowing Event) {
    let seed = FeatureExtractor.valueSeed
    let isStart = event.kind == .callStarted
    kind = event.kind
    time = event.timestamp
    isAttempt = !event.says(.callLegEvidence, "refer") && !event.says(.callLegEvidence, "replaces")
    callee = isStart ? event.hash(of: .callCallee, seed: seed) : nil
    prefix = isStart ? Self.prefixHash(of: event, seed: seed) : nil
    country = isStart ? event.hash(of: .callCalleeCountry, seed: ~seed) : nil
    isInternational = isStart && event.isInternationalCall
    isPremium = isStart && event.says(.callCalleeType, "premium")
    let isEnd = event.kind == .callEnded
    let code = event.integer(.callCode) ?? 0
    isCancelled = isEnd && event.says(.callCause, "cancelled")
    isTimeout = isEnd && event.says(.callCause, "timeout")
    isNetworkFailure = isTimeout || isEnd && (500..<600).contains(code)
    isCredentialFailure = isEnd && (code == 401 || code == 407) && event.says(.callCause, "rejected")
    postDialDelay = if case .duration(let delay) = event[.callPDD] { delay } else { nil }
    duration = if isEnd, case .duration(let time) = event[.callDuration] { time } else { nil }
    isOneWay = if case .bool(let flag) = event[.callOneWay] { flag } else { nil }
  }

  /// Digits of an E.164 number that are its prefix: country code and network.
  private static var numberPrefix: Int { 6 }
  /// Characters of any other callee that are its prefix.
  private static var otherPrefix: Int { 3 }

  /// Where the prefix of a callee stands in the text of an event.
  static func prefix(of event: borrowing Event) -> Range<Int>? {
    if case .text(let range) = event[.callCalleeNumber] {
      return range.start..<min(range.end, range.start + 1 + numberPrefix)
    }
    guard case .text(let range) = event[.callCallee] else { return nil }
    return range.start..<min(range.end, range.start + otherPrefix)
  }

  private static func prefixHash(of event: borrowing Event, seed: UInt64) -> UInt64? {
    guard let range = prefix(of: event) else { return nil }
    var hash = SeededHash(seed: seed)
    hash.combine(event.text.span.extracting(range))
    return hash.value
  }
}

extension Event {
  /// Whether a call leaves its country.
  ///
  /// Where the event does not say so, since neither the dial plan nor the caller says which country home is, a number whose
  /// country is known was dialled as an international one.
  package var isInternationalCall: Bool {
    if case .bool(let isInternational) = self[.callInternational] { return isInternational }
    return has(.callCalleeCountry)
  }
}

extension ActivityTable {
  /// Counts a change of a call.
  ///
  /// - Parameter live: the live calls of the entity, as far as known.
  fileprivate mutating func see(_ facts: CallFacts, live: Int64?, of number: Int) {
    var hasNewCountry = false
    withCalls(of: number) { activity in hasNewCountry = activity.see(facts, live: live) }
    if facts.kind == .callStarted, facts.isAttempt { countAttempt(of: number) }
    self[number].see(facts, hasNewCountry: hasNewCountry)
    touch(number)
  }
}

extension ActivityRecord {
  fileprivate mutating func see(_ facts: CallFacts, hasNewCountry: Bool) {
    switch facts.kind {
    case .callStarted:
      seen.increment()
      if hasNewCountry { counters.hasNewCountry = true }
    case .callAnswered: isProven = true
    default:
      if facts.isCredentialFailure { counters.authenticationFailures.increment() }
      if facts.isTimeout { counters.serverFailures.increment() }
    }
  }

  /// Counts live calls where events do not tell how many there are.
  fileprivate mutating func countLive(_ kind: EventKind) {
    if kind == .callStarted { liveCalls.increment() }
    if kind == .callEnded, liveCalls > 0 { liveCalls -= 1 }
  }
}

extension CallActivity {
  /// Counts a change of a call; true when it is the first one to a country, and not the first one at all.
  fileprivate mutating func see(_ facts: CallFacts, live: Int64?) -> Bool {
    if let live { hour.maximumConcurrent = max(hour.maximumConcurrent, UInt32(clamping: live)) }
    switch facts.kind {
    case .callStarted: return facts.isAttempt ? see(attempt: facts) : false
    case .callAnswered:
      guard facts.isAttempt else { return false }
      hour.answered.increment()
      see(delay: facts.postDialDelay)
    default: see(end: facts)
    }
    return false
  }

  private mutating func see(attempt facts: CallFacts) -> Bool {
    hour.attempts.increment()
    hour.gaps.insert(at: facts.time)
    if facts.isInternational { hour.international.increment() }
    if facts.isPremium { hour.premium.increment() }
    if let callee = facts.callee {
      hour.callees.insert(callee)
      if seen.insert(callee) { hour.newCallees.increment() }
    }
    if let prefix = facts.prefix {
      hour.prefixes.insert(prefix)
      hour.spread.insert(prefix)
    }
    guard let country = facts.country else { return false }
    defer { hasCalledCountry = true }
    return seen.insert(country) && hasCalledCountry
  }

  private mutating func see(end facts: CallFacts) {
    guard let duration = facts.duration else {
      guard facts.isAttempt else { return }
      hour.unanswered.increment()
      if facts.isCancelled { hour.cancelled.increment() }
      if facts.isNetworkFailure { hour.networkFailures.increment() }
      return see(delay: facts.postDialDelay)
    }
    hour.finished.increment()
    hour.talkNanoseconds += Double(max(0, duration))
    if duration < 10_000_000_000 { hour.short.increment() }
    guard let isOneWay = facts.isOneWay else { return }
    hour.judged.increment()
    if isOneWay { hour.oneWay.increment() }
  }

  private mutating func see(delay: Int64?) {
    guard let delay, delay >= 0 else { return }
    hour.delays.increment()
    hour.delayNanoseconds += Double(delay)
  }
}
