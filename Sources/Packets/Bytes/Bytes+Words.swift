/// Loads of short ASCII words, the way that text protocols compare names: eight bytes in one number
/// cost less than eight bounds checks.
extension Span where Element == UInt8 {
  /// Up to eight bytes as one number, the first byte lowest, missing bytes zero.
  ///
  /// The bytes `offset ..< offset + width` must be inside, `width` at most 8.
  @inlinable @inline(__always)
  public func littleEndianWord(at offset: Int, width: Int) -> UInt64 {
    precondition(width >= 0 && width <= 8 && offset >= 0 && offset <= count - width)
    if offset <= count - 8 {
      // Safety: eight bytes from the offset were checked to be inside; loading them unaligned is allowed.
      let word = unsafe UInt64(
        littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
      return width == 8 ? word : word & (1 &<< UInt64(truncatingIfNeeded: width &* 8) &- 1)
    }
    var word: UInt64 = 0
    var index = width
    while index > 0 {
      index -= 1
      word = word << 8 | UInt64(self[offset + index])
    }
    return word
  }

  /// The same with the letters A–Z made small.
  @inlinable @inline(__always)
  public func lowercaseWord(at offset: Int, width: Int) -> UInt64 {
    littleEndianWord(at: offset, width: width).asciiLowercased
  }
}

extension UInt64 {
  /// This number taken as eight bytes, each of A–Z made small and every other byte kept.
  @inlinable @inline(__always)
  public var asciiLowercased: UInt64 {
    let low7 = self & 0x7f7f_7f7f_7f7f_7f7f
    let aboveZ = low7 &+ 0x2525_2525_2525_2525
    let fromA = low7 &+ 0x3f3f_3f3f_3f3f_3f3f
    let capitals = (fromA ^ aboveZ) & ~self & 0x8080_8080_8080_8080
    return self | capitals >> 2
  }

  /// Number of bytes before the first byte equal to `byte`, 8 when there is none.
  @inlinable @inline(__always)
  public func firstByteIndex(of byte: UInt8) -> Int {
    let difference = self ^ (0x0101_0101_0101_0101 &* UInt64(byte))
    let zeros = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    return zeros.trailingZeroBitCount / 8
  }
}
