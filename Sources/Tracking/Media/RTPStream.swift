public import Packets
internal import Protocols
public import Values

/// One RTP stream: the packets of one SSRC in one direction of a flow.
///
/// What each packet changes stands first; what is small stands together at the end, since there are many streams.
public struct RTPStream: Sendable {
  /// Identity of the flow it belongs to; 0 once the record is free.
  public internal(set) var flowID: Int64
  /// Synchronisation source.
  public let ssrc: UInt32
  /// The stream that this direction of the flow carried before, or -1.
  var predecessor: Int32 = -1
  /// Payload type of the last packet that was neither a telephone event nor comfort noise.
  public var payloadType: UInt8 { format.payloadType }
  /// Packets, duplicates included.
  public private(set) var packets: UInt64 = 1
  /// Payload bytes, without headers and padding.
  public private(set) var bytes: UInt64
  /// When the last packet was captured; not before `start`.
  public private(set) var last: Timestamp
  /// Longest time between two packets since the last report, in nanoseconds.
  var maximumDelta: Int64 = 0
  var sequence: SequenceTracker
  var jitter = JitterEstimate()
  var pauses = PauseMeter()
  private(set) var format: MediaFormat
  /// The payload type of packets that need no second look; 255 for none. Only a decided stream has one.
  private(set) var usualType: UInt8 = 255
  /// Whether it was decided to be RTP; until then it is only a candidate.
  public private(set) var isConfirmed = false

  /// When the first packet was captured.
  public let start: Timestamp
  /// Number of the first packet.
  public let firstNumber: UInt64
  /// Keys that were pressed, by their telephone events (RFC 4733); which they were is not kept.
  public private(set) var keyEvents: UInt64 = 0
  /// Packets without sound, and the bytes of their payloads.
  var noisePackets: UInt32 = 0
  var noiseBytes: UInt32 = 0
  /// What it had counted when its call was answered.
  var beforeAnswer = StreamTotals()
  /// Highest jitter until then, and that since the last report before it.
  var jitterBeforeAnswer = 0.0
  var reportedJitter = 0.0
  /// Nanoseconds of silence before the last change of clock.
  private(set) var earlierSilence: Int64 = 0

  /// What was counted up to the last report.
  var reported = StreamTotals()
  /// When the last report was made; the start before the first.
  var reportedAt: Timestamp
  var earlierMaximumDelta: Int64 = 0
  var earlierMaximumJitter: Double = 0
  /// When the next report is due, in nanoseconds.
  var nextReport: Int64 = .max
  /// When the present payload type came up.
  private(set) var formatSince: Timestamp
  /// What the other end says of the stream.
  var remote = RemoteQuality()
  /// Whether it goes from the lower to the upper end of the key.
  public let isForward: Bool
  /// Whether it goes to the flow's server.
  public let isToServer: Bool
  /// IP version, 4 or 6.
  public let ipVersion: UInt8
  /// Whether a session description named the receiver.
  public private(set) var isAnnounced = false
  /// Whether the packets are SRTP, by a handshake of their flow or by what the parties agreed on; nil when neither says so.
  public private(set) var isSecure: Bool?
  /// Whether a handshake of their flow says it.
  private var hasKeys = false
  /// Whether the parties may have agreed on something else since.
  var isUnsettled = false
  /// Whose call it belongs to; nil when none is known.
  public private(set) var owner: MediaOwner?
  /// Whether that call is over: the stream may go on as that of another one.
  private(set) var isOrphaned = false
  /// Input that the first packet came from.
  public let interface: UInt16
  private var eventTimestamp: UInt32?
  /// Packets in a row that followed one another, for the decision.
  var run: UInt8 = 1
  private var lastSequence: UInt16
  /// The flow's addresses, ports, transport and VLANs; of a relayed stream the client's address at the relay and the
  /// peer's stand for the flow's.
  public let key: FlowKey
  /// The place of how a TURN relay and its client exchange it, or -1.
  let path: Int32
  /// Whether the last packet was comfort noise.
  var isNoise = false
  /// When the parties agreed on their media last, which may have led the stream elsewhere; or its last packet before the end
  /// of the call.
  var agreed = Timestamp(nanoseconds: .min)
  /// When RTCP said that it ends; nil when nothing did, and when it ended thereupon.
  private var goodbye: Timestamp?

