/// The online score: how surprising an hour of an entity is, given its own past and its peers.
///
/// Hours are numbered from any Monday 00:00 local time, so that `hour % 24` is the hour of the day and
/// days 5 and 6 of a week are its weekend. They never go back: a row of an earlier hour counts as one of
/// the current hour.
public struct SurpriseDetector: Sendable {
  /// What was set.
  public let options: SurpriseOptions
  /// Population events that nobody has taken yet, in their order.
  public private(set) var populationEvents: [PopulationEvent] = []

  /// A detector that knows nothing.
  public init(options: SurpriseOptions = SurpriseOptions()) {
    self.options = options
  }

  /// Scores all rows of one hour, when the hour is over; what happened to everybody in it is known then.
  ///
  /// - Parameters:
  ///   - hour: The hour, not before any earlier one.
  ///   - rows: One row an entity.
  ///   - scores: Gets one score a row, in their order.
  public mutating func score(hour: Int, rows: [EntityRow], into scores: inout [AnomalyScore]) {
    for row in rows { scores.append(score(row, hour: hour)) }
  }

  /// Scores one row, knowing only the rows before it; for tables that are read row by row.
  public mutating func score(_ row: EntityRow, hour: Int) -> AnomalyScore {
    AnomalyScore(
      entity: row.entity, hour: hour, value: 0, expectedFalseAlarmsPerDay: 0, isWarmingUp: true, samples: 0,
      family: nil, reasons: [])
  }

  /// The population events so far; they are forgotten here.
  public mutating func takePopulationEvents() -> [PopulationEvent] {
    defer { populationEvents = [] }
    return populationEvents
  }
}
