public import Packets
public import Protocols
public import Values

/// All live RTP streams, bounded.
///
/// A flow is RTP by the verdict of `RTPProbe`, or when a session description named the receiver and two
/// packets follow one another (the MIN_SEQUENTIAL of RFC 3550 §A.1). Packets that came before the decision
/// are counted, because a stream's record is made for its first packet. A record finds its packet by the
/// number that the flow remembers, and by a hash of flow, direction and SSRC where several SSRCs alternate.
///
/// When the table is full, a new stream displaces one of a few sampled ones: an undecided one before a
/// decided one, then the longest silent.
public struct StreamTable: Sendable, ~Copyable {
  /// What became of a packet.
  public enum Outcome: Sendable {
    /// It is not RTP, or not known to be.
    case undecided
    /// It belongs to a stream.
    case counted
    /// It decided that its stream is one; the number is valid until the next packet. `change` may say
    /// that the stream took the place of another one.
    case started(Int)
    /// It belongs to a stream, and `change` says what is new about it.
    case changed(Int)
    /// It belongs to a stream whose call was unknown until now.
    case claimed(Int)
  }

  /// Streams that ended and were not collected yet, in the order of their end.
  public private(set) var ended: [RTPStream] = []
  /// Streams displaced because the table was full; candidates that never were decided do not count.
  public private(set) var evictions: UInt64 = 0
  /// Streams so far.
  public internal(set) var total: UInt64 = 0
  /// Packets of streams so far.
  public internal(set) var packets: UInt64 = 0

  /// What the last packet changed; of meaning after `started` and `changed` only.
  public internal(set) var change: StreamChange?
  /// Streams whose report is due and was not collected yet, with the end of the time that it covers.
  public private(set) var dueReports: [(number: Int, time: Timestamp)] = []
  /// Nanoseconds between two reports of a stream; nil for no reports.
  private(set) var reportInterval: Int64?
  /// Whether receivers are taken to conceal losses of G.711.
  public let isConcealed: Bool

  var streams = Arena<RTPStream>()
  /// How the streams go that a TURN relay and its client exchange.
  var paths = Arena<RelayPath>()
  var index: HashIndex
  var wheel = StreamTable.newWheel
  var addresses: MediaAddresses
  /// The stream of an SSRC to an address and port, whoever sends it.
  var receivers: RecentSet<Int32>
  /// When sender reports passed, for the answers to them.
  var senderReports: RecentSet<Int64>
  private var sampler = VictimSampler()
  let seed: UInt64
  /// Streams and candidates at the most.
  public let capacity: Int
  let idleTime: Int64

  /// An empty table.
  ///
  /// - Parameters:
  ///   - capacity: streams at the most; as many addresses of session descriptions are kept.
  ///   - seed: of the hash; results do not depend on it.
  ///   - idleTime: nanoseconds without a packet after which a stream has ended; a muted talker whose phone
  ///     sends nothing in silence must not become many streams.
  ///   - reportInterval: nanoseconds between two reports of a stream; nil for no reports.
  ///   - isConcealed: whether receivers are taken to conceal losses of G.711.
  public init(
    capacity: Int, seed: UInt64, idleTime: Int64 = 60_000_000_000, reportInterval: Int64? = nil,
    isConcealed: Bool = true
  ) {
    index = HashIndex()
    addresses = MediaAddresses(capacity: max(64, capacity), seed: seed)
    self.seed = seed
    self.capacity = max(1, capacity)
    self.idleTime = idleTime
    self.reportInterval = reportInterval
    self.isConcealed = isConcealed
    receivers = RecentSet(capacity: max(64, capacity), lifetime: Self.longestCall, empty: -1)
    senderReports = RecentSet(capacity: max(64, capacity), lifetime: Self.reportTime, empty: 0)
  }

  /// How long a sender report may wait for its answer: several intervals of RTCP.
  private static let reportTime: Int64 = 60_000_000_000
  /// How long a stream is remembered by its receiver; a day, longer than calls last.
  private static let longestCall: Int64 = 86_400_000_000_000

  /// Live streams and candidates.
  public var count: Int { streams.count }
  /// Bytes that the table takes, the memory of announced addresses included.
  public var byteCount: Int {
    streams.byteCount + paths.byteCount + index.byteCount + addresses.byteCount + receivers.byteCount
      + senderReports.byteCount
  }

  /// The call of a stream was answered: what came before was early media.
  mutating func noteAnswer(of number: Int) {
    streams[number].noteAnswer()
  }

  /// The parties of a stream's call have agreed on their media anew.
  mutating func noteAgreement(of number: Int, at time: Timestamp) {
    streams[number].agreed = time
    streams[number].isUnsettled = true
  }

  /// How full it is, without the memory of announced addresses.
  public var usage: TableUsage {
    TableUsage(
      entries: count, limit: capacity, bytes: byteCount - addresses.byteCount, evictions: evictions)
  }
  /// How full the memory of announced addresses is.
  public var addressUsage: TableUsage { addresses.usage }

  /// A copy of one stream.
  public func stream(_ number: Int) -> RTPStream { streams[number] }