  /// A silence in which they did is the stream's absence, not its loss.
  private static let absence: Int64 = 500_000_000

  /// Packets that the sender sent as far as sequence numbers tell (RFC 3550 §A.3).
  public var expected: Int64 { sequence.expected }
  /// Expected packets that did not come; never negative, because duplicates are counted apart.
  public var lost: Int64 { sequence.lost }
  /// Packets that came again.
  public var duplicates: UInt64 { sequence.duplicates }
  /// Packets that conflict with those of the sender, as if two sent.
  public var conflicting: UInt64 { sequence.conflicting }
  /// Packets that came behind a later one.
  public var reordered: UInt64 { sequence.reordered }
  /// One-way delay in seconds that RTCP gives; nil when it gives none.
  var oneWayDelay: Double? { remote.roundTrip.map { Double($0) / 2_000_000_000 } }
  /// Nanoseconds that it has gone on since RTCP said that it ends; nil when nothing did.
  var afterGoodbye: Int64? {
    guard let goodbye, last > goodbye else { return nil }
    return last.nanoseconds(since: goodbye)
  }
  /// Whether a TURN relay and its client exchange it.
  public var isRelayed: Bool { path >= 0 }
  /// Whether it comes from a peer of a relay that nothing named.
  var hasUnknownSender: Bool { isRelayed && RelayPath.isStandIn(source) }
  /// Clock in hertz, 0 when unknown.
  public var clockRate: UInt32 { format.clockRate }
  /// Source address.
  public var source: IPAddress { isForward ? key.lowerAddress : key.upperAddress }
  /// Destination address.
  public var destination: IPAddress { isForward ? key.upperAddress : key.lowerAddress }
  /// Source port.
  public var sourcePort: UInt16 { isForward ? key.lowerPort : key.upperPort }
  /// Destination port.
  public var destinationPort: UInt16 { isForward ? key.upperPort : key.lowerPort }
}

/// What a packet means for its stream.
struct RTPArrival {
  let time: Timestamp
  let sequence: UInt16
  let timestamp: UInt32
  let payloadType: UInt8
  /// Bytes on the wire, without header and padding.
  let payloadCount: Int
  /// Digest of what it carries; unknown for what need not be numbered with the rest.
  var content: UInt8
}

extension RTPStream {
  /// The record of a first packet.
  init(
    _ packet: borrowing Packet, _ arrival: RTPArrival, ssrc: UInt32, flow: FlowTable.MediaState,
    toServer: Bool, path: Int = -1
  ) {
    flowID = flow.id
    self.path = Int32(truncatingIfNeeded: path)
    self.ssrc = ssrc
    bytes = UInt64(arrival.payloadCount)
    last = packet.timestamp
    sequence = SequenceTracker(first: arrival.sequence, content: arrival.content)
    lastSequence = arrival.sequence
    format = MediaFormat(payloadType: arrival.payloadType)
    jitter.setClock(format.clockRate)
    start = packet.timestamp
    firstNumber = packet.number
    key = FlowKey(packet)
    isForward = FlowKey.isForward(packet)
    isToServer = toServer
    interface = packet.interface
    ipVersion = packet.ipVersion
    reportedAt = packet.timestamp
    formatSince = packet.timestamp
    if arrival.payloadCount <= Self.noiseSize { noteNoise(arrival.payloadCount) }
  }

  /// Accounts a packet of the stream's payload type.
  @inline(__always)
  mutating func add(_ arrival: RTPArrival) {
    if jitter.ticks(to: arrival.timestamp) > pauses.limit { addPause(arrival) }
    advance(arrival)
  }

