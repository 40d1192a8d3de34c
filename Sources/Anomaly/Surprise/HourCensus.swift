#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How many entities are surprising in each feature in one hour: what happens to many is nobody's fault.
///
/// The hour before and the rows of the hour so far are counted, so that a table read row by row needs no
/// look ahead; when the whole hour is known, all its rows are counted before the first one is judged.
struct HourCensus: Sendable {
  /// More entities than this share, surprising in one feature, are an event of the population.
  static let commonShare = 0.03
  /// A feature is surprising from one in a thousand.
  static let surprising = 3.0
  /// As many entities at the least, so that small populations do not excuse single attackers.
  private static let leastEntities = 5.0
  /// Rows that the hour before is worth at the beginning of an hour.
  private static let memory = 100.0
  private static let bins = 64
  private static let binsPerUnit = 4.0

  var rows = 0.0
  var rowsBefore = 0.0
  var surprised = [Double](repeating: 0, count: ScoredFeature.all)
  var surprisedBefore = [Double](repeating: 0, count: ScoredFeature.all)
  /// Rows by surprise, for the own view and the peers' view of each feature: this hour's and the last one's.
  var counts = [Float](repeating: 0, count: 2 * ScoredFeature.all * bins)
  var countsBefore = [Float](repeating: 0, count: 2 * ScoredFeature.all * bins)
  /// Features that were called common in this hour already.
  var announced = [Bool](repeating: false, count: ScoredFeature.all)

  /// Counts the surprises of a row: those of the own view, then those of the peers' view.
  mutating func add(_ surprises: [Double]) {
    rows += 1
    for feature in 0..<ScoredFeature.all {
      if surprises[feature] > Self.surprising { surprised[feature] += 1 }
      for view in 0..<2 {
        let surprise = surprises[view * ScoredFeature.all + feature]
        // What is no surprise needs no rank.
        if surprise > 0 { counts[Self.place(view, feature, surprise)] += 1 }
      }
    }
  }

  /// The share of entities that are surprising in a feature, as far as is known.
  func share(_ feature: Int) -> Double {
    let before = rowsBefore > 0 ? surprisedBefore[feature] / rowsBefore : 0
    return (surprised[feature] + Self.memory * before) / (rows + Self.memory)
  }

  /// Whether a feature tells of the population rather than of an entity.
  func isCommon(_ feature: Int) -> Bool {
    surprised[feature] + (rowsBefore > 0 ? surprisedBefore[feature] : 0) >= Self.leastEntities
      && share(feature) > Self.commonShare
  }

  /// The most that a surprise may be when its feature is common: its rank in the hour.
  func limit(_ surprise: Double, view: Int, feature: Int) -> Double {
    let place = Self.place(view, feature, surprise)
    let end = (view * ScoredFeature.all + feature + 1) * Self.bins
    var rank = 0.0
    for bin in place..<end { rank += Double(counts[bin] + countsBefore[bin]) }
    return min(surprise, max(0, log10((rows + rowsBefore) / max(rank, 1))))
  }

  /// Begins another hour.
  mutating func turn(isNext: Bool) {
    if isNext {
      (rowsBefore, surprisedBefore, countsBefore) = (rows, surprised, counts)
    } else {
      self = HourCensus()
    }
    rows = 0
    for place in counts.indices { counts[place] = 0 }
    for feature in 0..<ScoredFeature.all {
      surprised[feature] = 0
      announced[feature] = false
    }
  }

  private static func place(_ view: Int, _ feature: Int, _ surprise: Double) -> Int {
    (view * ScoredFeature.all + feature) * bins + min(Int(surprise * binsPerUnit), bins - 1)
  }
}
