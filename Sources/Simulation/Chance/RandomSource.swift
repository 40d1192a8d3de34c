/// The one source of chance of a simulation: xoshiro256** (Blackman and Vigna), seeded by SplitMix64.
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
  init(seed: UInt64, part: String) {
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

  /// A whole number from a range, both ends included.
  mutating func between(_ low: Int64, _ high: Int64) -> Int64 {
    low + Int64(below(Int(max(0, high - low)) + 1))
  }

  /// A number from 0 up to 1, which is not reached.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True that many times in a thousand.
  mutating func chance(perMille: Int) -> Bool { below(1000) < perMille }

  /// True that many times in a hundred.
  mutating func chance(percent: Int) -> Bool { below(100) < percent }

  /// One of several, nil when there is none.
  mutating func pick<Element>(_ choices: [Element]) -> Element? {
    choices.isEmpty ? nil : choices[below(choices.count)]
  }

  /// An index, each as often as its weight says; 0 when all weights are 0.
  mutating func weighted(_ weights: [Int]) -> Int {
    var rest = below(weights.reduce(0, +))
    for (index, weight) in weights.enumerated() {
      if rest < weight { return index }
      rest -= weight
    }
    return 0
  }

  /// A waiting time of a process without memory, in the unit of its mean.
  package mutating func exponential(mean: Int64) -> Int64 {
    Int64(-Logarithm.natural(1 - unit()) * Double(mean))
  }

  /// Characters of an alphabet.
  mutating func text(_ count: Int, of alphabet: StaticString) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    let letters = Array(alphabet.description.utf8)
    for _ in 0..<count { bytes.append(letters[below(letters.count)]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Lower-case hexadecimal digits.
  mutating func hexadecimal(_ count: Int) -> String { text(count, of: "0123456789abcdef") }

  /// Decimal digits, the first of them not 0.
  mutating func decimal(_ count: Int) -> String {
    text(1, of: "123456789") + text(count - 1, of: "0123456789")
  }

  /// Letters and digits.
  mutating func word(_ count: Int) -> String {
    text(count, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
  }
}

/// The natural logarithm from additions and multiplications alone: the one of a C library may differ in its
/// last bit from machine to machine, and with it the capture.
enum Logarithm {
  /// The logarithm of a positive, normal number.
  static func natural(_ value: Double) -> Double {
    let exponent = Double(value.exponent)
    // ln m = 2 artanh((m − 1)/(m + 1)), with m from 1 to 2: sixteen terms are more than 53 bits need.
    let ratio = (value.significand - 1) / (value.significand + 1)
    let square = ratio * ratio
    var sum = 0.0
    var term = 33.0
    while term >= 1 {
      sum = sum * square + 1 / term
      term -= 2
    }
    return exponent * 0.693_147_180_559_945_3 + 2 * ratio * sum
  }
}
