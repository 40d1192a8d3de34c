internal import Foundation
internal import Values

/// The gaps between the attempts of an hour: mean and spread exactly, the median by a histogram.
///
/// The histogram is made for the ninth gap: most entities have fewer.
struct AttemptGaps: Sendable {
  /// Buckets: four for each doubling, from 1 ms on; the last one begins at 55 minutes.
  private static var bucketCount: Int { 88 }

  private var last = Timestamp(nanoseconds: .min)
  private var count = 0
  private var sum = 0.0
  private var sumOfSquares = 0.0
  /// The buckets of the first gaps.
  private var first = InlineArray<8, UInt8>(repeating: 0)
  /// Gaps by bucket; empty as long as there are few.
  private var histogram: [UInt16] = []

  /// Takes an attempt; one that is out of order makes no gap.
  mutating func insert(at time: Timestamp) {
    defer { last = max(last, time) }
    guard last.nanoseconds != .min, time >= last else { return }
    let gap = Double(time.nanoseconds(since: last)) / 1e9
    count += 1
    sum += gap
    sumOfSquares += gap * gap
    let bucket = gap <= 0.001 ? 0 : min(Self.bucketCount - 1, Int(4 * log2(gap * 1000)))
    if count <= first.count {
      first[count - 1] = UInt8(bucket)
    } else {
      if histogram.isEmpty { histogram = histogramOfFirst }
      if histogram[bucket] < .max { histogram[bucket] += 1 }
    }
  }

  private var histogramOfFirst: [UInt16] {
    var histogram = [UInt16](repeating: 0, count: Self.bucketCount)
    for place in 0..<min(count, first.count) { histogram[Int(first[place])] += 1 }
    return histogram
  }

  /// Standard deviation over mean; NaN with fewer than three gaps, or when all are zero.
  var variation: Double {
    guard count >= 3, sum > 0 else { return .nan }
    let mean = sum / Double(count)
    let variance = max(0, sumOfSquares / Double(count) - mean * mean)
    return variance.squareRoot() / mean
  }

  /// The middle of the bucket that holds the median, in seconds; NaN without gaps.
  var median: Double {
    guard count > 0 else { return .nan }
    let histogram = histogram.isEmpty ? histogramOfFirst : histogram
    var rank = 0
    for index in histogram.indices { rank += Int(histogram[index]) }
    guard rank > 0 else { return .nan }
    rank = (rank - 1) / 2
    for index in histogram.indices {
      rank -= Int(histogram[index])
      if rank < 0 { return 0.001 * exp2((Double(index) + 0.5) / 4) }
    }
    return .nan
  }
}
