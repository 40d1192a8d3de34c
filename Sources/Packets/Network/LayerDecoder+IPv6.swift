internal import Values

extension LayerDecoder {
  /// The IPv6 header (RFC 8200 §3) and its extension headers.
  mutating func ipv6(_ frame: Bytes) -> Layer {
    guard has(40, or: .ipv6HeaderTruncated) else { return .nothing }
    guard frame[start] >> 4 == 6 else {
      fault(.ipv6BadVersion)
      return .nothing
    }
    counters.ipv6 &+= 1
    trimIPv6(Int(frame.uint16(at: start + 4)))
    packet.ipVersion = 6
    packet.timeToLive = frame[start + 7]
    packet.source = IPAddress(v6High: frame.uint64(at: start + 8), low: frame.uint64(at: start + 16))
    packet.destination = IPAddress(v6High: frame.uint64(at: start + 24), low: frame.uint64(at: start + 32))
    let next = frame[start + 6]
    start += 40
    return afterIPv6(frame, next: next)
  }

  /// Sets `end` to the end of the IP packet; a payload length of 0 is a jumbogram or offload.
  private mutating func trimIPv6(_ payloadLength: Int) {
    packet.uncapturedLength = 0
    guard payloadLength > 0 else {
      packet.ipLength = end - start
      return
    }
    let length = 40 + payloadLength
    packet.ipLength = length
    if length <= end &- start {
      end = start + length
      return
    }
    packet.traits.insert(.truncated)
    lackBytes(of: length, or: .ipv6Truncated)
  }

  /// Skips extension headers (RFC 8200 §4) until the transport, a fragment or the end.
  mutating func afterIPv6(_ frame: Bytes, next first: UInt8) -> Layer {
    var next = first
    while true {
      switch next {
      case 0, 43, 60, 135, 139, 140:
        guard has(8, or: .ipv6ExtensionTruncated) else { return cutExtension(next) }
        let length = 8 + Int(frame[start + 1]) * 8
        guard has(length, or: .ipv6ExtensionTruncated) else { return cutExtension(next) }
        next = frame[start]
        start += length
      case 44:
        guard has(8, or: .ipv6ExtensionTruncated) else { return cutExtension(next) }
        next = frame[start]
        let fragmentation = frame.uint16(at: start + 2)
        start += 8
        if fragmentation & 0xfff9 != 0 { return ipv6Fragment(frame, fragmentation, next: next) }
      default:
        return layer(transport: next)
      }
    }
  }

  private mutating func cutExtension(_ header: UInt8) -> Layer {
    packet.transport = TransportProtocol(rawValue: header)
    return .nothing
  }

  private mutating func ipv6Fragment(_ frame: Bytes, _ fragmentation: UInt16, next: UInt8) -> Layer {
    counters.fragments &+= 1
    packet.transport = TransportProtocol(rawValue: next)
    packet.traits.insert(.fragment)
    fragment = FragmentHeader(
      identification: frame.uint32(at: start - 4), offset: Int(fragmentation & 0xfff8),
      hasMore: fragmentation & 1 != 0, next: next)
    return .fragment
  }

  /// The IP authentication header (RFC 4302 §2), counted in words of four bytes less two. What follows it
  /// may be another IPv6 extension header.
  mutating func authentication(_ frame: Bytes) -> Layer {
    guard has(12, or: .authenticationTruncated) else { return .nothing }
    let next = frame[start]
    let length = (Int(frame[start + 1]) + 2) * 4
    guard length >= 12, has(length, or: .authenticationTruncated) else { return .nothing }
    start += length
    return packet.ipVersion == 6 ? afterIPv6(frame, next: next) : layer(transport: next)
  }
}
