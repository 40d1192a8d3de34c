/// An IP protocol number (IANA “Assigned Internet Protocol Numbers”).
public struct TransportProtocol: RawRepresentable, Hashable, Sendable {
  /// The number in the IPv4 Protocol or the IPv6 Next Header field.
  public let rawValue: UInt8

  /// A protocol from its number.
  @inlinable
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// ICMP for IPv4 (RFC 792).
  public static var icmp: TransportProtocol { TransportProtocol(rawValue: 1) }
  /// TCP (RFC 9293).
  public static var tcp: TransportProtocol { TransportProtocol(rawValue: 6) }
  /// UDP (RFC 768).
  public static var udp: TransportProtocol { TransportProtocol(rawValue: 17) }
  /// Generic Routing Encapsulation (RFC 2784).
  public static var gre: TransportProtocol { TransportProtocol(rawValue: 47) }
  /// Encapsulating Security Payload (RFC 4303).
  public static var esp: TransportProtocol { TransportProtocol(rawValue: 50) }
  /// ICMP for IPv6 (RFC 4443).
  public static var icmpv6: TransportProtocol { TransportProtocol(rawValue: 58) }
  /// SCTP (RFC 9260).
  public static var sctp: TransportProtocol { TransportProtocol(rawValue: 132) }
  /// UDP-Lite (RFC 3828).
  public static var udpLite: TransportProtocol { TransportProtocol(rawValue: 136) }

  /// The name as EVE's `proto` prints it; a number in three digits where there is no name.
  public var name: String {
    switch rawValue {
    case 1: "ICMP"
    case 2: "IGMP"
    case 4: "IP-in-IP"
    case 6: "TCP"
    case 8: "EGP"
    case 17: "UDP"
    case 33: "DCCP"
    case 41: "IPv6"
    case 46: "RSVP"
    case 47: "GRE"
    case 50: "ESP"
    case 51: "AH"
    case 58: "IPv6-ICMP"
    case 88: "EIGRP"
    case 89: "OSPFIGP"
    case 97: "ETHERIP"
    case 103: "PIM"
    case 108: "IPComp"
    case 112: "VRRP"
    case 115: "L2TP"
    case 132: "SCTP"
    case 136: "UDPLite"
    case 137: "MPLS-in-IP"
    default: paddedNumber
    }
  }

  private var paddedNumber: String {
    let digits = String(rawValue)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}

extension TransportProtocol: CustomStringConvertible {
  /// The name.
  public var description: String { name }
}
