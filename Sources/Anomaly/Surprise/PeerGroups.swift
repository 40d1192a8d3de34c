#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What entities of like volume do: levels and shapes of counts, shares, continuous values, dispersions.
///
/// Group 0 are entities younger than a day; the others go by calls an hour. What an hour teaches is
/// gathered beside what is known and joins it when the hour is over.
struct PeerGroups: Sendable {
  static let count = 6
  /// Calls an hour from which groups 2 to 5 begin.
  static let borders: [Float] = [0.02, 0.5, 5, 60]
  /// Hours of a group after which its shape counts as much as a flat one.
  private static let shapeStrength = 200.0

  /// Learned: sums of counts by group, count and slot, and hours by group and slot.
  var sums = [Double](repeating: 1e-3, count: count * ScoredFeature.counts * Slot.count)
  var hours = [Double](repeating: 1e-1, count: count * Slot.count)
  /// Learned: numerators and denominators of shares by group.
  var hits = [Double](repeating: 0.02, count: count * ScoredFeature.shares)
  var trials = [Double](repeating: 1, count: count * ScoredFeature.shares)
  /// Learned: mean, variance and number of continuous values by group.
  var means = [Double](repeating: 0, count: count * ScoredFeature.continuous)
  var variances = [Double](repeating: 1, count: count * ScoredFeature.continuous)
  var weights = [Double](repeating: 1e-3, count: count * ScoredFeature.continuous)
  /// Learned: how often rare signs are seen in how many rows.
  var signs: [Double] = [1, 1, 2]
  var rows = 1000.0
  /// Learned: excess variance and squared mean by view, group and quantity.
  var excess: [Double]
  var squares: [Double]

  /// Derived at the beginning of an hour: mean of each count by group, its shape, rate of each share.
  private(set) var level = [Double](repeating: 0, count: count * ScoredFeature.counts)
  private(set) var shape = [Double](repeating: 1, count: count * ScoredFeature.counts * Slot.count)
  private(set) var rate = [Double](repeating: 0.02, count: count * ScoredFeature.shares)
  /// Derived: the dispersion by view, group and quantity.
  private var dispersions = [Double](repeating: 1, count: 4 * count * ScoredFeature.quantities)
  /// Derived: the shapes of all counts of a group in a slot.
  private(set) var slotShapes = [SIMD16<Float>](repeating: .one, count: count * Slot.count)
  /// Derived: sums of the shape over the last 1 to 24 hours.
  private(set) var windowShape = [Double](repeating: 0, count: count * 24 * ScoredFeature.counts)

  /// The four ways in which quantities disperse.
  enum View: Int {
    case own, peers, ownDay, peersDay
    /// Dispersion that is assumed before any was seen.
    var prior: Double { [1.0, 4, 0.5, 4][rawValue] }
    /// The least dispersion that is believed.
    var least: Double { rawValue < 2 ? 0.05 : 0.03 }
  }

  init() {
    let width = Self.count * ScoredFeature.quantities
    excess = (0..<4).flatMap { Array(repeating: View(rawValue: $0)?.prior ?? 1, count: width) }
    squares = Array(repeating: 1, count: 4 * width)
  }

  /// The place of a count of a group.
  static func place(_ group: Int, _ feature: Int) -> Int { group * ScoredFeature.counts + feature }

  /// The shape of a count in a slot: 1 on average over the slots.
  func shape(_ group: Int, _ feature: Int, _ slot: Int) -> Double {
    shape[Self.place(group, feature) * Slot.count + slot]
  }

  /// The sum of the shape over the last hours, the current one among them.
  func windowShape(_ group: Int, _ feature: Int, hours: Int) -> Double {
    windowShape[(group * 24 + hours - 1) * ScoredFeature.counts + feature]
  }

  /// The learned dispersion of a quantity.
  @inline(__always)
  func dispersion(_ view: View, _ group: Int, _ quantity: Int) -> Double {
    dispersions[(view.rawValue * Self.count + group) * ScoredFeature.quantities + quantity]
  }

  /// The share of rows with a rare sign; 1 stands for its presence in one row.
  func rateOfSign(_ sign: Int) -> Double { min(signs[sign] / rows, 1) }

  /// The surprise of a rare sign: −log10 of how often it is seen.
  func surpriseOfSign(_ sign: Int) -> Double { max(0, -log10(rateOfSign(sign))) }

  /// Draws from what was learned what an hour needs.
  mutating func prepare(hour: Int) {
    for group in 0..<Self.count {
      let base = group * Slot.count
      var watched = 0.0
      for slot in 0..<Slot.count { watched += hours[base + slot] }
      for feature in 0..<ScoredFeature.counts { prepareShape(group, feature, watched: watched) }
      for share in 0..<ScoredFeature.shares {
        let place = group * ScoredFeature.shares + share
        rate[place] = hits[place] / trials[place]
      }
      prepareWindow(group, hour: hour)
      for slot in 0..<Slot.count {
        for feature in 0..<ScoredFeature.counts {
          slotShapes[base + slot][feature] = Float(shape(group, feature, slot))
        }
      }
    }
    for place in dispersions.indices {
      let view = View(rawValue: place / (Self.count * ScoredFeature.quantities)) ?? .own
      dispersions[place] = min(max(excess[place] / squares[place], view.least), 20)
    }
  }

  private mutating func prepareShape(_ group: Int, _ feature: Int, watched: Double) {
    let place = Self.place(group, feature)
    let base = place * Slot.count
    var total = 0.0
    for slot in 0..<Slot.count { total += sums[base + slot] }
    let mean = total / watched
    level[place] = mean
    for slot in 0..<Slot.count {
      let strength = Self.shapeStrength
      let smoothed = (sums[base + slot] + strength * mean) / (hours[group * Slot.count + slot] + strength)
      shape[base + slot] = max(smoothed / mean, 0.02)
    }
  }

  private mutating func prepareWindow(_ group: Int, hour: Int) {
    for feature in 0..<ScoredFeature.counts {
      var sum = 0.0
      for back in 0..<24 {
        sum += shape(group, feature, Slot.of(hour: max(hour - back, 0)))
        windowShape[(group * 24 + back) * ScoredFeature.counts + feature] = sum
      }
    }
  }
}
