internal import Values

/// Growable bytes for log lines, written to the front and handed on in one piece.
///
/// Foundation's JSON writers cost 50 to 500 times the rest of the line (8–85 µs against 0.15 µs, measured),
/// so JSON is written by hand here and checked against a real JSON parser in the tests. The memory is
/// owned directly: a Swift array's uniqueness and bounds checks took a third of the time of a line.
@safe
struct LineBuffer: ~Copyable {
  // Safety: there are `capacity` bytes; every byte below `count` is written before it is read. Both memories are
  // allocated here, freed in `deinit`, and this value's alone.
  private var storage: UnsafeMutableRawPointer
  private var capacity: Int
  private(set) var count = 0
  // Safety: there are `wordCount` bytes and `slack` more, and before them those of the tables.
  private let words: UnsafeMutableRawPointer
  private let wordCount: Int

  /// An empty buffer.
  ///
  /// - Parameter words: bytes that lines are put together from; `append(word:)` takes a range of them.
  init(capacity: Int = 1 << 16, words text: [UInt8] = []) {
    self.capacity = max(capacity, 64)
    unsafe storage = .allocate(byteCount: self.capacity, alignment: 8)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: Self.tables + text.count + Self.slack, alignment: 8)
    unsafe words = memory + Self.tables
    wordCount = text.count
    // Safety: all of it is written here, and nothing behind its end.
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: Self.tables + text.count + Self.slack)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xff, count: Self.slack)
    for octet in 0..<256 {
      var digits = Array("\(octet)".utf8)
      digits += Array(repeating: 0, count: 3 - digits.count) + [UInt8(digits.count)]
      for (place, digit) in digits.enumerated() {
        unsafe (memory + Self.octets).storeBytes(of: digit, toByteOffset: 4 * octet + place, as: UInt8.self)
      }
    }
    for (place, byte) in text.enumerated() {
      unsafe words.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
    }
  }

  /// Bytes that are copied at once, whether so many are wanted or not.
  private static var slack: Int { 32 }
  /// Bytes in front of the words: as many ones as `slack` says, as many zeros, and the octets of addresses, each
  /// with three digits at the most and their number.
  private static var tables: Int { octets + 4 * 256 }
  private static var octets: Int { 2 * slack }

  deinit {
    unsafe storage.deallocate()
    unsafe (words - Self.tables).deallocate()
  }

  /// Appends a range of the words given at the beginning.
  @inline(__always)
  mutating func append(word range: ByteRange) {
    let (start, length) = (Int(range.start), range.count)
    precondition(length >= 0 && range.end <= wordCount)
    reserve(max(length, Self.slack))
    // Safety: the range was checked to lie in `words`, which go on for `slack` bytes behind it, and `reserve` made
    // room behind `count`.
    if length <= Self.slack {
      // More than is wanted, in two moves: what follows writes over it.
      unsafe Self.copySlack(words + start, to: storage + count)
    } else {
      unsafe (storage + count).copyMemory(from: words + start, byteCount: length)
    }
    count &+= length
  }

  @inline(__always)
  @unsafe private static func copySlack(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
    // Safety: the caller has checked that there are `slack` bytes in both places.
    unsafe target.storeBytes(of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
    unsafe target.storeBytes(
      of: source.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self), toByteOffset: 16,
      as: SIMD16<UInt8>.self)
  }

  /// Gives the bytes written so far to a closure.
  func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Safety: the first `count` bytes are initialised and stay in place during the call.
    let written = unsafe UnsafeRawBufferPointer(start: storage, count: count)
    return try unsafe body(Span<UInt8>(_bytes: RawSpan(_unsafeBytes: written)))
  }

  mutating func removeAll() {
    count = 0
  }

  /// Makes room for at least `extra` more bytes.
  @inline(__always)
  mutating func reserve(_ extra: Int) {
    if extra > capacity &- count { grow(extra) }
  }

  @inline(never)
  private mutating func grow(_ extra: Int) {
    // Safety: the new memory is larger than the old, whose first `count` bytes are moved over.
    capacity = capacity * 2 + extra
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
    unsafe larger.copyMemory(from: storage, byteCount: count)
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
      unsafe (storage + count).copyFew(
        from: from.baseAddress.unsafelyUnwrapped + range.lowerBound, count: range.count)
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
  /// Appends a range of a text in quotes when it needs no escaping, as nearly all do; false, with nothing appended, for
  /// others, and for a short one at the end of the text.
  ///
  /// Copying and checking are one pass.
  @inline(__always)
  mutating func append(quotedPlain range: ByteRange, of text: Span<UInt8>) -> Bool {
    let (start, length) = (Int(range.start), range.count)
    precondition(length >= 0 && range.end <= text.count)
    reserve(length &+ Self.slack &+ 2)
    let target = unsafe storage + count
    let room = text.count &- start
    // Safety: `reserve` made room for the text, the quotation marks and `slack` bytes from `count` on; there are `room`
    // bytes from the beginning of the range on, of which `length` are in it.
    let isPlain = unsafe text.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return length == 0 }
      let source = unsafe base + start
      if length <= 16 { return unsafe room >= 16 && copyFew(source, to: target + 1, length) }
      return unsafe Self.copyMany(source, to: target + 1, length)
    }
    guard isPlain else { return false }
    unsafe target.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
    unsafe target.storeBytes(of: UInt8(ascii: "\""), toByteOffset: length &+ 1, as: UInt8.self)
    count &+= length &+ 2
    return true
  }

  /// Copies sixteen bytes; whether those in front, as many as wanted, are plain.
  @inline(__always)
  @unsafe private func copyFew(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
  ) -> Bool {
    // Safety: the caller has checked that there are sixteen bytes in both places. `slack` ones stand in front of as many
    // zeros in the tables, and the count is less than that.
    let bytes = unsafe source.loadUnaligned(as: SIMD16<UInt8>.self)
    unsafe target.storeBytes(of: bytes, as: SIMD16<UInt8>.self)
    let wanted = unsafe (words - Self.tables).loadUnaligned(
      fromByteOffset: Self.slack &- count, as: SIMD16<UInt8>.self)
    return Self.isNothing(Self.oddness(bytes) & wanted)
  }

  /// Copies sixteen bytes at a time, the last of which may overlap those before; whether all are plain.
  @inline(__always)
  @unsafe private static func copyMany(
    _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ count: Int
  ) -> Bool {
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
    return isNothing(odd)
  }

  /// Whether no upper bit is set.
  @inline(__always)
  private static func isNothing(_ bits: SIMD16<UInt8>) -> Bool {
    // Safety: sixteen bytes are two words.
    let words = unsafe unsafeBitCast(bits, to: SIMD2<UInt64>.self)
    return (words.x | words.y) & 0x8080_8080_8080_8080 == 0
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

  /// Appends an octet of an address.
  @inline(__always)
  mutating func append(octet: UInt8) {
    reserve(4)
    // Safety: the tables have four bytes for each octet, and `reserve` made room for as many.
    let entry = unsafe (words - Self.tables + Self.octets).loadUnaligned(
      fromByteOffset: 4 &* Int(octet), as: UInt32.self)
    unsafe storage.storeBytes(of: entry, toByteOffset: count, as: UInt32.self)
    count &+= Int(UInt32(littleEndian: entry) &>> 24)
  }
}
