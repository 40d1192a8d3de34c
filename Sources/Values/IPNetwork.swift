/// An address block in CIDR notation (RFC 4632, RFC 4291 §2.3).
public struct IPNetwork: Hashable, Sendable {
  /// The first address; all host bits are zero.
  public let address: IPAddress
  /// Number of fixed leading bits: 0–32 for IPv4, 0–128 for IPv6.
  public let prefixLength: Int

  /// The block of a length that an address is in; the length is clamped to the family.
  public init(_ address: IPAddress, prefixLength: Int) {
    let length = min(max(prefixLength, 0), address.bitWidth)
    self.prefixLength = length
    guard address.isIPv6 else {
      let mask: UInt64 = length == 0 ? 0 : 0xffff_ffff << UInt64(32 - length) & 0xffff_ffff
      self.address = IPAddress(v4: UInt32(address.low & mask))
      return
    }
    let highMask: UInt64 = length == 0 ? 0 : length >= 64 ? .max : .max << UInt64(64 - length)
    let lowMask: UInt64 = length <= 64 ? 0 : length == 128 ? .max : .max << UInt64(128 - length)
    self.address = IPAddress(v6High: address.high & highMask, low: address.low & lowMask)
  }

  /// The block that a text spells (`10.0.0.0/8`, `2001:db8::/32`, or one bare address), or nil.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(address, prefixLength: address.bitWidth)
      return
    }
    guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), parts[1].utf8.count <= 3,
      let length = Int(parts[1]), length <= address.bitWidth
    else { return nil }
    self.init(address, prefixLength: length)
  }

  /// Whether an address is in the block; never for the other family.
  public func contains(_ other: IPAddress) -> Bool {
    guard other.isIPv6 == address.isIPv6 else { return false }
    return IPNetwork(other, prefixLength: prefixLength).address == address
  }
}

extension IPNetwork: CustomStringConvertible {
  /// Address, slash, length.
  public var description: String { "\(address)/\(prefixLength)" }
}
