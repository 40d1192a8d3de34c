import Packets
import Values

/// Judges the headers that only some messages carry; what they say is read on demand.
extension SIPMessage {
  mutating func checkValue(_ bytes: Bytes, _ header: SIPHeader) {
    let value = header.value
    switch header.name {
    case .expires:
      expires = readSeconds(bytes, value)
      if expires == nil { report(.badExpires, .expires) }
    case .minExpires: if readSeconds(bytes, value) == nil { report(.badExpires, .minExpires) }
    case .date: if !SIPDate.isValid(bytes, value) { report(.badDate, .date) }
    case .retryAfter: if leadingSeconds(bytes, value) == nil { report(.badRetryAfter, .retryAfter) }
    case .warning: checkWarnings(bytes, value)
    case .sessionExpires, .minSE:
      if leadingSeconds(bytes, value) == nil { report(.badSessionExpires, header.name) }
    case .rseq, .rack, .sessionID, .replaces, .referTo, .identity: checkExtension(bytes, header)
    case .authorization, .proxyAuthorization, .wwwAuthenticate, .proxyAuthenticate:
      readAuthentication(bytes, header)
    case .require, .proxyRequire: checkOptionTags(bytes, header)
    default: break
    }
  }

  private mutating func readAuthentication(_ bytes: Bytes, _ header: SIPHeader) {
    let parsed = SIPCredentials(bytes, header.value)
    let isChallenge = header.name == .wwwAuthenticate || header.name == .proxyAuthenticate
    report(parsed.faults(isChallenge: isChallenge), header.name)
    // The first of its kind counts, and one for the server before one for a proxy.
    switch header.name {
    case .authorization: serverCredentials = serverCredentials ?? parsed
    case .proxyAuthorization: proxyCredentials = proxyCredentials ?? parsed
    case .wwwAuthenticate: serverChallenge = serverChallenge ?? parsed
    default: proxyChallenge = proxyChallenge ?? parsed
    }
  }

  private mutating func checkExtension(_ bytes: Bytes, _ header: SIPHeader) {
    let value = header.value
    switch header.name {
    case .rseq: if rseq(in: bytes) == nil { report(.badRSeq, .rseq) }
    case .rack: if rack(in: bytes) == nil { report(.badRSeq, .rack) }
    case .sessionID: if SIPSessionID(bytes, value) == nil { report(.badSessionID, .sessionID) }
    case .replaces: if SIPReplaces(bytes, value) == nil { report(.badReplaces, .replaces) }
    case .identity: if !PASSporT.isPlausible(bytes, value) { report(.badIdentity, .identity) }
    default:
      var found = SIPFaultSet()
      var address = SIPAddress()
      address.read(bytes, value, malformed: .badReferTo, &found)
      report(found, header.name)
    }
  }

  /// A number at the start of a value, with a comment or parameters behind it.
  func leadingSeconds(_ bytes: Bytes, _ value: ByteRange) -> UInt32? {
    var end = value.start
    while end < value.end, bytes[end] &- 0x30 < 10 { end += 1 }
    let next = bytes.skipWhitespace(end, value.end)
    guard next == value.end || bytes[next] == UInt8(ascii: ";") || bytes[next] == UInt8(ascii: "(") else {
      return nil
    }
    return readSeconds(bytes, ByteRange(value.start, end))
  }

  private mutating func checkWarnings(_ bytes: Bytes, _ value: ByteRange) {
    var elements = SIPElements(value)
    while let element = elements.next(in: bytes) {
      let code = ByteRange(element.start, min(element.start + 3, element.end))
      let isFollowed = element.count > 3 && bytes[element.start + 3] == 0x20
      if !isFollowed || bytes.decimal(code, upTo: 999) == nil { report(.badWarning, .warning) }
    }
  }

  private mutating func checkOptionTags(_ bytes: Bytes, _ header: SIPHeader) {
    var elements = SIPElements(header.value)
    while let element = elements.next(in: bytes) {
      if !Self.optionTags.contains(bytes, element) { report(.unknownExtension, header.name) }
    }
  }

  /// The option tags that IANA has registered.
  private static let optionTags = SIPTokenSet([
    "100rel", "199", "answermode", "early-session", "eventlist", "explicitsub", "from-change",
    "geolocation-http", "geolocation-sip", "gin", "gruu", "histinfo", "ice", "join", "multiple-refer",
    "norefersub", "nosub", "outbound", "path", "policy", "precondition", "pref", "privacy",
    "recipient-list-invite", "recipient-list-message", "recipient-list-subscribe", "record-aware",
    "replaces", "resource-priority", "sdp-anat", "sec-agree", "siprec", "tdialog", "timer",
    "trickle-ice", "uui",
  ])
}

/// A small fixed set of tokens that are compared without regard to case.
struct SIPTokenSet: Sendable {
  private let digests: [SIPNameDigest]

  init(_ tokens: [String]) {
    digests = tokens.map { token in
      let bytes = Array(token.utf8)
      return SIPNameDigest(bytes.span, ByteRange(0, bytes.count))
    }
  }

  /// Whether a range of the message spells one of the tokens.
  func contains(_ bytes: Bytes, _ range: ByteRange) -> Bool {
    let digest = SIPNameDigest(bytes, range)
    for candidate in digests where candidate == digest { return true }
    return false
  }
}
