internal import Events
internal import Packets
internal import Protocols
internal import Rules
internal import Tracking
internal import Values

/// The second half of the middle: SIP messages and faults become events with all their fields.
struct MessageStage: ~Copyable {
  var flows: FlowTable
  var events: EventOutlet
  let fields: PacketEventFields
  /// One by the number of the TCP stream.
  var streams: [StreamReader] = []
  var media: MediaStage
  var signalling: SignallingStage
  /// How the senders' messages come.
  var ways: SenderWays
  /// Responses that were captured before their requests.
  var early: EarlyResponses
  /// The message at hand, while another one goes on that has waited.
  var spareMessage = SIPMessage()
  var handshakes = HandshakeRing()
  /// What all streams may keep of messages that are not complete.
  var budget: StreamBudget
  /// HEP messages that streams carried, until their packets are visited.
  var mirrored = MirroredPackets()
  var counts = MessageCounters()

  var builder: SIPEventBuilder
  /// The message that was parsed last.
  var message = SIPMessage()
  var event: Event

  init(configuration: SensorConfiguration, headerNames: HeaderNames, events: consuming EventOutlet) {
    flows = FlowTable(capacity: configuration.flowLimit, seed: configuration.hashSeed)
    fields = PacketEventFields(
      inputNames: configuration.inputNames, isOffline: configuration.isOffline,
      communitySeed: configuration.communitySeed)
    budget = StreamBudget(limit: configuration.streamBytes)
    media = MediaStage(
      configuration: configuration, headerNames: headerNames, fields: fields,
      needsReports: events.needs(.rtpReport))
    signalling = SignallingStage(configuration: configuration, headerNames: headerNames, fields: fields)
    ways = SenderWays(capacity: configuration.messageMemory, seed: configuration.hashSeed)
    early = EarlyResponses(capacity: configuration.messageMemory, seed: configuration.hashSeed)
    builder = SIPEventBuilder(
      headerNames: headerNames, capacity: configuration.messageMemory, seed: configuration.hashSeed)
    event = Event(headerSlots: headerNames.names.count)
    self.events = events
  }

  /// What was seen so far.
  var counters: MessageCounters {
    var counters = counts
    counters.evicted = builder.evictions
    counters.bytes = UInt64(builder.byteCount)
    return counters
  }

  /// How full the tables are that messages live in.
  var tables: [(name: String, usage: TableUsage)] {
    [
      ("sip.repeats", builder.repeatUsage), ("sip.nonces", builder.nonceUsage),
      ("sip.ways", builder.wayUsage), ("sip.sender_ways", ways.usage),
      ("sip.answers", signalling.answers.usage), ("sip.asked", early.usage),
      ("sip.strangers", signalling.strangers.usage), ("sip.answerers", signalling.answerers.usage),
      ("app_layer.streams", streamUsage),
      ("hep.mirrored", mirrored.usage),
      ("tls.handshaking", handshakeUsage),
    ]
  }

  /// How a message came.
  struct Carriage {
    /// The value of `sip.transport`.
    let transport: StaticString
    /// Whether a stream was cut into messages by their lengths.
    var isStream = false
    /// What the cutting had to say.
    var note = SIPFrameNote()
  }

  /// Takes all messages out of one datagram, or the one message of a stream; false when there is none.
  ///
  /// - Parameter status: what the parser made of the first message, which is in `message`, if it was asked.
  @discardableResult
  mutating func process(
    _ bytes: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match?, _ carriage: Carriage,
    parsed status: SIPParseStatus? = nil
  ) -> Bool {
    var known = status
    let isCut = carriage.isStream ? carriage.note.isCut : packet.isTruncated
    var offset = 0
    while offset < bytes.count {
      let rest = bytes.extracting(offset...)
      let status =
        known.take()
        ?? message.parse(
          rest, transport: carriage.isStream ? .stream : .datagram, isCaptureTruncated: isCut)
      guard status == .message else { return offset > 0 || status == .keepAlive }
      let end = message.remainder.isEmpty ? rest.count : message.remainder.start
      raiseMessage(rest.extracting(..<end), packet, match, carriage)
      guard !message.remainder.isEmpty else { return true }
      offset += message.remainder.start
    }
    return true
  }

