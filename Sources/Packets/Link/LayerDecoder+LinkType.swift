extension LayerDecoder.Layer {
  /// The layer that a link type's frames begin with.
  init(_ linkType: LinkType) {
    switch linkType.rawValue {
    case 1: self = .ethernet
    case 0: self = .null
    case 108: self = .loopback
    case 9, 50: self = .ppp
    case 12, 14, 101, 228, 229: self = .rawIP
    case 113: self = .cooked
    case 276: self = .cooked2
    case 51: self = .pppoe
    case 204: self = .pppDirection
    case 166: self = .pppDaemon
    case 104: self = .ciscoHDLC
    case 107: self = .frameRelay
    case 11, 18, 19, 100, 106, 123: self = .atm
    case 105: self = .wireless
    case 127: self = .radiotap
    case 119, 163: self = .prism
    case 192: self = .perPacketInformation
    case 239: self = .netfilterLog
    case 117: self = .packetFilterLog
    case 109: self = .encapsulated
    case 226: self = .ipNetwork
    case 242: self = .infiniband
    case 178: self = .juniperEthernet
    case 197: self = .extensibleRecord
    case 252: self = .exportedPDU
    case 281, 284: self = .switchTag4
    case 285: self = .switchTag8
    case 282: self = .switchPrefix4
    default: self = .unsupported
    }
  }
}
