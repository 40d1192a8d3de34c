import Packets
public import Values

/// A `name-addr` or `addr-spec` with its parameters, as in From, To and Contact (RFC 3261 §20.10).
public struct SIPAddress: Sendable, Equatable {
  /// All of it, parameters included.
  public var range = ByteRange()
  /// The display name without its quotation marks; escapes (`\"`) are still in it.
  public var displayName = ByteRange()
  /// Whether the display name was quoted.
  public var isQuoted = false
  /// Whether the URI stood in angle brackets.
  public var isBracketed = false
  /// The URI.
  public var uri = SIPURI()
  /// The parameters behind the first semicolon, without it.
  public var parameters = ByteRange()
  /// The tag parameter.
  public var tag = ByteRange()
  /// The expires parameter, as written.
  public var expires = ByteRange()

  /// No address.
  public init() {}
}

extension SIPAddress {
  /// Reads one address in place; the value must be empty before, the range one list element.
  ///
  /// What cannot be read stays empty and has its fault; `malformed` is the fault for a broken whole.
  mutating func read(
    _ bytes: Bytes, _ element: ByteRange, malformed: SIPFault, _ faults: inout SIPFaultSet
  ) {
    range = element
    guard !range.isEmpty else { return faults.insert(malformed) }
    if bytes[range.start] == UInt8(ascii: "<") {
      readBracketed(bytes, range.start, malformed, &faults)
    } else if bytes[range.start] == UInt8(ascii: "\"") {
      readQuotedName(bytes, malformed, &faults)
    } else if let open = bytes.index(of: UInt8(ascii: "<"), range.start, range.end),
      !beginsWithPlainURI(bytes, open)
    {
      readTokenName(bytes, open, &faults)
      readBracketed(bytes, open, malformed, &faults)
    } else {
      readPlain(bytes, malformed, &faults)
    }
  }

  /// Whether a bracket at `open` only stands in a parameter of an address without brackets.
  private func beginsWithPlainURI(_ bytes: Bytes, _ open: Int) -> Bool {
    let colon = bytes.skip(.scheme, range.start, open)
    return colon > range.start && colon < open && bytes[colon] == UInt8(ascii: ":")
      && bytes.index(of: UInt8(ascii: ";"), colon, open) != nil
  }

  private mutating func readQuotedName(
    _ bytes: Bytes, _ malformed: SIPFault, _ faults: inout SIPFaultSet
  ) {
    let quote = range.start
    if let close = bytes.skipQuotedString(quote, range.end) {
      isQuoted = true
      displayName = ByteRange(quote + 1, close - 1)
      let next = bytes.skipWhitespace(close, range.end)
      if next < range.end, bytes[next] == UInt8(ascii: "<") {
        return readBracketed(bytes, next, malformed, &faults)
      }
      faults.insert(malformed)
      if let open = bytes.index(of: UInt8(ascii: "<"), close, range.end) {
        readBracketed(bytes, open, malformed, &faults)
      }
      return
    }
    faults.insert(.unbalancedQuotes)
    // The bracket is the only landmark left.
    guard let open = bytes.index(of: UInt8(ascii: "<"), range.start, range.end) else {
      displayName = ByteRange(quote + 1, range.end)
      return
    }
    displayName = bytes.trimmed(quote + 1, open)
    readBracketed(bytes, open, malformed, &faults)
  }

  private mutating func readTokenName(_ bytes: Bytes, _ open: Int, _ faults: inout SIPFaultSet) {
    displayName = bytes.trimmed(range.start, open)
    for index in displayName.range {
      let byte = bytes[index]
      if !ByteSet.token.contains(byte), !Bytes.isWhitespace(byte) {
        faults.insert(.unquotedDisplayName)
        return
      }
    }
  }

  private mutating func readBracketed(
    _ bytes: Bytes, _ open: Int, _ malformed: SIPFault, _ faults: inout SIPFaultSet
  ) {
    isBracketed = true
    guard let close = bytes.index(of: UInt8(ascii: ">"), open, range.end) else {
      faults.insert(.unbalancedBrackets)
      uri.read(bytes, bytes.trimmed(open + 1, range.end), &faults)
      return
    }
    let inside = bytes.trimmed(open + 1, close)
    if inside.count != close - open - 1 { faults.insert(.whitespaceInBrackets) }
    uri.read(bytes, inside, &faults)
    readParameters(bytes, close + 1, malformed, &faults)
  }

  /// An address without brackets: what follows the first semicolon belongs to the header (§20.10).
  private mutating func readPlain(
    _ bytes: Bytes, _ malformed: SIPFault, _ faults: inout SIPFaultSet
  ) {
    let semicolon = plainEnd(bytes)
    let plain = bytes.trimmed(range.start, semicolon)
    uri.read(bytes, plain, &faults)
    if !uri.headers.isEmpty { faults.insert(.unbracketedURI) }
    if uri.scheme == .none { faults.insert(malformed) }
    readParameters(bytes, semicolon, malformed, &faults)
  }

  /// The semicolon that ends an unbracketed URI; one inside the user part does not.
  private func plainEnd(_ bytes: Bytes) -> Int {
    guard let semicolon = bytes.index(of: UInt8(ascii: ";"), range.start, range.end) else { return range.end }
    guard let at = bytes.index(of: UInt8(ascii: "@"), semicolon, range.end) else {
      return semicolon
    }
    // `sip:user;x=1@host` is a user with a semicolon, unless white space shows that the URI has ended.
    for index in semicolon..<at where Bytes.isWhitespace(bytes[index]) || bytes[index] == UInt8(ascii: "\"") {
      return semicolon
    }
    if bytes.index(of: UInt8(ascii: "@"), range.start, semicolon) != nil { return semicolon }
    return bytes.find(UInt8(ascii: ";"), at, range.end)
  }

  private mutating func readParameters(
    _ bytes: Bytes, _ start: Int, _ malformed: SIPFault, _ faults: inout SIPFaultSet
  ) {
    let first = bytes.skipWhitespace(start, range.end)
    guard first < range.end else { return }
    guard bytes[first] == UInt8(ascii: ";") else {
      faults.insert(malformed)
      return
    }
    parameters = ByteRange(first + 1, range.end)
    var list = SIPParameters(parameters)
    while let parameter = list.next(in: bytes) {
      guard parameter.name.count <= 8 else { continue }
      switch SIPWord(rawValue: bytes.word(parameter.name)) {
      case .tag: tag = parameter.value
      case .expires: expires = parameter.value
      default: break
      }
    }
    if list.isMalformed { faults.insert(malformed) }
  }
}
