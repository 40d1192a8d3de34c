internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// The middle of the line: packets find their flow and their protocol, and become events.
struct PacketStage: PacketVisitor, ~Copyable {
  private(set) var flows: FlowTable
  private var messageCounters = MessageCounters()
  var events: EventStage

  private let fields: PacketEventFields
  private var messages: SIPEventBuilder
  private var message = SIPMessage()
  private var event: Event
  private var lastPacket: UInt64 = 0

  init(configuration: SensorConfiguration, headerNames: HeaderNames, events: consuming EventStage) {
    flows = FlowTable(capacity: configuration.flowLimit, seed: configuration.hashSeed)
    fields = PacketEventFields(
      inputNames: configuration.inputNames, isOffline: configuration.isOffline,
      communitySeed: configuration.communitySeed)
    messages = SIPEventBuilder(
      headerNames: headerNames, capacity: configuration.messageMemory, seed: configuration.hashSeed)
    event = Event(headerSlots: headerNames.names.count)
    self.events = events
  }

  /// What was seen so far.
  var counters: MessageCounters {
    var counters = messageCounters
    counters.evicted = messages.evictions
    counters.bytes = UInt64(messages.byteCount)
    return counters
  }

  /// Ends flows whose time is up.
  mutating func advance(to time: Timestamp) {
    flows.expire(at: time)
    events.advance(to: time)
    if !flows.ended.isEmpty { collectEnded() }
  }

  /// Ends everything that is still open.
  mutating func finish() {
    flows.finish()
    collectEnded()
    events.finish()
  }

  mutating func visit(_ packet: borrowing Packet, payload: Bytes) {
    lastPacket = packet.number
    let match = flows.add(packet)
    if !flows.ended.isEmpty { collectEnded() }
    if match.isNew, events.wants(.flowStarted) { raise(.flowStarted, packet, match) }
    if events.wants(.packet) { raise(.packet, packet, match) }
    guard !payload.isEmpty, !packet.isFragment else { return }
    switch packet.transport {
    case .udp, .udpLite:
      // Every SIP message begins with a letter or a line end; RTP and RTCP have the upper bit.
      if payload[0] < 0x80, process(datagram: payload, packet, match, transport: "udp") { return }
      flows.classify(payload, match)
    case .tcp: process(datagram: payload, packet, match, transport: "tcp")
    case .sctp: process(datagram: payload, packet, match, transport: "sctp")
    default: break
    }
  }

  mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) {
    event.reset(.anomaly, at: packet.timestamp, sequence: packet.number)
    fields.set(packet, into: &event)
    event.set(.anomalyType, constant: "decode")
    event.set(.anomalyEvent, copying: fault.name)
    event.set(.anomalyLayer, copying: String(fault.layer))
    messageCounters.anomalies &+= 1
    events.process(&event)
  }

  /// Takes all messages out of one datagram; false when it holds none.
  @discardableResult
  private mutating func process(
    datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, transport: StaticString
  ) -> Bool {
    var offset = 0
    while offset < datagram.count {
      let rest = datagram.extracting(offset...)
      let status = message.parse(rest, transport: .datagram, isCaptureTruncated: packet.isTruncated)
      guard status == .message else { return offset > 0 || status == .keepAlive }
      process(rest, packet, match, transport: transport)
      guard !message.remainder.isEmpty else { return true }
      offset += message.remainder.start
    }
    return true
  }

  /// Makes the events of the message that was just parsed.
  private mutating func process(
    _ bytes: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, transport: StaticString
  ) {
    flows.setAppProtocol(.sip, of: match.number)
    let end = message.remainder.isEmpty ? bytes.count : message.remainder.start
    messages.build(message, bytes.extracting(..<end), packet, sequence: packet.number, into: &event)
    fields.set(packet, into: &event)
    flows.describe(match, fields, into: &event)
    event.set(.sipTransport, constant: transport)
    messageCounters.count(message, event)
    if events.process(&event) { flows.markAlerted(match.number) }
    for detail in message.faultDetails {
      raise(detail.fault.name, layer: "sip", packet, match) { event in
        if detail.header != .other { event.set(.anomalyDetail, copying: detail.header.name) }
      }
    }
    guard messages.hasDescription else { return }
    for fault in messages.description.faults { raise(fault.name, layer: "sdp", packet, match) { _ in } }
  }

  /// Raises an anomaly of the application layer.
  private mutating func raise(
    _ name: String, layer: StaticString, _ packet: borrowing Packet, _ match: FlowTable.Match,
    complete: (inout Event) -> Void
  ) {
    event.reset(.anomaly, at: packet.timestamp, sequence: packet.number)
    fields.set(packet, into: &event)
    flows.describe(match, fields, into: &event)
    event.set(.anomalyType, constant: "applayer")
    event.set(.anomalyEvent, copying: name)
    event.set(.anomalyLayer, constant: layer)
    event.set(.anomalyAppProto, constant: "sip")
    complete(&event)
    messageCounters.anomalies &+= 1
    if events.process(&event) { flows.markAlerted(match.number) }
  }

  private mutating func raise(
    _ kind: EventKind, _ packet: borrowing Packet, _ match: FlowTable.Match
  ) {
    event.reset(kind, at: packet.timestamp, sequence: packet.number)
    fields.set(packet, into: &event)
    flows.describe(match, fields, into: &event)
    if events.process(&event) { flows.markAlerted(match.number) }
  }

  private mutating func collectEnded() {
    for ended in flows.ended {
      fields.build(ended, sequence: lastPacket, into: &event)
      events.process(&event)
    }
    flows.removeEnded()
  }
}
