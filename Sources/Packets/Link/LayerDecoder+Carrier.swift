extension LayerDecoder {
  /// An MPLS label stack (RFC 3032 §2.1). Nothing in it says what follows: the first bits do, a pseudo-wire
  /// has a control word that begins with zero bits (RFC 4385 §3) or none.
  mutating func mpls(_ frame: Bytes) -> Layer {
    counters.mpls &+= 1
    var isLast = false
    while !isLast {
      guard has(4, or: .mplsTruncated) else { return .nothing }
      isLast = frame[start + 2] & 1 != 0
      start += 4
    }
    guard has(1, or: .mplsTruncated) else { return .nothing }
    switch frame[start] >> 4 {
    case 4 where !looksLikeEthernet(frame, at: start): return .ipv4
    case 6 where !looksLikeEthernet(frame, at: start): return .ipv6
    case 0 where looksLikeEthernet(frame, at: start + 4) || !looksLikeEthernet(frame, at: start):
      start += min(4, available)
    default: break
    }
    return innerEthernet()
  }

  /// An Ethernet frame inside another link layer: no tunnel, for it has no outer IP addresses.
  private mutating func innerEthernet() -> Layer {
    counters[.ethernet] &+= 1
    return .ethernet
  }

  /// PPPoE session stage (RFC 2516 §4): six bytes, then the PPP protocol.
  mutating func pppoe(_ frame: Bytes) -> Layer {
    guard has(6, or: .pppoeBadLength) else { return .nothing }
    counters.pppoe &+= 1
    guard frame[start + 1] == 0 else { return .nothing }
    let length = Int(frame.uint16(at: start + 4))
    start += 6
    if length <= available {
      end = start + length
    } else if !isCut {
      fault(.pppoeBadLength, needed: length)
    }
    return .ppp
  }

  /// PPPoE discovery stage; there is no packet in it.
  mutating func pppoeDiscovery() -> Layer {
    counters.pppoe &+= 1
    return .nothing
  }

  /// A VN-Tag (IEEE 802.1BR's ancestor): four bytes, then the ethertype.
  mutating func vnTag(_ frame: Bytes) -> Layer {
    guard has(6, or: .vlanTruncated) else { return .nothing }
    let etherType = frame.uint16(at: start + 4)
    start += 6
    return layer(etherType: etherType)
  }

  /// A provider backbone service tag (IEEE 802.1ah): four bytes, then the customer's Ethernet frame.
  mutating func backboneTag(_ frame: Bytes) -> Layer {
    guard has(4, or: .vlanTruncated) else { return .nothing }
    start += 4
    return innerEthernet()
  }

  /// A network service header (RFC 8300 §2.2): its length in words, then what follows.
  mutating func serviceHeader(_ frame: Bytes) -> Layer {
    guard has(8, or: .linkTruncated) else { return .nothing }
    let length = Int(frame[start + 1] & 0x3f) * 4
    let next = frame[start + 3]
    guard has(max(8, length), or: .linkTruncated) else { return .nothing }
    start += max(8, length)
    switch next {
    case 1: return .ipv4
    case 2: return .ipv6
    case 3: return innerEthernet()
    case 5: return .mpls
    default: return unknownLink()
    }
  }

  /// Cisco metadata: six bytes, then the ethertype.
  mutating func metaData(_ frame: Bytes) -> Layer {
    guard has(8, or: .linkTruncated) else { return .nothing }
    let etherType = frame.uint16(at: start + 6)
    start += 8
    return layer(etherType: etherType)
  }

  /// Cisco HDLC: address, control, ethertype.
  mutating func ciscoHDLC(_ frame: Bytes) -> Layer {
    guard has(4, or: .linkTruncated) else { return .nothing }
    counters.ciscoHDLC &+= 1
    let etherType = frame.uint16(at: start + 2)
    start += 4
    return etherType == 0xfefe ? unknownLink() : layer(etherType: etherType)
  }

  /// Frame relay: a Q.922 address, then RFC 2427's NLPID or Cisco's ethertype.
  mutating func frameRelay(_ frame: Bytes) -> Layer {
    counters.frameRelay &+= 1
    var length = 2
    while length < 4, available >= length, frame[start + length - 1] & 1 == 0 { length += 1 }
    guard has(length + 2, or: .linkTruncated) else { return .nothing }
    start += length
    guard frame[start] == 0x03 else {
      let etherType = frame.uint16(at: start)
      start += 2
      return etherType >= 0x0600 ? layer(etherType: etherType) : unknownLink()
    }
    start += frame[start + 1] == 0 ? 2 : 1
    return layer(nlpid: frame)
  }

  /// A network layer protocol identifier (ISO/IEC TR 9577), as far as it leads to IP.
  mutating func layer(nlpid frame: Bytes) -> Layer {
    guard has(1, or: .llcTruncated) else { return .nothing }
    let identifier = frame[start]
    start += 1
    switch identifier {
    case 0xcc: return .ipv4
    case 0x8e: return .ipv6
    case 0x80:
      guard has(5, or: .llcTruncated) else { return .nothing }
      let etherType = frame.uint16(at: start + 3)
      let organization = frame.uint32(at: start) >> 8
      start += 5
      return layer(organization: organization, etherType: etherType, frame)
    default: return unknownLink()
    }
  }

  /// What a SNAP header announces: an ethertype, or a bridged frame (RFC 2684 §5.2) that may be padded.
  mutating func layer(organization: UInt32, etherType: UInt16, _ frame: Bytes) -> Layer {
    switch organization {
    case 0 where etherType >= 0x0600, 0xf8 where etherType >= 0x0600: return layer(etherType: etherType)
    case 0x80c2 where etherType == 1 || etherType == 7:
      if looksLikeEthernet(frame, at: start + 2) { start += 2 }
      return innerEthernet()
    default: return unknownLink()
    }
  }

  /// ATM: LLC where it is announced (RFC 2684 §5), else the bare packet (§6).
  mutating func atm(_ frame: Bytes) -> Layer {
    guard has(3, or: .linkTruncated) else { return .nothing }
    if frame.uint16(at: start) == 0xaaaa || frame.uint16(at: start) == 0xfefe { return .llc }
    return versionedIP(frame)
  }

  /// Something understood as far as it goes, without IP in it.
  mutating func unknownLink() -> Layer {
    counters.unknownEthertype &+= 1
    return .nothing
  }
}