  /// How a stream goes that a TURN relay and its client exchange; nil of others. It is there until a stream that ended
  /// is collected.
  public func path(of stream: borrowing RTPStream) -> RelayPath? {
    stream.isRelayed ? paths[Int(stream.path)] : nil
  }

  /// Remembers where a session description expects media, and whose it is.
  ///
  /// - Parameter packet: what brought the description.
  /// - Returns: another call, the last one, that has described one of these places before.
  @discardableResult
  public mutating func learn(
    _ description: borrowing SessionDescription, in bytes: Bytes, owner: MediaOwner?,
    _ packet: borrowing Packet
  ) -> CallReference? {
    addresses.learn(description, in: bytes, owner: owner, packet)
    return addresses.formerOwner
  }

  /// The keys of a packet's flow are agreed on: its streams are SRTP, whatever descriptions say.
  public mutating func noteKeys(_ match: FlowTable.Match, _ flows: borrowing FlowTable) {
    let (toServer, toClient) = flows.recentStreams(match)
    for number in [Int(toServer), Int(toClient)]
    where number >= 0 && streams[number].flowID == flows.identity(of: match.number) {
      streams[number].noteKeys()
    }
  }

  /// The certificate that a description announces for the sender of a packet; nil when none does.
  public func fingerprint(announcedBySenderOf packet: borrowing Packet) -> SDPFingerprint? {
    addresses.media(from: packet)?.fingerprint
  }

  /// Takes the sender of a connectivity check for a place where its party receives (RFC 8445 §7.3).
  public mutating func learnPeer(_ packet: borrowing Packet) {
    guard let owner = addresses.media(for: packet)?.owner else { return }
    addresses.learnSender(packet, receiver: owner, .ice)
  }

  /// The sender of a stream is the party that is taken to send it, at another place than before: it receives there, too.
  public mutating func learnMove(of number: Int) {
    guard let owner = streams[number].owner else { return }
    let end = MediaEnd(address: streams[number].source, port: streams[number].sourcePort)
    let place = addresses.key(streams[number].destination, streams[number].destinationPort)
    let media = addresses.media(at: place, streams[number].last) ?? AnnouncedMedia()
    addresses.learn(end, ofPeerOf: owner, media, .learned, at: streams[number].last)
  }

  /// The call of which a party answers a connectivity check with integrity, which it does only to who knows its password
  /// (RFC 8445 §7.3); nil when the packet comes from no candidate. Who is answered is the other party, which receives there.
  public mutating func learnChecked(_ packet: borrowing Packet) -> CallReference? {
    guard let media = addresses.media(from: packet), let owner = media.owner, owner.evidence == .ice
    else { return nil }
    let end = MediaEnd(address: packet.destination, port: packet.destinationPort)
    addresses.learn(end, ofPeerOf: owner, media, .ice, at: packet.timestamp)
    return owner.call
  }

  /// Takes a datagram of the class `DatagramClass.rtp`.
  public mutating func add(
    _ payload: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match, _ flows: inout FlowTable
  ) -> Outcome {
    guard payload.count >= RTPHeader.minimumCount else { return .undecided }
    let flow = flows.mediaState(match)
    let number = Int(flow.recent)
    let payloadType = payload[1] & 0x7f
    guard number >= 0, payload[0] == 0x80, streams[number].usualType == payloadType,
      streams[number].ssrc == payload.uint32(at: 8), streams[number].flowID == flow.id,
      !streams[number].isDueForDescription
    else { return addUnusual(payload, packet, match, flow, &flows) }
    // The usual packet: a fixed header, and everything else as in the packet before.
    packets &+= 1
    let timestamp = payload.uint32(at: 4)
    let count = payload.count &- RTPHeader.minimumCount &+ packet.uncapturedLength
    streams[number].add(
      RTPArrival(
        time: packet.timestamp, sequence: payload.uint16(at: 2), timestamp: timestamp,
        payloadType: payloadType,
        payloadCount: count,
        content: RecentContents.digest(
          of: payload, payloadAt: RTPHeader.minimumCount, count: count, timestamp: timestamp)))
    return .counted
  }

  /// Takes a datagram of the class `DatagramClass.rtp` that a TURN relay and its client exchange.
  ///
  /// - Parameters:
  ///   - packet: what `RelayPath` makes of the packet it came in.
  ///   - match: of the packet that it came in.
  public mutating func add(
    relayed payload: Bytes, _ packet: borrowing Packet, over path: RelayPath, _ match: FlowTable.Match,
    _ flows: inout FlowTable
  ) -> Outcome {
    addUnusual(payload, packet, match, flows.mediaState(match), &flows, path)
  }

  /// Reports are to be made while rules still count events of their time.
  private static var tick: Int64 { 200_000_000 }
  private static var newWheel: TimerWheel { TimerWheel(tick: tick) }

