internal import Events
internal import Packets
internal import Protocols
internal import Values

/// The texts of records: a buffer for each record number, used again when the number is.
///
/// What a record must remember of a message is copied here once, cut to a length, so that nobody can make
/// a record large.
struct RecordTexts: Sendable {
  private var buffers: [[UInt8]] = []
  /// Bytes that the texts take.
  private(set) var byteCount = 0

  private static let reserved = 192
  private static let kept = 1024

  /// Bytes of a record's text. What an array really reserves differs from run to run.
  private func size(_ number: Int) -> Int { max(Self.reserved, buffers[number].count) }

  /// Forgets the text of the record that had a number before.
  mutating func clear(_ number: Int) {
    while buffers.count <= number {
      buffers.append([])
      byteCount += Self.reserved
    }
    let before = size(number)
    if buffers[number].capacity > Self.kept {
      buffers[number] = []
    } else {
      buffers[number].removeAll(keepingCapacity: true)
    }
    if buffers[number].capacity < Self.reserved { buffers[number].reserveCapacity(Self.reserved) }
    byteCount += size(number) - before
  }

  /// Copies a part of a message to a record; a longer one is cut and ends in an ellipsis.
  mutating func append(
    _ bytes: Bytes, _ range: ByteRange, to number: Int, upTo limit: Int = 256
  ) -> ByteRange {
    guard !range.isEmpty else { return ByteRange() }
    let before = size(number)
    let start = buffers[number].count
    buffers[number].append(bytes.extracting(range.start..<min(range.end, range.start + limit)))
    if range.count > limit { buffers[number].append(contentsOf: "…".utf8) }
    byteCount += size(number) - before
    return ByteRange(start, buffers[number].count)
  }

  /// Copies the user part of a URI to a record as all its forms are equal; a longer one is cut and ends in an ellipsis.
  mutating func append(_ bytes: Bytes, user range: ByteRange, to number: Int, upTo limit: Int) -> ByteRange {
    guard PlainUser.isEscaped(bytes, range) else { return append(bytes, range, to: number, upTo: limit) }
    let start = buffers[number].count
    var reader = PlainUser(range)
    while let byte = reader.next(in: bytes) {
      guard buffers[number].count - start < limit else {
        for byte in "…".utf8 { append(byte, to: number) }
        break
      }
      append(byte, to: number)
    }
    return ByteRange(start, buffers[number].count)
  }

  /// Copies a header's value to a record, each fold as one space (RFC 3261 §7.3.1).
  mutating func append(_ bytes: Bytes, unfolding value: ByteRange, to number: Int) -> ByteRange {
    var unfolded: [UInt8] = []
    var isInFold = false
    for index in value.range.prefix(Self.kept) {
      let byte = bytes[index]
      let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || Self.isLineEnd(byte)
      if isInFold, isBlank { continue }
      isInFold = Self.isLineEnd(byte)
      unfolded.append(isInFold ? UInt8(ascii: " ") : byte)
    }
    return append(unfolded.span, ByteRange(0, unfolded.count), to: number)
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
  }

  /// Copies a value that may have stood in quotes to a record, without the backslashes of its quoted pairs
  /// (RFC 3261 §25.1).
  mutating func append(_ bytes: Bytes, value: ByteRange, to number: Int, upTo limit: Int) -> ByteRange {
    let backslash = UInt8(ascii: "\\")
    guard SIPParameter.isQuoted(value, in: bytes), bytes.firstIndex(of: backslash, in: value.range) != nil
    else { return append(bytes, value, to: number, upTo: limit) }
    let start = buffers[number].count
    var index = value.start
    while index < value.end, buffers[number].count - start < limit {
      if bytes[index] == backslash, index + 1 < value.end { index += 1 }
      append(bytes[index], to: number)
      index += 1
    }
    if index < value.end { for byte in "…".utf8 { append(byte, to: number) } }
    return ByteRange(start, buffers[number].count)
  }

  /// Copies a URI of a message to a record, without what it hides.
  mutating func append(_ bytes: Bytes, uri: SIPURI, to number: Int) -> ByteRange {
    guard uri.mayHoldSecret else { return append(bytes, uri.range, to: number) }
    let secrets = uri.secrets(in: bytes)
    let start = buffers[number].count
    var position = uri.range.start
    for secret in [secrets.password, secrets.headers] where !secret.isEmpty {
      _ = append(bytes, ByteRange(position, secret.start), to: number)
      for byte in "***".utf8 { append(byte, to: number) }
      position = secret.end
    }
    _ = append(bytes, ByteRange(position, uri.range.end), to: number)
    return ByteRange(start, buffers[number].count)
  }

  /// Adds one byte to the text of a record.
  mutating func append(_ byte: UInt8, to number: Int) {
    let before = size(number)
    buffers[number].append(byte)
    byteCount += size(number) - before
  }

  /// Copies a text of a record of another table; it was cut when it came there.
  mutating func append(_ range: ByteRange, of other: Int, in texts: RecordTexts, to number: Int) -> ByteRange
  {
    let source = texts.buffers[other]
    return append(source.span, range, to: number, upTo: range.count)
  }

  /// Gives a field of an event a text of a record; an empty one leaves it absent.
  func set(_ field: Field, _ range: ByteRange, of number: Int, into event: inout Event) {
    guard !range.isEmpty else { return }
    let buffer = buffers[number]
    event.set(field, copying: buffer.span.extracting(range.range))
  }
}

extension [UInt8] {
  /// Adds bytes at the end, in one piece.
  mutating func append(_ bytes: Bytes) {
    // Safety: the buffer is valid during the call, and `append` copies it.
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
