extension LayerDecoder {
  /// Linux cooked capture, version 1: 16 bytes, the protocol at 14.
  mutating func cooked(_ frame: Bytes) -> Layer {
    guard has(16, or: .cookedTruncated) else { return .nothing }
    counters.cooked &+= 1
    let etherType = frame.uint16(at: start + 14)
    packet.linkSource = hardwareAddress(frame, at: start + 6)
    start += 16
    return layer(cookedProtocol: etherType)
  }

  /// Linux cooked capture, version 2: 20 bytes, the protocol at 0.
  mutating func cooked2(_ frame: Bytes) -> Layer {
    guard has(20, or: .cookedTruncated) else { return .nothing }
    counters.cooked2 &+= 1
    let etherType = frame.uint16(at: start)
    packet.linkSource = hardwareAddress(frame, at: start + 12)
    start += 20
    return layer(cookedProtocol: etherType)
  }

  /// Linux writes 1 for Novell frames and 4 for 802.2 frames; everything else is an ethertype.
  private mutating func layer(cookedProtocol: UInt16) -> Layer {
    switch cookedProtocol {
    case 4: return .llc
    case 0x0600...: return layer(etherType: cookedProtocol)
    default:
      counters.unknownEthertype &+= 1
      return .nothing
    }
  }

  /// BSD loopback: an address family in the byte order of whoever captured.
  mutating func null(_ frame: Bytes) -> Layer {
    guard has(4, or: .loopbackTruncated) else { return .nothing }
    let family = frame.uint32(at: start)
    return layer(addressFamily: family > 0xffff ? family.byteSwapped : family)
  }

  /// OpenBSD loopback: the same in network byte order.
  mutating func loopback(_ frame: Bytes) -> Layer {
    null(frame)
  }

  /// `AF_INET` is 2 everywhere; `AF_INET6` is 10 on Linux, 24, 28 or 30 on the BSDs and Darwin.
  private mutating func layer(addressFamily: UInt32) -> Layer {
    counters.null &+= 1
    start += 4
    switch addressFamily {
    case 2: return .ipv4
    case 10, 24, 28, 30: return .ipv6
    default:
      counters.unknownEthertype &+= 1
      return .nothing
    }
  }

  /// An IP packet without a link header: its version tells.
  mutating func rawIP(_ frame: Bytes) -> Layer {
    counters.raw &+= 1
    return versionedIP(frame)
  }

  /// IPv4 or IPv6 by the first four bits.
  mutating func versionedIP(_ frame: Bytes) -> Layer {
    guard has(1, or: .ipBadVersion) else { return .nothing }
    switch frame[start] >> 4 {
    case 4: return .ipv4
    case 6: return .ipv6
    default:
      fault(.ipBadVersion)
      return .nothing
    }
  }

  /// PPP (RFC 1661), with or without the HDLC address and control bytes, the protocol in one or two bytes.
  mutating func ppp(_ frame: Bytes) -> Layer {
    guard has(2, or: .pppTruncated) else { return .nothing }
    counters.ppp &+= 1
    if frame[start] == 0xff, frame[start + 1] == 0x03 { start += 2 }
    guard has(1, or: .pppTruncated) else { return .nothing }
    var number = UInt16(frame[start])
    if number & 1 == 0 {
      guard has(2, or: .pppTruncated) else { return .nothing }
      number = frame.uint16(at: start)
      start += 1
    }
    start += 1
    switch number {
    case 0x0021: return .ipv4
    case 0x0057: return .ipv6
    case 0x0281, 0x0283: return .mpls
    case 0x0031: return bridgedPPP(frame)
    case 0x003d: return multilinkPPP(frame)
    default: return unknownLink()
    }
  }

  /// PPP bridging (RFC 3518 §4.2): flags, MAC type 1 is IEEE 802.3, then the frame.
  private mutating func bridgedPPP(_ frame: Bytes) -> Layer {
    guard has(2, or: .pppTruncated) else { return .nothing }
    guard frame[start] & 0x20 == 0, frame[start + 1] == 1 else { return unknownLink() }
    start += 2
    return .ethernet
  }

  /// PPP multilink (RFC 1990 §3): only packets that are whole in one piece, with long sequence numbers.
  private mutating func multilinkPPP(_ frame: Bytes) -> Layer {
    guard has(5, or: .pppTruncated) else { return .nothing }
    guard frame[start] == 0xc0 else { return unknownLink() }
    start += 4
    return .ppp
  }
}
