extension LayerDecoder {
  /// Steps into an encapsulation: keeps the outermost addresses and forgets the outer transport.
  ///
  /// Returns false, with a fault, when it would be one too many.
  mutating func enter(_ kind: Tunnel.Kind, identifier: UInt32 = 0) -> Bool {
    guard packet.tunnel.depth < maximumTunnelDepth else {
      fault(.tunnelTooDeep)
      return false
    }
    counters[kind] &+= 1
    if packet.tunnel.depth == 0 {
      outer = packet
      packet.tunnel.source = packet.source
      packet.tunnel.destination = packet.destination
      packet.tunnel.sourcePort = packet.sourcePort
      packet.tunnel.destinationPort = packet.destinationPort
      packet.tunnel.transport = packet.transport
    }
    packet.tunnel.depth += 1
    packet.tunnel.kind = kind
    packet.tunnel.identifier = identifier
    packet.sourcePort = 0
    packet.destinationPort = 0
    return true
  }

  /// An IP packet directly in an IP packet; one too many stays a payload.
  mutating func ipInIP(isIPv6: Bool) -> Layer {
    let kind: Tunnel.Kind =
      switch (packet.ipVersion == 6, isIPv6) {
      case (false, false): .ipv4InIPv4
      case (false, true): .ipv6InIPv4
      case (true, false): .ipv4InIPv6
      case (true, true): .ipv6InIPv6
      }
    guard enter(kind) else { return .packet }
    return isIPv6 ? .ipv6 : .ipv4
  }

  /// GRE (RFC 2784, key and sequence of RFC 2890, version 1 of RFC 2637).
  mutating func gre(_ frame: Bytes) -> Layer {
    guard has(4, or: .greTruncated) else { return .nothing }
    let flags = frame.uint16(at: start)
    let etherType = frame.uint16(at: start + 2)
    guard flags & 7 <= 1 else {
      fault(.greBadVersion)
      return .packet
    }
    let isPointToPoint = flags & 7 == 1
    var length = 4
    if !isPointToPoint, flags & 0xc000 != 0 { length += 4 }
    let keyOffset = length
    if flags & 0x2000 != 0 { length += 4 }
    let hasSequence = flags & 0x1000 != 0
    if hasSequence { length += 4 }
    if isPointToPoint, flags & 0x0080 != 0 { length += 4 }
    guard has(length, or: .greTruncated) else { return .nothing }
    let key = flags & 0x2000 != 0 ? frame.uint32(at: start + keyOffset) : 0
    guard enter(.gre, identifier: key) else { return .packet }
    start += length
    if flags & 0x4000 != 0, !isPointToPoint, !skipSourceRoutes(frame) { return .nothing }
    return layer(greProtocol: etherType, hasSequence: hasSequence, frame)
  }

  /// The source route entries of RFC 1701, which end with one of length 0.
  private mutating func skipSourceRoutes(_ frame: Bytes) -> Bool {
    while has(4, or: .greTruncated) {
      let length = Int(frame[start + 3])
      let isLast = length == 0 && frame.uint16(at: start) == 0
      guard has(4 + length, or: .greTruncated) else { return false }
      start += 4 + length
      if isLast { return true }
    }
    return false
  }

  private mutating func layer(greProtocol: UInt16, hasSequence: Bool, _ frame: Bytes) -> Layer {
    switch greProtocol {
    case 0x88be: return hasSequence ? erspan2(frame) : erspan1()
    case 0x22eb: return erspan3(frame)
    case 0x6558: return .ethernet
    case 0x883e:
      // WCCP version 2 puts four bytes before the packet, version 1 none.
      if available >= 4, frame[start] >> 4 != 4 { start += 4 }
      return .ipv4
    case 0x8847, 0x8848: return .mpls
    case 0x8200..<0x8400: return .wireless
    default: return layer(etherType: greProtocol)
    }
  }

  /// ERSPAN type I has no header of its own.
  private mutating func erspan1() -> Layer {
    becomeERSPAN(session: 0)
    return .ethernet
  }

  /// ERSPAN type II (draft-foschiano-erspan): 8 bytes, version 1.
  private mutating func erspan2(_ frame: Bytes) -> Layer {
    guard has(8, or: .erspanBadHeader) else { return .nothing }
    guard frame[start] >> 4 == 1 else {
      fault(.erspanBadHeader)
      return .nothing
    }
    becomeERSPAN(session: frame.uint16(at: start + 2) & 0x3ff)
    start += 8
    return .ethernet
  }

  /// ERSPAN type III: 12 bytes, version 2, and 8 more when the O bit is set.
  private mutating func erspan3(_ frame: Bytes) -> Layer {
    guard has(12, or: .erspanBadHeader) else { return .nothing }
    let length = frame[start + 11] & 1 == 0 ? 12 : 20
    guard frame[start] >> 4 == 2, length <= available else {
      fault(.erspanBadHeader, needed: length)
      return .nothing
    }
    becomeERSPAN(session: frame.uint16(at: start + 2) & 0x3ff)
    let frameType = frame.uint16(at: start + 10) >> 10 & 0x1f
    start += length
    return frameType == 2 ? versionedIP(frame) : .ethernet
  }

  private mutating func becomeERSPAN(session: UInt16) {
    counters[.erspan] &+= 1
    packet.tunnel.kind = .erspan
    packet.tunnel.identifier = UInt32(session)
  }

  /// Ethernet within IP (RFC 3378): version 3 and twelve zero bits.
  mutating func etherIP(_ frame: Bytes) -> Layer {
    guard available >= 2, frame.uint16(at: start) == 0x3000, enter(.etherIP) else { return .packet }
    start += 2
    return .ethernet
  }
}
