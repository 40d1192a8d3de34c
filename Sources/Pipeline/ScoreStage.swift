internal import Anomaly
internal import Events
internal import Tracking
internal import Values

/// What entities do, hour by hour, and how strange that is.
struct ScoreStage: ~Copyable {
  private var features: FeatureExtractor
  /// One a type of entity, whose peers are those of the same type; none when nobody asked for scores.
  private var detectors: [SurpriseDetector] = []
  private let options: ScoreOptions
  private let onHour: HourListener?
  /// Refilled for each hour and type.
  private var entities: [EntityHour] = []
  private var rows: [EntityRow] = []
  private var scores: [AnomalyScore] = []
  private var shift = HourShift()
  private(set) var counters = ScoreCounters()

  init(_ configuration: SensorConfiguration, onHour: HourListener?) {
    options = configuration.scores
    self.onHour = onHour
    var limits = FeatureExtractor.Options(seed: configuration.hashSeed)
    limits.entityLimit = options.entityLimit
    limits.prefixLimit = options.prefixLimit
    limits.clock = options.clock
    limits.hasFurther = onHour != nil
    features = FeatureExtractor(limits)
    guard options.isEnabled else { return }
    detectors = EntityType.allCases.map { type in
      if type == .source, let model = configuration.scoreModel { return model }
      return SurpriseDetector(options: options.bounds(of: type))
    }
  }

  /// What is known of source addresses; nil when nothing is scored.
  var model: SurpriseDetector? { detectors.isEmpty ? nil : detectors[Int(EntityType.source.rawValue)] }

  /// Kinds of event that are of use here.
  static var observedKinds: EventKindSet { FeatureExtractor.observedKinds }

  /// How full the tables are, by the names of their counters.
  var tables: [(name: String, usage: TableUsage)] {
    features.usage + [
      ("scores.entities", detectors.reduce(TableUsage()) { $0 + $1.entityUsage }),
      ("scores.day_rows", detectors.reduce(TableUsage()) { $0 + $1.rowUsage }),
    ]
  }

  /// The names of these counters.
  static let tableNames = [
    "features.sources", "features.accounts", "features.prefixes", "scores.entities", "scores.day_rows",
  ]

  /// When the running hour is over, which has to be closed before what comes then.
  var endOfHour: Timestamp { @inline(__always) get { features.endOfHour } }

  /// Takes note of an event.
  mutating func observe(_ event: borrowing Event, _ parties: borrowing EventParties) {
    features.observe(event, parties)
  }

  /// Asks for the memory of what an event will change.
  mutating func prefetch(_ parties: borrowing EventParties) { features.prefetch(parties) }

  /// Ends the running hour, if there is one.
  ///
  /// - Parameters:
  ///   - time: packet time so far, which a score of an hour that was cut short is given.
  ///   - profiles: are told the scores of their addresses and accounts.
  /// - Returns: what is to be published, in the order of the entities.
  mutating func closeHour(at time: Timestamp, _ profiles: inout Profiles) -> [ScoreReport] {
    guard let hour = features.hour else { return [] }
    counters.hours &+= 1
    let end = min(features.endOfHour, max(time, features.start))
    var reports: [ScoreReport] = []
    var all: [EntityHour] = []
    // Type by type, so that not all of them are in memory at once, unless somebody asked for that.
    for type in EntityType.allCases {
      entities.removeAll(keepingCapacity: true)
      features.forEachActiveHour(of: type) { entities.append($0) }
      counters.rows &+= UInt64(entities.count)
      if onHour != nil { all += entities }
      if !detectors.isEmpty { score(type, hour, until: end, &profiles, &reports) }
    }
    features.endHour()
    onHour?(hour, all)
    return reports
  }

  /// Scores the entities at hand, which are of one type.
  private mutating func score(
    _ type: EntityType, _ hour: Int, until end: Timestamp, _ profiles: inout Profiles,
    _ reports: inout [ScoreReport]
  ) {
    guard !entities.isEmpty else { return }
    rows.removeAll(keepingCapacity: true)
    for member in entities { rows.append(EntityRow(member)) }
    scores.removeAll(keepingCapacity: true)
    let moved = shift.moved(hour, behind: detectors[Int(EntityType.source.rawValue)])
    detectors[Int(type.rawValue)].score(hour: moved, rows: rows, into: &scores)
    for (member, score) in zip(entities, scores) {
      if score.isWarmingUp { counters.warmingUp &+= 1 }
      if !score.isWarmingUp { tell(profiles: &profiles, member, score.value, at: end) }
      guard score.value >= options.publishedFrom, options.publishesWarmUp || !score.isWarmingUp else {
        continue
      }
      counters.published &+= 1
      reports.append(ScoreReport(entity: member, score: score, time: end))
    }
    let found = detectors[Int(type.rawValue)].takePopulationEvents()
    counters.populationEvents &+= UInt64(found.count)
    reports += found.map { ScoreReport(population: $0, of: type, time: end) }
  }

  private func tell(
    profiles: inout Profiles, _ entity: EntityHour, _ value: Double, at time: Timestamp
  ) {
    switch entity.type {
    case .source: if let address = entity.address { profiles.observe(score: value, of: address, at: time) }
    case .account: profiles.observe(score: value, ofAccount: entity.entity, at: time)
    case .prefix: break
    }
  }
}

/// What scoring did so far.
struct ScoreCounters {
  var hours: UInt64 = 0
  /// Entities and hours.
  var rows: UInt64 = 0
  /// Those of them whose entities were too young for a score.
  var warmingUp: UInt64 = 0
  var published: UInt64 = 0
  var populationEvents: UInt64 = 0

  var named: [(name: String, value: UInt64)] {
    [
      ("scores.hours", hours), ("scores.rows", rows), ("scores.warming_up", warmingUp),
      ("scores.published", published), ("scores.population_events", populationEvents),
    ]
  }
}
