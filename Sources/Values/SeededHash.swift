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
    let count = bytes.count
    var offset = 0
    while offset &+ 8 <= count {
      // Safety: eight bytes from the offset lie inside the span.
      combine(unsafe Self.word(bytes, offset))
      offset &+= 8
    }
    let rest = count &- offset
    if offset > 0 {
      // Safety: the eight bytes before the end lie inside the span, since there are as many before the offset.
      let last = unsafe Self.word(bytes, count &- 8)
      combine(last & (1 &<< UInt64(truncatingIfNeeded: rest &* 8) &- 1))
    } else {
      combine(Self.short(bytes))
    }
    combine(UInt64(truncatingIfNeeded: count))
  }

  /// Eight bytes of a span as one number, the last byte lowest; they must be inside.
  @unsafe @inline(__always)
  private static func word(_ bytes: Span<UInt8>, _ offset: Int) -> UInt64 {
    // Safety: the caller has checked that the bytes are inside; any bits are a number.
    unsafe UInt64(
      bigEndian: bytes.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// Fewer than eight bytes as one number, the last byte lowest.
  @inline(__always)
  private static func short(_ bytes: Span<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    for index in bytes.indices { word = word << 8 | UInt64(bytes[index]) }
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
