/// What the decoder has seen, in the terms of EVE's `stats.decoder`.
public struct DecoderCounters: Equatable, Sendable {
  /// Frames.
  public var packets: UInt64 = 0
  /// Captured bytes.
  public var bytes: UInt64 = 0
  /// Frames with at least one fault.
  public var invalid: UInt64 = 0
  /// Bytes of the largest frame.
  public var largestPacket: UInt64 = 0
  /// Ethernet headers, inner ones too.
  public var ethernet: UInt64 = 0
  /// IEEE 802.2 frames that carry no IP.
  public var llc: UInt64 = 0
  /// Linux cooked headers, version 1.
  public var cooked: UInt64 = 0
  /// Linux cooked headers, version 2.
  public var cooked2: UInt64 = 0
  /// Raw IP frames.
  public var raw: UInt64 = 0
  /// Loopback frames.
  public var null: UInt64 = 0
  /// PPP headers.
  public var ppp: UInt64 = 0
  /// PPPoE sessions' frames.
  public var pppoe: UInt64 = 0
  /// Cisco HDLC headers.
  public var ciscoHDLC: UInt64 = 0
  /// Frame relay headers.
  public var frameRelay: UInt64 = 0
  /// IEEE 802.11 frames.
  public var wireless: UInt64 = 0
  /// Frames of link types that are not decoded.
  public var unsupportedLinkType: UInt64 = 0
  /// Frames whose ethertype (or PPP or LLC protocol) carries no IP.
  public var unknownEthertype: UInt64 = 0
  /// ARP and reverse ARP.
  public var arp: UInt64 = 0
  /// Frames with one VLAN tag or more.
  public var vlan: UInt64 = 0
  /// Frames with two VLAN tags or more.
  public var qinq: UInt64 = 0
  /// MPLS label stacks.
  public var mpls: UInt64 = 0
  /// IPv4 headers, inner ones too.
  public var ipv4: UInt64 = 0
  /// IPv6 headers, inner ones too.
  public var ipv6: UInt64 = 0
  /// UDP headers, outer ones of tunnels too.
  public var udp: UInt64 = 0
  /// TCP headers.
  public var tcp: UInt64 = 0
  /// SCTP packets.
  public var sctp: UInt64 = 0
  /// ICMP for IPv4.
  public var icmpv4: UInt64 = 0
  /// ICMP for IPv6.
  public var icmpv6: UInt64 = 0
  /// ESP packets that could not be read.
  public var esp: UInt64 = 0
  /// IP packets of other protocols.
  public var otherTransport: UInt64 = 0
  /// IP fragments.
  public var fragments: UInt64 = 0
  /// Packets put together from fragments.
  public var reassembled: UInt64 = 0
  /// IP packets given to the visitor.
  public var delivered: UInt64 = 0
  private var tunnels = InlineArray<18, UInt64>(repeating: 0)

  /// Counters at zero.
  public init() {}

  /// Encapsulations of a kind.
  public subscript(tunnel: Tunnel.Kind) -> UInt64 {
    get { tunnels[Int(tunnel.rawValue)] }
    set { tunnels[Int(tunnel.rawValue)] = newValue }
  }

  /// Every counter with the name that EVE's `stats.decoder` has for it, in a fixed order.
  public var named: [(name: String, value: UInt64)] {
    let plain: [(String, UInt64)] = [
      ("pkts", packets), ("bytes", bytes), ("invalid", invalid),
      ("avg_pkt_size", packets == 0 ? 0 : bytes / packets), ("max_pkt_size", largestPacket),
      ("ethernet", ethernet), ("llc", llc), ("sll", cooked), ("sll2", cooked2), ("raw", raw),
      ("null", null), ("ppp", ppp), ("pppoe", pppoe), ("chdlc", ciscoHDLC),
      ("frame_relay", frameRelay), ("ieee80211", wireless), ("unsupported_link_type", unsupportedLinkType),
      ("unknown_ethertype", unknownEthertype), ("arp", arp), ("vlan", vlan), ("vlan_qinq", qinq),
      ("mpls", mpls), ("ipv4", ipv4), ("ipv6", ipv6), ("udp", udp), ("tcp", tcp), ("sctp", sctp),
      ("icmpv4", icmpv4), ("icmpv6", icmpv6), ("esp", esp), ("other_transport", otherTransport),
      ("fragments", fragments), ("reassembled", reassembled), ("delivered", delivered),
    ]
    return plain + Tunnel.Kind.allCases.dropFirst().map { (Self.name($0), self[$0]) }
  }

  /// Two kinds share their names with a layer that is counted by itself.
  private static func name(_ kind: Tunnel.Kind) -> String {
    switch kind {
    case .mpls: "mpls_in_ip"
    case .ethernet: "ethernet_in_link"
    default: kind.name
    }
  }
}

extension DecoderCounters {
  /// The sum of two lanes' counters; the largest packet is the greater of both.
  public static func + (left: DecoderCounters, right: DecoderCounters) -> DecoderCounters {
    var sum = left
    sum += right
    return sum
  }

  /// Adds another lane's counters.
  public static func += (left: inout DecoderCounters, right: DecoderCounters) {
    for path in Self.summedFields { left[keyPath: path] &+= right[keyPath: path] }
    for kind in Tunnel.Kind.allCases { left[kind] &+= right[kind] }
    left.largestPacket = max(left.largestPacket, right.largestPacket)
  }

  private static var summedFields: [WritableKeyPath<DecoderCounters, UInt64>] {
    [
      \.packets, \.bytes, \.invalid, \.ethernet, \.llc, \.cooked, \.cooked2, \.raw, \.null, \.ppp,
      \.pppoe, \.ciscoHDLC, \.frameRelay, \.wireless, \.unsupportedLinkType, \.unknownEthertype, \.arp,
      \.vlan, \.qinq, \.mpls, \.ipv4, \.ipv6, \.udp, \.tcp, \.sctp, \.icmpv4, \.icmpv6, \.esp,
      \.otherTransport, \.fragments, \.reassembled, \.delivered,
    ]
  }
}

extension DecoderCounters {
  /// Whether all counters are equal.
  public static func == (left: DecoderCounters, right: DecoderCounters) -> Bool {
    left.named.elementsEqual(right.named) { $0.name == $1.name && $0.value == $1.value }
  }
}
