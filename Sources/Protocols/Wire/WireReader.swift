internal import Packets
internal import Values

/// A position in a bounded part of borrowed bytes; every read says which field it is for.
///
/// The bytes are passed to each call instead of being held, so that the reader is a plain value.
/// Its end never exceeds the bytes it was made for.
struct WireReader {
  let layer: WireError.Layer
  private(set) var offset: Int
  let end: Int

  /// A reader over all bytes.
  init(_ bytes: Bytes, layer: WireError.Layer) {
    self.layer = layer
    offset = 0
    end = bytes.count
  }

  /// A reader over a part; what lies outside of the bytes is cut off.
  init(_ bytes: Bytes, _ part: ByteRange, layer: WireError.Layer) {
    self.layer = layer
    end = min(part.end, bytes.count)
    offset = min(part.start, end)
  }

  /// A reader over a part that an earlier parse of the same bytes has found; it is not cut to the bytes.
  init(inside part: ByteRange, layer: WireError.Layer) {
    self.layer = layer
    offset = part.start
    end = part.end
  }

  var remaining: Int { end - offset }
  var isAtEnd: Bool { offset >= end }
  var rest: ByteRange { ByteRange(offset, end) }

  func truncated(_ field: StaticString, needed: Int) -> WireError {
    WireError(layer, .truncated, field, offset: offset, needed: needed, available: remaining)
  }

  func invalid(_ field: StaticString, value: Int) -> WireError {
    WireError(layer, .invalid, field, offset: offset, needed: value, available: remaining)
  }

  mutating func uint8(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> UInt8 {
    guard remaining >= 1 else { throw truncated(field, needed: 1) }
    Work.count(1)
    offset += 1
    return bytes[offset - 1]
  }

  mutating func uint16(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> UInt16 {
    guard remaining >= 2 else { throw truncated(field, needed: 2) }
    Work.count(1)
    offset += 2
    return bytes.uint16(at: offset - 2)
  }

  mutating func uint24(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> Int {
    guard remaining >= 3 else { throw truncated(field, needed: 3) }
    Work.count(1)
    offset += 3
    return Int(bytes[offset - 3]) << 16 | Int(bytes.uint16(at: offset - 2))
  }

  mutating func uint32(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> UInt32 {
    guard remaining >= 4 else { throw truncated(field, needed: 4) }
    Work.count(1)
    offset += 4
    return bytes.uint32(at: offset - 4)
  }

  mutating func uint64(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> UInt64 {
    guard remaining >= 8 else { throw truncated(field, needed: 8) }
    Work.count(1)
    offset += 8
    return bytes.uint64(at: offset - 8)
  }

  /// The next `count` bytes; `count` is not negative.
  mutating func take(_ count: Int, _ field: StaticString) throws(WireError) -> ByteRange {
    guard remaining >= count else { throw truncated(field, needed: count) }
    Work.count(1)
    offset += count
    return ByteRange(offset - count, offset)
  }

  /// A vector behind an 8-bit length.
  mutating func vector8(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> ByteRange {
    let count = try uint8(bytes, field)
    return try take(Int(count), field)
  }

  /// A vector behind a 16-bit length.
  mutating func vector16(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> ByteRange {
    let count = try uint16(bytes, field)
    return try take(Int(count), field)
  }

  /// A vector behind a 24-bit length.
  mutating func vector24(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> ByteRange {
    let count = try uint24(bytes, field)
    return try take(count, field)
  }
}