  /// Makes the events of the message that was just parsed.
  private mutating func raiseMessage(
    _ bytes: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match?, _ carriage: Carriage
  ) {
    if let match { flows.setAppProtocol(.sip, of: match.number) }
    let keys = MessageKeys(message, bytes, seed: signalling.seed)
    trackEarlier(than: keys, bytes)
    builder.build(message, bytes, packet, sequence: packet.number, into: &event)
    event.set(.sipTransport, constant: carriage.transport)
    // What is wrong with a packet that was captured twice is said once.
    let isCopy = builder.verdict.contains(.duplicate)
    if ways.isOther(packet, callID: keys.callID, isCopy: isCopy) { event.set(.sipOtherWay, bool: true) }
    complete(packet, match)
    counts.count(
      isRequest: message.kind == .request, isFaulty: !message.faultDetails.isEmpty, builder.verdict)
    emit(match)
    if !isCopy { raiseFaults(packet, match, carriage) }
    let isStream = carriage.isStream
    guard !early.hold(message, bytes, keys, builder.verdict, isStream: isStream, packet) else { return }
    track(bytes, keys, packet, match, isCut: isStream ? carriage.note.isCut : packet.isTruncated)
    trackAnswers(to: keys, bytes, at: packet.timestamp)
  }

  /// Takes the message that was just parsed to what it is part of.
  mutating func track(
    _ bytes: Bytes, _ keys: MessageKeys, _ packet: borrowing Packet, _ match: FlowTable.Match?, isCut: Bool
  ) {
    let session = sessionFacts(bytes, isCut: isCut)
    let owner = signalling.process(
      message, bytes, keys, builder.verdict, session: session, packet, match, &media.streams, &flows, &events)
    raiseSignallingFaults(packet, match)
    guard builder.hasDescription else { return }
    let former = media.learn(builder.description, in: bytes, owner: owner, packet)
    if let owner {
      signalling.calls.learnAddresses(of: builder.description, packet, owner.call)
      if answersOffer, builder.verdict.isEmpty {
        signalling.calls.noteAgreement(owner.call, at: packet.timestamp, &media.streams)
      }
      if let former { signalling.calls.noteSharedMedia(owner.call, former) }
    }
    guard !builder.verdict.contains(.duplicate) else { return }
    for fault in builder.description.faults {
      raise(fault: fault.name, layer: "sdp", detail: nil, packet, match)
    }
  }

  /// Whether the description of the message that was just parsed is what is agreed on (RFC 3264, RFC 3261 §13.2.1).
  private var answersOffer: Bool {
    message.kind == .response ? message.startLine.statusCode / 100 == 2 : message.method == .ack
  }

  /// Raises what is wrong with the message by itself.
  private mutating func raiseFaults(
    _ packet: borrowing Packet, _ match: FlowTable.Match?, _ carriage: Carriage
  ) {
    for detail in message.faultDetails {
      let header: SIPHeaderName? = detail.header == .other ? nil : detail.header
      raise(fault: detail.fault.name, layer: "sip", detail: header?.name, packet, match)
    }
    for fault in carriage.note.faults {
      raise(fault: fault.name, layer: "sip", detail: nil, packet, match)
    }
  }

  private func sessionFacts(_ bytes: Bytes, isCut: Bool) -> SessionFacts? {
    guard builder.hasDescription else { return nil }
    let isWhole = !isCut && !message.faults.contains(.contentLengthMismatch)
    return SessionFacts(builder.description, in: bytes, isWhole: isWhole, seed: signalling.seed)
  }

  /// Raises what is wrong with a message only because of those before it.
  private mutating func raiseSignallingFaults(_ packet: borrowing Packet, _ match: FlowTable.Match?) {
    if builder.hasReplayedCredentials {
      raise(fault: SignallingFault.replayedCredentials.rawValue, layer: "sip", detail: nil, packet, match)
    }
    for fault in signalling.calls.faults {
      raise(fault: fault.rawValue, layer: "sip", detail: nil, packet, match)
    }
    signalling.calls.removeFaults()
    if let fault = signalling.strangers.fault {
      raise(fault: fault.rawValue, layer: "sip", detail: nil, packet, match)
    }
    if let codes = signalling.answerers.contradiction {
      let name = SignallingFault.contradictingAnswer.rawValue
      raise(fault: name, layer: "sip", detail: "\(codes.first) \(codes.second)", packet, match)
    }
    if let forgery = signalling.answerers.forgery { raise(forgery, packet, match) }
  }

