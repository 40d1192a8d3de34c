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
public struct StreamTable: Sendable {
  /// What became of a packet.
  public enum Outcome: Sendable {
    /// It is not RTP, or not known to be.
    case undecided
    /// It belongs to a stream.
    case counted
    /// It decided that its stream is one; the number is valid until the next packet.
    case started(Int)
  }

  /// Streams that ended and were not collected yet, in the order of their end.
  public private(set) var ended: [RTPStream] = []
  /// Streams displaced because the table was full; candidates that never were decided do not count.
  public private(set) var evictions: UInt64 = 0
  /// Streams so far.
  public internal(set) var total: UInt64 = 0
  /// Packets of streams so far.
  public internal(set) var packets: UInt64 = 0

  var streams: Arena<RTPStream>
  var index: HashIndex
  var wheel = TimerWheel()
  var addresses: MediaAddresses
  private var nextExpiry = Int64.min
  private var sampler: UInt64 = 0x9e37_79b9_7f4a_7c15
  private let seed: UInt64
  let capacity: Int
  let idleTime: Int64

  /// An empty table.
  ///
  /// - Parameters:
  ///   - capacity: streams at the most; an eighth as many addresses of session descriptions are kept.
  ///   - seed: of the hash; results do not depend on it.
  ///   - idleTime: nanoseconds without a packet after which a stream has ended.
  public init(capacity: Int, seed: UInt64, idleTime: Int64 = 30_000_000_000) {
    let none = RTPArrival(
      time: Timestamp(nanoseconds: 0), sequence: 0, timestamp: 0, payloadType: 0, payloadCount: 0)
    let flow = FlowTable.MediaState(id: 0, recent: -1, appProtocol: .unknown)
    streams = Arena(empty: RTPStream(Packet(), none, ssrc: 0, flow: flow, toServer: true))
    index = HashIndex()
    addresses = MediaAddresses(capacity: max(64, capacity / 8), seed: seed)
    self.seed = seed
    self.capacity = max(1, capacity)
    self.idleTime = idleTime
  }

  /// Live streams and candidates.
  public var count: Int { streams.count }
  /// Bytes that the table takes, the memory of announced addresses included.
  public var byteCount: Int { streams.byteCount + index.byteCount + addresses.byteCount }

  /// How full it is, without the memory of announced addresses.
  public var usage: TableUsage {
    TableUsage(
      entries: count, limit: capacity, bytes: streams.byteCount + index.byteCount, evictions: evictions)
  }
  /// How full the memory of announced addresses is.
  public var addressUsage: TableUsage { addresses.usage }

  /// A copy of one stream.
  public func stream(_ number: Int) -> RTPStream { streams[number] }

  /// Remembers where a session description expects media.
  public mutating func learn(
    _ description: borrowing SessionDescription, in bytes: Bytes, at time: Timestamp
  ) {
    addresses.learn(description, in: bytes, at: time)
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
    streams[number].add(
      RTPArrival(
        time: packet.timestamp, sequence: payload.uint16(at: 2), timestamp: payload.uint32(at: 4),
        payloadType: payloadType,
        payloadCount: payload.count &- RTPHeader.minimumCount &+ packet.uncapturedLength))
    return .counted
  }

  /// Ends the streams whose time is up at an instant; looks once a second.
  public mutating func expire(at time: Timestamp) {
    guard time.nanoseconds >= nextExpiry else { return }
    nextExpiry = time.advanced(byNanoseconds: 1_000_000_000).nanoseconds
    while let number = wheel.popDue(at: time) {
      let deadline = streams[number].last.advanced(byNanoseconds: idleTime)
      if deadline < time {
        end(number)
      } else {
        wheel.schedule(number, at: deadline)
      }
    }
  }

  /// Ends all streams, in the order of their first packets.
  public mutating func finish() {
    var live = (0..<streams.extent).filter { streams[$0].flowID != 0 }
    live.sort { (streams[$0].firstNumber, $0) < (streams[$1].firstNumber, $1) }
    for number in live {
      wheel.cancel(number)
      end(number)
    }
  }

  /// Forgets the ended streams once they were collected.
  public mutating func removeEnded() {
    ended.removeAll(keepingCapacity: true)
  }
}

// MARK: - Ends

extension StreamTable {
  private mutating func end(_ number: Int) {
    let stream = streams[number]
    if stream.isConfirmed { ended.append(stream) }
    index.remove(hash(stream.key, isForward: stream.isForward, ssrc: stream.ssrc), record: number)
    streams[number].flowID = 0
    streams.remove(number)
  }

  mutating func evict() {
    var victim: Int?
    // The table is full, so every number up to `extent` is in use.
    for _ in 0..<8 {
      sampler ^= sampler << 13
      sampler ^= sampler >> 7
      sampler ^= sampler << 17
      let candidate = Int(sampler % UInt64(streams.extent))
      if let best = victim, !isLessValuable(candidate, best) { continue }
      victim = candidate
    }
    guard let victim else { return }
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
