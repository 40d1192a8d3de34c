import Packets
import Values

extension SIPURI {
  /// Takes a URI apart, in place, since copying a fresh value of this size costs more than filling it.
  ///
  /// The value must be empty before; what cannot be read stays empty and has its fault.
  mutating func read(_ bytes: Bytes, _ written: ByteRange, _ faults: inout SIPFaultSet) {
    range = written
    guard !range.isEmpty else { return faults.insert(.badURI) }
    // Nearly every URI begins with these four letters.
    if range.count >= 4, bytes.lowercaseWord(at: range.start, width: 4) == Self.sipColon {
      schemeRange = ByteRange(range.start, range.start + 3)
      scheme = .sip
      return readHierarchy(bytes, range.start + 4, &faults)
    }
    let colon = bytes.skip(.scheme, range.start, range.end)
    guard colon < range.end, colon > range.start, bytes[colon] == UInt8(ascii: ":") else {
      faults.insert(.badURI)
      return readHierarchy(bytes, range.start, &faults)
    }
    schemeRange = ByteRange(range.start, colon)
    scheme = Self.schemeNamed(bytes, schemeRange)
    if scheme.hasUserAndHost {
      readHierarchy(bytes, colon + 1, &faults)
    } else {
      if scheme == .other { faults.insert(.unknownURIScheme) }
      readOpaque(bytes, colon + 1, &faults)
    }
  }

  /// `sip:` as a number, the first letter lowest.
  private static let sipColon: UInt64 = 0x3a70_6973

  private static func schemeNamed(_ bytes: Bytes, _ range: ByteRange) -> SIPURIScheme {
    guard range.count <= 8 else { return .other }
    return SIPWord(rawValue: bytes.word(range)).map(scheme) ?? .other
  }

  private static func scheme(_ word: SIPWord) -> SIPURIScheme {
    switch word {
    case .sip: .sip
    case .sips: .sips
    case .tel: .tel
    case .urn: .urn
    case .http: .http
    case .https: .https
    case .im: .im
    case .pres: .pres
    case .mailto: .mailto
    case .xmpp: .xmpp
    case .cid: .cid
    default: .other
    }
  }

  /// `[user[:password]@]host[:port][;parameters][?headers]`.
  private mutating func readHierarchy(_ bytes: Bytes, _ start: Int, _ faults: inout SIPFaultSet) {
    var index = start
    if let at = bytes.index(of: UInt8(ascii: "@"), start, range.end),
      readUserInfo(bytes, start, at, &faults)
    {
      index = at + 1
    }
    var end = readAuthority(bytes, index, &faults)
    // A password with an at sign of its own must not pass for a host.
    while end < range.end, hasPassword || !Self.beginsTail(bytes[end]),
      let at = bytes.index(of: UInt8(ascii: "@"), end, range.end)
    {
      mayHoldSecret = true
      faults.insert(.badURI)
      end = readAuthority(bytes, at + 1, &faults)
    }
    readTail(bytes, end, &faults)
  }

