import Packets
import Values

/// Reads the attributes that say where media flows and how it is protected.
extension SessionDescription {
  mutating func readAttribute(_ bytes: Bytes, _ attribute: ByteRange) {
    let colon = bytes.find(UInt8(ascii: ":"), attribute.start, attribute.end)
    let name = bytes.trimmed(attribute.start, colon)
    let value = bytes.trimmed(min(colon + 1, attribute.end), attribute.end)
    guard !name.isEmpty else { return faults.insert(.malformedLine) }
    guard name.count <= 8 else { return readLongAttribute(bytes, name, value) }
    switch SDPWord(rawValue: bytes.word(name)) {
    case .sendrecv: edit { $0.direction = .sendrecv }
    case .sendonly: edit { $0.direction = .sendonly }
    case .recvonly: edit { $0.direction = .recvonly }
    case .inactive: edit { $0.direction = .inactive }
    case .rtpmap: readRTPMap(bytes, value)
    case .fmtp: readFormatParameters(bytes, value)
    case .rtcp: readRTCP(bytes, value)
    case .ptime:
      let time = bytes.decimal(value, upTo: 65_535).map { UInt16(truncatingIfNeeded: $0) }
      edit { $0.packetTime = time }
    case .rtcpMux: edit { $0.hasRTCPMux = true }
    case .mid: edit { $0.mid = value }
    case .group: readGroup(bytes, value)
    case .crypto: readCrypto(bytes, value)
    case .setup:
      let role = Self.setup(bytes, value)
      edit { $0.setup = role }
    default: break
    }
  }

  private mutating func readLongAttribute(_ bytes: Bytes, _ name: ByteRange, _ value: ByteRange) {
    // Told apart by their first eight letters and their length.
    switch (SDPWord(rawValue: bytes.word(name)), name.count) {
    case (.candidat, 9): readCandidate(bytes, value)
    case (.fingerpr, 11): readFingerprint(bytes, value)
    case (.iceUfrag, 9): edit { $0.hasICE = true }
    case (.bundleOn, 11): edit { $0.isBundleOnly = true }
    default: break
    }
  }

  /// Changes the current medium, or what the media to come begin with.
  private mutating func edit(_ change: (inout SDPMedia) -> Void) {
    if media.isEmpty {
      change(&sessionDefaults)
    } else {
      change(&media[media.count - 1])
    }
  }

  /// `payload-type encoding/clock[/channels]`.
  private mutating func readRTPMap(_ bytes: Bytes, _ value: ByteRange) {
    var position = value.start
    let number = Self.word(bytes, &position, value.end)
    let encoding = Self.word(bytes, &position, value.end)
    let slash = bytes.find(UInt8(ascii: "/"), encoding.start, encoding.end)
    let secondSlash = bytes.find(UInt8(ascii: "/"), min(slash + 1, encoding.end), encoding.end)
    guard let type = bytes.decimal(number, upTo: 127), slash > encoding.start, slash < encoding.end,
      let rate = bytes.decimal(ByteRange(slash + 1, secondSlash), upTo: UInt64(UInt32.max))
    else { return faults.insert(.badRTPMap) }
    guard let index = formatIndex(UInt8(truncatingIfNeeded: type)) else { return faults.insert(.strayRTPMap) }
    formats[index].codec = ByteRange(encoding.start, slash)
    formats[index].clockRate = UInt32(truncatingIfNeeded: rate)
    guard secondSlash + 1 < encoding.end else { return }
    let channels = bytes.decimal(ByteRange(secondSlash + 1, encoding.end), upTo: 255)
    formats[index].channels = UInt8(truncatingIfNeeded: channels ?? 1)
  }

  private func formatIndex(_ payloadType: UInt8) -> Int? {
    guard let medium = media.last else { return nil }
    // No medium has more formats than there are payload types, so this stays short on hostile input.
    for index in medium.formats.prefix(128) where formats[index].payloadType == payloadType { return index }
    return nil
  }

  private mutating func readFormatParameters(_ bytes: Bytes, _ value: ByteRange) {
    var position = value.start
    let number = Self.word(bytes, &position, value.end)
    guard let type = bytes.decimal(number, upTo: 127) else { return }
    guard let index = formatIndex(UInt8(truncatingIfNeeded: type)) else { return }
    formats[index].hasParameters = true
    let rest = ByteRange(position, value.end)
    if let silence = Self.silence(bytes, rest) { formats[index].silence = silence }
  }

