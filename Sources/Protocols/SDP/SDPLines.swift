public import Packets
public import Values

/// Walks through the lines of a session description: what a log needs that prints them as they are.
public struct SDPLines: Sendable {
  private var position: Int
  private let end: Int

  /// The lines in a range of the message.
  public init(_ range: ByteRange) {
    position = range.start
    end = range.end
  }

  /// The next line with its letter and its value without outer white space; lines without a letter and
  /// an equals sign are left out. nil at the end.
  public mutating func next(in bytes: Bytes) -> (letter: UInt8, value: ByteRange)? {
    while let line = nextLine(in: bytes) {
      if let parts = Self.split(bytes, line) { return (parts.letter, parts.value) }
    }
    return nil
  }

  /// The next line that is not empty, without its end.
  mutating func nextLine(in bytes: Bytes) -> ByteRange? {
    while position < min(end, bytes.count) {
      let lineFeed = bytes.find(0x0a, position, min(end, bytes.count))
      let line = bytes.trimmed(position, lineFeed)
      position = lineFeed + 1
      if !line.isEmpty { return line }
    }
    return nil
  }

  /// A line taken apart; `isTight` says whether the equals sign stands right behind the letter.
  static func split(
    _ bytes: Bytes, _ line: ByteRange
  ) -> (letter: UInt8, value: ByteRange, isTight: Bool)? {
    let letter = bytes[line.start]
    let equals = bytes.skipWhitespace(line.start + 1, line.end)
    guard letter &- 0x61 < 26, equals < line.end, bytes[equals] == UInt8(ascii: "=") else { return nil }
    return (letter, bytes.trimmed(equals + 1, line.end), equals == line.start + 1)
  }
}
