/// A fast keyed 64-bit hash for tables whose keys an attacker chooses.
///
/// Multiply-and-fold (the construction of wyhash and ahash): not cryptographic, but without the seed
/// nobody can aim at a bucket. A table that must tell keys apart without keeping them uses two of them
/// with different seeds.
public struct SeededHash: Sendable {
  @usableFromInline var state: UInt64
  @usableFromInline let key: UInt64

  /// A hash under a seed.
  @inlinable
  public init(seed: UInt64) {
    state = seed ^ 0x2d35_8dcc_aa6c_78a5
    key = (seed &* 0x9e37_79b9_7f4a_7c15) | 1
  }

  /// Mixes one 64-bit word in.
  @inlinable
  public mutating func combine(_ word: UInt64) {
    state = Self.fold(state ^ word, key ^ 0x8bb8_4b93_962e_acc9)
  }

  /// Mixes bytes in, together with their number.
  public mutating func combine(_ bytes: Span<UInt8>) {
    var offset = 0
    while offset + 8 <= bytes.count {
      // Safety: eight bytes from the offset lie inside the span, and any bits are a number.
      let word = unsafe bytes.withUnsafeBytes {
        unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      }
      combine(UInt64(bigEndian: word))
      offset += 8
    }
    combine(Self.rest(bytes, offset))
    combine(UInt64(truncatingIfNeeded: bytes.count))
  }

  /// Fewer than eight bytes from an offset to the end as one number, the last byte lowest.
  private static func rest(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    let count = bytes.count - offset
    if offset > 0 {
      // Safety: the eight bytes before the end lie inside the span, and any bits are a number.
      let word = unsafe bytes.withUnsafeBytes {
        unsafe $0.loadUnaligned(fromByteOffset: bytes.count &- 8, as: UInt64.self)
      }
      return UInt64(bigEndian: word) & (1 &<< UInt64(truncatingIfNeeded: count &* 8) &- 1)
    }
    var word: UInt64 = 0
    for index in 0..<count { word = word << 8 | UInt64(bytes[index]) }
    return word
  }

  /// The hash of everything mixed in so far.
  @inlinable
  public var value: UInt64 {
    Self.fold(state, 0x4b33_a62e_d433_d4a3 ^ key)
  }

  @inlinable
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (high, low) = left.multipliedFullWidth(by: right)
    return high ^ low
  }
}
