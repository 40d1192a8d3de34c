import Packets
import Values

extension SIPMessage {
  /// Reads the first line at `start`; gives the offset of the first header line.
  mutating func parseStartLine(_ bytes: Bytes, _ start: Int, _ detection: SIPDetection) -> Int {
    let lineFeed = bytes.lineFeed(start, bytes.count)
    if lineFeed == nil, isCut {
      parseCutStartLine(bytes, start, detection)
      return bytes.count
    }
    var end = lineFeed ?? bytes.count
    if end > start, bytes[end - 1] == 0x0d {
      end -= 1
    } else if lineFeed != nil {
      report(.bareLineFeed)
    }
    // What stands behind a CR in the line is headers that lost their line ends: the text of the line is
    // logged, and must not carry credentials along.
    end = bytes.find(0x0d, start, end)
    startLine.range = ByteRange(start, end)
    switch detection {
    case .response, .malformedResponse: parseStatusLine(bytes, start, end)
    case .request, .malformedRequest, .notSIP: parseRequestLine(bytes, start, end)
    }
    return lineFeed.map { $0 + 1 } ?? bytes.count
  }

  /// Reads of a line that the capture cut what stands before its last word, which may go on: the line itself
  /// and the Request-URI are not known.
  private mutating func parseCutStartLine(_ bytes: Bytes, _ start: Int, _ detection: SIPDetection) {
    let end = bytes.count
    startLine.range = ByteRange(end, end)
    switch detection {
    case .response, .malformedResponse:
      let code = readVersion(bytes, start, end)
      if code.end < end { readStatusCode(bytes, code) }
    case .request, .malformedRequest, .notSIP: _ = readMethod(bytes, start, end)
    }
  }

  // MARK: Requests

  /// Reads the method; gives the offset behind it.
  private mutating func readMethod(_ bytes: Bytes, _ start: Int, _ end: Int) -> Int {
    startLine.kind = .request
    let methodEnd = bytes.skip(.token, start, end)
    startLine.methodRange = ByteRange(start, methodEnd)
    startLine.method = SIPMethod.named(bytes, startLine.methodRange)
    if startLine.method == .other { report(.unknownMethod) }
    if methodEnd - start > limits.method { report(.oversizedMethod) }
    return methodEnd
  }

  private mutating func parseRequestLine(_ bytes: Bytes, _ start: Int, _ end: Int) {
    let methodEnd = readMethod(bytes, start, end)
    let versionStart = splitVersion(bytes, methodEnd, end)
    let uri = bytes.trimmed(methodEnd, versionStart)
    // Exactly one space before and behind the URI, and none at the end.
    let isTight =
      uri.start == methodEnd + 1 && uri.end + 1 == versionStart && bytes[methodEnd] == 0x20
      && startLine.version.end == end
    if !isTight || startLine.version.isEmpty { report(.malformedStartLine) }
    guard !uri.isEmpty else { return report(.emptyRequestURI) }
    parseRequestURI(bytes, uri)
  }

  /// Finds the SIP-Version at the end of the line; gives where it starts, or the end without one.
  private mutating func splitVersion(_ bytes: Bytes, _ methodEnd: Int, _ end: Int) -> Int {
    var last = end
    while last > methodEnd, Bytes.isWhitespace(bytes[last - 1]) { last -= 1 }
    var first = last
    while first > methodEnd, !Bytes.isWhitespace(bytes[first - 1]) { first -= 1 }
    let word = ByteRange(first, last)
    guard SIPDetector.beginsWithVersion(bytes, word) else { return last }
    startLine.version = word
    checkVersion(bytes)
    return first
  }

  /// The version must read SIP/2.0; capitals and small letters are the same (RFC 3261 §7.1).
  private mutating func checkVersion(_ bytes: Bytes) {
    let version = startLine.version
    let isCurrent =
      version.count == 7 && bytes.lowercaseWord(at: version.start, width: 7) == 0x30_2e32_2f70_6973
    if !isCurrent { report(.badVersion) }
  }

  private mutating func parseRequestURI(_ bytes: Bytes, _ written: ByteRange) {
    if written.count > limits.requestURI { report(.oversizedRequestURI) }
    var range = written
    if bytes[range.start] == UInt8(ascii: "<"), bytes[range.end - 1] == UInt8(ascii: ">"), range.count > 1 {
      report(.requestURIInBrackets)
      range = ByteRange(range.start + 1, range.end - 1)
    }
    if range.count == 1, bytes[range.start] == UInt8(ascii: "*") {
      startLine.uri.range = range
      return report(.badURI)
    }
    var found = SIPFaultSet()
    let end = bytes.find(0x20, range.start, range.end)
    startLine.uri.read(bytes, ByteRange(range.start, end), &found)
    if end < range.end {
      found.insert(.requestURIWhitespace)
      startLine.uri.range = range
      startLine.uri.mayHoldSecret = true
    }
    if !startLine.uri.headers.isEmpty, startLine.uri.scheme.hasUserAndHost {
      found.insert(.requestURIHeaders)
    }
    report(found, .other)
  }

  // MARK: Responses

  private mutating func parseStatusLine(_ bytes: Bytes, _ start: Int, _ end: Int) {
    let code = readVersion(bytes, start, end)
    let isTight = code.start == startLine.version.end + 1 && code.end < end && bytes[code.end] == 0x20
    if !isTight { report(.malformedStartLine) }
    readStatusCode(bytes, code)
    startLine.reason = bytes.trimmed(code.end, end)
  }

  /// Reads the version of a response; gives where its status code is.
  private mutating func readVersion(_ bytes: Bytes, _ start: Int, _ end: Int) -> ByteRange {
    startLine.kind = .response
    let versionEnd = bytes.skip(.word, start, end)
    startLine.version = ByteRange(start, versionEnd)
    checkVersion(bytes)
    let codeStart = bytes.skipWhitespace(versionEnd, end)
    var codeEnd = codeStart
    while codeEnd < end, !Bytes.isWhitespace(bytes[codeEnd]) { codeEnd += 1 }
    return ByteRange(codeStart, codeEnd)
  }

  private mutating func readStatusCode(_ bytes: Bytes, _ range: ByteRange) {
    guard range.count == 3, let code = bytes.decimal(range, upTo: 699), code >= 100 else {
      return report(.badStatusCode)
    }
    startLine.statusCode = Int(code)
  }
}
