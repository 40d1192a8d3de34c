public import Values

/// Puts the segments of TCP connections in order (RFC 9293 §3.4).
///
/// - In-order data is given at once, without a copy. What comes early waits, within limits.
/// - Where segments overlap, the byte that came first wins, as far as it was not yet given.
/// - What was given is compared with its retransmissions until it is acknowledged, within limits.
/// - A gap is given up, and named, when the other side has acknowledged bytes behind it (so they arrived
///   and were not captured), after a time-out, when memory is short, at RST and at the end.
/// - A stream whose handshake was not seen begins with its first data.
/// - Each segment costs time in proportion to its length plus the (limited) number of waiting pieces.
public struct TCPReassembler: Sendable {
  /// What was seen so far.
  public internal(set) var counters = TCPCounters()
  let limits: TCPLimits
  private let seed: UInt64
  var streams: [TCPStream] = []
  var freeSlots: [Int32] = []
  var index = HashIndex()
  var ages = SlotLists(count: 3)
  /// Directions with waiting pieces, `2 * slot + direction`, longest wait first.
  var waiting = SlotLists(count: 1)
  var pieces: TCPPieces
  /// What was given and not yet acknowledged.
  var tails: TCPTails
  /// Directions with such bytes, `2 * slot + direction`, those of streams with one side apart.
  var tailOwners = SlotLists(count: 2)

  /// A reassembler without streams; the seed keys the hash table and does not change what is given.
  public init(limits: TCPLimits = TCPLimits(), seed: UInt64 = 0) {
    self.limits = limits
    self.seed = seed
    pieces = TCPPieces(limit: max(16, limits.bytes / 1024))
    tails = TCPTails(limit: limits.tailBytes / TCPTails.pageSize)
  }

  /// Streams in the table, those that ended a moment ago included.
  public var streamCount: Int { streams.count - freeSlots.count }

  /// Streams, with the bytes of their records and of the copies that wait for an acknowledgement.
  public var streamUsage: TableUsage {
    TableUsage(
      entries: streamCount, limit: limits.streams,
      bytes: streams.count * MemoryLayout<TCPStream>.stride + tails.byteCount,
      evictions: counters.evicted)
  }

  /// Segments that wait for a gap to be filled, with their bytes.
  public var segmentUsage: TableUsage {
    TableUsage(
      entries: pieces.count, bytes: waitingBytes, byteLimit: limits.bytes, evictions: counters.forcedGaps)
  }

  /// Bytes that wait for a gap to be filled.
  public var waitingBytes: Int { pieces.bytesInUse }

  /// Takes a TCP packet and gives what it makes available; other packets are ignored.
  public mutating func process<V: TCPStreamVisitor & ~Copyable>(
    _ packet: borrowing Packet, payload: Bytes, visitor: inout V
  ) {
    let isSegment = packet.transport == .tcp
    guard isSegment, !packet.isFragment else { return }
    expire(now: packet.timestamp, visitor: &visitor)
    let direction: TCPDirection = FlowKey.isForward(packet) ? .forward : .backward
    guard let slot = findOrOpen(packet, hasData: !payload.isEmpty, visitor: &visitor) else { return }
    resume(slot, direction, packet, visitor: &visitor)
    touch(slot, direction, packet.timestamp)
    if packet.tcpFlags.contains(.syn) {
      synchronize(slot, direction, packet, visitor: &visitor)
    }
    guard streams[slot].age != .lingering else { return }
    if packet.tcpFlags.contains(.ack) {
      acknowledge(slot, direction.opposite, packet, visitor: &visitor)
    }
    if packet.tcpFlags.contains(.rst) {
      reset(slot, direction, packet, visitor: &visitor)
      return
    }
    let length = payload.count + packet.uncapturedLength
    if length > 0 {
      receive(payload, slot, direction, packet, visitor: &visitor)
    }
    if packet.tcpFlags.contains(.fin) { noteEnd(slot, direction, packet, payload) }
    giveTail(slot, direction, packet, visitor: &visitor)
    let isFinished = streams[slot].halves[0].isFinished && streams[slot].halves[1].isFinished
    if isFinished { close(slot, .finished, visitor: &visitor) }
  }

  /// The stream of a packet. A packet without data, other than SYN, does not begin one.
  private mutating func findOrOpen<V: TCPStreamVisitor & ~Copyable>(
    _ packet: borrowing Packet, hasData: Bool, visitor: inout V
  ) -> Int? {
    let key = FlowKey(packet)
    let hash = key.hash(seed: seed)
    if let slot = index.find(hash, where: { streams[$0].key == key }) { return slot }
    let flags = packet.tcpFlags
    guard !flags.contains(.rst), hasData || flags.contains(.syn) else { return nil }
    return open(key, hash, packet, visitor: &visitor)
  }

