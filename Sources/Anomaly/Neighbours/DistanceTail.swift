/// The distances of a reference, as the measure of others.
struct DistanceTail: Sendable {
  /// The distances up to where the tail begins, and those of the tail, in order.
  private let sorted: [Double]
  private let tailStart: Double
  /// How often a distance is in the tail.
  private let tailShare: Double
  /// How far those in the tail are beyond its start, in the mean.
  private let meanExcess: Double

  /// - Parameter distances: at least one, none of them negative.
  init(_ distances: [Double]) {
    sorted = distances.sorted()
    let wanted = min(max(10, sorted.count / 1000), (sorted.count + 1) / 2)
    tailStart = sorted[sorted.count - wanted]
    let start = tailStart
    let tail = sorted.drop { $0 <= start }
    tailShare = Double(tail.count) / Double(sorted.count)
    let mean = tail.reduce(0) { $0 + ($1 - start) / Double(tail.count) }
    meanExcess = mean.isFinite ? mean : .greatestFiniteMagnitude
  }

  /// The share of the reference that is nearer, of those as far the half.
  ///
  /// In the tail, where a few distances cannot tell any more, a heavy one (Lomax, exponent 2) with the tail's mean goes on: it
  /// falls slowly, so that what lies far beyond all of the reference still keeps its order.
  func score(_ distance: Double) -> Double {
    if distance > tailStart {
      guard meanExcess > 0, distance.isFinite else { return 1 }
      let excess = 1 + (distance - tailStart) / meanExcess
      return 1 - tailShare / (excess * excess)
    }
    let below = count { $0 < distance }
    let notAbove = count { $0 <= distance }
    return Double(below + notAbove) / 2 / Double(sorted.count)
  }

  /// How many of the sorted distances fulfil what only the first ones do.
  private func count(where isFirst: (Double) -> Bool) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = low + (high - low) / 2
      if isFirst(sorted[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
