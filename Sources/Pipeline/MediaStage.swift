internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Beside the SIP messages: RTP streams, RTCP, STUN and the handshakes of TLS and DTLS become events.
struct MediaStage: ~Copyable {
  var streams: StreamTable
  /// The allocations of TURN relays.
  var relays: RelayTable
  /// What the datagram at hand was relayed in; nil of an ordinary one.
  var relaying: Relaying?
  private var control = RTCPEventBuilder()
  private var hellos = DTLSHelloReader()
  private var counts = MediaCounters()
  /// Refilled for each event.
  var event: Event
  private let fields: PacketEventFields
  private let reportInterval: Int64
  /// Whether the last datagram had a certificate that its session description does not announce.
  private(set) var hasForeignCertificate = false
  /// Whether the last datagram overflows a receiver that expects a fax.
  private(set) var hasFaxOverflow = false

  /// Nobody pays for reports that nobody reads.
  init(
    configuration: SensorConfiguration, headerNames: HeaderNames, fields: PacketEventFields,
    needsReports: Bool
  ) {
    streams = StreamTable(
      capacity: configuration.streamLimit, seed: configuration.hashSeed,
      reportInterval: needsReports ? configuration.reportInterval : nil,
      isConcealed: configuration.concealsLosses)
    relays = RelayTable(capacity: configuration.streamLimit, seed: configuration.hashSeed)
    self.fields = fields
    event = Event(headerSlots: headerNames.names.count)
    reportInterval = configuration.reportInterval
  }

  /// Begins or ends to report on streams.
  mutating func setReports(isNeeded: Bool) {
    streams.setReports(every: isNeeded ? reportInterval : nil)
  }

  /// What was seen so far.
  var counters: MediaCounters {
    var counters = counts
    counters.streams = streams.total
    counters.packets = streams.packets
    return counters
  }

  /// How full the tables are that media live in.
  var tables: [(name: String, usage: TableUsage)] {
    [
      ("rtp", streams.usage), ("rtp.announced", streams.addressUsage), ("dtls.fragmented", hellos.usage),
      ("turn.allocations", relays.usage), ("turn.channels", relays.channelUsage),
    ]
  }

  /// Remembers where a session description expects media; a call that has described one of these places before is
  /// given back.
  mutating func learn(
    _ description: borrowing SessionDescription, in bytes: Bytes, owner: MediaOwner?,
    _ packet: borrowing Packet
  ) -> CallReference? {
    streams.learn(description, in: bytes, owner: owner, packet)
  }

  /// Reads a datagram that is not SIP.
  mutating func read(
    _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match,
    _ signalling: inout SignallingStage,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    hasForeignCertificate = false
    hasFaxOverflow = false
    let kind = DatagramClass(datagram)
    if kind != .rtp { noteFax(datagram, packet, match, &flows) }
    switch kind {
    case .rtp:
      let outcome = streams.add(datagram, packet, match, &flows)
      guard case .counted = outcome else {
        return take(outcome, datagram, packet, match, &signalling, &flows, &events)
      }
      flows.measureIfOpen(packet, byteCount: datagram.count &+ packet.uncapturedLength, match)
    case .rtcp: readControl(datagram, packet, match, &flows, &events)
    case .stun: readSTUN(datagram, packet, match, &signalling, &flows, &events)
    case .dtls: readDTLS(datagram, packet, match, &flows, &events)
    case .turnChannel: readChannel(datagram, packet, match, &signalling, &flows, &events)
    case .zrtp, .other: readUnknown(datagram, packet, match, &flows)
    }
  }

  /// Takes what became of a datagram that looks like RTP.
  mutating func take(
    _ outcome: StreamTable.Outcome, _ datagram: Bytes, _ packet: borrowing Packet,
    _ match: FlowTable.Match, _ signalling: inout SignallingStage, _ flows: inout FlowTable,
    _ events: inout EventOutlet
  ) {
    switch outcome {
    case .counted:
      return flows.measureIfOpen(packet, byteCount: datagram.count &+ packet.uncapturedLength, match)
    case .undecided:
      noteFax(datagram, packet, match, &flows)
      readUnknown(datagram, packet, match, &flows)
    case .started(let stream):
      raiseStart(of: stream, packet, match, &signalling, &flows, &events)
      raiseChange(of: stream, packet, match, &signalling, &flows, &events)
    case .changed(let stream):
      attach(stream, &signalling)
      raiseChange(of: stream, packet, match, &signalling, &flows, &events)
    case .claimed(let stream):
      attach(stream, &signalling)
      return flows.noteMedia(match, streams.stream(stream))
    }
    // A new stream may have displaced another one.
    raiseEnded(sequence: packet.number, &signalling, &events)
  }

