public import Packets
public import Values

/// The claims of a STIR Identity header (RFC 8224, RFC 8225, RFC 8588), read and not verified.
///
/// Make one and parse every token into it: the decoded JSON lives in its own buffer, and the ranges
/// point into that.
public struct PASSporT: Sendable {
  /// The decoded header and payload; what the ranges below point into.
  public private(set) var text: [UInt8] = []
  /// `attest`: how sure the signer is of the caller (A, B or C).
  public private(set) var attest = ByteRange()
  /// `orig`: the calling number or URI.
  public private(set) var orig = ByteRange()
  /// `dest`: the first called number or URI.
  public private(set) var dest = ByteRange()
  /// `iat`: when it was signed, in seconds since 1970.
  public private(set) var iat: Int64?
  /// `x5u`: where the certificate is.
  public private(set) var x5u = ByteRange()

  /// Longest token that is decoded, in bytes.
  static let maximumLength = 8192

  /// A reusable reader.
  public init() { text.reserveCapacity(2048) }

  /// Reads an Identity value; gives false when it has no claims to read (compact form, older Identity).
  ///
  /// Where the header of the token does not say where the certificate is, the `info` parameter does.
  public mutating func parse(_ bytes: Bytes, _ value: ByteRange) -> Bool {
    text.removeAll(keepingCapacity: true)
    (attest, orig, dest, x5u, iat) = (ByteRange(), ByteRange(), ByteRange(), ByteRange(), nil)
    let token = Self.token(bytes, value)
    guard token.count <= Self.maximumLength,
      let firstDot = bytes.index(of: UInt8(ascii: "."), token.start, token.end),
      let secondDot = bytes.index(of: UInt8(ascii: "."), (firstDot + 1), token.end)
    else { return false }
    guard let header = decode(bytes, ByteRange(token.start, firstDot)),
      let payload = decode(bytes, ByteRange(firstDot + 1, secondDot)), !payload.isEmpty
    else { return false }
    read(header)
    read(payload)
    if x5u.isEmpty { readInfo(bytes, ByteRange(token.end, value.end)) }
    return true
  }

  /// Whether a value has one of the forms that an Identity header ever had.
  static func isPlausible(_ bytes: Bytes, _ value: ByteRange) -> Bool {
    let token = token(bytes, value)
    guard let firstDot = bytes.index(of: UInt8(ascii: "."), token.start, token.end) else {
      // RFC 4474: nothing but a base64 signature, perhaps in quotes.
      return token.count >= 64 && bytes.consists(of: .word, token)
    }
    guard let secondDot = bytes.index(of: UInt8(ascii: "."), (firstDot + 1), token.end) else {
      return false
    }
    return bytes.consists(of: .base64URL, ByteRange(token.start, firstDot))
      && bytes.consists(of: .base64URL, ByteRange(firstDot + 1, secondDot))
      && bytes.consists(of: .base64URL, ByteRange(secondDot + 1, token.end)) && token.end < value.end
  }

  private static func token(_ bytes: Bytes, _ value: ByteRange) -> ByteRange {
    let semicolon = bytes.find(UInt8(ascii: ";"), value.start, value.end)
    return bytes.trimmed(value.start, semicolon)
  }

  /// Appends the decoded bytes to `text`; nil when they are no base64url (RFC 4648 §5).
  private mutating func decode(_ bytes: Bytes, _ range: ByteRange) -> ByteRange? {
    Work.count(range.count)
    let start = text.count
    var bits: UInt32 = 0
    var count = 0
    for index in range.range {
      guard let six = Self.sextet(bytes[index]) else { return nil }
      bits = bits << 6 | UInt32(six)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      text.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return ByteRange(start, text.count)
  }

  private mutating func readInfo(_ bytes: Bytes, _ tail: ByteRange) {
    var list = SIPParameters(ByteRange(min(tail.start + 1, tail.end), tail.end))
    while let parameter = list.next(in: bytes) {
      guard parameter.name.count == 4, bytes.word(parameter.name) == SIPWord.info.rawValue else { continue }
      var range = parameter.value
      if range.count > 2, bytes[range.start] == UInt8(ascii: "<"), bytes[range.end - 1] == UInt8(ascii: ">") {
        range = ByteRange(range.start + 1, range.end - 1)
      }
      let start = text.count
      for index in range.range.prefix(Self.maximumLength) { text.append(bytes[index]) }
      x5u = ByteRange(start, text.count)
      return
    }
  }

  private static func sextet(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5a: byte - 0x41
    case 0x61...0x7a: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case UInt8(ascii: "-"), UInt8(ascii: "+"): 62
    case UInt8(ascii: "_"), UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private mutating func read(_ range: ByteRange) {
    var scanner = JSONClaims(range)
    while let claim = scanner.next(in: text.span) {
      switch claim.name {
      case .attest: attest = claim.value
      case .orig: orig = claim.value
      case .dest: if dest.isEmpty { dest = claim.value }
      case .x5u: x5u = claim.value
      case .iat:
        iat = text.span.decimal(claim.value, upTo: UInt64(Int64.max)).map { Int64($0) }
      }
    }
  }
}
