internal import Events
internal import Protocols
internal import Values

/// Texts as they are meant, without what the grammar of headers puts into them.
extension SIPEventBuilder {
  /// A text without the backslashes of its quoted pairs (RFC 3261 §25.1) and with one space for each line end
  /// of a folded header (§7.3.1); nearly every one is as it was written.
  ///
  /// - Parameters:
  ///   - isQuoted: whether it stood in quotes; elsewhere a backslash is one.
  ///   - isFolded: whether it may have line ends.
  @inline(__always)
  func plain(_ text: ByteRange, isQuoted: Bool, isFolded: Bool, in event: inout Event) -> ByteRange {
    guard isQuoted || isFolded, Self.hasMarks(text, in: event) else { return text }
    return copy(text, isQuoted: isQuoted, into: &event)
  }

  /// The value of a parameter, that may have stood in quotes.
  func plain(
    _ value: ByteRange, of message: borrowing SIPMessage, in event: inout Event
  ) -> ByteRange {
    let isQuoted = SIPParameter.isQuoted(value, in: event.text.span)
    return plain(value, isQuoted: isQuoted, isFolded: message.hasFoldedHeader, in: &event)
  }

  /// The user part of a URI as all its forms are equal; nearly every one has no escape.
  @inline(__always)
  func plain(user: ByteRange, in event: inout Event) -> ByteRange {
    guard PlainUser.isEscaped(event.text.span, user) else { return user }
    return copy(user: user, into: &event)
  }

  /// Copies a user part to the end of the event's text, piece by piece.
  private func copy(user: ByteRange, into event: inout Event) -> ByteRange {
    let start = event.textCount
    var piece = InlineArray<64, UInt8>(repeating: 0)
    var reader = PlainUser(user)
    var count = 0
    repeat {
      count = 0
      while count < piece.count, let byte = reader.next(in: event.text.span) {
        piece[count] = byte
        count += 1
      }
      _ = event.append(piece.span.extracting(0..<count))
    } while count == piece.count
    return ByteRange(start, event.textCount)
  }

  private static func hasMarks(_ text: ByteRange, in event: borrowing Event) -> Bool {
    for byte in event.text[text.range] where isMark(byte) { return true }
    return false
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\\") || byte == 0x0d || byte == 0x0a
  }

  /// Copies a text to the end of the event's, run by run.
  private func copy(_ text: ByteRange, isQuoted: Bool, into event: inout Event) -> ByteRange {
    let start = event.textCount
    var run = text.start
    var index = text.start
    while index < text.end {
      let byte = event.text[index]
      if !Self.isMark(byte) || (byte == UInt8(ascii: "\\") && !isQuoted) {
        index += 1
        continue
      }
      event.append(copying: ByteRange(run, index))
      if byte == UInt8(ascii: "\\") {
        // What it protects is itself, even another backslash.
        run = index + 1
        index = min(index + 2, text.end)
        continue
      }
      index = Self.skipFold(index, text.end, in: event)
      run = index
      _ = event.append(constant: " ")
    }
    event.append(copying: ByteRange(run, text.end))
    return ByteRange(start, event.textCount)
  }

  /// The first offset behind a line end and the white space that goes on.
  private static func skipFold(_ start: Int, _ end: Int, in event: borrowing Event) -> Int {
    var index = start
    while index < end {
      let byte = event.text[index]
      guard byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a else { break }
      index += 1
    }
    return index
  }
}
