/// The one source of chance: xoshiro256** (Blackman and Vigna), seeded by SplitMix64.
///
/// The same seed gives the same numbers on every machine: only whole numbers and exactly rounded operations
/// of IEEE 754 are used.
package struct RandomSource: Sendable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  /// A source that depends on nothing but its seed.
  package init(seed: UInt64) {
    var state = seed
    func splitMix() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var word = state
      word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
      word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
      return word ^ (word >> 31)
    }
    a = splitMix()
    b = splitMix()
    c = splitMix()
    d = splitMix()
  }

  /// A source of its own for a named part, so that parts do not disturb each other.
  package init(seed: UInt64, part: String) {
    var mixed = seed ^ 0xcbf2_9ce4_8422_2325
    for byte in part.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    self.init(seed: mixed)
  }

  /// 64 bits.
  package mutating func next() -> UInt64 {
    let product = b &* 5
    let result = (product << 7 | product >> 57) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = d << 45 | d >> 19
    return result
  }

  /// A whole number from 0 up to a bound, which is not reached; 0 for a bound below 1.
  package mutating func below(_ bound: Int) -> Int {
    guard bound > 0 else { return 0 }
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number from 0 up to 1, which is not reached.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A waiting time of a process without memory, in the unit of its mean.
  package mutating func exponential(mean: Int64) -> Int64 {
    Int64(-Logarithm.natural(1 - unit()) * Double(mean))
  }
}
