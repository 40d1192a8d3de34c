public import Packets
public import Values

extension SIPMessage {
  /// Where the session description of this message is, or nil when it carries none that can be read.
  ///
  /// Looks into multipart bodies two levels deep. A body with a Content-Encoding is not looked at.
  public func sessionDescriptionRange(in bytes: Bytes) -> ByteRange? {
    guard !body.isEmpty, !contentType.isEmpty else { return nil }
    if let encoding = value(.contentEncoding), !Self.isIdentity(bytes, encoding) { return nil }
    if Self.isSDP(bytes, mediaType) { return body }
    guard isMultipart(bytes) else { return nil }
    let part = Self.descriptionPart(bytes, contentType: contentType, body: body, depth: 0)
    guard let part, !part.isEmpty || !isBodyCut else { return nil }
    return part
  }

  /// Whether the end of a part of the body may be missing because the capture cut it.
  public func isCut(_ part: ByteRange) -> Bool { isBodyCut && part.end == body.end }

  private static func descriptionPart(
    _ bytes: Bytes, contentType: ByteRange, body: ByteRange, depth: Int
  ) -> ByteRange? {
    guard var parts = MultipartBody(bytes, contentType: contentType, body: body) else { return nil }
    while let part = parts.next(in: bytes) {
      guard !part.isEncoded else { continue }
      if isSDP(bytes, part.mediaType) { return part.content }
      guard depth == 0, isMultipart(bytes, part.mediaType) else { continue }
      let inner = descriptionPart(bytes, contentType: part.contentType, body: part.content, depth: 1)
      if let inner { return inner }
    }
    return nil
  }

  /// Whether the body has several parts.
  func isMultipart(_ bytes: Bytes) -> Bool { Self.isMultipart(bytes, mediaType) }

  /// Raises a fault for a multipart body whose parts cannot be told apart.
  mutating func checkMultipart(_ bytes: Bytes) {
    if MultipartBody(bytes, contentType: contentType, body: body) == nil {
      report(.badMultipart, .contentType)
    }
  }

  private static func isMultipart(_ bytes: Bytes, _ mediaType: ByteRange) -> Bool {
    // `multipar` as a number, the first letter lowest.
    mediaType.count > 10 && bytes.word(mediaType) == 0x7261_7069_746c_756d
  }

  private static func isSDP(_ bytes: Bytes, _ mediaType: ByteRange) -> Bool {
    // `applicat` and `ion/sdp`.
    mediaType.count == 15 && bytes.word(mediaType) == 0x7461_6369_6c70_7061
      && bytes.lowercaseWord(at: mediaType.start + 8, width: 7) == 0x70_6473_2f6e_6f69
  }

  /// Whether a Content-Encoding means that the body is as it is.
  static func isIdentity(_ bytes: Bytes, _ value: ByteRange) -> Bool {
    value.isEmpty || (value.count == 8 && bytes.word(value) == SIPWord.identity.rawValue)
  }
}