  private mutating func touch(_ slot: Int, _ direction: TCPDirection, _ time: Timestamp) {
    let age = streams[slot].age
    streams[slot].seenDirections |= 1 << direction.rawValue
    if age != .lingering {
      streams[slot].lastSeen = time
      let newAge: TCPStreamAge = streams[slot].seenDirections == 3 ? .established : .oneSided
      streams[slot].age = newAge
      ages.move(slot, from: age.rawValue, to: newAge.rawValue)
    }
  }

  /// A SYN sets where the direction begins. One that does not fit to a stream with data begins a new
  /// connection only when the other side answers it, since anybody can send one.
  private mutating func synchronize<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    let start = packet.tcpSequence &+ 1
    if !packet.tcpFlags.contains(.ack) {
      if streams[slot].age == .lingering {
        reopen(slot, direction, packet, visitor: &visitor)
      } else if hasMoved(slot, side), streams[slot].halves[side].next != start {
        streams[slot].halves[side].proposedStart = start
      }
    } else if streams[slot].halves[1 - side].proposedStart == packet.tcpAcknowledgement {
      if streams[slot].age != .lingering { close(slot, .replaced, visitor: &visitor) }
      reopen(slot, direction, packet, visitor: &visitor)
      streams[slot].halves[1 - side].next = packet.tcpAcknowledgement
      streams[slot].halves[1 - side].isKnown = true
    }
    guard streams[slot].age != .lingering, !hasMoved(slot, side) else { return }
    streams[slot].halves[side].next = start
    streams[slot].halves[side].isKnown = true
  }

  /// Whether a direction has more than its SYN.
  private func hasMoved(_ slot: Int, _ side: Int) -> Bool {
    streams[slot].halves[side].hasData || streams[slot].halves[side].hasEnd
  }

  /// An acknowledgement of bytes behind a gap means that they arrived: they were not captured.
  private mutating func acknowledge<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    let number = packet.tcpAcknowledgement
    guard streams[slot].halves[side].isKnown,
      abs(TCPPieces.distance(from: streams[slot].halves[side].next, to: number)) <= Self.window
    else { return }
    let last = streams[slot].halves[side].acknowledged
    if !streams[slot].halves[side].isAcknowledged || TCPPieces.distance(from: last, to: number) > 0 {
      streams[slot].halves[side].acknowledged = number
      streams[slot].halves[side].isAcknowledged = true
      forgetAcknowledged(slot, side)
    }
    skipAcknowledgedGaps(slot, direction, packet, visitor: &visitor)
    giveTail(slot, direction, packet, visitor: &visitor)
  }

  /// A RST counts when its number is the very one that its receiver expects (RFC 9293 §3.10.7.4, RFC 5961 §3): any
  /// other is not believed there either. Behind lost segments it is not known; the stream then ends by itself.
  private mutating func reset<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    let half = streams[slot].halves[Int(direction.rawValue)]
    let other = streams[slot].halves[Int(direction.opposite.rawValue)]
    // Of a side that sent nothing, as one that refuses a SYN, the acknowledgement tells.
    let (number, acknowledged) = (packet.tcpSequence, packet.tcpAcknowledgement)
    let isAnswer = packet.tcpFlags.contains(.ack) && other.isKnown
    guard half.isKnown ? half.isNext(number) : isAnswer && other.isNext(acknowledged) else {
      counters.strays += 1
      return
    }
    giveEverything(slot, now: packet.timestamp, visitor: &visitor)
    close(slot, .reset, visitor: &visitor)
    streams[slot].resetBy = direction
  }

  /// A host that has sent RST sends nothing more: when it goes on where it was, the RST was forged.
  private mutating func resume<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    let flags = packet.tcpFlags
    guard streams[slot].age == .lingering, streams[slot].resetBy == direction, !flags.contains(.rst),
      !flags.contains(.syn)
    else { return }
    let halves = streams[slot].halves
    let side = Int(direction.rawValue)
    guard halves[side].isKnown, halves[side].next == packet.tcpSequence else { return }
    reopen(slot, direction, packet, visitor: &visitor)
    for side in 0...1 {
      streams[slot].halves[side].next = halves[side].next
      streams[slot].halves[side].isKnown = halves[side].isKnown
    }
  }

  private mutating func noteEnd(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, _ payload: Bytes
  ) {
    let side = Int(direction.rawValue)
    let length = payload.count + packet.uncapturedLength + (packet.tcpFlags.contains(.syn) ? 1 : 0)
    let end = packet.tcpSequence &+ UInt32(truncatingIfNeeded: length)
    if !streams[slot].halves[side].isKnown {
      streams[slot].halves[side].next = end
      streams[slot].halves[side].isKnown = true
    }
    let distance = TCPPieces.distance(from: streams[slot].halves[side].next, to: end)
    guard !streams[slot].halves[side].hasEnd, distance >= 0, distance <= Self.window else { return }
    streams[slot].halves[side].end = end
    streams[slot].halves[side].hasEnd = true
  }

  /// How far from the next byte a sequence number may be: the largest window that hosts really use.
  static var window: Int { 1 << 25 }
}
