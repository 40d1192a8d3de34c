internal import Capture
internal import Events
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// The first half of the middle: packets find their flow, datagrams and streams go on to be read.
struct PacketStage: PacketVisitor, ~Copyable {
  private var tcp: TCPReassembler
  private var lastPacket: UInt64 = 0
  private var nextExpiry = Int64.min
  /// Made for the first compressed payload.
  var inflater: PayloadInflater?
  /// What came of HEP messages.
  var mirrored = MirroredCounters()
  /// Tells what was captured twice under different VLAN tags.
  private var copies: VLANCopies
  /// Tells what was captured on both sides of an address translation.
  private var translated: NATCopies
  var messages: MessageStage

  init(configuration: SensorConfiguration, messages: consuming MessageStage) {
    tcp = TCPReassembler(limits: configuration.tcpLimits, seed: configuration.hashSeed)
    copies = VLANCopies(capacity: max(64, configuration.flowLimit / 8), seed: configuration.hashSeed)
    translated = NATCopies(capacity: max(64, configuration.flowLimit / 8), seed: configuration.hashSeed)
    self.messages = messages
  }

  /// What TCP reassembly has seen.
  var streamCounters: TCPCounters { tcp.counters }

  /// How full the tables of TCP reassembly are.
  var streamTables: (streams: TableUsage, segments: TableUsage) { (tcp.streamUsage, tcp.segmentUsage) }

  /// Nothing that calls and streams wait for is shorter than this; most packets only pass the question.
  private static let expiryInterval: Int64 = 250_000_000

  /// Ends flows whose time is up.
  mutating func advance(to time: Timestamp) {
    messages.trackEarly(at: time)
    if time.nanoseconds >= nextExpiry {
      nextExpiry = time.advanced(byNanoseconds: Self.expiryInterval).nanoseconds
      messages.expireMedia(at: time, sequence: lastPacket)
      messages.expireSignalling(at: time, sequence: lastPacket)
    }
    messages.flows.expire(at: time)
    messages.events.advance(to: time)
    collectEnded()
  }

  /// Ends everything that is still open, and the input.
  mutating func finish() {
    endOpen()
    messages.events.finish()
  }

  /// Ends everything that is open and forgets it: packet time begins anew.
  mutating func beginEpoch() {
    endOpen()
    nextExpiry = .min
    messages.forgetTraffic()
    copies.restart()
    translated.restart()
    messages.events.beginEpoch()
  }

  private mutating func endOpen() {
    tcp.flush(visitor: &messages)
    visitMirrored()
    messages.finishEarly()
    messages.finishSignalling(sequence: lastPacket)
    messages.finishMedia(sequence: lastPacket)
    // One by one: a copy of the whole table would take as much memory again.
    for number in messages.flows.liveInOrder {
      messages.flows.finish(number)
      collectEnded()
    }
  }

  /// Datagrams that were captured before, under other VLAN tags.
  var copyCount: UInt64 { copies.count }
  /// Packets that were captured before, on the other side of an address translation.
  var translatedCount: UInt64 { translated.count }

  mutating func visit(_ packet: borrowing Packet, payload: Bytes) {
    let (mayHaveTags, mayBeTranslated) = (copies.mayConcern(packet), translated.mayConcern(packet, payload))
    guard mayHaveTags || mayBeTranslated, !packet.isFragment else { return take(packet, payload) }
    var packet = copy packet
    if mayHaveTags, isMediaCopy(&packet, payload) { return }
    if mayBeTranslated, translated.settle(&packet, payload) { return }
    take(packet, payload)
  }

  /// Whether a datagram of media was captured before, under other VLAN tags; repeats of messages are told from each
  /// other later.
  private mutating func isMediaCopy(_ packet: inout Packet, _ payload: Bytes) -> Bool {
    copies.settle(&packet, payload) && !Self.mayBeSIP(payload)
  }

  private mutating func take(_ packet: borrowing Packet, _ payload: Bytes) {
    let match = enter(packet)
    guard !packet.isFragment else { return }
    switch packet.transport {
    case .tcp where packet.isWhole: read(datagram: payload, packet, match, transport: "tcp")
    case .tcp:
      tcp.process(packet, payload: payload, visitor: &messages)
      messages.flows.measureStream(
        packet, byteCount: payload.count &+ packet.uncapturedLength, match)
      visitMirrored()
    case .udp, .udpLite: read(datagram: payload, packet, match)
    case .sctp: messages.process(payload, packet, match, MessageStage.Carriage(transport: "sctp"))
    default: break
    }
  }

  /// Takes a packet out of a batch, with what a lane made of its payload.
  mutating func visit(_ index: Int, of batch: inout FrameBatch, _ status: FrameBatch.MessageStatus) {
    let payload = batch.bytes.span.extracting(batch.frames[index].payload.range)
    switch status {
    case .unknown: visit(batch.frames[index].packet, payload: payload)
    case .notSIP: visit(datagram: payload, batch.frames[index].packet, .notSIP)
    case .keepAlive: visit(datagram: payload, batch.frames[index].packet, .keepAlive)
    case .message(let number):
      swap(&messages.message, &batch.messages[number].message)
      visit(
        datagram: batch.bytes.span.extracting(batch.frames[index].payload.range), batch.frames[index].packet,
        .message)
      swap(&messages.message, &batch.messages[number].message)
    }
  }

  private mutating func visit(datagram payload: Bytes, _ packet: consuming Packet, _ status: SIPParseStatus) {
    if copies.mayConcern(packet), isMediaCopy(&packet, payload) { return }
    if translated.mayConcern(packet, payload), translated.settle(&packet, payload) { return }
    let match = enter(packet)
    read(datagram: payload, packet, match, parsed: status)
  }

  /// Finds the flow of a packet.
  mutating func enter(_ packet: borrowing Packet) -> FlowTable.Match {
    lastPacket = packet.number
    let match = messages.flows.add(packet)
    collectEnded()
    if match.isNew, messages.events.wants(.flowStarted) { messages.raise(.flowStarted, packet, match) }
    if messages.events.wants(.packet) { messages.raise(.packet, packet, match) }
    return match
  }

  mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) {
    messages.raise(fault, packet)
  }

  /// Reads what has borders of its own: datagrams, and messages of streams that a server mirrored.
  ///
  /// - Parameter status: what the parser made of the first message, if it was asked before.
  private mutating func read(
    datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, transport: StaticString = "udp",
    parsed status: SIPParseStatus? = nil
  ) {
    guard !datagram.isEmpty, !read(mirrored: datagram, packet, match) else { return }
    let carriage = MessageStage.Carriage(transport: transport)
    if Self.mayBeSIP(datagram), messages.process(datagram, packet, match, carriage, parsed: status) {
      return
    }
    messages.readMedia(datagram, packet, match)
  }

  /// Every SIP message begins with a letter or a line end; RTP and RTCP have the upper bit.
  static func mayBeSIP(_ datagram: Bytes) -> Bool { datagram[0] < 0x80 }

  private mutating func collectEnded() {
    if !messages.flows.ended.isEmpty { messages.raiseEnded(sequence: lastPacket) }
  }
}