  /// Looks whether a datagram is one of a fax that a session description has announced.
  private mutating func noteFax(
    _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, _ flows: inout FlowTable
  ) {
    switch streams.fax(datagram, packet) {
    case .overflow: hasFaxOverflow = true
    case .packet where flows.appProtocol(of: match.number) == .unknown:
      flows.setAppProtocol(.t38, of: match.number)
    default: break
    }
  }

  /// What cannot be read is named and measured.
  mutating func readUnknown(
    _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, _ flows: inout FlowTable
  ) {
    flows.classify(datagram, match)
    if DatagramClass(datagram) == .zrtp, let message = try? ZRTPPacket(parsing: datagram) {
      if flows.noteHandshake(message, match) { streams.noteKeys(match, flows) }
      return
    }
    measure(datagram, packet, match, &flows)
  }

  /// It changes nothing here, but a call of what does not change copies as much as this is large.
  private mutating func measure(
    _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, _ flows: inout FlowTable
  ) {
    flows.measure(packet, byteCount: datagram.count &+ packet.uncapturedLength, match)
  }

  /// Raises the `tls` event of a connection; its source is the client, whoever sent the last packet.
  mutating func raise(
    _ connection: TLSConnection, _ packet: borrowing Packet, isFromClient: Bool, _ flows: inout FlowTable,
    _ events: inout EventOutlet
  ) {
    counts.tlsHandshakes &+= 1
    guard events.needs(.tls) else { return }
    var packet = copy packet
    if !isFromClient {
      (packet.source, packet.destination) = (packet.destination, packet.source)
      (packet.sourcePort, packet.destinationPort) = (packet.destinationPort, packet.sourcePort)
    }
    event.reset(.tls, at: packet.timestamp, sequence: packet.number)
    connection.set(into: &event)
    emit(packet, flows.find(packet), &flows, &events)
  }

  /// Ends the streams whose time is up.
  mutating func expire(
    at time: Timestamp, sequence: UInt64, _ signalling: inout SignallingStage, _ events: inout EventOutlet
  ) {
    streams.expire(at: time)
    raiseReports(sequence: sequence, &signalling, &events)
    raiseEnded(sequence: sequence, &signalling, &events)
  }

  /// Ends all streams.
  mutating func finish(sequence: UInt64, _ signalling: inout SignallingStage, _ events: inout EventOutlet) {
    for number in streams.liveInOrder {
      streams.finish(number)
      raiseEnded(sequence: sequence, &signalling, &events)
    }
  }
}

// MARK: - Events

extension MediaStage {
  /// Gives a stream to its call.
  private mutating func attach(_ number: Int, _ signalling: inout SignallingStage) {
    signalling.calls.attach(streams.stream(number), number: number)
    learnMove(of: number, &signalling)
  }

  /// A party that has moved receives where it sends from.
  private mutating func learnMove(of number: Int, _ signalling: inout SignallingStage) {
    if signalling.learnMove(of: streams.stream(number)) { streams.learnMove(of: number) }
  }

  private mutating func raiseStart(
    of number: Int, _ packet: borrowing Packet, _ match: FlowTable.Match, _ signalling: inout SignallingStage,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    attach(number, &signalling)
    flows.noteMedia(match, streams.stream(number))
    guard events.needs(.rtpStarted) else { return }
    event.reset(.rtpStarted, at: packet.timestamp, sequence: packet.number)
    fields.set(started: streams.stream(number), into: &event)
    signalling.calls.describe(streams.stream(number), into: &event)
    emit(packet, match, &flows, &events)
  }

  /// Raises what is new about a stream, unless its call has just agreed on something new.
  private mutating func raiseChange(
    of number: Int, _ packet: borrowing Packet, _ match: FlowTable.Match, _ signalling: inout SignallingStage,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    guard let change = streams.change, events.needs(.rtpChanged) else { return }
    let stream = streams.stream(number)
    guard !signalling.calls.hasRenegotiated(stream, change, before: packet.timestamp) else { return }
    event.reset(.rtpChanged, at: packet.timestamp, sequence: packet.number)
    fields.set(changed: stream, change, into: &event)
    signalling.calls.describe(stream, into: &event)
    emit(packet, match, &flows, &events)
  }

