public import Packets
import Values

extension SIPMessage {
  /// Parses one message out of borrowed bytes, forgetting the last one.
  ///
  /// A datagram may hold further messages: then `remainder` is where the next one begins. When the
  /// capture cut the packet, faults that only mean “bytes are missing” are not raised, and a line that
  /// may go on behind the cut is not read: half a value is another value.
  @discardableResult
  public mutating func parse(
    _ bytes: Bytes, transport: SIPTransport, isCaptureTruncated: Bool = false
  ) -> SIPParseStatus {
    stopsAtReturns = false
    isCut = isCaptureTruncated
    return parse(bytes, transport)
  }

  private mutating func parse(_ bytes: Bytes, _ transport: SIPTransport) -> SIPParseStatus {
    reset()
    let start = SIPDetector.skipLineBreaks(bytes, 0)
    guard start < bytes.count else { return bytes.count > 0 ? .keepAlive : .notSIP }
    let detection = SIPDetector.detect(bytes, from: start)
    guard detection != .notSIP else { return .notSIP }
    if start > 0, transport == .datagram { report(.leadingLineBreaks) }
    let headerStart = parseStartLine(bytes, start, detection)
    let bodyStart = parseHeaders(bytes, headerStart)
    if hasBareReturn, !stopsAtReturns {
      stopsAtReturns = true
      return parse(bytes, transport)
    }
    parseBody(bytes, bodyStart, transport)
    size = body.end - start
    if isMultipart(bytes), !body.isEmpty, !isBodyCut { checkMultipart(bytes) }
    // Headers behind the cut may well be there.
    if !isHeaderCut { checkWhole(bytes) }
    return .message
  }

  /// Reads header lines up to the empty line; gives the offset behind that.
  private mutating func parseHeaders(_ bytes: Bytes, _ start: Int) -> Int {
    let end = bytes.count
    var position = start
    // Whether the lines so far are printable and end with CR LF, so that nobody need look at them again.
    var isPlain = isPlainLine(bytes, startLine.range.start, start)
    while position < end {
      let textEnd = bytes.printableEnd(position, end)
      Work.count(textEnd - position)
      if textEnd + 1 < end, bytes[textEnd] == 0x0d, bytes[textEnd + 1] == 0x0a {
        let next = textEnd + 2
        if textEnd == position { return endHeaders(bytes, start, position, next, isPlain) }
        if next < end, !Self.continuesLine(bytes[next]) {
          parseHeaderLine(bytes, position, textEnd, isFolded: false)
          position = next
          continue
        }
      }
      guard let lineFeed = bytes.lineFeed(position, end) else {
        isPlain = false
        if isCut { break }
        // A line that the end of the message cuts is a header all the same.
        parseHeaderLine(bytes, position, end, isFolded: false)
        position = end
        break
      }
      if lineFeed == position {
        report(.bareLineFeed)
        return endHeaders(bytes, start, position, lineFeed + 1, isPlain)
      }
      isPlain = false
      guard let next = parseLogicalLine(bytes, position, lineFeed) else { break }
      position = next
    }
    isHeaderCut = isCut
    if !isCut { report(.missingBlankLine) }
    return endHeaders(bytes, start, position, end, isPlain)
  }

  /// Whether a line is printable and ends with CR LF before an offset.
  private func isPlainLine(_ bytes: Bytes, _ start: Int, _ end: Int) -> Bool {
    end - start > 2 && bytes[end - 1] == 0x0a && bytes[end - 2] == 0x0d
      && bytes.printableEnd(start, end - 2) == end - 2
  }

  /// Whether a line that begins with a byte goes on with the header before it.
  private static func continuesLine(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// One header with its continuation lines (RFC 3261 §7.3.1); gives the offset behind them, or nil when the
  /// capture cut the bytes where a further one may begin.
  private mutating func parseLogicalLine(_ bytes: Bytes, _ start: Int, _ firstLineFeed: Int) -> Int? {
    var lineFeed = firstLineFeed
    var isFolded = false
    if bytes[lineFeed - 1] != 0x0d { report(.bareLineFeed) }
    while lineFeed + 1 < bytes.count, Self.continuesLine(bytes[lineFeed + 1]) {
      isFolded = true
      guard let next = bytes.lineFeed(lineFeed + 1, bytes.count) else {
        if isCut { return nil }
        parseHeaderLine(bytes, start, bytes.count, isFolded: true)
        return bytes.count
      }
      lineFeed = next
      if bytes[lineFeed - 1] != 0x0d { report(.bareLineFeed) }
    }
    if isCut, lineFeed + 1 == bytes.count { return nil }
    let end = bytes[lineFeed - 1] == 0x0d ? lineFeed - 1 : lineFeed
    parseHeaderLine(bytes, start, end, isFolded: isFolded)
    return lineFeed + 1
  }

  private mutating func endHeaders(
    _ bytes: Bytes, _ start: Int, _ end: Int, _ body: Int, _ isPlain: Bool
  ) -> Int {
    headerSection = ByteRange(start, end)
    hasBareReturn = false
    if isPlain { return body }
    let first = startLine.range.start
    Work.count(end - first)
    let traits = bytes.textTraits(in: first..<end)
    if traits.contains(.special) {
      report(SIPTextCheck.faults(bytes, ByteRange(first, end), tags: (from.tag, to.tag)), .other)
    }
    hasBareReturn = traits.contains(.bareReturn)
    if hasBareReturn { report(.bareCarriageReturn) }
    return body
  }

  /// Where the text of a header ends: at a CR that belongs to no line end.
  ///
  /// What stands behind it is the next header of a sender that ends lines with CR alone, perhaps with
  /// credentials, and must not become part of a value that is logged.
  private func textEnd(_ bytes: Bytes, _ start: Int, _ end: Int) -> Int {
    var index = bytes.find(0x0d, start, end)
    while index + 1 < end, bytes[index + 1] == 0x0a { index = bytes.find(0x0d, index + 1, end) }
    return index
  }

  /// Splits a line at its colon, resolves the name and reads the value.
  private mutating func parseHeaderLine(
    _ bytes: Bytes, _ start: Int, _ lineEnd: Int, isFolded: Bool
  ) {
    headerCount += 1
    if isFolded { hasFoldedHeader = true }
    let end = stopsAtReturns ? textEnd(bytes, start, lineEnd) : lineEnd
    var colon = start
    var digest = SIPNameDigest(lineAt: start, end, in: bytes, colon: &colon)
    var nameEnd = colon
    if digest == nil {
      colon = bytes.find(UInt8(ascii: ":"), start, end)
      guard colon < end else { return report(.malformedHeader) }
      nameEnd = bytes.trimmed(start, colon).end
      digest = SIPNameDigest(bytes, ByteRange(start, nameEnd))
    }
    guard let digest else { return }
    let nameRange = ByteRange(start, nameEnd)
    let resolved = names.resolve(digest)
    if resolved.name == .other { checkUnknownName(bytes, nameRange) }
    let header = SIPHeader(
      nameRange: nameRange, value: bytes.trimmed(colon + 1, end), nameHash: resolved.hash,
      name: resolved.name, isFolded: isFolded)
    if headers.count < limits.headerCount {
      headers.append(header)
    } else {
      report(.tooManyHeaders)
    }
    // A header behind the limit is read all the same: junk before it must not hide it.
    readValue(bytes, header)
  }

  private mutating func checkUnknownName(_ bytes: Bytes, _ range: ByteRange) {
    if range.isEmpty || !bytes.consists(of: .token, range) { report(.malformedHeader) }
    if range.count > limits.headerName { report(.oversizedHeaderName) }
  }
}
