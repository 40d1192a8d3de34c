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

  /// The first offset in `start ..< end` that holds a byte, or `end`; what is far away is left to `memchr`.
  ///
  /// A range that is not empty must be inside.
  @inlinable @inline(__always)
  public func firstOffset(of byte: UInt8, _ start: Int, _ end: Int) -> Int {
    guard start < end else { return end }
    precondition(start >= 0 && end <= count)
    var index = start
    let lastNear = Swift.min(end, start &+ 64) &- 8
    while index <= lastNear {
      // Safety: the eight bytes end at `end` at the latest, which was checked to be inside.
      let match = unsafe uncheckedWord(at: index).bytesEqual(to: byte)
      if match != 0 { return index &+ match.trailingZeroBitCount / 8 }
      index &+= 8
    }
    guard index < end else { return end }
    if end &- index >= 8 { return firstIndex(of: byte, in: index..<end) ?? end }
    if end < 8 { return firstOffset(bytewise: byte, index, end) }
    // The last eight bytes without those that were looked at; a byte of zeros above them is behind the end.
    // Safety: `end` was checked to be inside and to have eight bytes before it.
    let rest = unsafe uncheckedWord(at: end &- 8) &>> UInt64(truncatingIfNeeded: 64 &- (end &- index) &* 8)
    let offset = rest.bytesEqual(to: byte).trailingZeroBitCount / 8
    return Swift.min(index &+ offset, end)
  }

  @usableFromInline
  func firstOffset(bytewise byte: UInt8, _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, self[index] != byte { index += 1 }
    return index
  }

  /// The first offset in `start ..< end` that holds anything but printable ASCII, or `end`.
  ///
  /// A range that is not empty must be inside.
  @inlinable @inline(__always)
  public func printableEnd(_ start: Int, _ end: Int) -> Int {
    guard start < end else { return end }
    precondition(start >= 0 && end <= count)
    var index = start
    let lastWord = end &- 8
    while index <= lastWord {
      // Safety: the eight bytes end at `end` at the latest, which was checked to be inside.
      let odd = unsafe uncheckedWord(at: index).unprintableBytes
      if odd != 0 { return index &+ odd.trailingZeroBitCount / 8 }
      index &+= 8
    }
    return prefixEnd(index, end) { $0 &- 0x20 < 0x5f }
  }

  /// The first offset in `start ..< end` that holds a byte which is not wanted, or `end`; `start` of an empty range.
  ///
  /// A range that is not empty must be inside. Looking once at its ends costs less than looking at each offset.
  @inlinable @inline(__always)
  public func prefixEnd(_ start: Int, _ end: Int, while isWanted: (UInt8) -> Bool) -> Int {
    guard start < end else { return start }
    precondition(start >= 0 && end <= count)
    var index = start
    // Safety: the index is below `end`, which was checked to be inside.
    while index < end, unsafe isWanted(self[unchecked: index]) { index &+= 1 }
    return index
  }

  /// Eight bytes as one number, the first byte lowest; they must be inside.
  @unsafe @inlinable @inline(__always)
  func uncheckedWord(at offset: Int) -> UInt64 {
    // Safety: the caller has checked that the bytes are inside; loading them unaligned is allowed.
    unsafe UInt64(
      littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
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
  public func firstByteIndex(of byte: UInt8) -> Int { bytesEqual(to: byte).trailingZeroBitCount / 8 }

  /// The top bit of the first byte equal to `byte`, perhaps with bits above it; 0 when there is none.
  @inlinable @inline(__always)
  func bytesEqual(to byte: UInt8) -> UInt64 {
    let difference = self ^ (0x0101_0101_0101_0101 &* UInt64(byte))
    return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
  }

  /// The top bit of the first byte that is not printable ASCII, perhaps with bits above it; 0 when all are.
  ///
  /// A byte borrows from the next only when it is below the space, and carries only when it is 255.
  @inlinable @inline(__always)
  var unprintableBytes: UInt64 {
    ((self &- 0x2020_2020_2020_2020) | (self &+ 0x0101_0101_0101_0101) | self) & 0x8080_8080_8080_8080
  }
}
