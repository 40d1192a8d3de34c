#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// From the strangest hour of a source's day to how many days of benign sources are as strange.
///
/// The unit is that of alerts: a day of a source. Days that are themselves alarms are left out of the tail,
/// which is fitted below them and extended; otherwise a few attackers would hide the rest. The tail is a
/// generalised Pareto distribution. Its shape is set: what lies beyond the strangest hundredth are attacks as
/// often as not, and the days before tell the scale but no shape.
struct DayCalibration: Sendable {
  static let bins = 1200
  static let binsPerUnit = 20.0
  /// Days that are rarer by the fit are taken for attacks as far as they are more than that.
  private static let alarming = 5e-4
  /// More of the days are no attacks.
  private static let mostAttacks = 0.02
  /// The narrowest tail that is believed.
  private static let leastScale = 1.0
  /// The shape of the tail; benign days of simulated populations have 0.1 to 0.3.
  private static let shape = 0.2
  /// The share of the days that is told apart by the score alone: the least strange ones.
  private static let least = 0.05
  private static let dailyDecay: Float = 0.9
  /// Days of sources from which their distribution is believed.
  private let enough: Float

  /// A calibration that believes its days when they are enough.
  init(enough: Float) { self.enough = enough }

  var counts = [Float](repeating: 0, count: bins)
  var total: Float = 0
  /// The survival function: (1 + shape · (score − start) / scale)^(−1 / shape) · share beyond the start.
  private(set) var start = 3.0
  private(set) var share = 0.1
  private(set) var scale = 0.8
  private(set) var isFitted = false
  /// Whether the days are those of a usual population.
  private(set) var isExpectant = false
  /// The share of days from each bin on.
  private(set) var survival = [Float](repeating: 0, count: bins)
  /// What all but the least strange days reach.
  private var usual = 1.0

  /// Goes over to the sums of calibrated surprises, of which there were no days yet: begins with those of a
  /// usual population.
  mutating func expectCalibratedFeatures() {
    let days = [(0.0, 1.0), (3.8, 0.95), (5.3, 0.75), (6.5, 0.5), (8.0, 0.25), (9.6, 0.1), (10.7, 0.05)]
    for ((low, more), (high, fewer)) in zip(days, days.dropFirst()) {
      let (first, last) = (Int(low * Self.binsPerUnit), Int(high * Self.binsPerUnit))
      for bin in first...last {
        let way = Double(bin - first) / Double(last - first)
        survival[bin] = Float(more + (fewer - more) * way)
      }
    }
    (start, share, scale) = (10.7, 0.05, 1.25)
    usual = edgeOfUsual
    isExpectant = true
  }

  /// Counts a day of a source by its strangest hour.
  mutating func add(_ worst: Double) {
    counts[min(Int(worst * Self.binsPerUnit), Self.bins - 1)] += 1
    total += 1
  }

  /// The share of benign days of sources whose strangest hour is as strange.
  func probability(_ score: Double) -> Double {
    guard score > start else {
      guard isFitted || isExpectant else { return 1 - (1 - share) * max(score, 0) / start }
      return min(survived(score), 1 - Self.least * min(score / usual, 1))
    }
    return max(share * pow(1 + Self.shape * (score - start) / scale, -1 / Self.shape), 1e-12)
  }

  /// The share of days beyond a score, between the edges of its bin.
  private func survived(_ score: Double) -> Double {
    let position = max(score, 0) * Self.binsPerUnit
    let bin = min(Int(position), Self.bins - 2)
    let (lower, upper) = (Double(survival[bin]), Double(survival[bin + 1]))
    return lower + (upper - lower) * min(position - Double(bin), 1)
  }

  /// The share of all days that are as strange as a score, attacks too.
  func share(from score: Double) -> Double {
    Double(survival[min(max(Int(score * Self.binsPerUnit), 0), Self.bins - 1)])
  }

  /// Fits the distribution to the days so far, once a day, and lets them fade.
  mutating func refit() {
    if total >= enough { fit() }
    for place in counts.indices { counts[place] *= Self.dailyDecay }
    total *= Self.dailyDecay
  }

  private mutating func fit() {
    var above: Float = 0
    for bin in stride(from: Self.bins - 1, through: 0, by: -1) {
      above += counts[bin]
      survival[bin] = above / total
    }
    isFitted = true
    usual = edgeOfUsual
    // From the most on: a fit that takes many attacks for benign days finds none that are too many.
    var attacks = Self.mostAttacks
    for _ in 0..<8 {
      fitTail(attacks: attacks)
      let limit = start + scale * Self.reach(max(share / Self.alarming, 1))
      let bin = min(Int(limit * Self.binsPerUnit), Self.bins - 1)
      attacks = min(max(0, Double(survival[bin]) - Self.alarming), Self.mostAttacks)
    }
  }

  /// Fits the tail between its beginning and the rarest hundredth, some share of attacks left out.
  private mutating func fitTail(attacks: Double) {
    let lower = edge(share: 0.05 + attacks)
    let upper = max(edge(share: 0.01 + attacks), lower + 1)
    let below = max(Double(survival[lower]) - attacks, 1e-4)
    let beyond = Double(survival[min(upper, Self.bins - 1)]) - attacks
    start = max(Double(lower), 1) / Self.binsPerUnit
    share = below
    let width = Double(upper - lower) / Self.binsPerUnit
    scale = max(Self.leastScale, beyond > 0 && beyond < below ? width / Self.reach(below / beyond) : 0)
  }

  /// In how many scales the share of days falls by a factor.
  private static func reach(_ factor: Double) -> Double { (pow(factor, shape) - 1) / shape }

  /// The first bin from which on no more than a share of the days is left.
  private func edge(share: Double) -> Int {
    survival.firstIndex { Double($0) <= share } ?? Self.bins - 1
  }

  private var edgeOfUsual: Double {
    let bin = survival.firstIndex { Double($0) <= 1 - Self.least } ?? 0
    return Double(max(bin, 1)) / Self.binsPerUnit
  }

  mutating func restore(
    fit: (start: Double, share: Double, scale: Double), survival: [Float], isFitted: Bool, isExpectant: Bool
  ) {
    (start, share, scale) = fit
    (self.survival, self.isFitted, self.isExpectant) = (survival, isFitted, isExpectant)
    usual = edgeOfUsual
  }
}
