extension LayerDecoder {
  /// A radiotap header: little-endian length at 2; its flags say whether the 802.11 header is padded.
  mutating func radiotap(_ frame: Bytes) -> Layer {
    guard has(8, or: .linkTruncated) else { return .nothing }
    let length = Int(frame.littleEndianUInt16(at: start + 2))
    guard length >= 8, has(length, or: .linkTruncated) else { return .nothing }
    let isPadded = radiotapFlags(frame, headerEnd: start + length) & 0x20 != 0
    start += length
    return wireless(frame, isPadded: isPadded)
  }

  private func radiotapFlags(_ frame: Bytes, headerEnd: Int) -> UInt8 {
    let present = frame.littleEndianUInt32(at: start + 4)
    var offset = start + 8
    var more = present
    while more & 0x8000_0000 != 0 {
      guard offset + 4 <= headerEnd else { return 0 }
      more = frame.littleEndianUInt32(at: offset)
      offset += 4
    }
    guard present & 2 != 0 else { return 0 }
    // The timer comes first, eight bytes aligned to eight from the start of the header.
    if present & 1 != 0 { offset += (8 - (offset - start) % 8) % 8 + 8 }
    return offset < headerEnd ? frame[offset] : 0
  }

  /// IEEE 802.11: unencrypted data frames carry LLC; everything else is counted only.
  mutating func wireless(_ frame: Bytes, isPadded: Bool = false) -> Layer {
    guard has(2, or: .linkTruncated) else { return .nothing }
    counters.wireless &+= 1
    let control = frame[start]
    let flags = frame[start + 1]
    guard control & 0x0c == 0x08, control & 0x40 == 0, flags & 0x40 == 0 else { return .nothing }
    var length = flags & 3 == 3 ? 30 : 24
    if control & 0x80 != 0 {
      guard has(length + 2, or: .linkTruncated) else { return .nothing }
      let isAggregate = frame[start + length] & 0x80 != 0
      length += flags & 0x80 == 0 ? 2 : 6
      if isPadded { length = (length + 3) & ~3 }
      // An A-MSDU begins with a subframe header of 14 bytes; its first packet is taken.
      if isAggregate { length += 14 }
    }
    guard has(length + 8, or: .linkTruncated) else { return .nothing }
    start += length
    return .llc
  }

  /// Per-packet information: little-endian length at 2, the inner link type at 4.
  mutating func perPacketInformation(_ frame: Bytes) -> Layer {
    guard has(8, or: .linkTruncated) else { return .nothing }
    let length = Int(frame.littleEndianUInt16(at: start + 2))
    let inner = Int32(truncatingIfNeeded: frame.littleEndianUInt32(at: start + 4))
    guard length >= 8, has(length, or: .linkTruncated) else { return .nothing }
    start += length
    return Layer(LinkType(rawValue: inner))
  }

  /// Prism: a header of 144 bytes, or AVS's which states its length.
  mutating func prism(_ frame: Bytes) -> Layer {
    guard has(8, or: .linkTruncated) else { return .nothing }
    let isAVS = frame.uint32(at: start) & 0xffff_f000 == 0x8021_1000
    let length = isAVS ? Int(frame.uint32(at: start + 4)) : 144
    guard length >= 8, has(length, or: .linkTruncated) else { return .nothing }
    start += length
    return wireless(frame)
  }
}