  @inline(__always)
  mutating func advance(_ arrival: RTPArrival) {
    switch account(arrival) {
    case .regular: break
    // What was sent once does not vary, and the clocks of two segments have nothing in common.
    case .repeated, .stray: return
    case .restart: jitter.restart()
    }
    jitter.add(
      arrival: arrival.time.nanoseconds, timestamp: arrival.timestamp, sequence: arrival.sequence)
  }

  /// Accounts a packet that jitter does not look at: its timestamp is that of an event's beginning.
  @inline(__always) @discardableResult
  mutating func account(_ arrival: RTPArrival) -> SequenceTracker.Place {
    packets &+= 1
    bytes &+= UInt64(truncatingIfNeeded: arrival.payloadCount)
    if arrival.payloadCount <= Self.noiseSize { noteNoise(arrival.payloadCount) }
    let delta = arrival.time.nanoseconds(since: last)
    if delta > Self.absence {
      // It had ended.
      goodbye = nil
      if agreed > last {
        last = arrival.time
        sequence.resume(at: arrival.sequence)
        return .restart
      }
    }
    if delta > 0 {
      if delta > maximumDelta { maximumDelta = delta }
      last = arrival.time
    }
    return sequence.add(arrival.sequence, content: arrival.content)
  }

  /// Notes that RTCP says that it ends; the first time counts.
  mutating func noteGoodbye(at time: Timestamp) {
    if goodbye == nil { goodbye = time }
  }

  /// Notes whether a candidate's packets follow one another.
  mutating func follow(_ sequence: UInt16) {
    let step = Int16(bitPattern: sequence &- lastSequence)
    if 1...64 ~= step {
      if run < .max { run += 1 }
      lastSequence = sequence
    } else if !(-64...0 ~= step) {
      run = 1
      lastSequence = sequence
    }
  }

  /// Takes what a description says of the receiver.
  mutating func announce(_ media: AnnouncedMedia) {
    owner = media.owner ?? owner
    guard media.isDescribed else { return }
    isAnnounced = true
    isUnsettled = media.isSecure == nil
    if !hasKeys { isSecure = media.isSecure }
  }

  /// Takes that its flow has agreed on keys.
  mutating func noteKeys() {
    hasKeys = true
    isSecure = true
  }

  /// Changes what the packets are.
  mutating func change(to format: MediaFormat, at time: Timestamp? = nil) {
    if let time, format.payloadType != self.format.payloadType { formatSince = time }
    if format.clockRate != jitter.clockRate, !format.isEvent {
      earlierSilence = silenceNanoseconds
      pauses.restart()
      jitter.setClock(format.clockRate)
    }
    self.format = format
    chooseUsualType()
  }

  /// Makes a stream of a candidate.
  mutating func confirm() {
    isConfirmed = true
    chooseUsualType()
  }

  /// Packets need a second look while their duration is being learned, behind comfort noise, and behind TURN.
  mutating func chooseUsualType() {
    let isUsual = isConfirmed && !isRelayed && !format.isEvent && !isNoise && !(isSpeech && pauses.isLearning)
    usualType = isUsual ? format.payloadType : 255
  }

  /// The call is over.
  mutating func orphan() {
    isOrphaned = true
    agreed = last
  }

  /// Whether a packet may be one of another call: what comes within a moment was sent before its sender knew of the end.
  func mayChangeCall(at time: Timestamp) -> Bool {
    isOrphaned && time.nanoseconds(since: agreed) > CallTable.slack
  }

  /// Whether it is time to look again for a description that came after the stream's beginning.
  var isDueForDescription: Bool {
    packets & 63 == 0 && (!jitter.hasClock || owner == nil || isUnsettled) || isOrphaned
  }

  /// Counts a key press once: all packets of an event have the timestamp of its beginning.
  mutating func addEvent(_ payload: Bytes, _ header: RTPHeader) {
    guard eventTimestamp != header.timestamp,
      let event = try? TelephoneEvent(parsing: payload, payload: header.payload)
    else { return }
    eventTimestamp = header.timestamp
    if event.kind == .dtmf { keyEvents &+= 1 }
  }
}
