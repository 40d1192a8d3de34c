internal import Values

/// Puts Ethernet frames together, with all lengths and checksums right.
struct FrameBuilder {
  /// The frame, ready to be written.
  private(set) var frame: [UInt8] = []
  private var identification: UInt16 = 0x1d00

  /// Flags of a TCP segment, RFC 9293 §3.1.
  enum SegmentFlags {
    static let fin: UInt8 = 0x01
    static let syn: UInt8 = 0x02
    static let reset: UInt8 = 0x04
    static let push: UInt8 = 0x08
    static let acknowledge: UInt8 = 0x10
  }

  init() {
    frame.reserveCapacity(2048)
  }

  /// The bytes that fit behind an IPv4 header on Ethernet, a multiple of 8.
  private static let fragmentPayload = 1480

  /// Whether a datagram is too long for one Ethernet frame over IPv4.
  static func needsFragments(_ payload: [UInt8], from source: Endpoint) -> Bool {
    payload.count + 8 > fragmentPayload && !source.address.isIPv6
  }

  /// A UDP datagram in one frame.
  mutating func datagram(_ payload: [UInt8], from source: Endpoint, to destination: Endpoint) {
    begin(source, destination, transport: 17, length: payload.count + 8)
    let start = frame.count
    appendDatagram(payload, source, destination)
    complete(checksumAt: start + 6, from: start, source, destination, transport: 17)
  }

  /// The frames of a UDP datagram that IPv4 must fragment (RFC 791 §3.2).
  mutating func fragments(
    of payload: [UInt8], from source: Endpoint, to destination: Endpoint
  ) -> [[UInt8]] {
    frame.removeAll(keepingCapacity: true)
    appendDatagram(payload, source, destination)
    complete(checksumAt: 6, from: 0, source, destination, transport: 17)
    let datagram = frame
    let previous = identification
    return stride(from: 0, to: datagram.count, by: Self.fragmentPayload).map { offset in
      let end = min(datagram.count, offset + Self.fragmentPayload)
      // All of them bear the same identification, which is counted on for each header.
      identification = previous
      let more: UInt16 = end < datagram.count ? 0x2000 : 0
      begin(source, destination, transport: 17, length: end - offset, fragment: more | UInt16(offset / 8))
      frame.append(contentsOf: datagram[offset..<end])
      return frame
    }
  }

  /// A TCP segment.
  mutating func segment(
    _ payload: ArraySlice<UInt8>, from source: Endpoint, to destination: Endpoint, sequence: UInt32,
    acknowledgement: UInt32, flags: UInt8
  ) {
    // A SYN says how long segments may be: 1460 bytes.
    let options: [UInt8] = flags & SegmentFlags.syn != 0 ? [2, 4, 0x05, 0xb4] : []
    begin(source, destination, transport: 6, length: 20 + options.count + payload.count)
    let start = frame.count
    append16(source.port)
    append16(destination.port)
    append32(sequence)
    append32(acknowledgement)
    frame.append(UInt8((20 + options.count) / 4) << 4)
    frame.append(flags)
    append16(64_240)
    append32(0)
    frame.append(contentsOf: options)
    frame.append(contentsOf: payload)
    complete(checksumAt: start + 16, from: start, source, destination, transport: 6)
  }

  /// "Port unreachable" of a machine that a datagram found closed: RFC 792, RFC 4443 §3.1.
  mutating func portUnreachable(
    _ payload: [UInt8], from source: Endpoint, to destination: Endpoint
  ) {
    let version6 = destination.address.isIPv6
    let quoted = Array(payload.prefix(version6 ? 1100 : 500))
    let header = (version6 ? 40 : 20) + 8
    begin(destination, source, transport: version6 ? 58 : 1, length: 8 + header + quoted.count)
    let start = frame.count
    frame.append(version6 ? 1 : 3)
    frame.append(version6 ? 4 : 3)
    append16(0)
    append32(0)
    appendNetwork(source, destination, transport: 17, length: 8 + payload.count, fragment: 0)
    append16(source.port)
    append16(destination.port)
    append16(UInt16(8 + payload.count))
    append16(0)
    frame.append(contentsOf: quoted)
    if version6 {
      complete(checksumAt: start + 2, from: start, destination, source, transport: 58)
    } else {
      let sum = Self.folded(Self.sum(frame, from: start))
      put16(~sum, at: start + 2)
    }
  }

