extension LayerDecoder {
  /// Linux netfilter log: family, version, then attributes of which one is the packet.
  mutating func netfilterLog(_ frame: Bytes) -> Layer {
    guard has(4, or: .linkTruncated) else { return .nothing }
    start += 4
    while available >= 4 {
      let length = Int(frame.littleEndianUInt16(at: start))
      guard length >= 4, has(length, or: .linkTruncated) else { return .nothing }
      if frame.littleEndianUInt16(at: start + 2) == 9 {
        end = start + length
        start += 4
        return versionedIP(frame)
      }
      start += min(available, (length + 3) & ~3)
    }
    guard available == 0, !isCut else {
      fault(.linkTruncated, needed: 4)
      return .nothing
    }
    return unknownLink()
  }

  /// A header of a fixed number of bytes before a bare IP packet.
  mutating func ip(behind length: Int, _ frame: Bytes) -> Layer {
    guard has(length, or: .linkTruncated) else { return .nothing }
    start += length
    return versionedIP(frame)
  }

  /// OpenBSD packet filter log: the length of the header in its first byte, rounded up to four.
  mutating func packetFilterLog(_ frame: Bytes) -> Layer {
    guard has(1, or: .linkTruncated) else { return .nothing }
    return ip(behind: (Int(frame[start]) + 3) & ~3, frame)
  }

  /// IP over InfiniBand (RFC 4391 §6) behind a global routing header.
  mutating func infiniband(_ frame: Bytes) -> Layer {
    guard has(44, or: .linkTruncated) else { return .nothing }
    let etherType = frame.uint16(at: start + 40)
    start += 44
    return layer(etherType: etherType)
  }

  /// PPP behind some bytes that tell the direction.
  mutating func directedPPP(_ frame: Bytes, skipping count: Int) -> Layer {
    guard has(count, or: .pppTruncated) else { return .nothing }
    start += count
    return .ppp
  }

  /// An Ethernet frame from a switch that puts a tag before the ethertype or before the frame.
  mutating func switchTagged(_ frame: Bytes, before: Int, inside: Int) -> Layer {
    guard has(before + 14 + inside, or: .ethernetTruncated) else { return .nothing }
    counters.ethernet &+= 1
    start += before + 14 + inside
    return layer(etherType: frame.uint16(at: start - 2))
  }

  /// Endace's extensible record format: a header of 16 bytes, further ones of eight while the highest bit of the last one's
  /// type is set, then what the type says. The card may have cut the frame: its length on the wire counts the checksum.
  mutating func extensibleRecord(_ frame: Bytes) -> Layer {
    guard has(16, or: .linkTruncated) else { return .nothing }
    let type = frame[start + 8] & 0x7f
    let wireLength = Int(frame.uint16(at: start + 14))
    var hasMore = frame[start + 8] & 0x80 != 0
    start += 16
    while hasMore {
      guard has(8, or: .linkTruncated) else { return .nothing }
      hasMore = frame[start] & 0x80 != 0
      start += 8
    }
    defer { if available < wireLength - 4 { isCut = true } }
    switch type {
    // Ethernet, on channels and with hashes or not, has two bytes of padding before it.
    case 2, 11, 16, 20:
      guard has(2, or: .linkTruncated) else { return .nothing }
      start += 2
      return .ethernet
    case 1, 10, 15, 19: return serialLine(frame)
    // Channels of a serial line have four bytes before the frame.
    case 5, 17:
      guard has(4, or: .linkTruncated) else { return .nothing }
      start += 4
      return serialLine(frame)
    case 22: return .ipv4
    case 23: return .ipv6
    default: return unknownLink()
    }
  }

  /// A frame of a serial line, which says by its address whether it is Cisco's HDLC, PPP or frame relay.
  private mutating func serialLine(_ frame: Bytes) -> Layer {
    guard has(1, or: .linkTruncated) else { return .nothing }
    return switch frame[start] {
    case 0x0f, 0x8f: .ciscoHDLC
    case 0xff: .ppp
    default: .frameRelay
    }
  }

  /// Juniper's header: a magic number, flags, an optional extension, then the frame.
  mutating func juniperEthernet(_ frame: Bytes) -> Layer {
    guard has(6, or: .linkTruncated) else { return .nothing }
    guard frame.uint32(at: start) >> 8 == 0x4d_4743 else {
      fault(.linkTruncated)
      return .nothing
    }
    let flags = frame[start + 3]
    var length = 4
    if flags & 0x80 != 0 { length += 2 + Int(frame.uint16(at: start + 4)) }
    guard flags & 0x02 == 0 else { return unknownLink() }
    guard has(length, or: .linkTruncated) else { return .nothing }
    start += length
    return .ethernet
  }
}
