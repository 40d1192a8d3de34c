extension LayerDecoder {
  /// The layer of an IP protocol number; protocols that are not decoded further are delivered whole.
  @inline(__always)
  mutating func layer(transport: UInt8) -> Layer {
    packet.transport = TransportProtocol(rawValue: transport)
    if transport == 17 { return .udp }
    return otherLayer(transport: transport)
  }

  private mutating func otherLayer(transport: UInt8) -> Layer {
    switch transport {
    case 6: return .tcp
    case 51: return .authentication
    case 132: return .sctp
    case 136: return .udp
    case 4: return ipInIP(isIPv6: false)
    case 41: return ipInIP(isIPv6: true)
    case 47: return .gre
    case 50: return .esp
    case 97: return .etherIP
    case 115: return .l2tp3
    case 137: return enter(.mpls) ? .mpls : .packet
    case 1, 58: return .icmp
    default: counters.otherTransport &+= 1
    }
    return .packet
  }

  /// The UDP header (RFC 768). A length of 0 is a jumbogram or offload: everything belongs to it. UDP-Lite
  /// (RFC 3828) has a checksum coverage in its place, which says nothing about the length.
  mutating func udp(_ frame: Bytes) -> Layer {
    guard has(8, or: .udpTruncated) else { return .nothing }
    counters.udp &+= 1
    packet.sourcePort = frame.uint16(at: start)
    packet.destinationPort = frame.uint16(at: start + 2)
    let length = Int(frame.uint16(at: start + 4))
    if length >= 8, length <= end &- start {
      if packet.transport == .udp { end = start + length }
    } else if length != 0, packet.transport == .udp {
      tolerateUDPLength(length)
    }
    start += 8
    let kind = tunnelPorts.kind(source: packet.sourcePort, destination: packet.destinationPort)
    return kind == .none ? .packet : udpTunnel(kind, frame)
  }

  /// The payload is what is there; a length that is too long is no fault when the capture was cut.
  private mutating func tolerateUDPLength(_ length: Int) {
    guard length >= 8 else { return fault(.udpBadLength, needed: 8) }
    if !packet.isTruncated { fault(.udpBadLength, needed: length) }
    packet.traits.insert(.truncated)
  }

  /// The TCP header (RFC 9293 §3.1); options are skipped.
  mutating func tcp(_ frame: Bytes) -> Layer {
    guard has(20, or: .tcpTruncated) else { return .nothing }
    counters.tcp &+= 1
    packet.sourcePort = frame.uint16(at: start)
    packet.destinationPort = frame.uint16(at: start + 2)
    packet.tcpSequence = frame.uint32(at: start + 4)
    packet.tcpAcknowledgement = frame.uint32(at: start + 8)
    packet.tcpFlags = TCPFlags(rawValue: frame[start + 13])
    packet.tcpWindow = frame.uint16(at: start + 14)
    let headerLength = Int(frame[start + 12] >> 4) * 4
    if headerLength > available, packet.isTruncated {
      // The snap length cut the options: there is a segment, but none of its data.
      packet.uncapturedLength = max(0, packet.uncapturedLength - (headerLength - available))
      start = end
      return .packet
    }
    guard headerLength >= 20, headerLength <= end &- start else {
      fault(.tcpBadOffset, needed: max(20, headerLength))
      return .nothing
    }
    start += headerLength
    return .packet
  }

  /// The SCTP common header (RFC 9260 §3.1); `start` stays on it for the chunks.
  mutating func sctp(_ frame: Bytes) -> Layer {
    guard has(12, or: .sctpTruncated) else { return .nothing }
    counters.sctp &+= 1
    packet.sourcePort = frame.uint16(at: start)
    packet.destinationPort = frame.uint16(at: start + 2)
    return .chunks
  }
}