  private mutating func appendDatagram(_ payload: [UInt8], _ source: Endpoint, _ destination: Endpoint) {
    append16(source.port)
    append16(destination.port)
    append16(UInt16(truncatingIfNeeded: payload.count + 8))
    append16(0)
    frame.append(contentsOf: payload)
  }

  private mutating func begin(
    _ source: Endpoint, _ destination: Endpoint, transport: UInt8, length: Int, fragment: UInt16 = 0
  ) {
    frame.removeAll(keepingCapacity: true)
    for mac in [destination.hardware, source.hardware] {
      append16(UInt16(truncatingIfNeeded: mac >> 32))
      append32(UInt32(truncatingIfNeeded: mac))
    }
    append16(source.address.isIPv6 ? 0x86dd : 0x0800)
    appendNetwork(source, destination, transport: transport, length: length, fragment: fragment)
  }

  private mutating func appendNetwork(
    _ source: Endpoint, _ destination: Endpoint, transport: UInt8, length: Int, fragment: UInt16
  ) {
    guard !source.address.isIPv6 else {
      append32(0x6000_0000)
      append16(UInt16(truncatingIfNeeded: length))
      frame.append(transport)
      frame.append(64)
      for address in [source.address, destination.address] {
        for half in [address.high, address.low] {
          append32(UInt32(truncatingIfNeeded: half >> 32))
          append32(UInt32(truncatingIfNeeded: half))
        }
      }
      return
    }
    let start = frame.count
    identification &+= 1
    append16(0x4500)
    append16(UInt16(truncatingIfNeeded: length + 20))
    append16(identification)
    append16(fragment)
    frame.append(64)
    frame.append(transport)
    append16(0)
    append32(UInt32(truncatingIfNeeded: source.address.low))
    append32(UInt32(truncatingIfNeeded: destination.address.low))
    put16(~Self.folded(Self.sum(frame, from: start)), at: start + 10)
  }

  /// The checksum over the pseudo-header and everything behind it: RFC 768, RFC 9293 §3.1, RFC 8200 §8.1.
  private mutating func complete(
    checksumAt place: Int, from start: Int, _ source: Endpoint, _ destination: Endpoint, transport: UInt8
  ) {
    var sum = Self.sum(frame, from: start) + UInt64(transport) + UInt64(frame.count - start)
    for address in [source.address, destination.address] {
      for word in [
        address.high >> 32, address.high & 0xffff_ffff, address.low >> 32, address.low & 0xffff_ffff,
      ] {
        sum += (word >> 16) + (word & 0xffff)
      }
    }
    let checksum = ~Self.folded(sum)
    put16(checksum == 0 && transport == 17 ? 0xffff : checksum, at: place)
  }

  private static func sum(_ bytes: [UInt8], from start: Int) -> UInt64 {
    var sum: UInt64 = 0
    var index = start
    while index + 1 < bytes.count {
      sum += UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
      index += 2
    }
    if index < bytes.count { sum += UInt64(bytes[index]) << 8 }
    return sum
  }

  private static func folded(_ sum: UInt64) -> UInt16 {
    var sum = sum
    while sum >> 16 != 0 { sum = (sum & 0xffff) + sum >> 16 }
    return UInt16(sum)
  }

  private mutating func append16(_ value: UInt16) {
    frame.append(UInt8(value >> 8))
    frame.append(UInt8(truncatingIfNeeded: value))
  }

  private mutating func append32(_ value: UInt32) {
    append16(UInt16(value >> 16))
    append16(UInt16(truncatingIfNeeded: value))
  }

  private mutating func put16(_ value: UInt16, at offset: Int) {
    frame[offset] = UInt8(value >> 8)
    frame[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
}
