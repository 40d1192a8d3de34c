public import Events
public import Packets
internal import Protocols
internal import Values

/// Fills in the fields that all events about a packet or a flow share.
public struct PacketEventFields: Sendable {
  /// Whether the inputs are files, so that packets have a number and a file name.
  private let isOffline: Bool
  private let inputNames: [[UInt8]]
  let communitySeed: UInt16

  /// - Parameters:
  ///   - inputNames: paths or interface names, by the index in a frame's header.
  ///   - isOffline: whether they are files.
  ///   - communitySeed: seed of the Community ID.
  public init(inputNames: [String], isOffline: Bool, communitySeed: UInt16 = 0) {
    self.inputNames = inputNames.map { Array($0.utf8) }
    self.isOffline = isOffline
    self.communitySeed = communitySeed
  }

  /// The fields of a packet, without those of its flow.
  public func set(_ packet: borrowing Packet, into event: inout Event) {
    if packet.ipVersion != 0 {
      event.set(.srcIP, ip: packet.source)
      event.set(.destIP, ip: packet.destination)
      event.set(.ipV, integer: Int64(packet.ipVersion))
      setTransport(packet.transport, into: &event)
      if packet.transport.hasPorts {
        event.set(.srcPort, integer: Int64(packet.sourcePort))
        event.set(.destPort, integer: Int64(packet.destinationPort))
      }
    }
    setInput(packet.interface, into: &event)
    if isOffline { event.set(.pcapCnt, integer: Int64(clamping: packet.number)) }
    event.set(.pktLen, integer: Int64(packet.originalLength))
    setVLANs(packet, into: &event)
    if packet.tunnel.depth > 0 { setTunnel(packet.tunnel, into: &event) }
  }

  /// The fields of a packet's flow, whose Community ID is computed at the first call.
  func set(_ flow: inout Flow, toServer: Bool, into event: inout Event) {
    event.set(.flowID, integer: flow.id)
    event.set(.direction, constant: toServer ? "to_server" : "to_client")
    event.set(.appProto, constant: flow.appProtocol.name)
    setCommunityID(&flow, into: &event)
  }

  /// The fields of a packet that was kept as its origin, flow included.
  public func set(_ origin: borrowing PacketOrigin, into event: inout Event) {
    event.set(.srcIP, ip: origin.source)
    event.set(.destIP, ip: origin.destination)
    event.set(.ipV, integer: Int64(origin.ipVersion))
    setTransport(origin.key.transport, into: &event)
    if origin.key.transport.hasPorts {
      event.set(.srcPort, integer: Int64(origin.sourcePort))
      event.set(.destPort, integer: Int64(origin.destinationPort))
    }
    setInput(origin.interface, into: &event)
    setVLANs(outer: origin.key.outerVLAN, inner: origin.key.innerVLAN, into: &event)
    guard origin.flowID != 0 else { return }
    event.set(.flowID, integer: origin.flowID)
    event.set(.direction, constant: origin.isToServer ? "to_server" : "to_client")
    let clientIsLower = origin.isForward == origin.isToServer
    event.set(
      .communityID,
      copying: CommunityID(origin.key, clientIsLower: clientIsLower, seed: communitySeed).text.span)
  }

  /// The number of a packet that was kept as its origin, for events that are about that packet alone.
  public func setNumber(of origin: borrowing PacketOrigin, into event: inout Event) {
    if isOffline { event.set(.pcapCnt, integer: Int64(clamping: origin.number)) }
  }

