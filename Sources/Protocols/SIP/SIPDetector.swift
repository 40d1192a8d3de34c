public import Packets
import Values

/// What the first bytes of a payload look like.
public enum SIPDetection: UInt8, Sendable {
  /// Not SIP.
  case notSIP
  /// A request line `method SP uri SP SIP/x.y`.
  case request
  /// A status line `SIP/x.y SP …`.
  case response
  /// A request whose line is broken.
  case malformedRequest
  /// A response whose line is broken.
  case malformedResponse
}

/// Finds SIP by its content; ports are never asked.
///
/// A start line with a SIP version is enough. Without one the message must begin with a SIP method and
/// go on with headers that only SIP has, so that HTTP, RTSP, SSDP and logs that quote SIP stay out.
public enum SIPDetector {
  /// Whether a payload begins with a SIP message; line ends before it are skipped.
  public static func looksLikeSIP(_ bytes: Bytes) -> SIPDetection {
    let start = skipLineBreaks(bytes, 0)
    return start < bytes.count ? detect(bytes, from: start) : .notSIP
  }

  /// The first offset from `start` that holds neither CR nor LF.
  static func skipLineBreaks(_ bytes: Bytes, _ start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] == 0x0d || bytes[index] == 0x0a { index += 1 }
    return index
  }

  /// The same from an offset that is no line end.
  static func detect(_ bytes: Bytes, from start: Int) -> SIPDetection {
    guard ByteSet.token.contains(bytes[start]) else { return .notSIP }
    let line = bytes.trimmed(start, bytes.lineFeed(start, bytes.count) ?? bytes.count)
    if beginsWithVersion(bytes, line) { return detectResponse(bytes, line) }
    return detectRequest(bytes, line)
  }

  /// `SIP/` in any case and a digit.
  static func beginsWithVersion(_ bytes: Bytes, _ range: ByteRange) -> Bool {
    range.count >= 5 && bytes.lowercaseWord(at: range.start, width: 4) == slashWord
      && bytes[range.start + 4] &- 0x30 < 10
  }

  /// `sip/` as a number, the first letter lowest.
  private static let slashWord: UInt64 = 0x2f70_6973

  private static func detectResponse(_ bytes: Bytes, _ line: ByteRange) -> SIPDetection {
    let version = versionEnd(bytes, line.start, line.end)
    if let version, version + 1 < line.end, bytes[version] == 0x20,
      bytes[version + 1] &- 0x30 < 10
    {
      return .response
    }
    return hasEvidence(bytes, line.end) ? .malformedResponse : .notSIP
  }

  /// The end of `SIP/digits.digits` at an offset, or nil.
  static func versionEnd(_ bytes: Bytes, _ start: Int, _ end: Int) -> Int? {
    guard beginsWithVersion(bytes, ByteRange(start, end)) else { return nil }
    var index = start + 4
    while index < end, bytes[index] &- 0x30 < 10 { index += 1 }
    guard index + 1 < end, bytes[index] == UInt8(ascii: "."), bytes[index + 1] &- 0x30 < 10 else {
      return nil
    }
    index += 1
    while index < end, bytes[index] &- 0x30 < 10 { index += 1 }
    return index
  }

  private static func detectRequest(_ bytes: Bytes, _ line: ByteRange) -> SIPDetection {
    let methodEnd = bytes.skip(.token, line.start, line.end)
    guard methodEnd > line.start, methodEnd < line.end else { return .notSIP }
    guard bytes[methodEnd] == 0x20 || bytes[methodEnd] == 0x09 else { return .notSIP }
    let lastWord = lastWordStart(bytes, line, methodEnd)
    let hasVersion = versionEnd(bytes, lastWord, line.end) == line.end
    let method = SIPMethod.resembling(bytes, ByteRange(line.start, methodEnd))
    if hasVersion, lastWord - methodEnd >= 2 {
      let uri = bytes.trimmed(methodEnd, lastWord)
      if !uri.isEmpty, hasColon(bytes, uri) || method != .other { return .request }
    }
    if hasVersion, method != .other || hasEvidence(bytes, line.end) { return .malformedRequest }
    guard method != .other, !isOtherVersion(bytes, lastWord, line.end) else { return .notSIP }
    let uri = bytes.skipWhitespace(methodEnd, line.end)
    if isSIPURI(bytes, uri, line.end) || hasEvidence(bytes, line.end) { return .malformedRequest }
    return .notSIP
  }

  private static func hasColon(_ bytes: Bytes, _ range: ByteRange) -> Bool {
    bytes.index(of: UInt8(ascii: ":"), range.start, range.end) != nil
  }

  static func lastWordStart(_ bytes: Bytes, _ line: ByteRange, _ methodEnd: Int) -> Int {
    var index = line.end
    defer { Work.count(line.end - index) }
    while index > methodEnd, !Bytes.isWhitespace(bytes[index - 1]) { index -= 1 }
    return index
  }

  /// Whether the last word is the version of another protocol, such as `HTTP/1.1` or `RTSP/1.0`; any other
  /// word with a number may be the name of a program.
  static func isOtherVersion(_ bytes: Bytes, _ start: Int, _ end: Int) -> Bool {
    guard end - start >= 8, end - start <= 10 else { return false }
    guard bytes[end - 2] == UInt8(ascii: "."), bytes[end - 1] &- 0x30 < 10 else { return false }
    return beginsWithOtherName(bytes, start)
  }

  /// Whether five bytes name HTTP, RTSP or ICAP, which have start lines like those of SIP.
  static func beginsWithOtherName(_ bytes: Bytes, _ start: Int) -> Bool {
    switch bytes.lowercaseWord(at: start, width: 5) {
    case httpSlash, rtspSlash, icapSlash: true
    default: false
    }
  }

  /// `http/`, `rtsp/` and `icap/` as numbers, the first letter lowest.
  private static let httpSlash: UInt64 = 0x2f_7074_7468
  private static let rtspSlash: UInt64 = 0x2f_7073_7472
  private static let icapSlash: UInt64 = 0x2f_7061_6369

  private static func isSIPURI(_ bytes: Bytes, _ start: Int, _ end: Int) -> Bool {
    let colon = bytes.skip(.scheme, start, end)
    guard colon < end, bytes[colon] == UInt8(ascii: ":"), colon - start <= 4, colon > start else {
      return false
    }
    switch SIPWord(rawValue: bytes.word(ByteRange(start, colon))) {
    case .sip, .sips, .tel: return true
    default: return false
    }
  }

  /// Whether one of the next eight lines is a Via of SIP, or two of them are headers that only SIP has.
  private static func hasEvidence(_ bytes: Bytes, _ start: Int) -> Bool {
    var position = bytes.find(0x0a, start, bytes.count) + 1
    var hits = 0
    for _ in 0..<8 where position < bytes.count {
      let end = bytes.find(0x0a, position, bytes.count)
      let colon = bytes.index(of: UInt8(ascii: ":"), position, end) ?? position
      let name = bytes.trimmed(position, colon)
      switch name.isEmpty ? .other : SIPNameTable.shared.resolve(SIPNameDigest(bytes, name)).name {
      case .via:
        if beginsWithVersion(bytes, bytes.trimmed(colon + 1, end)) { return true }
      case .callID, .maxForwards:
        hits += 1
      default:
        break
      }
      position = end + 1
    }
    return hits >= 2
  }
}
