public import Values

/// The online score: how surprising an hour of an entity is, given its own past and its peers.
///
/// Hours are numbered from any Monday 00:00 local time, so that `hour % 24` is the hour of the day and
/// days 5 and 6 of a week are its weekend. They never go back: a row of an earlier hour counts as one of
/// the current hour. A second row of an entity in an hour is scored, and teaches nothing.
public struct SurpriseDetector: Sendable {
  /// What was set.
  public internal(set) var options: SurpriseOptions
  /// Population events that nobody has taken yet, in their order.
  public private(set) var populationEvents: [PopulationEvent] = []

  var baseline: Baseline
  /// The model as it was trained, asked beside the one that learns.
  var frozen: Baseline?
  var dayRows: DayRows
  var census = HourCensus()
  var lessons = PeerLessons()
  var features = FeatureCalibration()
  var days = DayCalibration(enough: 400)
  /// The first hour, and the one that has begun; −1 before any row.
  var firstHour = -1
  var hour = -1
  /// Sources with rows on the days so far, fading.
  var sourcesPerDay = 0.0
  /// Where the members of each group are: in it, or in a neighbour when they are few.
  var mergedGroups = Array(0..<PeerGroups.count)
  var scratch = HourScratch()
  var newcomer = 0
  /// Whether the row that is judged teaches its group how quantities disperse.
  var teachesDispersion = false

  /// A detector that knows nothing.
  public init(options: SurpriseOptions = SurpriseOptions()) {
    self.options = options
    baseline = Baseline(entityLimit: options.entityLimit)
    dayRows = DayRows(limit: options.rowLimit)
  }

  /// Scores all rows of one hour, when the hour is over; what happened to everybody in it is known then.
  ///
  /// - Parameters:
  ///   - hour: The hour, not before any earlier one.
  ///   - rows: One row an entity.
  ///   - scores: Gets one score a row, in their order.
  public mutating func score(hour: Int, rows: [EntityRow], into scores: inout [AnomalyScore]) {
    advance(to: hour)
    if baseline.entities.count == 0 {
      // Most entities of the first hour are new.
      baseline.entities.reserve(rows.count)
      dayRows.reserve(rows.count)
    }
    guard !isOnlyLearning else {
      for row in rows { scores.append(learnOnly(row)) }
      return
    }
    for row in rows {
      _ = judge(row, isGlance: true)
      census.add(scratch.surprises)
    }
    for row in rows {
      _ = judge(row)
      scores.append(conclude(row))
    }
  }

  /// Scores one row, knowing only the rows before it; for tables that are read row by row.
  public mutating func score(_ row: EntityRow, hour: Int) -> AnomalyScore {
    advance(to: hour)
    guard !isOnlyLearning else { return learnOnly(row) }
    _ = judge(row)
    census.add(scratch.surprises)
    return conclude(row)
  }

  /// Whether the hours are among the first two days and nobody wants to know how strange they are. The last hour is for
  /// the census, which compares an hour with the one before.
  private var isOnlyLearning: Bool {
    options.skipsFirstDays && hour - firstHour < Self.guardedFrom - 1
  }

  /// The population events so far; they are forgotten here.
  public mutating func takePopulationEvents() -> [PopulationEvent] {
    defer { populationEvents = [] }
    return populationEvents
  }

  /// How full the memory of entities is, for `stats`.
  public var entityUsage: TableUsage {
    TableUsage(
      entries: baseline.entities.count, limit: options.entityLimit, bytes: baseline.entities.byteCount,
      evictions: baseline.entities.evictions + baseline.entities.refusals)
  }

  /// How full the memory of the last day's rows is, for `stats`.
  public var rowUsage: TableUsage {
    TableUsage(
      entries: Int(dayRows.next - dayRows.oldest), limit: options.rowLimit, bytes: dayRows.byteCount,
      evictions: dayRows.evictions)
  }

  /// Guards what is common, calibrates, learns.
  private mutating func conclude(_ row: EntityRow) -> AnomalyScore {
    guardCommon()
    surpriseOfDay()
    let score = verdict(row)
    learn()
    return score
  }

  /// Limits features that many entities are surprising in, and tells of each once an hour.
  private mutating func guardCommon() {
    let isJudging = hour - firstHour >= Self.guardedFrom
    for feature in 0..<ScoredFeature.all {
      scratch.common[feature] = isJudging && census.isCommon(feature)
      guard scratch.common[feature] else { continue }
      for view in 0..<2 {
        let channel = view * ScoredFeature.all + feature
        scratch.surprises[channel] = census.limit(scratch.surprises[channel], view: view, feature: feature)
      }
      if feature < ScoredFeature.quantities {
        let own = scratch.surprises[Channel.ownHour + feature]
        let frozen = scratch.surprises[Channel.frozenHour + feature]
        scratch.surprises[Channel.frozenHour + feature] = min(frozen, own)
      }
      announce(feature)
    }
  }

  private mutating func announce(_ feature: Int) {
    guard !census.announced[feature], census.rows >= 20 else { return }
    census.announced[feature] = true
    populationEvents.append(
      PopulationEvent(
        hour: hour, feature: ScoredFeature.names[feature], share: census.share(feature),
        entities: Int(max(census.rows, census.rowsBefore))))
  }

  /// Hours after which the guard works: before, everything is surprising.
  static let guardedFrom = 48
}
