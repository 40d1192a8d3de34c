public import Packets
public import Values

extension SIPURI {
  /// Takes apart a URI that stands anywhere, as in a claim of a PASSporT.
  public init(_ bytes: Bytes, _ range: ByteRange) {
    self.init()
    var faults = SIPFaultSet()
    read(bytes, range, &faults)
  }

  /// Where the password and the header fields of a URI are (RFC 3261 §19.1.1), which nobody may be shown.
  ///
  /// Both ranges lie in order inside the URI and are empty where there is nothing. What breaks the grammar
  /// is judged generously: everything between the first colon and the last at sign is a password.
  public func secrets(in bytes: Bytes) -> (password: ByteRange, headers: ByteRange) {
    let end = range.end
    // `alice:secret@host` lacks its scheme, and the user looks like one.
    let start = schemeRange.isEmpty || scheme == .other ? range.start : schemeRange.end + 1
    var question = bytes.find(UInt8(ascii: "?"), start, end)
    let firstAt = bytes.find(UInt8(ascii: "@"), start, end)
    let colon = bytes.find(UInt8(ascii: ":"), start, firstAt)
    if firstAt < end, colon < firstAt {
      // With a password, the last at sign ends it.
      let at = lastAtSign(bytes, firstAt, end)
      question = bytes.find(UInt8(ascii: "?"), at, end)
      return (ByteRange(colon + 1, at), behind(question))
    }
    if firstAt < end, question < firstAt, !Self.beginsHeaders(bytes, start, question, firstAt) {
      // A question mark in a user name.
      question = bytes.find(UInt8(ascii: "?"), firstAt, end)
    }
    guard firstAt < question else { return (ByteRange(question, question), behind(question)) }
    let at = lastAtSign(bytes, firstAt, question)
    let laterColon = min(bytes.find(UInt8(ascii: ":"), firstAt, at) + 1, at)
    return (ByteRange(laterColon, at), behind(question))
  }

  private func behind(_ question: Int) -> ByteRange { ByteRange(min(question + 1, range.end), range.end) }

  private func lastAtSign(_ bytes: Bytes, _ first: Int, _ end: Int) -> Int {
    var at = first
    while let next = bytes.index(of: UInt8(ascii: "@"), at + 1, end) { at = next }
    return at
  }
}
