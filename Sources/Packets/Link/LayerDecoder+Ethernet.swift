extension LayerDecoder {
  /// Ethernet II, or IEEE 802.3 with a length and an 802.2 header.
  mutating func ethernet(_ frame: Bytes) -> Layer {
    guard has(14, or: .ethernetTruncated) else { return .nothing }
    counters.ethernet &+= 1
    let etherType = frame.uint16(at: start + 12)
    packet.linkSource = hardwareAddress(frame, at: start + 6)
    start += 14
    return layer(etherType: etherType)
  }

  /// The six bytes at an offset that is known to have them.
  @inline(__always)
  func hardwareAddress(_ frame: Bytes, at offset: Int) -> UInt64 {
    UInt64(frame.uint16(at: offset)) << 32 | UInt64(frame.uint32(at: offset + 2))
  }

  /// The layer that an ethertype announces at `start`; values below 1536 are IEEE 802.3 lengths.
  @inline(__always)
  mutating func layer(etherType: UInt16) -> Layer {
    if etherType == 0x0800 { return .ipv4 }
    return otherLayer(etherType: etherType)
  }

  private mutating func otherLayer(etherType: UInt16) -> Layer {
    switch etherType {
    case 0x86dd: return .ipv6
    case 0x8100, 0x88a8, 0x9100, 0x9200: return .vlan
    case 0x8847, 0x8848: return .mpls
    case 0x8864: return .pppoe
    case 0x8863: return pppoeDiscovery()
    case 0x880b: return .ppp
    case 0x8926: return .vnTag
    case 0x88e7: return .backboneTag
    case 0x894f: return .serviceHeader
    case 0x8909: return .metaData
    case 0x0806, 0x8035:
      counters.arp &+= 1
      return .nothing
    case 0..<0x0600:
      end = min(end, start + Int(etherType))
      return .llc
    default:
      counters.unknownEthertype &+= 1
      return .nothing
    }
  }

  /// One IEEE 802.1Q or 802.1ad tag: control information, then the ethertype.
  mutating func vlan(_ frame: Bytes) -> Layer {
    guard has(4, or: .vlanTruncated) else { return .nothing }
    let identifier = frame.uint16(at: start) & 0x0fff
    let etherType = frame.uint16(at: start + 2)
    switch packet.vlanCount {
    case 0:
      packet.outerVLAN = identifier
      counters.vlan &+= 1
    case 1:
      packet.innerVLAN = identifier
      counters.qinq &+= 1
    default: break
    }
    if packet.vlanCount < .max { packet.vlanCount += 1 }
    start += 4
    return layer(etherType: etherType)
  }

  /// IEEE 802.2 logical link control, with SNAP where IP is inside (RFC 1042).
  mutating func llc(_ frame: Bytes) -> Layer {
    guard has(3, or: .llcTruncated) else { return .nothing }
    switch (frame[start], frame[start + 1]) {
    case (0xaa, 0xaa):
      guard has(8, or: .llcTruncated) else { return .nothing }
      let organization = frame.uint32(at: start + 2) & 0x00ff_ffff
      let etherType = frame.uint16(at: start + 6)
      start += 8
      return layer(organization: organization, etherType: etherType, frame)
    case (0x06, 0x06):
      start += 3
      return .ipv4
    case (0xfe, 0xfe):
      start += 3
      return layer(nlpid: frame)
    default: break
    }
    counters.llc &+= 1
    return .nothing
  }
}
