/// What is worked out about one row, in storage that is used again for the next one.
struct HourScratch: Sendable {
  var observation = Observation()
  var expectation = Expectation()
  var frozen = Expectation()
  /// The frozen model's place of the entity; −1 when it does not know it.
  var frozenPlace = -1
  /// Surprises by channel, before calibration.
  var surprises = [Double](repeating: 0, count: Channel.count)
  /// Whether a feature is common in this hour.
  var common = [Bool](repeating: false, count: ScoredFeature.all)
  /// Quantities of the last 24 hours, what was expected of them by each view, and their denominators.
  var dayValues = [Double](repeating: 0, count: ScoredFeature.quantities)
  var dayOwn = [Double](repeating: 0, count: ScoredFeature.quantities)
  var dayPeers = [Double](repeating: 0, count: ScoredFeature.quantities)
  var dayFrozen = [Double](repeating: 0, count: ScoredFeature.quantities)
  var dayTrials = [Double](repeating: 0, count: ScoredFeature.shares)
  /// A row of the day in the order in which it is kept, and their sum.
  var dayRow = [Float](repeating: 0, count: 8 * DayRows.width)
  var daySum = [SIMD8<Float>](repeating: .zero, count: DayRows.width)
  /// Shapes of the hours of the day without a row.
  var absentShape = [Double](repeating: 0, count: ScoredFeature.counts)
  /// Mean and variance of the continuous values by the entity's own past.
  var ownMeans = [Double](repeating: 0, count: ScoredFeature.continuous)
  var ownVariances = [Double](repeating: 1, count: ScoredFeature.continuous)
  /// Whether the hour is as strange as the strangest days: it teaches the peers and the calibration nothing.
  var isOutstanding = false
  var ownWeights = [Double](repeating: 0, count: ScoredFeature.continuous)
  /// The strongest channel of each feature with its calibrated surprise.
  var best = [Double](repeating: 0, count: ScoredFeature.all)
  var bestChannel = [Int](repeating: 0, count: ScoredFeature.all)
  /// The strongest feature of each family with its weighted surprise.
  var family = [Double](repeating: 0, count: ScoreFamily.allCases.count)
  var familyFeature = [Int](repeating: -1, count: ScoreFamily.allCases.count)
}
