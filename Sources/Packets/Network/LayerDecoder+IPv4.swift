internal import Values

extension LayerDecoder {
  /// The IPv4 header (RFC 791 §3.1); options are skipped, Ethernet padding is cut off.
  mutating func ipv4(_ frame: Bytes) -> Layer {
    guard has(20, or: .ipv4HeaderTruncated) else { return .nothing }
    let first = frame[start]
    guard first >> 4 == 4 else {
      fault(.ipv4BadVersion)
      return .nothing
    }
    let headerLength = Int(first & 0xf) &* 4
    guard headerLength >= 20, headerLength <= end &- start else {
      fault(.ipv4BadHeaderLength, needed: max(20, headerLength))
      return .nothing
    }
    counters.ipv4 &+= 1
    guard trimIPv4(Int(frame.uint16(at: start + 2)), headerLength: headerLength) else { return .nothing }
    packet.ipVersion = 4
    packet.timeToLive = frame[start + 8]
    packet.source = IPAddress(v4: frame.uint32(at: start + 12))
    packet.destination = IPAddress(v4: frame.uint32(at: start + 16))
    let transport = frame[start + 9]
    let fragmentation = frame.uint16(at: start + 6)
    if fragmentation & 0x3fff != 0 {
      return ipv4Fragment(frame, fragmentation, transport: transport, headerLength: headerLength)
    }
    start += headerLength
    return layer(transport: transport)
  }

  /// Sets `end` to the end of the IP packet. A total length of 0 is what segmentation offload leaves:
  /// then everything captured belongs to it.
  private mutating func trimIPv4(_ totalLength: Int, headerLength: Int) -> Bool {
    packet.uncapturedLength = 0
    guard totalLength > 0 else {
      packet.ipLength = end - start
      return true
    }
    guard totalLength >= headerLength else {
      fault(.ipv4BadTotalLength, needed: headerLength)
      return false
    }
    packet.ipLength = totalLength
    if totalLength <= end &- start {
      end = start + totalLength
      return true
    }
    packet.traits.insert(.truncated)
    lackBytes(of: totalLength, or: .ipv4Truncated)
    return true
  }

  /// Bytes that a snap length cut were there and will be acknowledged; without one the header lies.
  mutating func lackBytes(of length: Int, or kind: DecodeFault.Kind) {
    guard isCut else { return fault(kind, needed: length) }
    packet.uncapturedLength = length - available
  }

  private mutating func ipv4Fragment(
    _ frame: Bytes, _ fragmentation: UInt16, transport: UInt8, headerLength: Int
  ) -> Layer {
    counters.fragments &+= 1
    packet.transport = TransportProtocol(rawValue: transport)
    packet.traits.insert(.fragment)
    fragment = FragmentHeader(
      identification: UInt32(frame.uint16(at: start + 4)), offset: Int(fragmentation & 0x1fff) * 8,
      hasMore: fragmentation & 0x2000 != 0, next: transport)
    start += headerLength
    return .fragment
  }
}
