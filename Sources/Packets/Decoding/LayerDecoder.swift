internal import Values

/// The walk from the link header to the transport payload, layer by layer.
///
/// It knows no visitor, so none of it is generic: each layer reads its header at `start`, moves `start`
/// behind it and `end` to where its payload ends, and names the layer that follows.
struct LayerDecoder: Sendable {
  var packet = Packet()
  var counters = DecoderCounters()
  var faults = InlineArray<8, DecodeFault>(repeating: DecodeFault(.linkUnsupported, offset: 0))
  var faultCount = 0
  /// First byte of the layer to come.
  var start = 0
  /// One past the last byte of the layer to come.
  var end = 0
  /// The header of the fragment that ended the walk.
  var fragment = FragmentHeader()
  /// Encapsulations that are followed; one more is a fault.
  var maximumTunnelDepth: UInt8 = 8
  var tunnelPorts = TunnelPorts()
  /// The packet as it was before the first encapsulation; of meaning when the packet is in one.
  var outer = Packet()
  /// Whether a snap length cut the frame, so that missing bytes are nobody's fault.
  var isCut = false
  /// Whether a fault of this frame was delivered.
  var isInvalid = false

  /// What `start` stands on. The first cases end the walk.
  enum Layer: UInt8 {
    case nothing, packet, fragment, chunks, unsupported
    case ethernet, cooked, cooked2, null, loopback, rawIP, ppp, llc
    case vlan, ipv4, ipv6, authentication, udp, tcp, sctp, icmp
    case mpls, pppoe, vnTag, backboneTag, serviceHeader, metaData, gre, esp, etherIP, l2tp3
    case pppDirection, pppDaemon, ciscoHDLC, frameRelay, atm, radiotap, wireless, perPacketInformation
    case prism, netfilterLog, packetFilterLog, encapsulated, ipNetwork, infiniband, juniperEthernet
    case extensibleRecord, exportedPDU
    case switchTag4, switchTag8, switchPrefix4
  }

  mutating func begin(_ frame: Bytes, _ header: FrameHeader) {
    packet = Packet()
    packet.timestamp = header.timestamp
    packet.number = header.number
    packet.originalLength = header.originalLength
    packet.capturedLength = frame.count
    packet.linkType = header.linkType
    packet.interface = header.interface
    start = 0
    end = frame.count
    isInvalid = false
    isCut = header.originalLength > frame.count
    counters.packets &+= 1
    counters.bytes &+= UInt64(frame.count)
    counters.largestPacket = max(counters.largestPacket, UInt64(frame.count))
  }

  /// Decodes until a packet is complete or nothing more can be done; returns one of the end cases.
  mutating func walk(_ frame: Bytes, from first: Layer) -> Layer {
    var layer = first
    // Most frames are UDP in IPv4 on Ethernet: three direct calls instead of three turns of the switch.
    if layer == .ethernet { layer = ethernet(frame) }
    if layer == .ipv4 { layer = ipv4(frame) }
    if layer == .udp { layer = udp(frame) }
    var remaining = Self.maximumLayers
    while layer.rawValue > Layer.unsupported.rawValue {
      guard remaining > 0 else {
        fault(.linkTooManyLayers)
        return .nothing
      }
      remaining -= 1
      layer = step(layer, frame)
    }
    if layer == .unsupported { counters.unsupportedLinkType &+= 1 }
    return layer
  }

  /// Goes on with a packet that was put together: `payload` begins with its first protocol above IP.
  mutating func resume(_ payload: Bytes, next: UInt8) -> Layer {
    start = 0
    end = payload.count
    packet.traits.remove(.fragment)
    packet.traits.insert(.reassembled)
    packet.ipLength = payload.count + (packet.ipVersion == 4 ? 20 : 40)
    counters.reassembled &+= 1
    let first = packet.ipVersion == 6 ? afterIPv6(payload, next: next) : layer(transport: next)
    return walk(payload, from: first)
  }

  private mutating func step(_ layer: Layer, _ frame: Bytes) -> Layer {
    Work.count(1)
    return switch layer {
    case .nothing, .packet, .fragment, .chunks, .unsupported: layer
    case .ethernet: ethernet(frame)
    case .cooked: cooked(frame)
    case .cooked2: cooked2(frame)
    case .null: null(frame)
    case .loopback: loopback(frame)
    case .rawIP: rawIP(frame)
    case .ppp: ppp(frame)
    case .llc: llc(frame)
    case .vlan: vlan(frame)
    case .ipv4: ipv4(frame)
    case .ipv6: ipv6(frame)
    case .authentication: authentication(frame)
    case .udp: udp(frame)
    case .tcp: tcp(frame)
    case .sctp: sctp(frame)
    case .icmp: icmp(frame)
    case .mpls: mpls(frame)
    case .pppoe: pppoe(frame)
    case .vnTag: vnTag(frame)
    case .backboneTag: backboneTag(frame)
    case .serviceHeader: serviceHeader(frame)
    case .metaData: metaData(frame)
    case .gre: gre(frame)
    case .esp: esp(frame)
    case .etherIP: etherIP(frame)
    case .l2tp3: l2tp3(frame, sessionOffset: 0)
    default: rareLink(layer, frame)
    }
  }

  /// Link types that a capture either consists of or does not have at all.
  private mutating func rareLink(_ layer: Layer, _ frame: Bytes) -> Layer {
    switch layer {
    case .pppDirection: directedPPP(frame, skipping: 1)
    case .pppDaemon: directedPPP(frame, skipping: 2)
    case .ciscoHDLC: ciscoHDLC(frame)
    case .frameRelay: frameRelay(frame)
    case .atm: atm(frame)
    case .radiotap: radiotap(frame)
    case .wireless: wireless(frame)
    case .perPacketInformation: perPacketInformation(frame)
    case .prism: prism(frame)
    case .netfilterLog: netfilterLog(frame)
    case .packetFilterLog: packetFilterLog(frame)
    case .encapsulated: ip(behind: 12, frame)
    case .ipNetwork: ip(behind: 24, frame)
    case .infiniband: infiniband(frame)
    case .juniperEthernet: juniperEthernet(frame)
    case .extensibleRecord: extensibleRecord(frame)
    case .exportedPDU: exportedPDU(frame)
    case .switchTag4: switchTagged(frame, before: 0, inside: 4)
    case .switchTag8: switchTagged(frame, before: 0, inside: 8)
    case .switchPrefix4: switchTagged(frame, before: 4, inside: 0)
    default: .unsupported
    }
  }

  /// Bytes from `start` to `end`.
  var available: Int { end - start }

  /// Whether the layer has the bytes of its header; if not, the fault is noted.
  @inline(__always)
  mutating func has(_ needed: Int, or kind: DecodeFault.Kind) -> Bool {
    Work.count(1)
    guard end &- start < needed else { return true }
    fault(kind, needed: needed)
    return false
  }

  /// Notes a fault at `start`; beyond eight in one frame they are dropped.
  @inline(never)
  mutating func fault(_ kind: DecodeFault.Kind, needed: Int = 0) {
    guard faultCount < 8 else { return }
    faults[faultCount] = DecodeFault(kind, offset: start, needed: needed, available: max(0, end - start))
    faultCount += 1
  }

  /// No honest frame nests this many headers; the limit keeps a hostile one from costing more.
  private static var maximumLayers: Int { 64 }
}
