import Packets
import Values

extension SIPVia {
  /// Reads one Via element in place; the value must be empty before.
  ///
  /// What cannot be read stays empty and has its fault; the parameters behind it are read all the same.
  mutating func read(_ bytes: Bytes, _ element: ByteRange, _ faults: inout SIPFaultSet) {
    range = element
    guard let sentBy = readProtocol(bytes, &faults) else { return readRest(bytes, range.start, &faults) }
    let start = bytes.skipWhitespace(sentBy, range.end)
    let hostPort = SIPHostPort.parse(bytes, start, range.end, &faults)
    host = hostPort.value.host
    port = hostPort.value.port
    if isBroadcast(bytes) { faults.insert(.broadcastVia) }
    let next = bytes.skipWhitespace(hostPort.end, range.end)
    guard next < range.end else { return }
    guard bytes[next] == UInt8(ascii: ";") else { return readRest(bytes, next, &faults) }
    readParameters(bytes, ByteRange(next + 1, range.end), &faults)
  }

  /// Reads the parameters behind what cannot be read, for the branch still names the transaction.
  private mutating func readRest(_ bytes: Bytes, _ start: Int, _ faults: inout SIPFaultSet) {
    faults.insert(.badVia)
    let semicolon = bytes.find(UInt8(ascii: ";"), start, range.end)
    guard semicolon < range.end else { return }
    readParameters(bytes, ByteRange(semicolon + 1, range.end), &faults)
  }

  /// `SIP/2.0/UDP`, white space allowed around the slashes; gives the offset behind it.
  private mutating func readProtocol(_ bytes: Bytes, _ faults: inout SIPFaultSet) -> Int? {
    var index = range.start
    if range.count > 8, bytes.lowercaseWord(at: index, width: 8) == Self.usualPrefix {
      index += 8
    } else {
      guard let name = Self.readPart(bytes, &index, range.end), name.count == 3,
        bytes.word(name) == SIPWord.sip.rawValue,
        let version = Self.readPart(bytes, &index, range.end)
      else { return nil }
      if !Self.isVersion2(bytes, version) { faults.insert(.badVersion) }
    }
    index = bytes.skipWhitespace(index, range.end)
    let end = bytes.skip(.token, index, range.end)
    guard end > index else { return nil }
    transportRange = ByteRange(index, end)
    transport = Self.named(bytes, transportRange)
    if transport == .other { faults.insert(.unknownTransport) }
    return end
  }

  /// `sip/2.0/` as a number, the first letter lowest.
  private static let usualPrefix: UInt64 = 0x2f30_2e32_2f70_6973

  /// A token and the slash behind it.
  private static func readPart(_ bytes: Bytes, _ index: inout Int, _ end: Int) -> ByteRange? {
    let start = bytes.skipWhitespace(index, end)
    let stop = bytes.skip(.token, start, end)
    let slash = bytes.skipWhitespace(stop, end)
    guard stop > start, slash < end, bytes[slash] == UInt8(ascii: "/") else { return nil }
    index = slash + 1
    return ByteRange(start, stop)
  }

  private static func isVersion2(_ bytes: Bytes, _ range: ByteRange) -> Bool {
    range.count == 3 && bytes.littleEndianWord(at: range.start, width: 3) == 0x30_2e32
  }

  private static func named(_ bytes: Bytes, _ range: ByteRange) -> SIPViaTransport {
    guard range.count <= 8 else { return .other }
    switch SIPWord(rawValue: bytes.word(range)) {
    case .udp: return .udp
    case .tcp: return .tcp
    case .tls: return .tls
    case .sctp: return .sctp
    case .tlsSCTP: return .tlsSCTP
    case .ws: return .ws
    case .wss: return .wss
    default: return .other
    }
  }

  private func isBroadcast(_ bytes: Bytes) -> Bool {
    guard host.count >= 9, host.count <= 15, bytes[host.start] == UInt8(ascii: "2") else { return false }
    guard let address = IPAddress(bytes.extracting(host.range)), !address.isIPv6 else { return false }
    return address.isMulticast || address.low == 0xffff_ffff
  }

  private mutating func readParameters(
    _ bytes: Bytes, _ parameters: ByteRange, _ faults: inout SIPFaultSet
  ) {
    var list = SIPParameters(parameters)
    while let parameter = list.next(in: bytes) {
      guard parameter.name.count <= 8 else { continue }
      switch SIPWord(rawValue: bytes.word(parameter.name)) {
      case .branch: readBranch(bytes, parameter.value, &faults)
      case .received: readReceived(bytes, parameter.value, &faults)
      case .rport:
        hasRport = true
        guard parameter.hasValue else { continue }
        rport = bytes.decimal(parameter.value, upTo: 65_535).map { UInt16(truncatingIfNeeded: $0) }
        if rport == nil { faults.insert(.badVia) }
      default: break
      }
    }
    if list.isMalformed { faults.insert(.badVia) }
  }

  private mutating func readBranch(_ bytes: Bytes, _ value: ByteRange, _ faults: inout SIPFaultSet) {
    branch = value
    guard value.count >= 7 else { return }
    // The cookie is compared without regard to case, as RFC 3261 §7.3.1 says of parameter values.
    hasMagicCookie = bytes.lowercaseWord(at: value.start, width: 7) == 0x6b_6234_6768_397a
    if hasMagicCookie, value.count == 7 { faults.insert(.badBranch) }
  }

  private mutating func readReceived(_ bytes: Bytes, _ value: ByteRange, _ faults: inout SIPFaultSet) {
    received = value
    guard value.count >= 2, bytes[value.start] == UInt8(ascii: "["),
      bytes[value.end - 1] == UInt8(ascii: "]")
    else { return }
    received = ByteRange(value.start + 1, value.end - 1)
  }
}
