internal import Foundation

/// How evenly events spread over values: the first 16 different values exactly, further ones in 48 buckets by hash.
///
/// So the entropy is exact up to 16 values, and never above that of 64 equal shares, 6 bits. A table is made for the
/// fifth value: most entities have fewer.
struct EntropyCounter: Sendable {
  private static var few: Int { 4 }
  private static var exact: Int { 16 }
  private static var buckets: UInt64 { 48 }

  private var firstKeys = InlineArray<4, UInt32>(repeating: 0)
  private var firstCounts = InlineArray<4, UInt16>(repeating: 0)
  private var used: UInt8 = 0
  /// The keys of the exact values, then the counts of all; empty as long as there are few values.
  private var table: [UInt32] = []

  /// Counts a value by its hash, once or several times.
  mutating func insert(_ hash: UInt64, times: Int = 1) {
    let key = UInt32(truncatingIfNeeded: hash >> 32)
    if table.isEmpty {
      for place in 0..<Int(used) where firstKeys[place] == key { return add(times, at: place) }
      guard Int(used) < Self.few else {
        makeTable()
        return insert(hash, times: times)
      }
      firstKeys[Int(used)] = key
    } else {
      for place in 0..<Int(used) where table[place] == key { return add(times, at: place) }
      guard Int(used) < Self.exact else {
        return add(times, at: Self.exact + Int(hash % Self.buckets))
      }
      table[Int(used)] = key
    }
    add(times, at: Int(used))
    used += 1
  }

  private mutating func makeTable() {
    table = Array(repeating: 0, count: 2 * Self.exact + Int(Self.buckets))
    for place in 0..<Self.few {
      table[place] = firstKeys[place]
      table[Self.exact + place] = UInt32(firstCounts[place])
    }
  }

  private mutating func add(_ times: Int, at place: Int) {
    if table.isEmpty {
      firstCounts[place] = UInt16(clamping: Int(firstCounts[place]) + times)
    } else {
      table[Self.exact + place] = UInt32(UInt16(clamping: Int(table[Self.exact + place]) + times))
    }
  }

  /// The entropy in bits; NaN when nothing was counted.
  var bits: Double {
    if table.isEmpty { return Entropy.bits(of: firstCounts.indices.lazy.map { Double(firstCounts[$0]) }) }
    return Entropy.bits(of: table[Self.exact...].lazy.map { Double($0) })
  }
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
