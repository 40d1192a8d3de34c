public import Packets
public import Values

/// The scheme of credentials or of a challenge.
public enum SIPAuthScheme: UInt8, Sendable {
  case none, other, digest, bearer, basic
}

/// Credentials or a challenge (RFC 3261 §22, RFC 7616, RFC 8760).
///
/// The nonce and the response are kept as hashes only: enough to see that one is used again, and
/// nothing that could be printed.
public struct SIPCredentials: Sendable, Equatable {
  /// The scheme.
  public var scheme = SIPAuthScheme.none
  /// The scheme as written.
  public var schemeRange = ByteRange()
  /// The user name, without quotes.
  public var username = ByteRange()
  /// The realm, without quotes.
  public var realm = ByteRange()
  /// The digest URI.
  public var uri = ByteRange()
  /// The algorithm.
  public var algorithm = ByteRange()
  /// The quality of protection; in a challenge the list that is offered.
  public var qop = ByteRange()
  /// The nonce count.
  public var nonceCount: UInt32?
  /// Whether a challenge says that only the nonce was too old.
  public var isStale = false
  /// A hash of the nonce.
  public var nonceHash: UInt64?
  /// A hash of the response.
  public var responseHash: UInt64?
  /// Whether they prove anything: first requests of IMS carry digest credentials with an empty response
  /// (TS 24.229 §5.1.1.2), which only name the user.
  public var isProof: Bool { scheme == .digest ? hasResponse : scheme != .none }
  private var hasResponse = false
  private var hasRealm = false

  /// No credentials.
  public init() {}

  /// Reads the value of an Authorization, Proxy-Authorization, WWW-Authenticate or Proxy-Authenticate.
  public init(_ bytes: Bytes, _ value: ByteRange) {
    let end = bytes.skip(.token, value.start, value.end)
    schemeRange = ByteRange(value.start, end)
    scheme = Self.named(bytes, schemeRange)
    guard scheme == .digest else {
      hideUnlikelyScheme(bytes, value.end)
      return
    }
    var list = SIPParameters(ByteRange(end, value.end), separator: UInt8(ascii: ","))
    while let parameter = list.next(in: bytes) {
      // White space in a name: the next challenge of the same header begins here.
      guard bytes.consists(of: .token, parameter.name) else { return }
      read(bytes, parameter)
    }
  }

  private mutating func read(_ bytes: Bytes, _ parameter: SIPParameter) {
    let value = parameter.value
    guard parameter.name.count <= 8 else {
      // `algorith` as a number; the only longer name that matters is `algorithm`.
      let isAlgorithm = parameter.name.count == 9 && bytes.word(parameter.name) == 0x6874_6972_6f67_6c61
      if isAlgorithm { algorithm = Self.shown(bytes, value) }
      return
    }
    switch SIPWord(rawValue: bytes.word(parameter.name)) {
    case .username: username = Self.shown(bytes, value)
    case .realm:
      realm = Self.shown(bytes, value)
      // An empty text in quotes is a realm (RFC 3261 §25.1).
      hasRealm = !value.isEmpty || value.start > 0 && bytes[value.start - 1] == UInt8(ascii: "\"")
    case .uri: uri = value
    case .qop: qop = Self.shown(bytes, value)
    case .nc: nonceCount = bytes.hexadecimal(value)
    case .stale: isStale = value.count == 4 && bytes.word(value) == SIPWord.true.rawValue
    case .nonce: nonceHash = Self.hash(bytes, value)
    case .response:
      responseHash = Self.hash(bytes, value)
      hasResponse = !value.isEmpty
    default: break
    }
  }

  /// Forgets a first word that may be a secret without its scheme: an unknown scheme is believed when it
  /// looks like one and a parameter follows it.
  private mutating func hideUnlikelyScheme(_ bytes: Bytes, _ end: Int) {
    guard scheme == .other else { return }
    let first = bytes.skipWhitespace(schemeRange.end, end)
    let name = bytes.skip(.token, first, end)
    let isFollowed = first > schemeRange.end && name > first
    let hasParameter =
      isFollowed && name + 1 < end && bytes[name] == UInt8(ascii: "=")
      && bytes[name + 1] != UInt8(ascii: "=")
    if !hasParameter || schemeRange.count > Self.longestScheme || !beginsWithLetter(bytes, schemeRange) {
      if !isFollowed { scheme = .none }
      schemeRange = ByteRange()
    }
  }

  private func beginsWithLetter(_ bytes: Bytes, _ range: ByteRange) -> Bool {
    !range.isEmpty && (bytes[range.start] | 0x20) &- 0x61 < 26
  }

  /// Longer than any registered scheme (RFC 9110 §16.4.1).
  private static let longestScheme = 24

  private static func named(_ bytes: Bytes, _ range: ByteRange) -> SIPAuthScheme {
    guard !range.isEmpty else { return .none }
    guard range.count <= 8 else { return .other }
    switch SIPWord(rawValue: bytes.word(range)) {
    case .digest: return .digest
    case .bearer: return .bearer
    case .basic: return .basic
    default: return .other
    }
  }

  /// The part of a value that may be shown: without quotes around it, what stands before white space or `;`.
  ///
  /// A program that parts its parameters with these would otherwise put its response into the user name.
  private static func shown(_ bytes: Bytes, _ value: ByteRange) -> ByteRange {
    if value.start > 0, bytes[value.start - 1] == UInt8(ascii: "\"") { return value }
    var end = value.start
    while end < value.end, !Bytes.isWhitespace(bytes[end]), bytes[end] != UInt8(ascii: ";") { end += 1 }
    return ByteRange(value.start, end)
  }

  private static func hash(_ bytes: Bytes, _ value: ByteRange) -> UInt64 {
    var hash = SeededHash(seed: 0)
    hash.combine(bytes.extracting(value.range))
    return hash.value
  }

  /// What is wrong with credentials, or with a challenge.
  func faults(isChallenge: Bool) -> SIPFaultSet {
    switch scheme {
    case .none: return [.badAuthorization]
    case .other, .basic: return [.unknownAuthScheme]
    case .bearer: return []
    case .digest: break
    }
    var isComplete = hasRealm && nonceHash != nil
    if !isChallenge {
      isComplete = isComplete && !username.isEmpty && !uri.isEmpty && responseHash != nil
    }
    return isComplete ? [] : [.badAuthorization]
  }
}
