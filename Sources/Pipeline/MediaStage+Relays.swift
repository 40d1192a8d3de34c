internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// What a TURN relay and its client exchange (RFC 8656) is read as if it were a datagram of its own: one level of it.
///
/// ChannelData is little evidence by itself: two bits and a length. On a flow that showed no allocation it is read only as
/// RTP, whose headers have to follow one another as those of RTP that nobody announced; thereupon the flow has one.
extension MediaStage {
  /// How the datagram at hand was relayed.
  struct Relaying {
    /// What it came in.
    let packet: Packet
    let path: RelayPath
  }

  /// Reads a datagram of the class `DatagramClass.turnChannel`.
  ///
  /// Not inlined, nor is `readRelay`: what keeps the packet would copy it for every datagram that is read.
  @inline(never)
  mutating func readChannel(
    _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match,
    _ signalling: inout SignallingStage,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    guard
      let message = try? TURNChannelData(parsing: datagram, uncapturedLength: packet.uncapturedLength),
      let path = path(of: message, datagram, packet, match, flows)
    else { return readUnknown(datagram, packet, match, &flows) }
    let data = datagram.extracting(message.data.range)
    let inner = path.relayed(packet, uncapturedLength: message.uncapturedLength)
    relaying = Relaying(packet: copy packet, path: path)
    let isRead = read(relayed: data, inner, over: path, match, &signalling, &flows, &events)
    relaying = nil
    if !isRead { readUnknown(datagram, packet, match, &flows) }
  }

  /// Takes what a message tells of a relay, and reads what a Send or Data indication carries (RFC 8656 §11).
  @inline(never)
  mutating func readRelay(
    _ message: STUNMessage, _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match,
    _ signalling: inout SignallingStage, _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    guard relaying == nil else { return }
    relays.learn(message, packet)
    guard let data = message.data, let path = relays.path(of: message, packet) else { return }
    relaying = Relaying(packet: copy packet, path: path)
    // A message that was cut is no message, so that its data is whole.
    let inner = path.relayed(packet, uncapturedLength: 0)
    _ = read(
      relayed: datagram.extracting(data.range), inner, over: path, match, &signalling, &flows, &events)
    relaying = nil
  }

  /// How a ChannelData message is relayed; nil of what only looks like one. It changes nothing, but a call of what does not
  /// change copies as much as this is large.
  private mutating func path(
    of message: TURNChannelData, _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match,
    _ flows: borrowing FlowTable
  ) -> RelayPath? {
    let flowID = flows.identity(of: match.number)
    if let path = relays.path(ofChannel: message.channel, packet, flowID: flowID) { return path }
    let known = flows.appProtocol(of: match.number)
    guard known == .unknown || known == .turn,
      DatagramClass(datagram.extracting(message.data.range)) == .rtp
    else { return nil }
    return relays.supposedPath(ofChannel: message.channel, packet, match)
  }

  /// Reads what was relayed; false when it is nothing that is known.
  private mutating func read(
    relayed datagram: Bytes, _ packet: borrowing Packet, over path: RelayPath, _ match: FlowTable.Match,
    _ signalling: inout SignallingStage, _ flows: inout FlowTable, _ events: inout EventOutlet
  ) -> Bool {
    switch DatagramClass(datagram) {
    case .rtp:
      let outcome = streams.add(relayed: datagram, packet, over: path, match, &flows)
      switch outcome {
      case .undecided: return false
      case .started: relays.note(path, at: packet.timestamp)
      case .counted, .changed, .claimed: break
      }
      take(outcome, datagram, packet, match, &signalling, &flows, &events)
    case .rtcp: readControl(datagram, packet, match, &flows, &events)
    case .stun: readSTUN(datagram, packet, match, &signalling, &flows, &events)
    case .dtls: readDTLS(datagram, packet, match, &flows, &events)
    case .zrtp, .turnChannel, .other: return false
    }
    return true
  }
}
