internal import Values

/// Growable bytes for log lines, written to the front and handed on in one piece.
///
/// Foundation's JSON writers cost 50 to 500 times the rest of the line (8–85 µs against 0.15 µs, measured),
/// so JSON is written by hand here and checked against a real JSON parser in the tests. The memory is
/// owned directly: a Swift array's uniqueness and bounds checks took a third of the time of a line.
@safe
struct LineBuffer: ~Copyable {
  private var storage: UnsafeMutableRawBufferPointer
  private let words: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  /// An empty buffer.
  ///
  /// - Parameter words: bytes that lines are put together from; `append(word:)` takes a range of them.
  init(capacity: Int = 1 << 16, words: [UInt8] = []) {
    // Safety: freed in `deinit`; every byte below `count` is written before it is read.
    unsafe storage = .allocate(byteCount: max(capacity, 64), alignment: 8)
    // Safety: freed in `deinit`; all of it is written here.
    unsafe self.words = .allocate(byteCount: words.count + Self.slack, alignment: 8)
    unsafe self.words.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe self.words.copyBytes(from: words)
  }

  /// Bytes that are copied at once, whether so many are wanted or not.
  private static var slack: Int { 32 }

  deinit {
    // Safety: allocated in `init` or `grow`, and owned by this value alone.
    unsafe storage.deallocate()
    unsafe words.deallocate()
  }

