#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One hour of one entity in the terms in which it is scored; every figure is finite.
struct Observation: Sendable {
  /// Counts, then numerators of shares.
  var quantities = [Double](repeating: 0, count: ScoredFeature.quantities)
  /// Denominators of the shares; 0 where a share is undefined.
  var trials = [Double](repeating: 0, count: ScoredFeature.shares)
  /// Continuous values, on a log scale where skewed; NaN where undefined.
  var continuous = [Double](repeating: .nan, count: ScoredFeature.continuous)
  /// Whether a rare sign is there.
  var signs = [Bool](repeating: false, count: ScoredFeature.rare)
  /// What the columns said of continuous values and signs, for explanations.
  var told = [Double](repeating: 0, count: ScoredFeature.continuous + ScoredFeature.rare)

  /// No figure of an hour is larger; a table may hold anything.
  static let largest = 1e9

  /// Takes a row in.
  ///
  /// - Parameter mayBeRegistered: Whether a registration may stand behind its requests; only asked when nobody
  ///   counted those without one.
  mutating func take(_ entityRow: EntityRow, mayBeRegistered: Bool) {
    let row = entityRow.row
    for (place, column) in ScoredFeature.countColumns.enumerated() { quantities[place] = count(row[column]) }
    let invites = quantities[0].rounded()
    let answered = share(row[.answerSeizureRatio]).map { ($0 * invites).rounded() } ?? 0
    set(0, row[.internationalShare], of: invites)
    set(1, row[.premiumShare], of: invites)
    set(2, 1 - row[.answerSeizureRatio], of: invites)
    set(3, 1 - row[.networkEffectivenessRatio], of: invites)
    set(4, row[.shortShare], of: answered)
    set(5, row[.cancelShare], of: invites)
    set(6, row[.newCalleeShare], of: invites)
    set(7, row[.oneWayShare], of: answered)
    let failures = quantities[3].rounded()
    quantities[ScoredFeature.counts + 8] = failures
    trials[8] = failures + quantities[1].rounded() + invites
    quantities[ScoredFeature.unregistered] =
      entityRow.unregistered.isNaN
      ? (mayBeRegistered ? 0 : quantities[2]) : count(entityRow.unregistered)
    takeContinuous(row)
    let flags = [row[.newUserAgent] > 0, row[.newCountry] > 0, row[.userAgents] > 1]
    for place in 0..<ScoredFeature.rare { signs[place] = flags[place] }
    told[ScoredFeature.continuous] = flags[0] ? 1 : 0
    told[ScoredFeature.continuous + 1] = flags[1] ? 1 : 0
    told[ScoredFeature.continuous + 2] = count(row[.userAgents])
  }

  /// Whether an hour has registrations beside failed ones.
  static func registers(_ row: FeatureRow) -> Bool {
    let failures = [row[.authenticationFailures], row[.notFound]]
    return row[.registers] > failures.reduce(0) { $0 + ($1 > 0 ? $1 : 0) }
  }

  private mutating func takeContinuous(_ row: FeatureRow) {
    let columns: [Feature] = [
      .averageCallDuration, .postDialDelay, .interArrivalVariation, .prefixEntropy, .mediaSignallingRatio,
    ]
    for place in 0..<ScoredFeature.continuous {
      let value = row[columns[place]]
      told[place] = value.isNaN ? 0 : min(max(value, -Self.largest), Self.largest)
      guard !value.isNaN else {
        continuous[place] = .nan
        continue
      }
      switch place {
      case 0, 1: continuous[place] = log(max(told[place], 1))
      case 2: continuous[place] = log(max(told[place], 0) + 0.05)
      default: continuous[place] = min(max(value, -100), 100)
      }
    }
  }

  private mutating func set(_ place: Int, _ value: Double, of denominator: Double) {
    let known = share(value)
    trials[place] = known == nil ? 0 : denominator
    quantities[ScoredFeature.counts + place] = ((known ?? 0) * denominator).rounded()
  }

  private func count(_ value: Double) -> Double { value > 0 ? min(value, Self.largest) : 0 }

  private func share(_ value: Double) -> Double? {
    value.isNaN ? nil : min(max(value, 0), 1)
  }
}

extension Observation {
  /// A mean of continuous values in the unit of its column.
  static func unscaled(_ mean: Double, _ place: Int) -> Double {
    switch place {
    case 0, 1: exp(mean)
    case 2: max(exp(mean) - 0.05, 0)
    default: mean
    }
  }
}
