public import Values

/// Address blocks of both families; the longest one that an address is in wins.
public struct NetworkTable: Sendable {
  private let v4: PrefixIntervals<UInt32>
  private let v6: PrefixIntervals<UInt128>

  init(_ networks: [(network: IPNetwork, expiry: Int64, entry: UInt32)]) {
    var short: [PrefixIntervals<UInt32>.Prefix] = []
    var long: [PrefixIntervals<UInt128>.Prefix] = []
    short.reserveCapacity(networks.count)
    for item in networks {
      let length = item.network.prefixLength
      let address = item.network.address
      if address.isIPv6 {
        long.append(.init(key: Self.bits(address), length: length, expiry: item.expiry, entry: item.entry))
      } else {
        let bits = UInt32(truncatingIfNeeded: address.low)
        short.append(.init(key: bits, length: length, expiry: item.expiry, entry: item.entry))
      }
    }
    v4 = PrefixIntervals(short)
    v6 = PrefixIntervals(long)
  }

  /// Number of distinct blocks.
  public var count: Int { v4.count + v6.count }

  /// The entry of the longest block around an address that has not expired; allocates nothing.
  public func match(_ address: IPAddress, at time: Timestamp) -> ListEntryID? {
    let found =
      address.isIPv6
      ? v6.longestPrefix(of: Self.bits(address), at: time.nanoseconds)
      : v4.longestPrefix(of: UInt32(truncatingIfNeeded: address.low), at: time.nanoseconds)
    return found.map { ListEntryID(number: $0) }
  }

  private static func bits(_ address: IPAddress) -> UInt128 {
    UInt128(address.high) << 64 | UInt128(address.low)
  }
}
