/// A 128-bit key of a table: an address, or a keyed hash that stands for text which a stranger chose, so that nobody
/// can make two of them collide.
public struct WideKey: Sendable, Hashable {
  /// Upper half.
  public let high: UInt64
  /// Lower half.
  public let low: UInt64

  /// A key from its halves.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The key of an address; what IPv4 has in front is multicast in IPv6, which no packet comes from.
  @inlinable
  public init(_ address: IPAddress) {
    self.init(high: address.isIPv6 ? address.high : .max, low: address.low)
  }

  /// The key of a text that a stranger chose.
  public init(_ text: Span<UInt8>, seed: UInt64) {
    var (high, low) = (SeededHash(seed: seed), SeededHash(seed: ~seed))
    high.combine(text)
    low.combine(text)
    self.init(high: high.value, low: low.value)
  }

  /// The address that the key is of.
  public var address: IPAddress {
    high == .max ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: high, low: low)
  }

  /// No text has this key.
  @inlinable public static var none: WideKey { WideKey(high: 0, low: 0) }
}
