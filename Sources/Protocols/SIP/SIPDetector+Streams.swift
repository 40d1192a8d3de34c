import Packets
import Values

/// Judges single lines of a stream, of which the next may not have come yet.
extension SIPDetector {
  /// Whether a complete line is a start line without a fault that could make it something else.
  ///
  /// Asked for every line of a stream, so header lines are told at their colon.
  static func isStartLine(_ bytes: Bytes, _ start: Int, _ lineFeed: Int) -> Bool {
    let wordEnd = bytes.skip(.token, start, lineFeed)
    guard wordEnd > start, wordEnd < lineFeed else { return false }
    if bytes[wordEnd] == UInt8(ascii: "/") {
      return detect(bytes.extracting(start..<lineFeed), from: 0) == .response
    }
    let next = bytes.skipWhitespace(wordEnd, lineFeed)
    guard next > wordEnd, next < lineFeed, bytes[next] != UInt8(ascii: ":") else { return false }
    return detect(bytes.extracting(start..<lineFeed), from: 0) == .request
  }

  /// Whether a line begins with a SIP method or version, so that the lines behind it deserve a look.
  static func mayBeStartLine(_ bytes: Bytes, _ start: Int, _ lineFeed: Int) -> Bool {
    if beginsWithVersion(bytes, ByteRange(start, lineFeed)) { return true }
    let wordEnd = bytes.skip(.token, start, lineFeed)
    guard wordEnd > start, wordEnd < lineFeed, Bytes.isWhitespace(bytes[wordEnd]) else { return false }
    let method = SIPMethod.resembling(bytes, ByteRange(start, wordEnd))
    return method != .other && !namesOtherProtocol(bytes, start, lineFeed)
  }

  /// Whether a line begins or ends with the version of HTTP, RTSP or ICAP, or is the banner of SSH.
  ///
  /// A header of a message whose beginning was not captured may say anything.
  static func namesOtherProtocol(_ bytes: Bytes, _ start: Int, _ lineFeed: Int) -> Bool {
    guard !isHeaderLine(bytes, start, lineFeed) else { return false }
    let line = bytes.trimmed(start, lineFeed)
    guard line.count >= 5 else { return false }
    if beginsWithOtherName(bytes, line.start) { return true }
    if bytes.lowercaseWord(at: line.start, width: 4) == sshDash { return true }
    return isOtherVersion(bytes, lastWordStart(bytes, line, line.start), line.end)
  }

  /// Whether the first word of a line ends in a colon, or the line goes on with the one before (RFC 3261 §7.3.1).
  private static func isHeaderLine(_ bytes: Bytes, _ start: Int, _ lineFeed: Int) -> Bool {
    guard start < lineFeed else { return false }
    if Bytes.isWhitespace(bytes[start]) { return true }
    let nameEnd = bytes.skip(.token, start, lineFeed)
    let colon = bytes.skipWhitespace(nameEnd, lineFeed)
    return colon < lineFeed && bytes[colon] == UInt8(ascii: ":")
  }

  /// `ssh-` as a number, the first letter lowest.
  private static let sshDash: UInt64 = 0x2d68_7373

  /// Where a start line begins that stands behind other text in the same line, or nil.
  static func gluedStart(_ bytes: Bytes, _ start: Int, _ lineFeed: Int) -> Int? {
    let line = bytes.trimmed(start, lineFeed)
    let version = lastWordStart(bytes, line, line.start)
    if versionEnd(bytes, version, line.end) == line.end, let begin = gluedRequest(bytes, line, version) {
      return begin
    }
    var slash = bytes.find(UInt8(ascii: "/"), line.start, line.end)
    while slash < line.end {
      let begin = slash - 3
      if begin >= line.start, isStatusLine(bytes, begin, line.end) { return begin }
      slash = bytes.find(UInt8(ascii: "/"), slash + 1, line.end)
    }
    return nil
  }

  /// `SIP/2.0`, a space and three digits.
  private static func isStatusLine(_ bytes: Bytes, _ start: Int, _ end: Int) -> Bool {
    guard let version = versionEnd(bytes, start, min(start + 16, end)), version + 4 <= end else {
      return false
    }
    return bytes[version] == 0x20
      && bytes.decimal(ByteRange(version + 1, version + 4), upTo: 699) != nil
  }

  /// A method that ends the third word from the end: `bodyINVITE sip:… SIP/2.0`.
  private static func gluedRequest(_ bytes: Bytes, _ line: ByteRange, _ version: Int) -> Int? {
    let front = bytes.trimmed(line.start, version)
    let uri = lastWordStart(bytes, front, front.start)
    guard uri > front.start else { return nil }
    for length in stride(from: min(9, uri - 1 - front.start), through: 3, by: -1) {
      let method = ByteRange(uri - 1 - length, uri - 1)
      if SIPMethod.named(bytes, method) != .other { return method.start }
    }
    return nil
  }
}
