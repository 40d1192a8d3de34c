internal import Values

/// What a simulation draws.
extension RandomSource {
  /// A whole number from a range, both ends included.
  mutating func between(_ low: Int64, _ high: Int64) -> Int64 {
    low + Int64(below(Int(max(0, high - low)) + 1))
  }

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
