internal import Packets
internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// An address with a port, as Linux's `sockaddr_in` and `sockaddr_in6` hold it.
struct SocketAddress {
  /// Bytes of the larger of the two structures.
  static let maximumCount = 28

  let address: IPAddress
  let port: UInt16

  init(_ address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// The address in a structure that the kernel filled; nil for another family or when it is cut off.
  init?(_ structure: Bytes) {
    guard structure.count >= 16 else { return nil }
    // The family alone is in the byte order of the machine.
    let family = Int32(UInt16(bigEndian: structure.uint16(at: 0)))
    port = structure.uint16(at: 2)
    if family == AF_INET {
      address = IPAddress(v4: structure.uint32(at: 4))
    } else if family == AF_INET6, structure.count >= 24 {
      address = IPAddress(v6High: structure.uint64(at: 8), low: structure.uint64(at: 16))
    } else {
      return nil
    }
  }

  /// The address family.
  var family: Int32 { address.isIPv6 ? AF_INET6 : AF_INET }

  /// The structure: 16 bytes for IPv4, 28 for IPv6.
  var structure: [UInt8] {
    var bytes = Self.split(UInt64(UInt16(family).bigEndian), 2) + Self.split(UInt64(port), 2)
    if address.isIPv6 {
      bytes += Self.split(0, 4) + Self.split(address.high, 8) + Self.split(address.low, 8) + Self.split(0, 4)
    } else {
      bytes += Self.split(address.low, 4) + Self.split(0, 8)
    }
    return bytes
  }

  /// The lowest bytes of a number, highest first.
  private static func split(_ value: UInt64, _ count: UInt64) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }
}
