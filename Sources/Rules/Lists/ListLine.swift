internal import Values

/// One line of a list file, taken apart: `entry [expires=DATE] [note=…] [# comment]`.
struct ListLine {
  /// What makes a line unreadable.
  struct Fault: Error {
    let range: Range<Int>
    let message: String
    let help: String?
  }

  private static let expiresWord = Array("expires=".utf8)
  private static let noteWord = Array("note=".utf8)

  /// The bytes of the entry, without quotes.
  var entry: Range<Int>
  /// Whether the entry was in double quotes, with `\"` and `\\` in it.
  var isQuoted = false
  var expires: Range<Int>?
  var note: Range<Int>?

  /// The parts of a line, or nil for a blank line or a comment.
  ///
  /// An entry of a type without blanks is one word. An entry of other types goes on to the first
  /// ` expires=`, ` note=` or ` #`; what contains these is put in double quotes.
  init?(_ line: Range<Int>, in text: Span<UInt8>, isWord: Bool, canQuote: Bool) throws(Fault) {
    let content = Self.trimmed(Self.withoutComment(line, text, canQuote: canQuote), text)
    guard !content.isEmpty else { return nil }
    entry = content
    try Self.checkControls(content, text)
    if canQuote, text[content.lowerBound] == UInt8(ascii: "\"") {
      isQuoted = true
      let close = try Self.closingQuote(content, text)
      entry = content.lowerBound + 1..<close
      try readOptions(close + 1..<content.upperBound, text)
      return
    }
    let end = isWord ? Self.wordEnd(content, text) : Self.optionsStart(content, text)
    entry = Self.trimmed(content.lowerBound..<end, text)
    try readOptions(end..<content.upperBound, text)
  }

  /// The bytes of the entry with its escapes undone.
  func unescaped(_ text: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entry.count)
    var index = entry.lowerBound
    while index < entry.upperBound {
      if isQuoted, text[index] == UInt8(ascii: "\\"), index + 1 < entry.upperBound,
        text[index + 1] == UInt8(ascii: "\\") || text[index + 1] == UInt8(ascii: "\"")
      {
        index += 1
      }
      bytes.append(text[index])
      index += 1
    }
    return bytes
  }

  private mutating func readOptions(_ range: Range<Int>, _ text: Span<UInt8>) throws(Fault) {
    var rest = Self.trimmed(range, text)
    while !rest.isEmpty {
      let end = Self.wordEnd(rest, text)
      if text.starts(with: Self.noteWord, in: rest) {
        note = rest.lowerBound + 5..<rest.upperBound
        return
      }
      guard text.starts(with: Self.expiresWord, in: rest) else {
        throw Fault(
          range: rest.lowerBound..<end, message: "unexpected text after the entry",
          help: "an entry is followed by expires=DATE, note=… or # and a comment")
      }
      expires = rest.lowerBound + 8..<end
      rest = Self.trimmed(end..<rest.upperBound, text)
    }
  }

  private static func trimmed(_ range: Range<Int>, _ text: Span<UInt8>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, text[start].isBlank { start += 1 }
    while end > start, text[end - 1].isBlank { end -= 1 }
    return start..<end
  }

  private static func wordEnd(_ range: Range<Int>, _ text: Span<UInt8>) -> Int {
    var end = range.lowerBound
    while end < range.upperBound, !text[end].isBlank { end += 1 }
    return end
  }

  private static func optionsStart(_ range: Range<Int>, _ text: Span<UInt8>) -> Int {
    var index = range.lowerBound
    while index + 1 < range.upperBound {
      if text[index].isBlank {
        let rest = index + 1..<range.upperBound
        if text.starts(with: Self.expiresWord, in: rest) || text.starts(with: Self.noteWord, in: rest) {
          return index
        }
      }
      index += 1
    }
    return range.upperBound
  }

  /// A `#` starts a comment at the start of a line and behind a blank, but not in quotes.
  private static func withoutComment(
    _ line: Range<Int>, _ text: Span<UInt8>, canQuote: Bool
  ) -> Range<Int> {
    var isQuoted = false
    var isStart = true
    var index = line.lowerBound
    while index < line.upperBound {
      let byte = text[index]
      if byte == UInt8(ascii: "\\"), isQuoted {
        index += 1
      } else if byte == UInt8(ascii: "\""), canQuote, isStart || isQuoted {
        isQuoted.toggle()
      } else if byte == UInt8(ascii: "#"), !isQuoted,
        index == line.lowerBound || text[index - 1].isBlank
      {
        return line.lowerBound..<index
      }
      if !byte.isBlank { isStart = false }
      index += 1
    }
    return line
  }

  private static func closingQuote(_ range: Range<Int>, _ text: Span<UInt8>) throws(Fault) -> Int {
    var index = range.lowerBound + 1
    while index < range.upperBound {
      if text[index] == UInt8(ascii: "\\") {
        index += 1
      } else if text[index] == UInt8(ascii: "\"") {
        return index
      }
      index += 1
    }
    throw Fault(range: range, message: "the quote that opens the entry is not closed", help: nil)
  }

  private static func checkControls(_ range: Range<Int>, _ text: Span<UInt8>) throws(Fault) {
    for index in range where text[index] < 0x20 && text[index] != 0x09 || text[index] == 0x7f {
      throw Fault(
        range: index..<index + 1, message: "a control character in a list",
        help: "a list is a text file with one entry a line")
    }
  }
}

extension UInt8 {
  /// Whether this is a space or a tab.
  var isBlank: Bool { self == 0x20 || self == 0x09 }
}

extension Span where Element == UInt8 {
  /// Whether the bytes of a range begin with an ASCII word.
  func starts(with word: [UInt8], in range: Range<Int>) -> Bool {
    guard range.count >= word.count, range.upperBound <= count else { return false }
    for index in word.indices where word[index] != self[range.lowerBound + index] { return false }
    return true
  }
}
