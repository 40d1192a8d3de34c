import Packets
import Testing

/// Bytes for the tests of the binary decoders.
enum WireSample {
  /// The bytes that hexadecimal digits spell; everything else is ignored.
  static func hex(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var half: UInt8?
    for character in text {
      guard let digit = character.hexDigitValue else { continue }
      if let high = half {
        bytes.append(high << 4 | UInt8(digit))
        half = nil
      } else {
        half = UInt8(digit)
      }
    }
    return bytes
  }

  /// Big-endian bytes of a number.
  static func big(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
    withUnsafeBytesOfBigEndian(value)
  }

  private static func withUnsafeBytesOfBigEndian<Number: FixedWidthInteger & UnsignedInteger>(
    _ value: Number
  ) -> [UInt8] {
    stride(from: Number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

/// A small seeded generator (SplitMix64), the same on every machine.
struct WireRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }

  /// A number below `bound`, which is positive.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }
}

/// Mutated inputs from a seed.
struct WireMutator {
  private var random: WireRandom
  private let samples: [[UInt8]]

  init(seed: UInt64, samples: [[UInt8]]) {
    random = WireRandom(seed: seed)
    self.samples = samples
  }

  /// The next input: a sample with one to six changes.
  mutating func next() -> [UInt8] {
    var bytes = samples[random.below(samples.count)]
    for _ in 0...random.below(6) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = random.bytes(random.below(64))
      return
    }
    let place = random.below(bytes.count)
    switch random.below(9) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1: bytes[place] = random.byte()
    case 2: bytes[place] = [0, 0xff, 0x7f, 0x80, 1][random.below(5)]
    case 3: bytes.removeSubrange(place...)
    case 4: bytes.insert(contentsOf: random.bytes(1 + random.below(8)), at: place)
    case 5: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
    case 6:
      // A 16-bit length at its extremes.
      for offset in place..<min(bytes.count, place + 2) { bytes[offset] = random.below(2) == 0 ? 0 : 0xff }
    case 7:
      let other = samples[random.below(samples.count)]
      if !other.isEmpty { bytes.replaceSubrange(place..., with: other[random.below(other.count)...]) }
    default: bytes.append(contentsOf: random.bytes(1 + random.below(16)))
    }
  }
}

/// Feeds a parser with mutated inputs; the seed is printed first, because a trap leaves no other trace.
func feedMutations(
  _ name: String, seed: UInt64, count: Int = 20_000, of samples: [[UInt8]],
  to parser: (Bytes) throws -> Void
) rethrows {
  print("\(name): \(count) mutated inputs from seed \(seed)")
  var mutator = WireMutator(seed: seed, samples: samples)
  for _ in 0..<count {
    let input = mutator.next()
    try parser(input.span)
  }
}

/// Calls a parser with every proper prefix of an input.
func feedTruncations(of input: [UInt8], to parser: (Bytes, Int) throws -> Void) rethrows {
  for count in 0..<input.count {
    let prefix = Array(input[..<count])
    try parser(prefix.span, count)
  }
}
