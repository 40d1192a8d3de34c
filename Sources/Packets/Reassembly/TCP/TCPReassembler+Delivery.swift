internal import Values

extension TCPReassembler {
  /// Gives or keeps the data of a segment.
  mutating func receive<V: TCPStreamVisitor & ~Copyable>(
    _ payload: Bytes, _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    let sequence = packet.tcpSequence &+ (packet.tcpFlags.contains(.syn) ? 1 : 0)
    counters.segments += 1
    Work.count(1)
    if !streams[slot].halves[side].isKnown {
      streams[slot].halves[side].next = sequence
      streams[slot].halves[side].isKnown = true
    }
    var distance = TCPPieces.distance(from: streams[slot].halves[side].next, to: sequence)
    if abs(distance) > Self.window {
      guard isNewPlace(slot, side, packet, distance, direction, visitor: &visitor) else { return }
      distance = 0
    }
    streams[slot].halves[side].strays = 0
    streams[slot].halves[side].hasData = true
    guard distance <= 0 else {
      keep(payload, slot, direction, sequence, packet, visitor: &visitor)
      return
    }
    let old = min(-distance, payload.count)
    compare(payload.extracting(0..<old), at: sequence, slot, direction, packet, visitor: &visitor)
    guard -distance < payload.count + packet.uncapturedLength else {
      if payload.count <= 1, distance == -1 {
        counters.keepAlives += 1
      } else {
        counters.retransmissions += 1
      }
      return
    }
    let fresh = payload.extracting(old..<payload.count)
    giveInOrder(fresh, slot, direction, packet, visitor: &visitor)
    let captured = sequence &+ UInt32(truncatingIfNeeded: payload.count)
    if packet.uncapturedLength > 0 {
      skip(
        to: captured &+ UInt32(truncatingIfNeeded: packet.uncapturedLength), slot, direction, packet, &visitor
      )
    }
  }

