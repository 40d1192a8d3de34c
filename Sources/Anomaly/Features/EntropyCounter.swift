internal import Foundation

/// How evenly events spread over values: the first 16 different values exactly, further ones in 48 buckets by hash.
///
/// So the entropy is exact up to 16 values, and never above that of 64 equal shares, 6 bits.
struct EntropyCounter: Sendable {
  private static var exact: Int { 16 }
  private static var buckets: UInt64 { 48 }

  private var keys = InlineArray<16, UInt32>(repeating: 0)
  private var counts = InlineArray<64, UInt16>(repeating: 0)
  private var used: UInt8 = 0

  /// Counts a value by its hash, once or several times.
  mutating func insert(_ hash: UInt64, times: Int = 1) {
    let key = UInt32(truncatingIfNeeded: hash >> 32)
    for place in 0..<Int(used) where keys[place] == key { return add(times, at: place) }
    guard Int(used) < Self.exact else {
      return add(times, at: Self.exact + Int(hash % Self.buckets))
    }
    keys[Int(used)] = key
    add(times, at: Int(used))
    used += 1
  }

  private mutating func add(_ times: Int, at place: Int) {
    counts[place] = UInt16(clamping: Int(counts[place]) + times)
  }

  /// The entropy in bits; NaN when nothing was counted.
  var bits: Double { Entropy.bits(of: counts.indices.lazy.map { Double(counts[$0]) }) }
}

/// Shannon's entropy of counted shares.
enum Entropy {
  /// The entropy in bits; NaN when nothing was counted.
  static func bits(of counts: some Sequence<Double>) -> Double {
    var total = 0.0
    var sum = 0.0
    for count in counts where count > 0 {
      total += count
      sum += count * log2(count)
    }
    return total > 0 ? max(0, log2(total) - sum / total) : .nan
  }
}
