public import Values

/// How an inner packet was encapsulated: what carried it last, and the outermost addresses.
public struct Tunnel: Hashable, Sendable {
  /// The innermost encapsulation.
  public var kind = Kind.none
  /// How many encapsulations there were; 0 for a packet that was not tunnelled.
  public var depth: UInt8 = 0
  /// Protocol of the outermost packet.
  public var transport = TransportProtocol(rawValue: 0)
  /// Source port of the outermost packet; 0 without one.
  public var sourcePort: UInt16 = 0
  /// Destination port of the outermost packet; 0 without one.
  public var destinationPort: UInt16 = 0
  /// The innermost tunnel's identifier (VNI, TEID, GRE key, ERSPAN session); 0 without one.
  public var identifier: UInt32 = 0
  /// Source address of the outermost packet.
  public var source = IPAddress(v4: 0)
  /// Destination address of the outermost packet.
  public var destination = IPAddress(v4: 0)

  /// No tunnel.
  public init() {}

  /// An encapsulation that has addresses of its own.
  public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
    /// Not tunnelled.
    case none
    /// IPv4 in IPv4 (RFC 2003).
    case ipv4InIPv4
    /// IPv6 in IPv4 (RFC 4213).
    case ipv6InIPv4
    /// IPv4 in IPv6 (RFC 2473).
    case ipv4InIPv6
    /// IPv6 in IPv6 (RFC 2473).
    case ipv6InIPv6
    /// GRE (RFC 2784, RFC 2890), with PPTP's version 1 (RFC 2637).
    case gre
    /// ERSPAN types I–III in GRE.
    case erspan
    /// VXLAN and VXLAN-GPE (RFC 7348).
    case vxlan
    /// GENEVE (RFC 8926).
    case geneve
    /// GTP-U (3GPP TS 29.281).
    case gtpu
    /// L2TP version 2 or 3 (RFC 2661, RFC 3931).
    case l2tp
    /// TZSP, as wireless sensors and RouterOS mirror frames.
    case tzsp
    /// Teredo (RFC 4380).
    case teredo
    /// Ethernet within IP (RFC 3378).
    case etherIP
    /// MPLS in IP or in UDP (RFC 4023, RFC 7510).
    case mpls
    /// ESP with NULL encryption (RFC 2410), by inspection.
    case espNull
    /// An Ethernet frame within an Ethernet frame (MPLS pseudo-wire, IEEE 802.1ah).
    case ethernet
    /// The Homer Encapsulation Protocol, in which SIP servers mirror what they send and receive.
    case hep

    /// The name that logs and counters use.
    public var name: String {
      switch self {
      case .none: "none"
      case .ipv4InIPv4: "ipv4_in_ipv4"
      case .ipv6InIPv4: "ipv6_in_ipv4"
      case .ipv4InIPv6: "ipv4_in_ipv6"
      case .ipv6InIPv6: "ipv6_in_ipv6"
      case .gre: "gre"
      case .erspan: "erspan"
      case .vxlan: "vxlan"
      case .geneve: "geneve"
      case .gtpu: "gtpu"
      case .l2tp: "l2tp"
      case .tzsp: "tzsp"
      case .teredo: "teredo"
      case .etherIP: "etherip"
      case .mpls: "mpls"
      case .espNull: "esp_null"
      case .ethernet: "ethernet"
      case .hep: "hep"
      }
    }
  }
}
