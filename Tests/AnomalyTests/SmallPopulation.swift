@testable import Anomaly

/// Some dozens of sources for some days, made from a seed: offices that call and register by day, and one
/// of them attacked on demand.
struct SmallPopulation {
  var sources = 60
  var days = 8
  var seed: UInt64 = 1
  /// The hour at which source 7 begins to guess passwords for three hours.
  var attackHour: Int?
  /// An hour in which calls of everybody fail.
  var outageHour: Int?

  /// The rows in the order of time.
  func rows() -> [(hour: Int, row: EntityRow)] {
    var state = seed
    var rows: [(hour: Int, row: EntityRow)] = []
    for hour in 0..<(days * 24) {
      for source in 0..<sources {
        let isOpen = (8...17).contains(hour % 24) && hour / 24 % 7 < 5
        let calls = Self.draw(isOpen ? 1 + source % 9 : 0, &state)
        rows.append((hour, row(source, hour, calls: Double(calls), registers: Double(Self.draw(2, &state)))))
      }
    }
    return rows
  }

  static func entity(_ source: Int) -> EntityKey { EntityKey(high: 0, low: UInt64(source)) }

  private func row(_ source: Int, _ hour: Int, calls: Double, registers: Double) -> EntityRow {
    var row = FeatureRow()
    let guesses = attackHour.map { source == 7 && hour >= $0 && hour < $0 + 3 ? 400.0 : 0 } ?? 0
    let fails = hour == outageHour
    row[.invites] = calls
    row[.registers] = registers + guesses
    row[.options] = 0
    row[.authenticationFailures] = guesses
    row[.serverFailures] = fails ? calls : 0
    row[.sipMessages] = 8 * calls + 4 * registers + 4 * guesses + 1
    row[.minutes] = fails ? 0 : 2 * calls
    if calls > 0 {
      row[.answerSeizureRatio] = fails ? 0 : 1
      row[.networkEffectivenessRatio] = fails ? 0 : 1
      row[.internationalShare] = 0
      row[.premiumShare] = 0
      row[.distinctCallees] = calls
      row[.averageCallDuration] = fails ? .nan : 120
    }
    return EntityRow(entity: Self.entity(source), row: row)
  }

  /// About a number, from a generator that is the same everywhere.
  static func draw(_ mean: Int, _ state: inout UInt64) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return mean == 0 ? 0 : Int(state >> 33) % (2 * mean + 1)
  }

  /// All scores, row by row.
  func scores(_ detector: inout SurpriseDetector) -> [AnomalyScore] {
    rows().map { detector.score($0.row, hour: $0.hour) }
  }
}