  /// Ends the streams whose time is up at an instant, and finds due reports.
  public mutating func expire(at time: Timestamp) {
    while let number = wheel.popDue(at: time) {
      guard streams[number].last.advanced(byNanoseconds: idleTime(of: number)) >= time else {
        end(number)
        continue
      }
      if let reportInterval, streams[number].nextReport <= time.nanoseconds {
        noteReport(of: number, every: reportInterval, at: time)
      }
      wheel.schedule(number, at: deadline(of: number))
    }
  }

  /// The numbers of all streams and candidates, in the order of their first packets.
  public var liveInOrder: [Int] {
    (0..<streams.extent).filter { streams[$0].flowID != 0 }
      .sorted { (streams[$0].firstNumber, $0) < (streams[$1].firstNumber, $1) }
  }

  /// The call of a stream is over.
  mutating func orphan(_ number: Int) { streams[number].orphan() }

  /// Ends one stream.
  public mutating func finish(_ number: Int) {
    wheel.cancel(number)
    end(number)
  }

  /// Forgets announced addresses too: packet time begins anew, and all streams have ended.
  public mutating func restart() {
    wheel = Self.newWheel
    addresses.removeAll()
    receivers.removeAll()
    senderReports.removeAll()
  }

  /// Forgets the ended streams once they were collected.
  public mutating func removeEnded() {
    for stream in ended where stream.isRelayed { paths.remove(Int(stream.path)) }
    ended.removeAll(keepingCapacity: true)
  }
}

// MARK: - Reports

extension StreamTable {
  /// Begins or ends to report on streams; those that there are get reports from their last packet on.
  public mutating func setReports(every interval: Int64?) {
    guard interval != reportInterval else { return }
    reportInterval = interval
    for number in liveInOrder {
      let last = streams[number].last
      if interval != nil { streams[number].beginInterval(at: last) }
      streams[number].nextReport = interval.map { last.advanced(byNanoseconds: $0).nanoseconds } ?? .max
      wheel.cancel(number)
      wheel.schedule(number, at: deadline(of: number))
    }
  }

  /// Notes that an interval is over, of which there is a report unless the stream was silent.
  private mutating func noteReport(of number: Int, every interval: Int64, at time: Timestamp) {
    let due = Timestamp(nanoseconds: streams[number].nextReport)
    // On a grid from the first packet on, so that intervals do not grow by the time until they are seen.
    let late = time.nanoseconds(since: due) / interval
    streams[number].nextReport &+= (late &+ 1) &* interval
    guard streams[number].isConfirmed else { return }
    guard streams[number].packets > streams[number].reported.packets else {
      return streams[number].beginInterval(at: due.advanced(byNanoseconds: late &* interval))
    }
    // It covers the packets that came before anybody looked.
    dueReports.append((number, max(due, streams[number].last)))
  }

  /// How good a stream was since its last report, which thereby is made.
  public mutating func takeReport(of number: Int, at time: Timestamp) -> StreamQuality {
    let quality = streams[number].quality(sinceReportAt: time, isConcealed: isConcealed)
    streams[number].beginInterval(at: time)
    return quality
  }

  /// How good a live stream has been up to now.
  public func quality(of number: Int) -> StreamQuality {
    streams[number].quality(isConcealed: isConcealed)
  }

  /// Forgets the due reports once they were made.
  public mutating func removeReports() {
    dueReports.removeAll(keepingCapacity: true)
  }
}

// MARK: - Ends

extension StreamTable {
  /// A flood of what only looks like RTP should not stay as long as a stream may be silent.
  private static let candidateTime: Int64 = 30_000_000_000

  private func idleTime(of number: Int) -> Int64 {
    streams[number].isConfirmed ? idleTime : min(idleTime, Self.candidateTime)
  }

  /// When a stream has to be looked at again.
  func deadline(of number: Int) -> Timestamp {
    let idle = streams[number].last.advanced(byNanoseconds: idleTime(of: number))
    return Timestamp(nanoseconds: min(idle.nanoseconds, streams[number].nextReport))
  }

  private mutating func end(_ number: Int) {
    let stream = streams[number]
    if stream.isConfirmed {
      ended.append(stream)
    } else if stream.isRelayed {
      paths.remove(Int(stream.path))
    }
    index.remove(hash(stream.key, isForward: stream.isForward, ssrc: stream.ssrc), record: number)
    streams[number].flowID = 0
    streams.remove(number)
  }

  mutating func evict() {
    // The table is full, so every number up to `extent` is in use.
    var sampler = sampler
    let victim = sampler.victim(among: streams.extent, isLessValuable: { isLessValuable($0, $1) })
    self.sampler = sampler
    if streams[victim].isConfirmed { evictions &+= 1 }
    wheel.cancel(victim)
    end(victim)
  }

  private func isLessValuable(_ left: Int, _ right: Int) -> Bool {
    if streams[left].isConfirmed != streams[right].isConfirmed { return streams[right].isConfirmed }
    return streams[left].last < streams[right].last
  }

  func hash(_ key: FlowKey, isForward: Bool, ssrc: UInt32) -> UInt64 {
    var hash = SeededHash(seed: key.hash(seed: seed))
    hash.combine(UInt64(ssrc) << 1 | (isForward ? 1 : 0))
    return hash.value
  }
}