  /// A `flow.ended` event: the flow as its client sees it.
  public func build(_ ended: borrowing FlowTable.Ended, sequence: UInt64, into event: inout Event) {
    var flow = ended.flow
    event.reset(.flowEnded, at: flow.last, sequence: sequence)
    event.set(.srcIP, ip: flow.clientAddress)
    event.set(.destIP, ip: flow.serverAddress)
    event.set(.clientIP, ip: flow.clientAddress)
    event.set(.serverIP, ip: flow.serverAddress)
    event.set(.ipV, integer: Int64(flow.ipVersion))
    if flow.key.transport.hasPorts {
      event.set(.clientPort, integer: Int64(flow.clientPort))
      event.set(.serverPort, integer: Int64(flow.serverPort))
      event.set(.srcPort, integer: Int64(flow.clientPort))
      event.set(.destPort, integer: Int64(flow.serverPort))
    }
    setTransport(flow.key.transport, into: &event)
    setInput(flow.interface, into: &event)
    event.set(.flowID, integer: flow.id)
    event.set(.appProto, constant: flow.appProtocol.name)
    setCommunityID(&flow, into: &event)
    setVLANs(outer: flow.key.outerVLAN, inner: flow.key.innerVLAN, into: &event)
    setCounters(of: flow, into: &event)
    setTraffic(of: flow, ended.traffic, into: &event)
    event.set(.flowReason, constant: ended.reason.name)
  }

  private func setCounters(of flow: borrowing Flow, into event: inout Event) {
    event.set(.flowPktsToserver, integer: Int64(clamping: flow.packetsToServer))
    event.set(.flowPktsToclient, integer: Int64(clamping: flow.packetsToClient))
    event.set(.flowBytesToserver, integer: Int64(clamping: flow.bytesToServer))
    event.set(.flowBytesToclient, integer: Int64(clamping: flow.bytesToClient))
    event.set(.flowStart, .time(flow.start))
    event.set(.flowEnd, .time(flow.last))
    event.set(.flowAge, integer: flow.last.nanoseconds(since: flow.start) / 1_000_000_000)
    event.set(.flowState, constant: flow.state.name)
  }

  func setInput(_ index: UInt16, into event: inout Event) {
    guard Int(index) < inputNames.count else { return }
    let name = inputNames[Int(index)]
    event.set(isOffline ? .pcapFilename : .inIface, copying: name.span)
  }

  func setTransport(_ transport: TransportProtocol, into event: inout Event) {
    switch transport {
    case .udp: event.set(.proto, constant: "UDP")
    case .tcp: event.set(.proto, constant: "TCP")
    case .sctp: event.set(.proto, constant: "SCTP")
    default: event.set(.proto, copying: transport.name)
    }
  }

  private func setCommunityID(_ flow: inout Flow, into event: inout Event) {
    let identity =
      flow.communityID
      ?? CommunityID(flow.key, clientIsLower: flow.clientIsLower, seed: communitySeed)
    flow.communityID = identity
    event.set(.communityID, copying: identity.text.span)
  }

  private func setVLANs(_ packet: borrowing Packet, into event: inout Event) {
    guard packet.vlanCount > 0 else { return }
    let start = event.items.count
    event.appendItem(.integer(Int64(packet.outerVLAN)))
    if packet.vlanCount > 1 { event.appendItem(.integer(Int64(packet.innerVLAN))) }
    event.set(.vlan, itemsFrom: start)
  }

  func setVLANs(outer: UInt16, inner: UInt16, into event: inout Event) {
    guard outer != 0 else { return }
    let start = event.items.count
    event.appendItem(.integer(Int64(outer)))
    if inner != 0 { event.appendItem(.integer(Int64(inner))) }
    event.set(.vlan, itemsFrom: start)
  }

  private func setTunnel(_ tunnel: Tunnel, into event: inout Event) {
    event.set(.tunnelSrcIP, ip: tunnel.source)
    event.set(.tunnelDestIP, ip: tunnel.destination)
    event.set(.tunnelProto, copying: tunnel.kind.name)
    event.set(.tunnelDepth, integer: Int64(tunnel.depth))
  }
}

extension TransportProtocol {
  /// Whether ports tell its flows apart.
  fileprivate var hasPorts: Bool {
    self == .udp || self == .tcp || self == .sctp || self == .udpLite
  }
}
