extension UnsafeMutableRawPointer {
  /// Copies bytes, of which there are mostly few: a call of `memcpy` costs more than two words that overlap.
  ///
  /// Both places have so many bytes, and are apart.
  @unsafe @inlinable @inline(__always)
  public func copyFew(from source: UnsafeRawPointer, count: Int) {
    // Safety: each word begins at 0 or `count` less its size, and both have `count` bytes.
    if count > 32 || count < 4 { return unsafe copyUnusual(from: source, count: count) }
    if count >= 16 {
      unsafe copyEnds(of: source, count, as: SIMD16<UInt8>.self)
    } else if count >= 8 {
      unsafe copyEnds(of: source, count, as: UInt64.self)
    } else {
      unsafe copyEnds(of: source, count, as: UInt32.self)
    }
  }

  /// Copies the first word and the last one, which overlap unless they are all.
  @unsafe @inlinable @inline(__always)
  func copyEnds<Word: BitwiseCopyable>(of source: UnsafeRawPointer, _ count: Int, as word: Word.Type) {
    // Safety: the caller has checked that there is a word.
    let last = count &- MemoryLayout<Word>.size
    let (first, second) = unsafe (
      source.loadUnaligned(as: word), source.loadUnaligned(fromByteOffset: last, as: word)
    )
    unsafe storeBytes(of: first, as: word)
    unsafe storeBytes(of: second, toByteOffset: last, as: word)
  }

  @unsafe @usableFromInline
  func copyUnusual(from source: UnsafeRawPointer, count: Int) {
    if count >= 4 { return unsafe copyMemory(from: source, byteCount: count) }
    for offset in 0..<count {
      // Safety: the offset is below the count, which both have.
      unsafe storeBytes(
        of: source.load(fromByteOffset: offset, as: UInt8.self), toByteOffset: offset, as: UInt8.self)
    }
  }
}
