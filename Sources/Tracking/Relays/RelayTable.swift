public import Packets
public import Protocols
public import Values

/// A bounded memory of TURN allocations and of the peers that their channels are bound to, RFC 8656.
///
/// A flow has an allocation once a message was seen on it that nobody exchanges without one: a successful Allocate,
/// Refresh, CreatePermission or ChannelBind, what a client asks of an allocation, and indications with data. Requests to
/// allocate and refusals say nothing.
public struct RelayTable: Sendable, ~Copyable {
  struct Allocation: Sendable {
    /// Where the relay receives for the client; nil while no answer said it.
    var relayed: MediaEnd?
    /// Whether the client is the lower end of the flow.
    var isClientLower: Bool
  }

  /// A day: clients refresh their allocations and bindings for as long as they need them.
  private static let lifetime: Int64 = 86_400_000_000_000

  private var allocations: RecentTable<Allocation>
  private var bindings: RecentTable<MediaEnd>
  private let seed: UInt64

  /// An empty memory.
  ///
  /// - Parameters:
  ///   - capacity: allocations at the most, and as many channels.
  ///   - seed: of the hash; results do not depend on it.
  public init(capacity: Int, seed: UInt64) {
    allocations = RecentTable(capacity: max(64, capacity), lifetime: Self.lifetime)
    bindings = RecentTable(capacity: max(64, capacity), lifetime: Self.lifetime)
    self.seed = seed
  }

  /// How full the memory of allocations is.
  public var usage: TableUsage { allocations.usage }
  /// How full the memory of channels is.
  public var channelUsage: TableUsage { bindings.usage }

  /// Forgets everything: packet time begins anew.
  public mutating func removeAll() {
    allocations.removeAll()
    bindings.removeAll()
  }

  /// Takes what a message tells of an allocation, and of a channel.
  public mutating func learn(_ message: STUNMessage, _ packet: borrowing Packet) {
    guard !message.isClassic, let isFromClient = message.type.isFromTURNClient else { return }
    let flow = FlowKey(packet)
    let relayed = message.type.method == .allocate ? message.relayedAddress : nil
    note(
      flow, isClientLower: FlowKey.isForward(packet) == isFromClient, relayed: relayed.map(MediaEnd.init),
      at: packet.timestamp)
    guard message.type.method == .channelBind, let channel = message.channelNumber,
      0x4000...0x4fff ~= channel, let peer = message.peerAddress, peer.port != 0
    else { return }
    bindings.insert(bindingKey(flow, channel), MediaEnd(peer), at: packet.timestamp.nanoseconds)
  }

  /// Takes it that a flow has an allocation, since channels with media were seen on it.
  public mutating func note(_ path: RelayPath, at time: Timestamp) {
    note(path.flow, isClientLower: path.isForward == path.isFromClient, relayed: nil, at: time)
  }

  /// How a ChannelData message is relayed; nil on a flow without an allocation.
  public func path(ofChannel channel: UInt16, _ packet: borrowing Packet, flowID: Int64) -> RelayPath? {
    let flow = FlowKey(packet)
    guard let allocation = allocations.value(key(flow), at: packet.timestamp.nanoseconds) else { return nil }
    let peer = bindings.value(bindingKey(flow, channel), at: packet.timestamp.nanoseconds)
    return path(
      packet, flow, isFromClient: FlowKey.isForward(packet) == allocation.isClientLower, channel: channel,
      relayed: allocation.relayed, peer: peer ?? RelayPath.standIn(channel, flowID: flowID))
  }

  /// How a ChannelData message would be relayed if its flow had an allocation of the flow's client.
  public func supposedPath(
    ofChannel channel: UInt16, _ packet: borrowing Packet, _ match: FlowTable.Match
  ) -> RelayPath {
    path(
      packet, FlowKey(packet), isFromClient: match.toServer, channel: channel, relayed: nil,
      peer: RelayPath.standIn(channel, flowID: match.flowID))
  }

  /// How the data of a Send or Data indication is relayed; nil of another message.
  public func path(of message: STUNMessage, _ packet: borrowing Packet) -> RelayPath? {
    guard message.type.messageClass == .indication, let peer = message.peerAddress, peer.port != 0,
      let isFromClient = message.type.isFromTURNClient
    else { return nil }
    let flow = FlowKey(packet)
    let allocation = allocations.value(key(flow), at: packet.timestamp.nanoseconds)
    return path(
      packet, flow, isFromClient: isFromClient, channel: 0, relayed: allocation?.relayed, peer: MediaEnd(peer)
    )
  }

  private func path(
    _ packet: borrowing Packet, _ flow: FlowKey, isFromClient: Bool, channel: UInt16, relayed: MediaEnd?,
    peer: MediaEnd
  ) -> RelayPath {
    let own =
      isFromClient
      ? MediaEnd(address: packet.source, port: packet.sourcePort)
      : MediaEnd(address: packet.destination, port: packet.destinationPort)
    return RelayPath(
      flow: flow, isForward: FlowKey.isForward(packet), isFromClient: isFromClient, channel: channel,
      client: relayed ?? own, peer: peer)
  }

  private mutating func note(
    _ flow: FlowKey, isClientLower: Bool, relayed: MediaEnd?, at time: Timestamp
  ) {
    let place = key(flow)
    let known = allocations.value(place, at: time.nanoseconds)
    allocations.insert(
      place, Allocation(relayed: relayed ?? known?.relayed, isClientLower: isClientLower),
      at: time.nanoseconds)
  }

  private func key(_ flow: FlowKey) -> WideKey {
    WideKey(high: flow.hash(seed: seed), low: flow.hash(seed: ~seed))
  }

  private func bindingKey(_ flow: FlowKey, _ channel: UInt16) -> WideKey {
    var hash = SeededHash(seed: flow.hash(seed: seed))
    hash.combine(UInt64(channel))
    return WideKey(high: hash.value, low: flow.hash(seed: ~seed) ^ UInt64(channel))
  }
}

extension MediaEnd {
  fileprivate init(_ address: STUNMessage.Address) {
    self.init(address: address.address, port: address.port)
  }
}

extension STUNType {
  /// Whether a message that tells of an allocation is the client's, rather than the relay's; nil of another message.
  fileprivate var isFromTURNClient: Bool? {
    switch (method, messageClass) {
    case (.refresh, .request), (.createPermission, .request), (.channelBind, .request), (.send, .indication):
      true
    case (.allocate, .success), (.refresh, .success), (.createPermission, .success), (.channelBind, .success),
      (.data, .indication):
      false
    default: nil
    }
  }
}
