extension LayerDecoder {
  /// The layer inside a UDP payload on a tunnel port; a payload that is no such tunnel is delivered.
  mutating func udpTunnel(_ kind: Tunnel.Kind, _ frame: Bytes) -> Layer {
    switch kind {
    case .vxlan: vxlan(frame)
    case .geneve: geneve(frame)
    case .gtpu: gtpu(frame)
    case .l2tp: l2tp(frame)
    case .tzsp: tzsp(frame)
    case .teredo: teredo(frame)
    case .mpls: mplsOverUDP(frame)
    case .gre: greOverUDP(frame)
    case .espNull: espOverUDP(frame)
    default: .packet
    }
  }

  /// VXLAN (RFC 7348 §5) with the bits of the group policy and generic protocol extensions.
  private mutating func vxlan(_ frame: Bytes) -> Layer {
    guard available >= 8 else { return .packet }
    let flags = frame[start]
    guard flags & 0x08 != 0, flags & 0x70 == 0, frame[start + 7] == 0 else { return .packet }
    let inner: Layer
    switch flags & 0x04 == 0 ? 3 : frame[start + 3] {
    case 1: inner = .ipv4
    case 2: inner = .ipv6
    case 3: inner = .ethernet
    default: return .packet
    }
    guard enter(.vxlan, identifier: frame.uint32(at: start + 4) >> 8) else { return .packet }
    start += 8
    return inner
  }

  /// GENEVE (RFC 8926 §3.4); options are skipped.
  private mutating func geneve(_ frame: Bytes) -> Layer {
    guard available >= 8 else { return .packet }
    let length = 8 + Int(frame[start] & 0x3f) * 4
    guard frame[start] >> 6 == 0, frame[start + 1] & 0x3f == 0, frame[start + 7] == 0, length <= available
    else { return .packet }
    let etherType = frame.uint16(at: start + 2)
    guard etherType >= 0x0600 else { return .packet }
    guard enter(.geneve, identifier: frame.uint32(at: start + 4) >> 8) else { return .packet }
    start += length
    return etherType == 0x6558 ? .ethernet : layer(etherType: etherType)
  }

  /// GTP-U version 1 (3GPP TS 29.281 §5): only G-PDUs with an IP packet are tunnels.
  private mutating func gtpu(_ frame: Bytes) -> Layer {
    guard available >= 8, frame[start] & 0xf8 == 0x30, frame[start + 1] == 0xff else { return .packet }
    guard let inner = gtpuPayload(frame), inner < end else { return .packet }
    let version = frame[inner] >> 4
    guard version == 4 || version == 6 else { return .packet }
    guard enter(.gtpu, identifier: frame.uint32(at: start + 4)) else { return .packet }
    start = inner
    return version == 4 ? .ipv4 : .ipv6
  }

  /// Where the T-PDU begins: behind the optional fields and the chain of extension headers (§5.2).
  private func gtpuPayload(_ frame: Bytes) -> Int? {
    guard frame[start] & 0x07 != 0 else { return start + 8 }
    guard available >= 12 else { return nil }
    var offset = start + 12
    var next = frame[start] & 0x04 == 0 ? 0 : frame[start + 11]
    while next != 0 {
      guard offset < end else { return nil }
      let length = Int(frame[offset]) * 4
      guard length > 0, offset + length <= end else { return nil }
      next = frame[offset + length - 1]
      offset += length
    }
    return offset
  }

  /// L2TP over UDP: data messages of version 2 carry PPP (RFC 2661 §3.1); version 3 see `l2tp3`.
  private mutating func l2tp(_ frame: Bytes) -> Layer {
    guard available >= 6 else { return .packet }
    let flags = frame.uint16(at: start)
    guard flags & 0x8000 == 0 else { return .packet }
    if flags & 0x0f == 3 { return l2tp3(frame, sessionOffset: 4) }
    guard flags & 0x0f == 2, flags & 0x34f0 == 0 else { return .packet }
    var length = 6
    if flags & 0x4000 != 0 { length += 2 }
    let identifierOffset = length - 4
    if flags & 0x0800 != 0 { length += 4 }
    if flags & 0x0200 != 0 {
      guard available >= length + 2 else { return .packet }
      length += 2 + Int(frame.uint16(at: start + length))
    }
    guard available > length else { return .packet }
    guard enter(.l2tp, identifier: frame.uint32(at: start + identifierOffset)) else { return .packet }
    start += length
    return .ppp
  }

  /// L2TP version 3 (RFC 3931 §4.1). Cookie and sublayer are agreed elsewhere, so an Ethernet frame is
  /// looked for behind 0, 4, 8 and 12 bytes; control messages (session 0) are delivered.
  mutating func l2tp3(_ frame: Bytes, sessionOffset: Int) -> Layer {
    guard available >= sessionOffset + 4 else { return .packet }
    let session = frame.uint32(at: start + sessionOffset)
    guard session != 0 else { return .packet }
    let base = start + sessionOffset + 4
    for gap in [0, 4, 8, 12] where looksLikeEthernet(frame, at: base + gap) {
      guard enter(.l2tp, identifier: session) else { return .packet }
      start = base + gap
      return .ethernet
    }
    return .packet
  }

  /// Whether an Ethernet header with IP or ARP behind it stands at an offset.
  func looksLikeEthernet(_ frame: Bytes, at offset: Int) -> Bool {
    guard offset + 15 <= end else { return false }
    switch frame.uint16(at: offset + 12) {
    case 0x0800: return frame[offset + 14] >> 4 == 4
    case 0x86dd: return frame[offset + 14] >> 4 == 6
    case 0x0806, 0x8100, 0x88a8, 0x8847, 0x8864: return true
    default: return false
    }
  }

  /// TZSP: version, type, encapsulated protocol, then tags until the end tag.
  private mutating func tzsp(_ frame: Bytes) -> Layer {
    guard available >= 5, frame[start] == 1, frame[start + 1] <= 1 else { return .packet }
    let inner: Layer
    switch frame.uint16(at: start + 2) {
    case 1: inner = .ethernet
    case 18: inner = .wireless
    default: return .packet
    }
    var offset = start + 4
    while offset < end, frame[offset] != 1 {
      guard frame[offset] != 0 else {
        offset += 1
        continue
      }
      guard offset + 1 < end else { return .packet }
      offset += 2 + Int(frame[offset + 1])
    }
    guard offset < end, enter(.tzsp) else { return .packet }
    start = offset + 1
    return inner
  }

  /// Teredo (RFC 4380 §5.1.1): authentication and origin indications may stand before the IPv6 packet.
  private mutating func teredo(_ frame: Bytes) -> Layer {
    var offset = start
    if offset + 4 <= end, frame.uint16(at: offset) == 1 {
      offset += 13 + Int(frame[offset + 2]) + Int(frame[offset + 3])
    }
    if offset + 8 <= end, frame.uint16(at: offset) == 0 { offset += 8 }
    guard offset + 40 <= end, frame[offset] >> 4 == 6,
      40 + Int(frame.uint16(at: offset + 4)) <= end - offset, enter(.teredo)
    else { return .packet }
    start = offset
    return .ipv6
  }

  private mutating func mplsOverUDP(_ frame: Bytes) -> Layer {
    guard available >= 5, enter(.mpls) else { return .packet }
    return .mpls
  }

  private mutating func greOverUDP(_ frame: Bytes) -> Layer {
    guard available >= 4, frame.uint16(at: start) & 0x4fff == 0 else { return .packet }
    return .gre
  }
}
