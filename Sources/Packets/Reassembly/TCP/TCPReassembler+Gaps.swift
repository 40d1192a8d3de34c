internal import Values

extension TCPReassembler {
  /// Gives up the gap before the first piece and gives what follows it.
  mutating func skipGap<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, _ visitor: inout V
  ) {
    let first = streams[slot].halves[Int(direction.rawValue)].pieces.first
    guard first >= 0 else { return }
    skip(to: pieces[first].sequence, slot, direction, packet, &visitor)
  }

  /// Gives up all bytes before a sequence number, as far as no piece has them.
  mutating func skip<V: TCPStreamVisitor & ~Copyable>(
    to end: UInt32, _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, _ visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    while true {
      Work.count(1)
      let next = streams[slot].halves[side].next
      let first = streams[slot].halves[side].pieces.first
      if first >= 0, pieces[first].sequence == next {
        givePiece(slot, direction, packet, &visitor)
        continue
      }
      var lost = TCPPieces.distance(from: next, to: end)
      if first >= 0 { lost = min(lost, TCPPieces.distance(from: next, to: pieces[first].sequence)) }
      guard lost > 0 else { break }
      noteGap(lost)
      streams[slot].halves[side].next &+= UInt32(truncatingIfNeeded: lost)
      visitor.visitGap(byteCount: lost, stream: slot, direction: direction, packet: packet)
    }
    restartWait(slot, side, packet.timestamp)
  }

  private mutating func restartWait(_ slot: Int, _ side: Int, _ now: Timestamp) {
    guard !streams[slot].halves[side].pieces.isEmpty else { return }
    streams[slot].halves[side].waitingSince = now
    waiting.move(2 * slot + side, from: 0, to: 0)
  }

  /// Gives up the gaps whose bytes the other side has acknowledged.
  mutating func skipAcknowledgedGaps<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    while streams[slot].halves[side].isAcknowledged {
      let first = streams[slot].halves[side].pieces.first
      let number = streams[slot].halves[side].acknowledged
      guard first >= 0, TCPPieces.distance(from: pieces[first].sequence, to: number) >= 0 else { return }
      skipGap(slot, direction, packet, &visitor)
    }
  }

  /// Gives up the bytes before FIN when the other side has acknowledged it.
  mutating func giveTail<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    let half = streams[slot].halves[Int(direction.rawValue)]
    guard half.hasEnd, half.isAcknowledged, half.next != half.end, half.pieces.isEmpty,
      TCPPieces.distance(from: half.end, to: half.acknowledged) >= 0
    else { return }
    skip(to: half.end, slot, direction, packet, &visitor)
  }

  /// Gives all that waits in a stream, gaps named.
  mutating func giveEverything<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, now: Timestamp, visitor: inout V
  ) {
    giveEverything(slot, .forward, now: now, visitor: &visitor)
    giveEverything(slot, .backward, now: now, visitor: &visitor)
  }

  /// Gives all that waits in one direction; the packet is the one that carried the bytes, at a later time.
  mutating func giveEverything<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, now: Timestamp, visitor: inout V
  ) {
    while !streams[slot].halves[Int(direction.rawValue)].pieces.isEmpty {
      giveOldest(slot, direction, now: now, visitor: &visitor)
    }
  }

  /// Gives up one gap of a direction for the sake of time or memory.
  mutating func giveOldest<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, now: Timestamp, visitor: inout V
  ) {
    let first = streams[slot].halves[Int(direction.rawValue)].pieces.first
    guard first >= 0 else { return }
    var packet = pieces[first].packet
    packet.timestamp = max(packet.timestamp, now)
    skipGap(slot, direction, packet, &visitor)
  }

  /// Frees memory for more waiting bytes: whoever waits longest gives up.
  mutating func makeRoom<V: TCPStreamVisitor & ~Copyable>(_ count: Int, now: Timestamp, visitor: inout V) {
    while pieces.bytesInUse + count > limits.bytes || !pieces.hasRoom, let oldest = waiting.oldest(in: 0) {
      counters.forcedGaps += 1
      let direction: TCPDirection = oldest & 1 == 0 ? .forward : .backward
      giveEverything(oldest / 2, direction, now: now, visitor: &visitor)
    }
  }
}
