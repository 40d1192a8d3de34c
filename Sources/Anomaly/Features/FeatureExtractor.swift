public import Events
public import Values

/// What source addresses, accounts and called prefixes do, hour by hour of packet time.
///
/// Events feed it, each in constant time and without an allocation once the tables have grown. The definition of
/// each feature is in `docs/scores.md`.
public struct FeatureExtractor: Sendable, ~Copyable {
  /// Bounds, and what numbers mean where the sensor stands.
  public struct Options: Sendable {
    /// Source addresses at the most, and as many accounts.
    public var entityLimit = 1 << 16
    /// Called prefixes at the most.
    public var prefixLimit = 1 << 14
    /// Whether anybody reads the features that no score uses.
    public var hasFurther = true
    /// The clock whose hours are counted.
    package var clock = LocalClock()
    /// Of the hashes of the tables.
    public var seed: UInt64

    /// The defaults.
    public init(seed: UInt64) { self.seed = seed }
  }

  var sources: ActivityTable
  var accounts: ActivityTable
  var prefixes: ActivityTable
  private let hours: FeatureHours
  let seed: UInt64
  /// The prefix of the event at hand.
  var name: [UInt8] = []
  /// The running hour; nil before the first event.
  public private(set) var hour: Int?
  /// When it began; the end of time before the first event.
  public private(set) var start = Timestamp(nanoseconds: .max)
  /// When it ends; the end of time before the first event.
  @usableFromInline private(set) var end = Int64.max

  /// Tables without entities.
  public init(_ options: Options) {
    sources = ActivityTable(options, capacity: options.entityLimit, seed: options.seed)
    accounts = ActivityTable(options, capacity: options.entityLimit, seed: ~options.seed)
    prefixes = ActivityTable(options, capacity: options.prefixLimit, seed: options.seed &+ 1)
    hours = FeatureHours(options.clock)
    seed = options.seed
  }

  /// Of the hashes of what is counted as different: the same in every run, so that estimates are too.
  static var valueSeed: UInt64 { 0x6665_6174_7572_6573 }

  /// Kinds of event that features are made of.
  public static let observedKinds: EventKindSet = [
    EventKindSet(.sip), EventKind.callStarted.set, EventKind.callAnswered.set, EventKind.callEnded.set,
    EventKind.registrationRegistered.set, EventKind.registrationRefreshed.set,
    EventKind.registrationFailed.set, EventKind.rtpEnded.set,
  ]

  /// How full the tables are, by the names of their counters.
  public var usage: [(name: String, usage: TableUsage)] {
    [
      ("features.sources", sources.usage), ("features.accounts", accounts.usage),
      ("features.prefixes", prefixes.usage),
    ]
  }

  /// When the running hour is over; the end of time before its first event.
  ///
  /// Ask before each event: what comes later counts in the hour in which it comes.
  @inlinable public var endOfHour: Timestamp { Timestamp(nanoseconds: end) }

  /// Takes note of an event; those of kinds that are not observed change nothing.
  public mutating func observe(_ event: borrowing Event, _ parties: borrowing EventParties) {
    guard Self.observedKinds.contains(event.kind.set) else { return }
    if hour == nil { begin(at: event.timestamp) }
    switch event.kind {
    case .sipRequest: observeRequest(event, parties)
    case .sipResponse: observeResponse(event, parties)
    case .callStarted, .callAnswered, .callEnded: observeCall(event, parties)
    case .registrationRegistered, .registrationRefreshed, .registrationFailed:
      observeRegistration(event, parties)
    case .rtpEnded: observeStream(event, parties)
    default: break
    }
  }

  /// Ends the running hour: gives what each active entity did in it, sources first, then accounts and prefixes,
  /// each in the order of their first event in the hour.
  ///
  /// The next event begins the next hour. Without events since the last call there is nothing to give.
  public mutating func takeHour(_ body: (EntityHour) -> Void) {
    for type in EntityType.allCases { forEachActiveHour(of: type, body) }
    endHour()
  }

  /// Ends the running hour without giving anything: for who has asked for it type by type.
  public mutating func endHour() {
    hour = nil
    end = .max
  }

  /// What each active entity of a type did in the running hour so far.
  public func forEachActiveHour(of type: EntityType, _ body: (EntityHour) -> Void) {
    guard hour != nil else { return }
    forEachActive(type) { body(hour(of: $0, type)) }
  }

  private func forEachActive(_ type: EntityType, _ body: (Int) -> Void) {
    switch type {
    case .source: sources.forEachActive(body)
    case .account: accounts.forEachActive(body)
    case .prefix: prefixes.forEachActive(body)
    }
  }

  private mutating func begin(at time: Timestamp) {
    let number = hours.number(of: time)
    hour = number
    start = hours.start(of: number)
    end = hours.start(of: number + 1).nanoseconds
    sources.begin(hour: number)
    accounts.begin(hour: number)
    prefixes.begin(hour: number)
  }
}

// MARK: - Who

extension FeatureExtractor {
  /// Asks for the memory of the records that an event will change.
  ///
  /// It changes nothing, but a call of what does not change copies as much as this is large.
  public mutating func prefetch(_ parties: borrowing EventParties) {
    if let key = parties.client, let number = sources.find(key) { sources.prefetch(number) }
    if let key = parties.account, let number = accounts.find(key) { accounts.prefetch(number) }
  }
}