  private static func beginsTail(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ";") || byte == UInt8(ascii: "?")
  }

  private mutating func readAuthority(_ bytes: Bytes, _ start: Int, _ faults: inout SIPFaultSet) -> Int {
    let authority = SIPHostPort.parse(bytes, start, range.end, &faults)
    host = authority.value.host
    port = authority.value.port
    isHostBracketed = authority.value.isBracketed
    return authority.end
  }

  /// Reads what stands before an at sign; false when it turns out to be a host with header fields.
  private mutating func readUserInfo(
    _ bytes: Bytes, _ start: Int, _ end: Int, _ faults: inout SIPFaultSet
  ) -> Bool {
    // Most users are letters and digits, and need no second look.
    if start < end, bytes.consists(of: .base64URL, ByteRange(start, end)) {
      user = ByteRange(start, end)
      return true
    }
    return readUnusualUserInfo(bytes, start, end, &faults)
  }

  private mutating func readUnusualUserInfo(
    _ bytes: Bytes, _ start: Int, _ end: Int, _ faults: inout SIPFaultSet
  ) -> Bool {
    // The user may itself contain semicolons and question marks; only a colon ends it.
    var colon = end
    var hasEscape = false
    var question = end
    var index = start
    Work.count(end - start)
    while index < end {
      let byte = bytes[index]
      if !ByteSet.userInfo.contains(byte) { faults.insert(.badURI) }
      if byte == UInt8(ascii: ":"), colon == end { colon = index }
      if byte == UInt8(ascii: "%") { hasEscape = true }
      if byte == UInt8(ascii: "?"), question == end { question = index }
      index += 1
    }
    if Self.beginsHeaders(bytes, start, question, colon) { return false }
    user = ByteRange(start, colon)
    hasPassword = colon < end
    mayHoldSecret = hasPassword
    if start == end { faults.insert(.badURI) }
    if hasEscape { Self.checkEscapes(bytes, ByteRange(start, end), &faults) }
    return true
  }

  /// Whether a question mark before an at sign begins the header fields of a URI without a user:
  /// `host?name=value`.
  ///
  /// A user may hold both characters (RFC 3261 §25.1, user-unreserved), so that only what looks like a host
  /// and header fields is taken for them: their values are secret.
  static func beginsHeaders(_ bytes: Bytes, _ start: Int, _ question: Int, _ end: Int) -> Bool {
    guard question > start, question < end else { return false }
    let equals = bytes.find(UInt8(ascii: "="), question, end)
    guard equals > question + 1, equals < end else { return false }
    return bytes.consists(of: .hostName, ByteRange(start, question))
      && bytes.consists(of: .token, ByteRange(question + 1, equals))
  }

  /// What stands behind the host: parameters and header fields.
  private mutating func readTail(_ bytes: Bytes, _ start: Int, _ faults: inout SIPFaultSet) {
    guard start < range.end else { return }
    let question = bytes.index(of: UInt8(ascii: "?"), start, range.end)
    let stop = question ?? range.end
    if bytes[start] == UInt8(ascii: ";") { parameters = ByteRange(start + 1, stop) }
    if let question { headers = ByteRange(question + 1, range.end) }
    let tail = ByteRange(start, range.end)
    let hasAtSign = bytes.index(of: UInt8(ascii: "@"), tail.start, tail.end) != nil
    if !Self.beginsTail(bytes[start]) || !bytes.consists(of: .uri, tail) || hasAtSign {
      faults.insert(.badURI)
    }
    if hasAtSign || question != nil { mayHoldSecret = true }
    Self.checkEscapes(bytes, tail, &faults)
  }

  /// `tel:number;parameters`, `urn:…`, `http://host…` and whatever else there may be.
  private mutating func readOpaque(_ bytes: Bytes, _ start: Int, _ faults: inout SIPFaultSet) {
    if !bytes.consists(of: .uri, ByteRange(start, range.end)) || start == range.end {
      faults.insert(.badURI)
    }
    let question = bytes.find(UInt8(ascii: "?"), start, range.end)
    mayHoldSecret = question < range.end || bytes.index(of: UInt8(ascii: "@"), start, range.end) != nil
    if scheme == .tel {
      let semicolon = bytes.find(UInt8(ascii: ";"), start, range.end)
      user = ByteRange(start, min(semicolon, question))
      if semicolon < range.end { parameters = ByteRange(semicolon + 1, range.end) }
      return
    }
    let slash = UInt8(ascii: "/")
    guard start + 2 < range.end, bytes[start] == slash, bytes[start + 1] == slash else { return }
    _ = readAuthority(bytes, start + 2, &faults)
  }

  private static func checkEscapes(_ bytes: Bytes, _ range: ByteRange, _ faults: inout SIPFaultSet) {
    var index = range.start
    while let percent = bytes.index(of: UInt8(ascii: "%"), index, range.end) {
      guard percent + 2 < range.end, ByteSet.isHexadecimal(bytes[percent + 1]),
        ByteSet.isHexadecimal(bytes[percent + 2])
      else {
        faults.insert(.badEscape)
        index = percent + 1
        continue
      }
      if bytes[percent + 1] == 0x30, bytes[percent + 2] == 0x30 { faults.insert(.escapedNull) }
      index = percent + 3
    }
  }
}
