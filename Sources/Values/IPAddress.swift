/// An IPv4 or IPv6 address as a plain 128-bit value.
///
/// IPv4 addresses order before IPv6 addresses; an IPv4-mapped IPv6 address stays an IPv6 address.
public struct IPAddress: Hashable, Comparable, Sendable {
  /// The upper 64 bits; 0 for IPv4.
  public let high: UInt64
  /// The lower 64 bits; an IPv4 address is in the lowest 32.
  public let low: UInt64
  /// Whether this is an IPv6 address.
  public let isIPv6: Bool

  /// An IPv4 address from its 32 bits in host order (`192.0.2.1` is `0xC0000201`).
  public init(v4 bits: UInt32) {
    high = 0
    low = UInt64(bits)
    isIPv6 = false
  }

  /// An IPv6 address from its two halves in host order.
  public init(v6High high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
    isIPv6 = true
  }

  /// Bits in an address of this family: 32 or 128.
  public var bitWidth: Int { isIPv6 ? 128 : 32 }

  /// Whether it means something behind a NAT or on a link only: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 §2.5.6.
  public var isPrivate: Bool {
    if isIPv6 { return high >> 57 == 0xfc >> 1 || high >> 54 == 0xfe80 >> 6 }
    switch low >> 16 {
    case 0x0a00...0x0aff, 0xac10...0xac1f, 0xc0a8, 0x6440...0x647f, 0xa9fe: return true
    default: return false
    }
  }

  /// Whether it is that of a group: RFC 5771, RFC 4291 §2.7.
  public var isMulticast: Bool { isIPv6 ? high >> 56 == 0xff : low >> 28 == 0xe }

  /// By family, then by value.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    if left.isIPv6 != right.isIPv6 { return right.isIPv6 }
    return left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted quad, or the canonical text of RFC 5952.
  public var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(46)
    appendText(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the canonical text (at most 45 ASCII bytes).
  public func appendText(to bytes: inout [UInt8]) {
    guard isIPv6 else { return Self.appendDottedQuad(UInt32(truncatingIfNeeded: low), to: &bytes) }
    if high == 0, low >> 32 == 0xffff {
      for byte in "::ffff:".utf8 { bytes.append(byte) }
      return Self.appendDottedQuad(UInt32(truncatingIfNeeded: low), to: &bytes)
    }
    let gap = longestZeroRun()
    var index = 0
    while index < 8 {
      if index == gap.start, gap.count > 1 {
        bytes.append(UInt8(ascii: ":"))
        bytes.append(UInt8(ascii: ":"))
        index += gap.count
        continue
      }
      if index > 0, index != gap.start + gap.count || gap.count < 2 {
        bytes.append(UInt8(ascii: ":"))
      }
      Self.appendHexadecimal(group(index), to: &bytes)
      index += 1
    }
  }

  /// One of the eight 16-bit groups of an IPv6 address, 0 is the first.
  private func group(_ index: Int) -> UInt16 {
    let half = index < 4 ? high : low
    return UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * (index & 3)))
  }

  private func longestZeroRun() -> (start: Int, count: Int) {
    var best = (start: 8, count: 0)
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, group(end) == 0 { end += 1 }
      if end - index > best.count { best = (index, end - index) }
      index = end + 1
    }
    return best
  }

  private static func appendDottedQuad(_ bits: UInt32, to bytes: inout [UInt8]) {
    for shift: UInt32 in [24, 16, 8, 0] {
      let octet = UInt8(truncatingIfNeeded: bits >> shift)
      if octet >= 100 { bytes.append(0x30 + octet / 100) }
      if octet >= 10 { bytes.append(0x30 + octet / 10 % 10) }
      bytes.append(0x30 + octet % 10)
      if shift != 0 { bytes.append(UInt8(ascii: ".")) }
    }
  }

  private static func appendHexadecimal(_ group: UInt16, to bytes: inout [UInt8]) {
    var started = false
    for shift: UInt16 in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: group >> shift & 0xf)
      guard digit != 0 || started || shift == 0 else { continue }
      started = true
      bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}
