/// How many different values were seen: exactly up to 16, beyond that by estimate, in 32 bytes
/// up to four and 128 more beyond that.
///
/// The estimate is HyperLogLog's with 64 registers, whose standard error is 13 %. It depends only on the set of
/// values, not on their order.
public struct DistinctCount: Sendable {
  /// The first hashes: most counts never come further. When estimating, the first is the estimate.
  @usableFromInline var first = InlineArray<4, UInt32>(repeating: 0)
  /// Hashes in use, or `estimating`.
  @usableFromInline var used: UInt8 = 0
  /// From the fifth hash on up to 16 of them; when estimating, 64 registers of one byte.
  @usableFromInline var words: [UInt32] = []

  @inlinable static var estimating: UInt8 { 255 }
  @inlinable static var few: Int { 4 }
  @inlinable static var capacity: Int { 16 }
  private static var registers: Int { 64 }

  /// Nothing seen.
  public init() {}

  /// Takes a value by its keyed hash.
  @inlinable
  public mutating func insert(_ hash: UInt64) {
    let value = max(1, UInt32(truncatingIfNeeded: hash >> 32))
    guard words.isEmpty else { return insertFurther(value) }
    let count = Int(used)
    for place in 0..<count where first[place] == value { return }
    guard count < Self.few else {
      spill()
      return insertFurther(value)
    }
    first[count] = value
    used += 1
  }

  @usableFromInline
  mutating func spill() {
    words = Array(repeating: 0, count: Self.capacity)
    for place in 0..<Self.few { words[place] = first[place] }
  }

  @usableFromInline
  mutating func insertFurther(_ value: UInt32) {
    guard used != Self.estimating else { return raise(value) }
    let count = Int(used)
    for place in 0..<count where words[place] == value { return }
    if count < Self.capacity {
      words[count] = value
      used += 1
    } else {
      startEstimating()
      raise(value)
    }
  }

  /// The number of different values.
  @inlinable public var value: Int { used == Self.estimating ? Int(first[0]) : Int(used) }

  /// What the registers say; kept, since it is asked for far more often than one of them rises.
  private var estimate: Int {
    var sum: UInt64 = 0
    var empty = 0
    for index in 0..<Self.registers {
      let rank = register(index)
      sum &+= 1 << UInt64(32 - min(32, rank))
      if rank == 0 { empty += 1 }
    }
    // 0.709 · 64² · 2³² / sum
    let estimate = 0.709 * 4096 * 4_294_967_296 / Double(sum)
    let counted = estimate <= 160 && empty > 0 ? Self.linear[empty - 1] : Int(estimate)
    return max(Self.capacity + 1, counted)
  }

  /// 64 · ln(64 / empty registers), from 1 empty register on: what linear counting says of small sets.
  private static let linear: [Int] = [
    266, 222, 196, 177, 163, 151, 142, 133, 126, 119, 113, 107, 102, 97, 93, 89, 85, 81, 78, 74, 71, 68, 65,
    63, 60, 58, 55, 53, 51, 48, 46, 44, 42, 40, 39, 37, 35, 33, 32, 30, 28, 27, 25, 24, 23, 21, 20, 18, 17,
    16, 15, 13, 12, 11, 10, 9, 7, 6, 5, 4, 3, 2, 1, 0,
  ]

  private mutating func startEstimating() {
    let values = words
    words = Array(repeating: 0, count: Self.capacity)
    used = Self.estimating
    for value in values { raise(value) }
  }

  /// Six bits of the hash choose the register, which keeps the longest run of zeros in the others.
  private mutating func raise(_ value: UInt32) {
    let index = Int(value >> 26)
    let rank = min(27, (value << 6).leadingZeroBitCount + 1)
    guard rank > register(index) else { return }
    let shift = UInt32(index & 3) * 8
    words[index >> 2] = words[index >> 2] & ~(0xff << shift) | UInt32(rank) << shift
    first[0] = UInt32(truncatingIfNeeded: estimate)
  }

  private func register(_ index: Int) -> Int {
    Int(words[index >> 2] >> (UInt32(index & 3) * 8) & 0xff)
  }
}