  /// Appends a range of the words given at the beginning.
  @inline(__always)
  mutating func append(word range: ByteRange) {
    unsafe precondition(range.end + Self.slack <= words.count)
    reserve(max(range.count, Self.slack))
    // Safety: the range was checked to lie in `words`, which go on for `slack` bytes behind it, and `reserve` made
    // room behind `count`.
    let source = unsafe words.baseAddress.unsafelyUnwrapped + range.start
    let target = unsafe storage.baseAddress.unsafelyUnwrapped + count
    if range.count <= Self.slack {
      // More than is wanted, in two moves: what follows writes over it.
      unsafe target.storeBytes(
        of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
      unsafe target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self), toByteOffset: 16,
        as: SIMD16<UInt8>.self)
    } else {
      unsafe target.copyMemory(from: source, byteCount: range.count)
    }
    count += range.count
  }

  /// Copies bytes, of which there are mostly few: a call of `memcpy` costs more than two overlapping words.
  @inline(__always)
  @unsafe private static func copy(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
  ) {
    guard count >= 8, count <= 32 else { return unsafe copyUnusual(source, to: target, count) }
    // Safety: each word begins at 0, 8, 16 or `count - 8` and ends at `count` or before.
    var offset = 0
    while offset < count &- 8 {
      unsafe target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: offset, as: UInt64.self), toByteOffset: offset,
        as: UInt64.self)
      offset &+= 8
    }
    unsafe target.storeBytes(
      of: source.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self), toByteOffset: count &- 8,
      as: UInt64.self)
  }

  @unsafe private static func copyUnusual(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
  ) {
    if count > 8 { return unsafe target.copyMemory(from: source, byteCount: count) }
    for offset in 0..<count {
      // Safety: the offset is below the count, which both have.
      unsafe target.storeBytes(
        of: source.load(fromByteOffset: offset, as: UInt8.self), toByteOffset: offset, as: UInt8.self)
    }
  }

  /// Gives the bytes written so far to a closure.
  func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Safety: the first `count` bytes are initialised and stay in place during the call.
    let written = unsafe UnsafeRawBufferPointer(start: storage.baseAddress, count: count)
    return try unsafe body(Span<UInt8>(_bytes: RawSpan(_unsafeBytes: written)))
  }

  mutating func removeAll() {
    count = 0
  }

  /// Makes room for at least `extra` more bytes.
  @inline(__always)
  mutating func reserve(_ extra: Int) {
    if unsafe extra > storage.count - count { grow(extra) }
  }

  @inline(never)
  private mutating func grow(_ extra: Int) {
    // Safety: the new memory is larger than the old, whose first `count` bytes are moved over.
    let larger = unsafe UnsafeMutableRawBufferPointer.allocate(
      byteCount: storage.count * 2 + extra, alignment: 8)
    unsafe larger.copyMemory(from: UnsafeRawBufferPointer(start: storage.baseAddress, count: count))
    unsafe storage.deallocate()
    unsafe storage = larger
  }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    // Safety: `reserve` made room for one byte at `count`.
    unsafe storage.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count += 1
  }

  mutating func append(_ bytes: Span<UInt8>) {
    append(bytes, 0..<bytes.count)
  }

  @inline(__always)
  mutating func append(_ source: Span<UInt8>, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count)
    guard !range.isEmpty else { return }
    reserve(range.count)
    // Safety: the range was checked to lie in the source, and `reserve` made room behind `count`.
    unsafe source.withUnsafeBytes { from in
      unsafe Self.copy(
        from.baseAddress.unsafelyUnwrapped + range.lowerBound,
        to: storage.baseAddress.unsafelyUnwrapped + count, range.count)
    }
    count += range.count
  }

  @inline(__always)
  mutating func append(_ text: StaticString) {
    // Safety: a static string's bytes live as long as the process; they are copied here.
    text.withUTF8Buffer { unsafe append(Span(_unsafeElements: $0)) }
  }

  mutating func append(integer: Int64) {
    if integer < 0 { append(UInt8(ascii: "-")) }
    append(unsigned: integer.magnitude)
  }

  mutating func append(unsigned number: UInt64) {
    if number >= 10_000 {
      append(unsigned: number / 10_000)
      return append(fourDigits: UInt32(truncatingIfNeeded: number % 10_000), from: 0)
    }
    let few = UInt32(truncatingIfNeeded: number)
    append(fourDigits: few, from: few >= 1000 ? 0 : few >= 100 ? 1 : few >= 10 ? 2 : 3)
  }

  /// Appends the last digits of a number below 10,000: nearly all numbers have no more, so all four are made in a word.
  @inline(__always)
  private mutating func append(fourDigits number: UInt32, from first: UInt32) {
    reserve(4)
    let upper = number / 100
    let lower = number &- upper &* 100
    let (thousands, tens) = ((upper &* 103) &>> 10, (lower &* 103) &>> 10)
    let word =
      thousands | (upper &- thousands &* 10) &<< 8 | tens &<< 16 | (lower &- tens &* 10) &<< 24
    let digits = (word | 0x3030_3030) &>> (8 &* first)
    // Safety: `reserve` made room for four bytes from `count` on.
    unsafe storage.storeBytes(of: digits.littleEndian, toByteOffset: count, as: UInt32.self)
    count += Int(4 &- first)
  }

  /// Appends exactly `digits` decimal digits, with leading zeros.
  mutating func append(_ number: UInt64, digits: Int) {
    reserve(digits)
    var rest = number
    var index = count + digits
    while index > count + 1 {
      index -= 2
      let pair = UInt16(truncatingIfNeeded: rest % 100)
      rest /= 100
      let tens = (pair &* 103) &>> 10
      // Safety: `reserve` made room for `digits` bytes from `count` on.
      unsafe storage.storeBytes(
        of: (0x3030 | tens | (pair &- tens &* 10) &<< 8).littleEndian, toByteOffset: index, as: UInt16.self)
    }
    if index > count {
      // Safety: as above.
      unsafe storage.storeBytes(
        of: UInt8(truncatingIfNeeded: 0x30 + rest % 10), toByteOffset: count, as: UInt8.self)
    }
    count += digits
  }
}

// MARK: - Plain text