  /// What parameters, between semicolons, say of silence; nil when nothing.
  private static func silence(_ bytes: Bytes, _ parameters: ByteRange) -> SDPFormat.Silence? {
    var start = parameters.start
    while start < parameters.end {
      var end = start
      while end < parameters.end, bytes[end] != UInt8(ascii: ";") { end += 1 }
      while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
      if end - start > 7 {
        let name = bytes.lowercaseWord(at: start, width: 7)
        // `annexb=` and `usedtx=`.
        if name == 0x3d_6278_656e_6e61 || name == 0x3d_7874_6465_7375 {
          let value = bytes[start + 7] | 0x20
          return value == UInt8(ascii: "n") || value == UInt8(ascii: "0") ? .sent : .suppressed
        }
      }
      start = end + 1
    }
    return nil
  }

  /// `port [IN IP4 address]`, RFC 3605 §2.1.
  private mutating func readRTCP(_ bytes: Bytes, _ value: ByteRange) {
    var position = value.start
    let number = Self.word(bytes, &position, value.end)
    guard let port = bytes.decimal(number, upTo: 65_535) else { return faults.insert(.badRTCP) }
    _ = Self.word(bytes, &position, value.end)
    _ = Self.word(bytes, &position, value.end)
    let written = Self.word(bytes, &position, value.end)
    let address = IPAddress(bytes.extracting(written.range))
    edit {
      $0.rtcpPort = UInt16(truncatingIfNeeded: port)
      $0.rtcpAddress = address
    }
  }

  private mutating func readGroup(_ bytes: Bytes, _ value: ByteRange) {
    var position = value.start
    let semantics = Self.word(bytes, &position, value.end)
    guard semantics.count == 6, bytes.word(semantics) == SDPWord.bundle.rawValue else { return }
    if bundle.isEmpty { bundle = bytes.trimmed(position, value.end) }
  }

  /// `tag suite key-parameters`: the suite is kept, the key is not looked at.
  private mutating func readCrypto(_ bytes: Bytes, _ value: ByteRange) {
    var position = value.start
    let tag = Self.word(bytes, &position, value.end)
    let suite = Self.word(bytes, &position, value.end)
    let hasKey = bytes.skipWhitespace(position, value.end) < value.end
    guard bytes.decimal(tag, upTo: 999_999_999) != nil, !suite.isEmpty, hasKey else {
      return faults.insert(.badCrypto)
    }
    edit {
      if $0.cryptoCount == 0 { $0.cryptoSuite = suite }
      $0.cryptoCount += 1
    }
  }

  private mutating func readFingerprint(_ bytes: Bytes, _ value: ByteRange) {
    var position = value.start
    let function = Self.word(bytes, &position, value.end)
    let digest = Self.word(bytes, &position, value.end)
    guard !function.isEmpty, !digest.isEmpty else { return faults.insert(.badFingerprint) }
    let isOfMedium = !media.isEmpty
    edit {
      // Those of a medium replace those of the session (RFC 8122 §5).
      if isOfMedium, !$0.hasOwnFingerprint { ($0.hasOwnFingerprint, $0.fingerprintCount) = (true, 0) }
      if $0.fingerprintCount == 0 { ($0.fingerprintHash, $0.fingerprint) = (function, digest) }
      $0.fingerprintCount &+= 1
      $0.isDTLS = true
    }
  }

  /// `foundation component transport priority address port typ type …`, RFC 8839 §5.1.
  private mutating func readCandidate(_ bytes: Bytes, _ value: ByteRange) {
    guard candidates.count < limits.candidates else { return faults.insert(.tooManyCandidates) }
    var position = value.start
    _ = Self.word(bytes, &position, value.end)
    let component = Self.word(bytes, &position, value.end)
    let transport = Self.word(bytes, &position, value.end)
    _ = Self.word(bytes, &position, value.end)
    let address = Self.word(bytes, &position, value.end)
    let portRange = Self.word(bytes, &position, value.end)
    let keyword = Self.word(bytes, &position, value.end)
    let type = Self.word(bytes, &position, value.end)
    guard let number = bytes.decimal(component, upTo: 255), let port = bytes.decimal(portRange, upTo: 65_535),
      keyword.count == 3, bytes.word(keyword) == SDPWord.typ.rawValue, !type.isEmpty, !media.isEmpty
    else { return faults.insert(.badCandidate) }
    candidates.append(
      SDPCandidate(
        component: UInt8(truncatingIfNeeded: number),
        isUDP: transport.count == 3 && bytes.word(transport) == SDPWord.udp.rawValue, range: address,
        address: IPAddress(bytes.extracting(address.range)), port: UInt16(truncatingIfNeeded: port),
        type: type))
  }

  private static func setup(_ bytes: Bytes, _ value: ByteRange) -> SDPSetup {
    guard !value.isEmpty, value.count <= 8 else { return .other }
    switch SDPWord(rawValue: bytes.word(value)) {
    case .active: return .active
    case .passive: return .passive
    case .actpass: return .actpass
    case .holdconn: return .holdconn
    default: return .other
    }
  }
}
