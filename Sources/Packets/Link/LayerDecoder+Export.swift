internal import Values

/// What Wireshark writes as “Export PDUs”, for example messages that it has decrypted: what one packet carried, without
/// the packet's headers, behind tags that say what stood in them.
extension LayerDecoder {
  /// Tags of two bytes of type, two of length and a value, until one of type 0.
  mutating func exportedPDU(_ frame: Bytes) -> Layer {
    var tags = ExportTags()
    while true {
      guard has(4, or: .linkTruncated) else { return .nothing }
      let type = frame.uint16(at: start)
      let length = Int(frame.uint16(at: start + 2))
      start += 4
      guard has(length, or: .linkTruncated) else { return .nothing }
      tags.read(type, frame.extracting(start..<start + length))
      start += length
      if type == 0 { break }
    }
    if tags.isIP { return versionedIP(frame) }
    guard let source = tags.source, let destination = tags.destination, let transport = tags.transport
    else { return unknownLink() }
    packet.source = source
    packet.destination = destination
    packet.ipVersion = source.isIPv6 ? 6 : 4
    packet.transport = transport
    packet.sourcePort = tags.sourcePort
    packet.destinationPort = tags.destinationPort
    packet.traits.insert(.whole)
    if isCut { packet.traits.insert(.truncated) }
    packet.uncapturedLength = min(max(0, packet.originalLength - end), Int(UInt16.max))
    packet.ipLength = min(
      available + packet.uncapturedLength + (packet.ipVersion == 4 ? 20 : 40), Int(UInt16.max))
    return .packet
  }
}

/// What the tags say, as far as it is of use.
private struct ExportTags {
  var source: IPAddress?
  var destination: IPAddress?
  var transport: TransportProtocol?
  var sourcePort: UInt16 = 0
  var destinationPort: UInt16 = 0
  /// Whether it is an IP packet after all.
  var isIP = false

  mutating func read(_ type: UInt16, _ value: Bytes) {
    switch type {
    // The name of what reads it, filled up with zeros: "ip", "ipv6".
    case 12: isIP = value.count == 4 && [0x6970_0000, 0x6970_7636].contains(value.uint32(at: 0))
    case 20, 22: source = Self.address(value) ?? source
    case 21, 23: destination = Self.address(value) ?? destination
    case 24 where value.count == 4: transport = Self.transport(value.uint32(at: 0))
    case 25 where value.count == 4: sourcePort = UInt16(truncatingIfNeeded: value.uint32(at: 0))
    case 26 where value.count == 4: destinationPort = UInt16(truncatingIfNeeded: value.uint32(at: 0))
    default: break
    }
  }

  private static func address(_ value: Bytes) -> IPAddress? {
    switch value.count {
    case 4: IPAddress(v4: value.uint32(at: 0))
    case 16: IPAddress(v6High: value.uint64(at: 0), low: value.uint64(at: 8))
    default: nil
    }
  }

  private static func transport(_ portType: UInt32) -> TransportProtocol? {
    switch portType {
    case 1: .sctp
    case 2: .tcp
    case 3: .udp
    default: nil
    }
  }
}
