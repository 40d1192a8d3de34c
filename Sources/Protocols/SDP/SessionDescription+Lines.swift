import Packets
import Values

/// Reads the lines that are not attributes.
extension SessionDescription {
  /// The next word of a range, and an empty one at the end.
  static func word(_ bytes: Bytes, _ position: inout Int, _ end: Int) -> ByteRange {
    let start = bytes.skipWhitespace(position, end)
    position = bytes.skip(.word, start, end)
    // A byte that is neither white space nor printable ends a word; it must not stop the walk.
    if position == start, start < end { position += 1 }
    return ByteRange(start, position)
  }

  mutating func readOrigin(_ bytes: Bytes, _ value: ByteRange) {
    var position = value.start
    origin.range = value
    origin.username = Self.word(bytes, &position, value.end)
    origin.sessionID = Self.word(bytes, &position, value.end)
    origin.sessionVersion = Self.word(bytes, &position, value.end)
    let network = Self.word(bytes, &position, value.end)
    let type = Self.word(bytes, &position, value.end)
    origin.addressRange = Self.word(bytes, &position, value.end)
    origin.address = IPAddress(bytes.extracting(origin.addressRange.range))
    if origin.addressRange.isEmpty || position < value.end { faults.insert(.badOrigin) }
    checkAddress(bytes, network, type, origin.address, fault: .badOrigin)
  }

  mutating func readConnection(_ bytes: Bytes, _ value: ByteRange) {
    var position = value.start
    let network = Self.word(bytes, &position, value.end)
    let type = Self.word(bytes, &position, value.end)
    let written = Self.word(bytes, &position, value.end)
    guard !written.isEmpty, position == value.end else { return faults.insert(.badConnection) }
    // Multicast addresses carry a TTL or a count behind a slash.
    let slash = bytes.find(UInt8(ascii: "/"), written.start, written.end)
    let range = ByteRange(written.start, slash)
    let result = SDPConnection(
      line: value, range: range, address: IPAddress(bytes.extracting(range.range)))
    checkAddress(bytes, network, type, result.address, fault: .badConnection)
    if media.isEmpty {
      connection = result
    } else if media[media.count - 1].connection.range.isEmpty {
      media[media.count - 1].connection = result
    }
  }

  /// The network type must be IN, the address type that of the address.
  private mutating func checkAddress(
    _ bytes: Bytes, _ network: ByteRange, _ type: ByteRange, _ address: IPAddress?, fault: SDPFault
  ) {
    guard network.count == 2, bytes.word(network) == 0x6e69, type.count == 3 else {
      return faults.insert(fault)
    }
    switch bytes.word(type) {
    case 0x34_7069: if address?.isIPv6 == true { faults.insert(.addressTypeMismatch) }
    case 0x36_7069: if address?.isIPv6 == false { faults.insert(.addressTypeMismatch) }
    default: faults.insert(fault)
    }
  }

  mutating func readTime(_ bytes: Bytes, _ value: ByteRange) {
    if time.isEmpty { time = value }
    var position = value.start
    let start = Self.word(bytes, &position, value.end)
    let stop = Self.word(bytes, &position, value.end)
    let areNumbers =
      bytes.decimal(start, upTo: .max) != nil && bytes.decimal(stop, upTo: .max) != nil
    if !areNumbers || position < value.end { faults.insert(.badTime) }
  }

  mutating func readMedium(_ bytes: Bytes, _ value: ByteRange) {
    var medium = sessionDefaults
    medium.candidates = candidates.count..<candidates.count
    medium.formats = formats.count..<formats.count
    medium.line = value
    var position = value.start
    medium.kindRange = Self.word(bytes, &position, value.end)
    medium.kind = Self.kind(bytes, medium.kindRange)
    readPort(bytes, Self.word(bytes, &position, value.end), &medium)
    medium.transport = Self.word(bytes, &position, value.end)
    readTransport(bytes, &medium)
    let first = formats.count
    while position < value.end { readFormat(bytes, Self.word(bytes, &position, value.end)) }
    medium.formats = first..<formats.count
    if medium.transport.isEmpty || medium.formats.isEmpty { faults.insert(.badMedia) }
    media.append(medium)
  }

  private mutating func readPort(_ bytes: Bytes, _ written: ByteRange, _ medium: inout SDPMedia) {
    let slash = bytes.find(UInt8(ascii: "/"), written.start, written.end)
    if let port = bytes.decimal(ByteRange(written.start, slash), upTo: 65_535) {
      medium.port = UInt16(truncatingIfNeeded: port)
    } else {
      faults.insert(.badPort)
    }
  }

  /// `RTP/SAVP`, `UDP/TLS/RTP/SAVPF`, `TCP/TLS/…`: the parts between the slashes tell.
  private func readTransport(_ bytes: Bytes, _ medium: inout SDPMedia) {
    var start = medium.transport.start
    while start < medium.transport.end {
      let slash = bytes.find(UInt8(ascii: "/"), start, medium.transport.end)
      let part = ByteRange(start, slash)
      if part.count <= 8 {
        switch SDPWord(rawValue: bytes.word(part)) {
        case .savp, .savpf: medium.isSecure = true
        case .tls, .dtls: medium.isDTLS = true
        default: break
        }
      }
      start = slash + 1
    }
  }

  private mutating func readFormat(_ bytes: Bytes, _ range: ByteRange) {
    guard !range.isEmpty else { return }
    guard formats.count < limits.formats else { return faults.insert(.tooManyFormats) }
    var format = SDPFormat()
    format.range = range
    format.payloadType = bytes.decimal(range, upTo: 127).map { UInt8(truncatingIfNeeded: $0) }
    if let type = format.payloadType, let encoding = RTPCodec.assigned(to: type) {
      format.clockRate = encoding.clockRate
    }
    formats.append(format)
  }

  private static func kind(_ bytes: Bytes, _ range: ByteRange) -> SDPMediaKind {
    if range.count == 11 {
      // `applicat` as a number, the first letter lowest.
      return bytes.word(range) == 0x7461_6369_6c70_7061 ? .application : .other
    }
    guard range.count <= 8, !range.isEmpty else { return .other }
    switch SDPWord(rawValue: bytes.word(range)) {
    case .audio: return .audio
    case .video: return .video
    case .text: return .text
    case .image: return .image
    case .message: return .message
    default: return .other
    }
  }
}