extension LineBuffer {
  /// Appends a text that needs no escaping in quotes, as nearly all do; false, with nothing appended, for others.
  ///
  /// Copying and checking are one pass over words of eight bytes.
  @inline(__always)
  mutating func append(quotedPlain text: Span<UInt8>) -> Bool {
    let length = text.count
    reserve(length + 2)
    // Safety: `reserve` made room for the text and two bytes from `count` on.
    let target = unsafe storage.baseAddress.unsafelyUnwrapped + count
    let oddness = unsafe text.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return 0 as UInt64 }
      // Safety: the source has `length` bytes, and there is room for as many behind the quotation mark.
      return unsafe Self.copyChecking(base, to: target + 1, length)
    }
    guard oddness == 0 else { return false }
    unsafe target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    unsafe target.storeBytes(of: UInt8(ascii: "\""), toByteOffset: length &+ 1, as: UInt8.self)
    count += length + 2
    return true
  }

  /// Copies bytes; not 0 when any of them is not plain.
  @inline(__always)
  @unsafe private static func copyChecking(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
  ) -> UInt64 {
    guard count >= 8 else { return unsafe copyFewChecking(source, to: target, count) }
    if count >= 16 { return unsafe copyManyChecking(source, to: target, count) }
    // Safety: there are eight bytes from the beginning on, and before the end.
    let first = unsafe source.loadUnaligned(as: UInt64.self)
    let last = unsafe source.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    unsafe target.storeBytes(of: first, as: UInt64.self)
    unsafe target.storeBytes(of: last, toByteOffset: count &- 8, as: UInt64.self)
    return oddness(first) | oddness(last)
  }

  /// Sixteen bytes at a time; the last sixteen may overlap those before.
  @inline(__always)
  @unsafe private static func copyManyChecking(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
  ) -> UInt64 {
    var odd = SIMD16<UInt8>(repeating: 0)
    var offset = 0
    while offset < count {
      let place = min(offset, count &- 16)
      // Safety: the sixteen bytes end at `count` or before.
      let bytes = unsafe source.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
      unsafe target.storeBytes(of: bytes, toByteOffset: place, as: SIMD16<UInt8>.self)
      odd |= oddness(bytes)
      offset &+= 16
    }
    // Safety: sixteen bytes are two words.
    let words = unsafe unsafeBitCast(odd, to: SIMD2<UInt64>.self)
    return (words.x | words.y) & 0x8080_8080_8080_8080
  }

  /// The upper bit of each byte that is no printable ASCII, a quotation mark or a backslash.
  ///
  /// Comparisons of vectors would be shorter to read, but they are not made into vector instructions.
  @inline(__always)
  private static func oddness(_ bytes: SIMD16<UInt8>) -> SIMD16<UInt8> {
    let one = SIMD16<UInt8>(repeating: 1)
    let quote = bytes ^ SIMD16(repeating: 0x22)
    let backslash = bytes ^ SIMD16(repeating: 0x5c)
    let delete = bytes ^ SIMD16(repeating: 0x7f)
    let equal = (quote &- one) & ~quote | (backslash &- one) & ~backslash | (delete &- one) & ~delete
    return bytes | equal | (bytes &- SIMD16(repeating: 0x20)) & ~bytes
  }

  @inline(__always)
  @unsafe private static func copyFewChecking(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
  ) -> UInt64 {
    // Spaces, which are plain, where there is no byte.
    var word: UInt64 = 0x2020_2020_2020_2020
    for offset in 0..<count {
      // Safety: the offset is below the count, which both have.
      let byte = unsafe source.load(fromByteOffset: offset, as: UInt8.self)
      unsafe target.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
      word = word &<< 8 | UInt64(byte)
    }
    return oddness(word)
  }

  /// Not 0 when one of eight bytes is no printable ASCII, a quotation mark or a backslash.
  @inline(__always)
  private static func oddness(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ ones &* 0x22
    let backslash = word ^ ones &* 0x5c
    let delete = word ^ ones &* 0x7f
    // The borrow of a lower byte can mark a byte wrongly only where that lower byte is marked itself.
    let low = (word &- ones &* 0x20) & ~word
    let equal = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (delete &- ones) & ~delete
    return (low | equal | word) & 0x8080_8080_8080_8080
  }
}
