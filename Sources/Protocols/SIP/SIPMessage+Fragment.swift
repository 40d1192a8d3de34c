public import Packets
public import Values

/// Reads what a body of `message/sipfrag` says of another message (RFC 3420), its status line only.
extension SIPMessage {
  /// Whether the body is a part of another message.
  public func hasFragment(in bytes: Bytes) -> Bool {
    // `message/` and `sipfrag`.
    mediaType.count == 15 && bytes.word(mediaType) == 0x2f65_6761_7373_656d
      && bytes.lowercaseWord(at: mediaType.start + 8, width: 7) == 0x67_6172_6670_6973
  }

  /// The status code of the response that the fragment is of, 100–699; nil when it is none, or cut before its code ends.
  public func fragmentStatusCode(in bytes: Bytes) -> UInt16? {
    let (start, end) = (body.start + 8, body.start + 11)
    guard end <= body.end, hasFragment(in: bytes),
      value(.contentEncoding).map({ Self.isIdentity(bytes, $0) }) ?? true,
      // `SIP/2.0 `, in whatever case.
      bytes.lowercaseWord(at: body.start, width: 8) == 0x2030_2e32_2f70_6973,
      end == body.end || Bytes.isWhitespace(bytes[end]),
      let code = bytes.decimal(ByteRange(start, end), upTo: 699), code >= 100
    else { return nil }
    return UInt16(truncatingIfNeeded: code)
  }
}

/// The Event header of a NOTIFY that tells how a REFER goes (RFC 3515 §2.4.4).
public struct SIPReferEvent: Sendable, Equatable {
  /// The number of the REFER, which only the first one of a dialog may leave out (§2.4.6).
  public var id: UInt32?

  /// Reads an Event value; nil when it is of another event package.
  public init?(_ bytes: Bytes, _ value: ByteRange) {
    let semicolon = bytes.find(UInt8(ascii: ";"), value.start, value.end)
    let package = bytes.trimmed(value.start, semicolon)
    guard package.count == 5, bytes.word(package) == SIPWord.refer.rawValue else { return nil }
    guard semicolon < value.end else { return }
    var list = SIPParameters(ByteRange(semicolon + 1, value.end))
    while let parameter = list.next(in: bytes) {
      guard parameter.name.count == 2, bytes.word(parameter.name) == SIPWord.id.rawValue else { continue }
      id = bytes.decimal(parameter.value, upTo: UInt64(UInt32.max)).map { UInt32(truncatingIfNeeded: $0) }
    }
  }
}

extension SIPMessage {
  /// What a NOTIFY says of the REFER that it is about; nil when it is about something else.
  public func referEvent(in bytes: Bytes) -> SIPReferEvent? {
    value(.event).flatMap { SIPReferEvent(bytes, $0) }
  }
}
