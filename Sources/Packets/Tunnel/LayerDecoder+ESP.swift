internal import Values

extension LayerDecoder {
  /// ESP in UDP (RFC 3948 §2): four zero bytes mean IKE.
  mutating func espOverUDP(_ frame: Bytes) -> Layer {
    guard available >= 8, frame.uint32(at: start) != 0 else { return .packet }
    return espNull(frame, orElse: .packet)
  }

  /// ESP (RFC 4303 §2). What is not encrypted (RFC 2410) is found by its trailer, in the way of RFC 5879:
  /// padding that counts 1, 2, 3 …, a next header of use, and an inner length that fits.
  mutating func esp(_ frame: Bytes) -> Layer {
    espNull(frame, orElse: .packet)
  }

  private mutating func espNull(_ frame: Bytes, orElse other: Layer) -> Layer {
    counters.esp &+= 1
    for checkLength in [12, 16] {
      let trailer = end - checkLength - 2
      guard trailer >= start + 8, let inner = innerEnd(frame, trailer: trailer) else { continue }
      let next = frame[trailer + 1]
      guard isPlausible(frame, next: next, innerEnd: inner) else { continue }
      guard enter(.espNull, identifier: frame.uint32(at: start)) else { return other }
      start += 8
      end = inner
      if next == 4 { return .ipv4 }
      return next == 41 ? .ipv6 : layer(transport: next)
    }
    return other
  }

  /// Where the data ends if the padding before `trailer` is as RFC 4303 §2.4 demands.
  private func innerEnd(_ frame: Bytes, trailer: Int) -> Int? {
    let padding = Int(frame[trailer])
    let inner = trailer - padding
    guard inner >= start + 8 else { return nil }
    Work.count(padding)
    for index in 0..<padding where Int(frame[inner + index]) != index + 1 { return nil }
    return inner
  }

  private func isPlausible(_ frame: Bytes, next: UInt8, innerEnd: Int) -> Bool {
    let inner = start + 8
    let length = innerEnd - inner
    switch next {
    case 17: return length >= 8 && Int(frame.uint16(at: inner + 4)) == length
    case 4: return length >= 20 && frame[inner] >> 4 == 4 && Int(frame.uint16(at: inner + 2)) == length
    case 41: return length >= 40 && frame[inner] >> 4 == 6 && Int(frame.uint16(at: inner + 4)) + 40 == length
    case 6:
      // A TCP header has no length to compare with: two bytes of padding, or the checksum, make chance unlikely.
      let offset = length >= 20 ? Int(frame[inner + 12] >> 4) * 4 : 0
      guard offset >= 20, offset <= length, frame[inner + 12] & 0x0e == 0 else { return false }
      return frame[innerEnd] == 1 && frame[innerEnd + 1] == 2 || isChecksumRight(frame, inner..<innerEnd)
    default: return false
    }
  }

  /// Whether the checksum of a TCP segment between the packet's addresses is right (RFC 9293 §3.1).
  private func isChecksumRight(_ frame: Bytes, _ segment: Range<Int>) -> Bool {
    Work.count(segment.count)
    var sum = UInt64(6 + segment.count)
    for address in [packet.source, packet.destination] {
      for shift in stride(from: UInt64(0), to: 64, by: 16) {
        sum += (address.high >> shift & 0xffff) + (address.low >> shift & 0xffff)
      }
    }
    var index = segment.lowerBound
    while index + 1 < segment.upperBound {
      sum += UInt64(frame.uint16(at: index))
      index += 2
    }
    if index < segment.upperBound { sum += UInt64(frame[index]) << 8 }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return sum == 0xffff
  }
}