  private mutating func raiseReports(
    sequence: UInt64, _ signalling: inout SignallingStage, _ events: inout EventOutlet
  ) {
    guard !streams.dueReports.isEmpty else { return }
    for (number, time) in streams.dueReports {
      let quality = streams.takeReport(of: number, at: time)
      let stream = streams.stream(number)
      learnMove(of: number, &signalling)
      fields.build(
        report: stream, over: streams.path(of: stream), quality, at: time, sequence: sequence, into: &event)
      signalling.calls.describe(stream, into: &event)
      events.process(&event)
    }
    streams.removeReports()
  }

  private mutating func raiseEnded(
    sequence: UInt64, _ signalling: inout SignallingStage, _ events: inout EventOutlet
  ) {
    guard !streams.ended.isEmpty else { return }
    for stream in streams.ended {
      _ = signalling.learnMove(of: stream)
      signalling.calls.detach(stream, isConcealed: streams.isConcealed)
      guard events.needs(.rtpEnded) else { continue }
      fields.build(
        ended: stream, over: streams.path(of: stream), stream.quality(isConcealed: streams.isConcealed),
        sequence: sequence, into: &event)
      signalling.calls.describe(stream, into: &event)
      events.process(&event)
    }
    streams.removeEnded()
  }

  mutating func readControl(
    _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, _ flows: inout FlowTable,
    _ events: inout EventOutlet
  ) {
    flows.classify(datagram, match)
    // A flow that carries something else may still have a packet that looks like a report.
    let known = flows.appProtocol(of: match.number)
    guard known == .rtcp || known == .rtp || PayloadClassifier.datagram(datagram, isSIP: false) == .rtcp
    else {
      return
    }
    event.reset(.rtcp, at: packet.timestamp, sequence: packet.number)
    guard control.build(datagram, into: &event) else { return }
    if streams.isSealed(datagram, packet) { flows.noteSealedControl(match) }
    if let way = streams.addReports(datagram, packet, over: relaying?.path) {
      event.set(.rtcpRoundTrip, .duration(way))
    }
    counts.controlPackets &+= 1
    if events.needs(.rtcp) { emit(packet, match, &flows, &events) }
  }

  mutating func readSTUN(
    _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match,
    _ signalling: inout SignallingStage,
    _ flows: inout FlowTable, _ events: inout EventOutlet
  ) {
    flows.classify(datagram, match)
    guard let message = try? STUNMessage(parsing: datagram) else { return }
    event.reset(.stun, at: packet.timestamp, sequence: packet.number)
    STUNEventBuilder.build(message, in: datagram, into: &event)
    counts.stunMessages &+= 1
    streams.learnPeer(packet)
    if message.type.isBindingSuccess, message.hasMessageIntegrity, let call = streams.learnChecked(packet) {
      signalling.calls.learnAddress(packet.destination, call)
    }
    if events.needs(.stun) { emit(packet, match, &flows, &events) }
    readRelay(message, datagram, packet, match, &signalling, &flows, &events)
  }

  mutating func readDTLS(
    _ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, _ flows: inout FlowTable,
    _ events: inout EventOutlet
  ) {
    flows.classify(datagram, match)
    let isRead = hellos.read(
      datagram, flowID: flows.identity(of: match.number), toServer: match.toServer)
    if flows.noteHandshake(hellos, match) { streams.noteKeys(match, flows) }
    guard isRead else { return measure(datagram, packet, match, &flows) }
    if hellos.isAnswered { flows.noteEncrypted(match) }
    if hellos.hellos.allSatisfy(\.isCertificate) { measure(datagram, packet, match, &flows) }
    for var hello in hellos.hellos {
      if hello.isCertificate {
        check(&hello, packet)
      } else {
        counts.dtlsHandshakes &+= 1
      }
      guard events.needs(.dtls) else { continue }
      event.reset(.dtls, at: packet.timestamp, sequence: packet.number)
      hello.set(into: &event)
      emit(packet, match, &flows, &events)
    }
  }

  private mutating func check(_ certificate: inout DTLSHello, _ packet: borrowing Packet) {
    guard let announced = streams.fingerprint(announcedBySenderOf: packet) else { return }
    certificate.compare(with: announced)
    if certificate.matchesDescription == false { hasForeignCertificate = true }
  }

  /// Adds the fields of packet and flow, and hands the event on.
  private mutating func emit(
    _ packet: borrowing Packet, _ match: FlowTable.Match?, _ flows: inout FlowTable,
    _ events: inout EventOutlet
  ) {
    if let relaying {
      fields.set(relaying.packet, into: &event)
      fields.set(relaying.path, into: &event)
    } else {
      fields.set(packet, into: &event)
    }
    if let match { flows.describe(match, fields, into: &event) }
    events.process(&event, ofFlow: match.map { flows.identity(of: $0.number) } ?? 0)
  }
}
