internal import Values

extension TCPReassembler {
  /// Gives all that waits and ends all streams, in the order of their last packets.
  public mutating func flush<V: TCPStreamVisitor & ~Copyable>(visitor: inout V) {
    for age in [TCPStreamAge.lingering, .oneSided, .established] {
      while let slot = ages.oldest(in: age.rawValue) {
        giveEverything(slot, now: streams[slot].lastSeen, visitor: &visitor)
        remove(slot, .endOfCapture, visitor: &visitor)
      }
    }
  }

  /// Ends what was idle too long and gives up gaps that were not filled in time.
  mutating func expire<V: TCPStreamVisitor & ~Copyable>(now: Timestamp, visitor: inout V) {
    while let oldest = waiting.oldest(in: 0) {
      let since = streams[oldest / 2].halves[oldest & 1].waitingSince
      guard now.nanoseconds(since: since) > limits.gapTimeoutNanoseconds else { break }
      giveOldest(oldest / 2, oldest & 1 == 0 ? .forward : .backward, now: now, visitor: &visitor)
    }
    expire(.oneSided, after: limits.oneSidedTimeoutNanoseconds, now, &visitor)
    expire(.established, after: limits.idleTimeoutNanoseconds, now, &visitor)
    expire(.lingering, after: limits.lingerNanoseconds, now, &visitor)
  }

  private mutating func expire<V: TCPStreamVisitor & ~Copyable>(
    _ age: TCPStreamAge, after limit: Int64, _ now: Timestamp, _ visitor: inout V
  ) {
    while let slot = ages.oldest(in: age.rawValue),
      now.nanoseconds(since: streams[slot].lastSeen) > limit
    {
      if age != .lingering { counters.timedOut += 1 }
      giveEverything(slot, now: now, visitor: &visitor)
      remove(slot, .timedOut, visitor: &visitor)
    }
  }

  /// Begins a stream; makes room for it when the table is full.
  mutating func open<V: TCPStreamVisitor & ~Copyable>(
    _ key: FlowKey, _ hash: UInt64, _ packet: borrowing Packet, visitor: inout V
  ) -> Int {
    makeRoomForStream(now: packet.timestamp, visitor: &visitor)
    let stream = TCPStream(key: key, hash: hash, time: packet.timestamp)
    let slot: Int
    if let free = freeSlots.popLast() {
      slot = Int(free)
      streams[slot] = stream
    } else {
      slot = streams.count
      streams.append(stream)
    }
    index.insert(hash, record: slot)
    ages.append(slot, to: TCPStreamAge.oneSided.rawValue)
    start(slot, packet, visitor: &visitor)
    return slot
  }

  private mutating func start<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ packet: borrowing Packet, visitor: inout V
  ) {
    let isMidstream = !packet.tcpFlags.contains(.syn)
    counters.streams += 1
    if isMidstream { counters.midstream += 1 }
    visitor.visitStart(stream: slot, isMidstream: isMidstream, packet: packet)
  }

  /// Begins a new connection in the slot of one that ended.
  mutating func reopen<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    forgetTail(slot, 0)
    forgetTail(slot, 1)
    let old = streams[slot]
    streams[slot] = TCPStream(key: old.key, hash: old.hash, time: packet.timestamp)
    streams[slot].seenDirections = 1 << direction.rawValue
    ages.move(slot, from: old.age.rawValue, to: TCPStreamAge.oneSided.rawValue)
    start(slot, packet, visitor: &visitor)
  }

  /// Ends a stream and remembers it for a while.
  mutating func close<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ reason: TCPCloseReason, visitor: inout V
  ) {
    giveEverything(slot, now: streams[slot].lastSeen, visitor: &visitor)
    forgetTail(slot, 0)
    forgetTail(slot, 1)
    ages.move(slot, from: streams[slot].age.rawValue, to: TCPStreamAge.lingering.rawValue)
    streams[slot].age = .lingering
    visitor.visitEnd(stream: slot, reason: reason)
  }

  /// Takes a stream out of the table; nothing waits in it any more.
  private mutating func remove<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ reason: TCPCloseReason, visitor: inout V
  ) {
    if streams[slot].age != .lingering { visitor.visitEnd(stream: slot, reason: reason) }
    forgetTail(slot, 0)
    forgetTail(slot, 1)
    ages.remove(slot, from: streams[slot].age.rawValue)
    index.remove(streams[slot].hash, record: slot)
    freeSlots.append(Int32(truncatingIfNeeded: slot))
  }

  /// One-sided streams, which anybody can make by spoofing, push out only each other.
  private mutating func makeRoomForStream<V: TCPStreamVisitor & ~Copyable>(
    now: Timestamp, visitor: inout V
  ) {
    let capacity = max(1, limits.streams)
    let oneSided = TCPStreamAge.oneSided.rawValue
    if ages.count(of: oneSided) >= max(1, capacity / 4), let slot = ages.oldest(in: oneSided) {
      evict(slot, now: now, visitor: &visitor)
    }
    guard streamCount >= capacity else { return }
    for age in [TCPStreamAge.lingering, .oneSided, .established] {
      guard let slot = ages.oldest(in: age.rawValue) else { continue }
      return evict(slot, now: now, visitor: &visitor)
    }
  }

  private mutating func evict<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, now: Timestamp, visitor: inout V
  ) {
    counters.evicted += 1
    giveEverything(slot, now: now, visitor: &visitor)
    remove(slot, .evicted, visitor: &visitor)
  }
}
