/// What the first bytes of a frame are: the number that a capture file or device states.
///
/// Numbers are libpcap's `DLT_` values and the `LINKTYPE_` values of files
/// (<https://www.tcpdump.org/linktypes.html>); where the two differ both are understood.
public struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The number.
  public let rawValue: Int32

  /// A link type from its number.
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// BSD loopback, 4 bytes of address family in the byte order of the capturing machine.
  public static let null = LinkType(rawValue: 0)
  /// IEEE 802.3 Ethernet.
  public static let ethernet = LinkType(rawValue: 1)
  /// PPP in HDLC-like framing or without it (RFC 1662).
  public static let ppp = LinkType(rawValue: 9)
  /// IPv4 or IPv6 without a link header (`DLT_RAW` of most systems).
  public static let raw = LinkType(rawValue: 12)
  /// OpenBSD loopback, address family in network byte order.
  public static let loopback = LinkType(rawValue: 108)
  /// Linux cooked capture, version 1.
  public static let linuxCooked = LinkType(rawValue: 113)
  /// Linux cooked capture, version 2.
  public static let linuxCooked2 = LinkType(rawValue: 276)
}

extension LinkType: CustomStringConvertible {
  /// The number in words, for messages.
  public var description: String { "link type \(rawValue)" }
}
