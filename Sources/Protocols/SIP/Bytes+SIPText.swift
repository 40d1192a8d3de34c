internal import Packets
public import Values

/// The small steps of which the SIP grammar is made (RFC 3261 §25.1); all of them stay inside `end`.
extension Span where Element == UInt8 {
  /// Whether a byte is linear white space; line ends count, since folded values contain them.
  @inline(__always)
  static func isWhitespace(_ byte: UInt8) -> Bool {
    byte <= 0x20 && 0x1_0000_2600 as UInt64 &>> UInt64(byte) & 1 == 1
  }

  /// The first offset from `start` that holds no white space, or `end`.
  @inline(__always)
  func skipWhitespace(_ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end, Self.isWhitespace(self[index]) { index += 1 }
    Work.count(index - start)
    return index
  }

  /// A range without the white space at both ends.
  @inline(__always)
  func trimmed(_ start: Int, _ end: Int) -> ByteRange {
    let first = skipWhitespace(start, end)
    var last = end
    while last > first, Self.isWhitespace(self[last - 1]) { last -= 1 }
    Work.count(end - last)
    return ByteRange(first, last)
  }

  /// The first offset from `start` that holds a byte, or `end`.
  @inline(__always)
  func find(_ byte: UInt8, _ start: Int, _ end: Int) -> Int {
    let offset = firstOffset(of: byte, start, end)
    Work.count(offset - start)
    return offset
  }

  /// The line feed that ends the line at `start`, or nil; lines are long enough for `memchr`.
  @inline(__always)
  func lineFeed(_ start: Int, _ end: Int) -> Int? {
    let offset = firstIndex(of: 0x0a, in: start..<end)
    Work.count((offset ?? end) - start)
    return offset
  }

  /// The first offset from `start` that holds a byte, or nil.
  @inline(__always)
  func index(of byte: UInt8, _ start: Int, _ end: Int) -> Int? {
    let offset = find(byte, start, end)
    return offset < end ? offset : nil
  }

  /// The first offset from `start` that holds a byte outside of a set, or `end`.
  @inline(__always)
  func skip(_ set: ByteSet, _ start: Int, _ end: Int) -> Int {
    let offset = prefixEnd(start, end) { set.contains($0) }
    Work.count(offset - start)
    return offset
  }

  /// Whether every byte of a range is in a set.
  @inline(__always)
  func consists(of set: ByteSet, _ range: ByteRange) -> Bool {
    skip(set, range.start, range.end) == range.end
  }

  /// The offset behind the quote that closes the string opened at `start`, or nil.
  func skipQuotedString(_ start: Int, _ end: Int) -> Int? {
    var index = start + 1
    defer { Work.count(index - start) }
    while index < end {
      switch self[index] {
      case UInt8(ascii: "\\"): index += 2
      case UInt8(ascii: "\""): return index + 1
      default: index += 1
      }
    }
    return nil
  }

  /// The first eight bytes of a range in small letters, as one number.
  @inline(__always)
  func word(_ range: ByteRange) -> UInt64 {
    lowercaseWord(at: range.start, width: Swift.min(range.count, 8))
  }

  /// The decimal number that a range spells, or nil when it spells none or one above `limit`.
  func decimal(_ range: ByteRange, upTo limit: UInt64) -> UInt64? {
    guard !range.isEmpty else { return nil }
    Work.count(range.count)
    guard range.count < 19 else { return longDecimal(range, upTo: limit) }
    var value: UInt64 = 0
    let digitsEnd = prefixEnd(range.start, range.end) { byte in
      let digit = byte &- 0x30
      if digit < 10 { value = value &* 10 &+ UInt64(digit) }
      return digit < 10
    }
    return digitsEnd == range.end && value <= limit ? value : nil
  }

  /// The same for numbers that may not fit in 64 bits.
  private func longDecimal(_ range: ByteRange, upTo limit: UInt64) -> UInt64? {
    var value: UInt64 = 0
    for index in range.range {
      let digit = self[index] &- 0x30
      guard digit < 10 else { return nil }
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow, scaled <= limit else { return nil }
      let (sum, carried) = scaled.addingReportingOverflow(UInt64(digit))
      guard !carried, sum <= limit else { return nil }
      value = sum
    }
    return value
  }

  /// Whether two ranges hold the same bytes.
  public func isEqual(_ left: ByteRange, _ right: ByteRange) -> Bool {
    guard left.count == right.count else { return false }
    Work.count(left.count)
    var offset = 0
    while offset + 8 <= left.count {
      guard
        littleEndianWord(at: left.start + offset, width: 8)
          == littleEndianWord(at: right.start + offset, width: 8)
      else { return false }
      offset += 8
    }
    let rest = left.count - offset
    return littleEndianWord(at: left.start + offset, width: rest)
      == littleEndianWord(at: right.start + offset, width: rest)
  }
}

extension Bytes {
  /// The number that one to eight hexadecimal digits spell; nil for anything else.
  func hexadecimal(_ value: ByteRange) -> UInt32? {
    guard value.count >= 1, value.count <= 8 else { return nil }
    var number: UInt32 = 0
    for index in value.range {
      let byte = self[index]
      guard ByteSet.isHexadecimal(byte) else { return nil }
      number = number << 4 | UInt32(byte < 0x3a ? byte - 0x30 : (byte | 0x20) - 0x57)
    }
    return number
  }
}

extension ByteSet {
  /// Whether a byte is a hexadecimal digit.
  @inline(__always)
  static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
  }
}