  /// Raises an anomaly of the application layer.
  private mutating func raise(
    fault name: String, layer: StaticString, detail: String?, _ packet: borrowing Packet,
    _ match: FlowTable.Match?
  ) {
    event.reset(.anomaly, at: packet.timestamp, sequence: packet.number)
    event.set(.anomalyType, constant: "applayer")
    event.set(.anomalyEvent, copying: name)
    event.set(.anomalyLayer, constant: layer)
    event.set(.anomalyAppProto, constant: "sip")
    if let detail { event.set(.anomalyDetail, copying: detail) }
    SIPEventBuilder.setRoles(packet, isRequest: message.kind == .request, into: &event)
    finishAnomaly(packet, match)
  }

  /// Raises an anomaly of something beside SIP.
  mutating func raise(
    _ fault: SignallingFault, protocol name: StaticString, _ packet: borrowing Packet,
    _ match: FlowTable.Match?
  ) {
    event.reset(.anomaly, at: packet.timestamp, sequence: packet.number)
    event.set(.anomalyType, constant: "applayer")
    event.set(.anomalyEvent, copying: fault.rawValue)
    event.set(.anomalyLayer, constant: name)
    event.set(.anomalyAppProto, constant: name)
    finishAnomaly(packet, match)
  }

  /// Raises an anomaly of a TCP stream.
  mutating func raise(
    _ fault: StreamFault, byteCount: Int, _ packet: borrowing Packet, _ match: FlowTable.Match?
  ) {
    event.reset(.anomaly, at: packet.timestamp, sequence: packet.number)
    event.set(.anomalyType, constant: "stream")
    event.set(.anomalyEvent, copying: fault.rawValue)
    event.set(.anomalyLayer, constant: "tcp")
    event.set(.anomalyDetail, copying: "\(byteCount) bytes")
    finishAnomaly(packet, match)
  }

  /// Raises an anomaly of the layers below the application.
  mutating func raise(_ fault: DecodeFault, _ packet: borrowing Packet) {
    event.reset(.anomaly, at: packet.timestamp, sequence: packet.number)
    event.set(.anomalyType, constant: "decode")
    event.set(.anomalyEvent, copying: fault.name)
    event.set(.anomalyLayer, copying: String(fault.layer))
    finishAnomaly(packet, nil)
  }

  /// Forgets what belongs to the packet time that is over; flows and streams have ended already.
  mutating func forgetTraffic() {
    flows.restart()
    media.streams.restart()
    media.relays.removeAll()
    signalling.restart()
    ways.restart()
    early.restart()
    builder.restart()
  }

  /// Raises an event that is about a packet and has no fields of its own.
  mutating func raise(_ kind: EventKind, _ packet: borrowing Packet, _ match: FlowTable.Match) {
    event.reset(kind, at: packet.timestamp, sequence: packet.number)
    complete(packet, match)
    emit(match)
  }

  /// Raises the ends of the flows that are over.
  mutating func raiseEnded(sequence: UInt64) {
    for ended in flows.ended {
      fields.build(ended, sequence: sequence, into: &event)
      events.process(&event)
    }
    flows.removeEnded()
  }

  mutating func finishAnomaly(_ packet: borrowing Packet, _ match: FlowTable.Match?) {
    complete(packet, match)
    counts.anomalies &+= 1
    emit(match)
  }

  private mutating func complete(_ packet: borrowing Packet, _ match: FlowTable.Match?) {
    fields.set(packet, into: &event)
    if let match { flows.describe(match, fields, into: &event) }
  }

  private mutating func emit(_ match: FlowTable.Match?) {
    events.process(&event, ofFlow: match.map { flows.identity(of: $0.number) } ?? 0)
  }
}
