/// What is wrong with a packet below the application: named, with the place and the lengths.
public struct DecodeFault: Hashable, Sendable {
  /// What is wrong.
  public let kind: Kind
  /// Where the faulty layer or field begins, in bytes from the start of the frame (of the reassembled
  /// packet where fragments were put together).
  public let offset: UInt32
  /// Bytes that the layer or field needs; 0 where the fault is not one of length.
  public let needed: UInt32
  /// Bytes that were there.
  public let available: UInt32

  /// A fault from its parts; lengths are clamped to 32 bits.
  public init(_ kind: Kind, offset: Int, needed: Int = 0, available: Int = 0) {
    self.kind = kind
    self.offset = UInt32(clamping: offset)
    self.needed = UInt32(clamping: needed)
    self.available = UInt32(clamping: available)
  }

  /// The stable dotted name, as in `ipv4.truncated`.
  public var name: String { kind.rawValue }

  /// The layer that the name begins with, as in `ipv4`.
  public var layer: Substring { kind.rawValue.prefix { $0 != "." } }
}

extension DecodeFault {
  /// The faults; raw values are the names that logs and rules use and never change.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A link type that is not decoded; reported once for each.
    case linkUnsupported = "link.unsupported_type"
    /// More layers than any honest packet has.
    case linkTooManyLayers = "link.too_many_layers"
    /// An Ethernet header was cut.
    case ethernetTruncated = "ethernet.truncated"
    /// A Linux cooked header was cut.
    case cookedTruncated = "sll.truncated"
    /// A loopback header was cut.
    case loopbackTruncated = "null.truncated"
    /// Another link header (PPP, HDLC, 802.11, …) was cut or contradicts itself.
    case linkTruncated = "link.truncated"
    /// An IEEE 802.2 header was cut.
    case llcTruncated = "llc.truncated"
    /// A PPP header was cut.
    case pppTruncated = "ppp.truncated"
    /// A PPPoE header was cut or its length does not fit.
    case pppoeBadLength = "pppoe.bad_length"
    /// A VLAN tag was cut.
    case vlanTruncated = "vlan.truncated"
    /// An MPLS label stack was cut.
    case mplsTruncated = "mpls.truncated"
    /// A raw IP packet whose version is neither 4 nor 6.
    case ipBadVersion = "ip.bad_version"
    /// An IPv4 header was cut.
    case ipv4HeaderTruncated = "ipv4.header_truncated"
    /// An IPv4 header does not say version 4.
    case ipv4BadVersion = "ipv4.bad_version"
    /// An IPv4 header length below 20 or beyond the packet.
    case ipv4BadHeaderLength = "ipv4.bad_header_length"
    /// An IPv4 total length smaller than the header.
    case ipv4BadTotalLength = "ipv4.bad_total_length"
    /// An IPv4 packet is shorter than its total length, and no snap length explains it.
    case ipv4Truncated = "ipv4.truncated"
    /// An IPv6 header was cut.
    case ipv6HeaderTruncated = "ipv6.header_truncated"
    /// An IPv6 header does not say version 6.
    case ipv6BadVersion = "ipv6.bad_version"
    /// An IPv6 packet is shorter than its payload length, and no snap length explains it.
    case ipv6Truncated = "ipv6.truncated"
    /// An IPv6 extension header was cut.
    case ipv6ExtensionTruncated = "ipv6.extension_truncated"
    /// An IP authentication header was cut or is too short.
    case authenticationTruncated = "ah.truncated"
    /// A UDP header was cut.
    case udpTruncated = "udp.truncated"
    /// A UDP length below 8 or beyond the packet.
    case udpBadLength = "udp.bad_length"
    /// A TCP header was cut.
    case tcpTruncated = "tcp.truncated"
    /// A TCP data offset below 5 or beyond the packet.
    case tcpBadOffset = "tcp.bad_offset"
    /// An SCTP common header was cut.
    case sctpTruncated = "sctp.truncated"
    /// An SCTP chunk length below 4 or beyond the packet.
    case sctpBadChunkLength = "sctp.bad_chunk_length"
    /// More encapsulations than configured; the inner packet is not decoded.
    case tunnelTooDeep = "tunnel.too_deep"
    /// A GRE header was cut.
    case greTruncated = "gre.truncated"
    /// A GRE version other than 0 and 1.
    case greBadVersion = "gre.bad_version"
    /// An ERSPAN header was cut or of an unknown version.
    case erspanBadHeader = "erspan.bad_header"
    /// A fragment's data overlaps data that came before; what came first is kept.
    case fragmentOverlap = "fragment.overlap"
    /// A fragment reaches beyond the largest IP packet, or its size is impossible.
    case fragmentBadLength = "fragment.bad_length"
    /// Fragments of one packet disagree about its end.
    case fragmentBadEnd = "fragment.conflicting_end"
  }
}
