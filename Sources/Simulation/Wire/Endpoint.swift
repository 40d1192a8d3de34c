internal import Values

/// An address with a port.
struct Endpoint: Hashable, Sendable {
  var address: IPAddress
  var port: UInt16

  /// The address as URIs and Via write it: IPv6 in brackets (RFC 3261 §25.1).
  var host: String { address.isIPv6 ? "[\(address)]" : "\(address)" }

  /// `host:port`.
  var text: String { "\(host):\(port)" }

  /// The same address with another port.
  func with(port: UInt16) -> Endpoint { Endpoint(address: address, port: port) }

  /// The hardware address that the simulation gives this machine: local, one for each IP address.
  var hardware: UInt64 {
    0x0200_0000_0000 | (address.isIPv6 ? 0x60_0000_0000 : 0) | (address.low & 0xffff_ffff)
  }
}
