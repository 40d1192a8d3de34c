/// Receives what a decoder finds in a frame.
public protocol PacketVisitor: ~Copyable {
  /// An IP packet with its transport payload: of UDP and TCP the bytes after their header, of an SCTP
  /// DATA chunk its user data, of every other protocol all bytes after the IP header.
  mutating func visit(_ packet: borrowing Packet, payload: Bytes)

  /// A fault; the packet has what was understood before it (`ipVersion` 0: no address).
  mutating func visit(_ fault: DecodeFault, packet: borrowing Packet)
}

/// Takes frames apart down to the transport payload.
///
/// One decoder serves one lane: it holds the counters and the link types already reported. Nothing is
/// allocated per frame. Any bytes are accepted; what is wrong with them becomes a `DecodeFault`.
public struct PacketDecoder: Sendable {
  private var layers = LayerDecoder()
  private var reportedLinkTypes: [Int32] = []

  /// A decoder with all counters at zero.
  public init(maximumTunnelDepth: Int = 8, tunnelPorts: TunnelPorts = TunnelPorts()) {
    layers.maximumTunnelDepth = UInt8(clamping: maximumTunnelDepth)
    layers.tunnelPorts = tunnelPorts
    reportedLinkTypes.reserveCapacity(Self.reportedLinkTypesLimit)
  }

  /// What was seen so far.
  public var counters: DecoderCounters { layers.counters }

  /// Decodes one frame and gives its faults, then its packet, to the visitor.
  public mutating func decode<V: PacketVisitor & ~Copyable>(
    _ frame: Bytes, _ header: FrameHeader, visitor: inout V
  ) {
    layers.begin(frame, header)
    let first = LayerDecoder.Layer(header.linkType)
    if first == .unsupported { noteUnsupported(header.linkType) }
    let outcome = layers.walk(frame, from: first)
    if layers.faultCount > 0 { deliverFaults(to: &visitor) }
    guard outcome == .packet else { return }
    layers.counters.delivered &+= 1
    visitor.visit(layers.packet, payload: frame.extracting(layers.start..<layers.end))
  }

  private mutating func deliverFaults<V: PacketVisitor & ~Copyable>(to visitor: inout V) {
    layers.counters.invalid &+= 1
    for index in 0..<layers.faultCount {
      visitor.visit(layers.faults[index], packet: layers.packet)
    }
    layers.faultCount = 0
  }

  /// An unknown link type is a fact about the capture, not about each of its frames: one fault.
  private mutating func noteUnsupported(_ linkType: LinkType) {
    guard !reportedLinkTypes.contains(linkType.rawValue),
      reportedLinkTypes.count < Self.reportedLinkTypesLimit
    else { return }
    reportedLinkTypes.append(linkType.rawValue)
    layers.fault(.linkUnsupported)
  }

  private static var reportedLinkTypesLimit: Int { 16 }
}
