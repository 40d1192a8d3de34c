public import Values

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
/// IP fragments are put together first: the packet has the number and time of the frame that completed it.
/// One decoder serves one lane. Nothing is allocated per frame in the steady state. Any bytes are accepted;
/// what is wrong with them becomes a `DecodeFault`.
public struct PacketDecoder: Sendable {
  var layers = LayerDecoder()
  var messages = SCTPReassembler()
  var recentChunks: SCTPRecentChunks
  private var fragments: FragmentReassembler
  private var reportedLinkTypes: [Int32] = []
  /// How the last walk ended.
  var outcome = LayerDecoder.Layer.nothing

  /// A decoder with all counters at zero.
  ///
  /// The seed keys hash tables; it does not change what is delivered.
  public init(
    maximumTunnelDepth: Int = 8, tunnelPorts: TunnelPorts = TunnelPorts(),
    fragmentLimits: FragmentLimits = FragmentLimits(), seed: UInt64 = 0
  ) {
    fragments = FragmentReassembler(limits: fragmentLimits, seed: seed)
    recentChunks = SCTPRecentChunks(seed: seed)
    layers.maximumTunnelDepth = UInt8(clamping: maximumTunnelDepth)
    layers.tunnelPorts = tunnelPorts
    reportedLinkTypes.reserveCapacity(Self.reportedLinkTypesLimit)
  }

  /// What was seen so far.
  public var counters: DecoderCounters { layers.counters }

  /// What became of IP fragments so far.
  public var fragmentCounters: FragmentCounters { fragments.counters }

  /// What became of fragmented SCTP messages so far.
  public var sctpCounters: SCTPCounters { messages.counters }

  /// How full the tables of IP fragments, of SCTP fragments and of whole SCTP messages are.
  public var tables: (fragments: TableUsage, sctpFragments: TableUsage, sctpMessages: TableUsage) {
    (fragments.usage, messages.usage, recentChunks.usage)
  }

  /// Gives up all fragments: packet time begins anew.
  public mutating func forgetFragments() {
    fragments.removeAll()
    messages.removeAll()
  }

  /// IP packets in the making.
  public var pendingFragments: Int { fragments.pending }

  /// Decodes one frame and gives its faults and its packet to the visitor.
  public mutating func decode<V: PacketVisitor & ~Copyable>(
    _ frame: Bytes, _ header: FrameHeader, visitor: inout V
  ) {
    layers.begin(frame, header)
    let first = LayerDecoder.Layer(header.linkType)
    if first == .unsupported { noteUnsupported(header.linkType) }
    let outcome = layers.walk(frame, from: first)
    finish(outcome, frame, nesting: 0, visitor: &visitor)
  }

  mutating func finish<V: PacketVisitor & ~Copyable>(
    _ outcome: LayerDecoder.Layer, _ bytes: Bytes, nesting: Int, visitor: inout V
  ) {
    if layers.faultCount > 0 { deliverFaults(to: &visitor) }
    switch outcome {
    case .packet:
      layers.counters.delivered &+= 1
      visitor.visit(layers.packet, payload: bytes.extracting(layers.start..<layers.end))
    case .chunks:
      deliverChunks(bytes, visitor: &visitor)
    case .fragment:
      reassemble(bytes, nesting: nesting, visitor: &visitor)
    case .nothing where layers.packet.tunnel.depth > 0:
      // What is inside is no IP or broken, and yet somebody sent a packet to somebody.
      layers.counters.delivered &+= 1
      visitor.visit(layers.outer, payload: bytes.extracting(0..<0))
    default: break
    }
  }

  /// Adds a fragment and decodes the packet that it completes, which may hold a fragment again.
  private mutating func reassemble<V: PacketVisitor & ~Copyable>(
    _ bytes: Bytes, nesting: Int, visitor: inout V
  ) {
    fragments.note(ipVersion: layers.packet.ipVersion)
    guard !layers.packet.isTruncated, nesting < Self.fragmentNestingLimit else { return fragments.drop() }
    var kind: DecodeFault.Kind?
    let data = bytes.extracting(layers.start..<layers.end)
    let found = fragments.add(layers.fragment, of: layers.packet, data: data, fault: &kind)
    if let kind {
      layers.fault(kind)
      deliverFaults(to: &visitor)
    }
    guard var whole = found else { return }
    resume(whole, nesting: nesting, visitor: &visitor)
    fragments.recycle(&whole)
  }

  private mutating func resume<V: PacketVisitor & ~Copyable>(
    _ whole: FragmentReassembler.Whole, nesting: Int, visitor: inout V
  ) {
    let payload = whole.buffer.bytes.span.extracting(0..<whole.count)
    whole.frames.tell(&layers.packet)
    let outcome = layers.resume(payload, next: whole.next)
    finish(outcome, payload, nesting: nesting + 1, visitor: &visitor)
  }

  mutating func deliverFaults<V: PacketVisitor & ~Copyable>(to visitor: inout V) {
    if !layers.isInvalid { layers.counters.invalid &+= 1 }
    layers.isInvalid = true
    for index in 0..<layers.faultCount {
      visitor.visit(layers.faults[index], packet: layers.packet)
    }
    layers.faultCount = 0
  }

  /// An unknown link type is a fact about the capture, not about each of its frames: one fault.
  mutating func noteUnsupported(_ linkType: LinkType) {
    guard !reportedLinkTypes.contains(linkType.rawValue),
      reportedLinkTypes.count < Self.reportedLinkTypesLimit
    else { return }
    reportedLinkTypes.append(linkType.rawValue)
    layers.fault(.linkUnsupported)
  }

  private static var reportedLinkTypesLimit: Int { 16 }
  private static var fragmentNestingLimit: Int { 4 }
}