  /// Whether a segment far outside is believed: the third in a row is, for then the connection has moved
  /// on by more than was captured.
  private mutating func isNewPlace<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ side: Int, _ packet: borrowing Packet, _ distance: Int, _ direction: TCPDirection,
    visitor: inout V
  ) -> Bool {
    counters.strays += 1
    streams[slot].halves[side].strays += 1
    guard streams[slot].halves[side].strays >= 3 else { return false }
    giveEverything(slot, direction, now: packet.timestamp, visitor: &visitor)
    let sequence = packet.tcpSequence
    let lost = max(0, TCPPieces.distance(from: streams[slot].halves[side].next, to: sequence))
    noteGap(lost)
    visitor.visitGap(byteCount: lost, stream: slot, direction: direction, packet: packet)
    forgetTail(slot, side)
    streams[slot].halves[side].next = sequence
    streams[slot].halves[side].isAcknowledged = false
    streams[slot].halves[side].hasEnd = false
    return true
  }

  /// Gives data that begins at the next byte. Pieces that lie in it came first, so their bytes win.
  private mutating func giveInOrder<V: TCPStreamVisitor & ~Copyable>(
    _ data: Bytes, _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    var offset = 0
    while offset < data.count {
      var upper = data.count
      let first = streams[slot].halves[side].pieces.first
      if first >= 0 {
        let next = streams[slot].halves[side].next
        let before = TCPPieces.distance(from: next, to: pieces[first].sequence)
        guard before > 0 else {
          let size = pieces[first].bytes.count
          let overlap = data.extracting(offset..<min(offset + size, data.count))
          noteConflicts(pieces.differences(overlap, first, from: 0), slot, direction, packet, &visitor)
          givePiece(slot, direction, packet, &visitor)
          offset += size
          continue
        }
        upper = min(upper, offset + before)
      }
      give(data.extracting(offset..<upper), slot, direction, packet, &visitor)
      offset = upper
    }
    drain(slot, direction, packet, &visitor)
  }

  private mutating func give<V: TCPStreamVisitor & ~Copyable>(
    _ bytes: Bytes, _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, _ visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    let sequence = streams[slot].halves[side].next
    streams[slot].halves[side].next &+= UInt32(truncatingIfNeeded: bytes.count)
    counters.bytes += UInt64(bytes.count)
    Work.count(bytes.count)
    visitor.visit(bytes, stream: slot, direction: direction, packet: packet)
    noteGiven(bytes, at: sequence, slot, direction, visitor: visitor)
  }

  /// Remembers given bytes, or forgets those before them where the stream turns out to be of no interest.
  private mutating func noteGiven<V: TCPStreamVisitor & ~Copyable>(
    _ bytes: Bytes, at sequence: UInt32, _ slot: Int, _ direction: TCPDirection, visitor: borrowing V
  ) {
    guard visitor.comparesCopies(stream: slot, direction: direction) else {
      return forgetTail(slot, Int(direction.rawValue))
    }
    remember(bytes, at: sequence, slot, Int(direction.rawValue))
    forgetAcknowledged(slot, Int(direction.rawValue))
  }

  /// Gives the first piece, which begins at the next byte.
  mutating func givePiece<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, _ visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    let first = streams[slot].halves[side].pieces.first
    let bytes = pieces[first].bytes
    let sequence = streams[slot].halves[side].next
    streams[slot].halves[side].next &+= UInt32(truncatingIfNeeded: bytes.count)
    counters.bytes += UInt64(bytes.count)
    visitor.visit(bytes.span, stream: slot, direction: direction, packet: packet)
    noteGiven(bytes.span, at: sequence, slot, direction, visitor: visitor)
    pieces.removeFirst(from: &streams[slot].halves[side].pieces)
    if streams[slot].halves[side].pieces.isEmpty { waiting.remove(2 * slot + side, from: 0) }
  }

  /// Gives the pieces that begin where the data now ends.
  private mutating func drain<V: TCPStreamVisitor & ~Copyable>(
    _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, _ visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    while true {
      let first = streams[slot].halves[side].pieces.first
      guard first >= 0, pieces[first].sequence == streams[slot].halves[side].next else { return }
      givePiece(slot, direction, packet, &visitor)
    }
  }

  /// Keeps data that came before its turn, then gives up what the limits or the other side demand.
  private mutating func keep<V: TCPStreamVisitor & ~Copyable>(
    _ data: Bytes, _ slot: Int, _ direction: TCPDirection, _ sequence: UInt32, _ packet: borrowing Packet,
    visitor: inout V
  ) {
    let side = Int(direction.rawValue)
    counters.outOfOrder += 1
    guard !data.isEmpty else { return }
    makeRoom(data.count, now: packet.timestamp, visitor: &visitor)
    // Making room may have moved this very stream on.
    guard TCPPieces.distance(from: streams[slot].halves[side].next, to: sequence) > 0 else {
      return receive(data, slot, direction, packet, visitor: &visitor)
    }
    let wasEmpty = streams[slot].halves[side].pieces.isEmpty
    guard pieces.hasRoom else {
      counters.dropped += 1
      return
    }
    let conflicts = pieces.insert(
      data, at: sequence, into: &streams[slot].halves[side].pieces, packet: packet)
    counters.pieceSteps = pieces.steps
    noteConflicts(conflicts, slot, direction, packet, &visitor)
    if wasEmpty {
      streams[slot].halves[side].waitingSince = packet.timestamp
      waiting.append(2 * slot + side, to: 0)
    }
    skipAcknowledgedGaps(slot, direction, packet, visitor: &visitor)
    while streams[slot].halves[side].pieces.bytes > limits.bytesPerDirection
      || streams[slot].halves[side].pieces.count > limits.piecesPerDirection
    {
      counters.forcedGaps += 1
      skipGap(slot, direction, packet, &visitor)
    }
  }

  mutating func noteConflicts<V: TCPStreamVisitor & ~Copyable>(
    _ count: Int, _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet, _ visitor: inout V
  ) {
    guard count > 0 else { return }
    counters.conflicts += 1
    visitor.visitConflict(byteCount: count, stream: slot, direction: direction, packet: packet)
  }

  mutating func noteGap(_ count: Int) {
    counters.gaps += 1
    counters.gapBytes += UInt64(count)
  }
}
