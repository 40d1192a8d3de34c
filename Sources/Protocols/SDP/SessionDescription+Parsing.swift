public import Packets
public import Values

extension SessionDescription {
  /// Parses the description in a range of borrowed bytes, forgetting the last one.
  ///
  /// When the capture cut it, a line without its end is not read and what may stand behind it is not missed.
  public mutating func parse(_ bytes: Bytes, _ range: ByteRange, isCut: Bool = false) {
    reset()
    self.isCut = isCut
    var walk = SDPLines(isCut ? Self.completeLines(bytes, range) : range)
    var lines = 0
    while let line = walk.nextLine(in: bytes) {
      // Lines of a medium that is not kept must not be taken for those of the last one.
      guard !faults.contains(.tooManyMedia) else { break }
      lines += 1
      guard lines <= limits.lines else {
        faults.insert(.tooManyLines)
        break
      }
      readLine(bytes, line, isFirst: lines == 1)
    }
    if !isCut || !media.isEmpty { endSection() }
    if lines > 0 { checkWhole() }
  }

  /// A range without what stands behind its last line feed.
  private static func completeLines(_ bytes: Bytes, _ range: ByteRange) -> ByteRange {
    var end = min(range.end, bytes.count)
    Work.count(end - range.start)
    while end > range.start, bytes[end - 1] != 0x0a { end -= 1 }
    return ByteRange(range.start, max(range.start, end))
  }

  private mutating func readLine(_ bytes: Bytes, _ line: ByteRange, isFirst: Bool) {
    guard let (letter, value, isTight) = SDPLines.split(bytes, line) else {
      return faults.insert(.malformedLine)
    }
    if !isTight { faults.insert(.malformedLine) }
    if isFirst, letter != UInt8(ascii: "v") { faults.insert(.missingVersion) }
    if letter == UInt8(ascii: "m") {
      startMedium(bytes, value)
    } else {
      checkOrder(letter)
      read(bytes, letter, value)
    }
  }

  private mutating func read(_ bytes: Bytes, _ letter: UInt8, _ value: ByteRange) {
    switch letter {
    case UInt8(ascii: "v"):
      if value.count != 1 || bytes[value.start] != UInt8(ascii: "0") { faults.insert(.badVersion) }
    case UInt8(ascii: "o"): readOrigin(bytes, value)
    case UInt8(ascii: "s"): sessionName = value
    case UInt8(ascii: "c"): readConnection(bytes, value)
    case UInt8(ascii: "t"): readTime(bytes, value)
    case UInt8(ascii: "k"): faults.insert(.keyInClear)
    case UInt8(ascii: "a"): readAttribute(bytes, value)
    default: break
    }
  }

  /// The lines of a section come in a fixed order, and some only once (RFC 8866 §9).
  private mutating func checkOrder(_ letter: UInt8) {
    let rank = Self.rank(letter)
    guard rank > 0 else { return faults.insert(.unknownLine) }
    let bit: UInt32 = 1 << UInt32(letter - 0x61)
    if seenLetters & bit & ~Self.repeatable != 0 { faults.insert(.repeatedLine) }
    seenLetters |= bit
    // Times may alternate with their repeats, so the rank may fall back among these.
    if rank < lastRank, !(rank >= 10 && lastRank <= 11) { faults.insert(.wrongOrder) }
    lastRank = max(lastRank, rank)
  }

  /// The letters a, b, c, e, p, r and t, one bit each: their lines may occur several times.
  private static let repeatable: UInt32 = 0xa_8017

  private static func rank(_ letter: UInt8) -> Int {
    switch letter {
    case UInt8(ascii: "v"): 1
    case UInt8(ascii: "o"): 2
    case UInt8(ascii: "s"): 3
    case UInt8(ascii: "i"): 4
    case UInt8(ascii: "u"): 5
    case UInt8(ascii: "e"): 6
    case UInt8(ascii: "p"): 7
    case UInt8(ascii: "c"): 8
    case UInt8(ascii: "b"): 9
    case UInt8(ascii: "t"): 10
    case UInt8(ascii: "r"): 11
    case UInt8(ascii: "z"): 12
    case UInt8(ascii: "k"): 13
    case UInt8(ascii: "a"): 14
    default: 0
    }
  }

  private mutating func startMedium(_ bytes: Bytes, _ value: ByteRange) {
    endSection()
    // What follows belongs to a medium: its own letters in their own order.
    (seenLetters, lastRank) = (0, 0)
    guard media.count < limits.media else { return faults.insert(.tooManyMedia) }
    readMedium(bytes, value)
  }

  /// Closes the session part or a medium.
  private mutating func endSection() {
    if media.isEmpty {
      if seenLetters & bit("o") == 0 { faults.insert(.missingOrigin) }
      if seenLetters & bit("s") == 0 { faults.insert(.missingSessionName) }
      if seenLetters & bit("t") == 0 { faults.insert(.missingTime) }
    } else {
      let last = media.count - 1
      media[last].candidates = media[last].candidates.lowerBound..<candidates.count
    }
  }

  private func bit(_ letter: Unicode.Scalar) -> UInt32 { 1 << (letter.value - 0x61) }

  private mutating func checkWhole() {
    // The last medium may have its line behind the cut.
    for medium in media.dropLast(isCut ? 1 : 0)
    where connection(of: medium).range.isEmpty && !medium.isRejected {
      faults.insert(.missingConnection)
    }
  }
}
