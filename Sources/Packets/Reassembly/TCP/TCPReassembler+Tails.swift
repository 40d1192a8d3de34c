internal import Values

extension TCPReassembler {
  /// Remembers bytes that are being given until the other side acknowledges them.
  mutating func remember(_ bytes: Bytes, at sequence: UInt32, _ slot: Int, _ side: Int) {
    var offset = 0
    while offset < bytes.count {
      let position = sequence &+ UInt32(truncatingIfNeeded: offset)
      if !tails.continues(streams[slot].halves[side].tail, at: position) {
        guard makePage(at: position, slot, side) else { return }
      }
      offset += tails.extend(
        streams[slot].halves[side].tail, with: bytes.extracting(offset..<bytes.count))
    }
    Work.count(bytes.count)
  }

  /// Adds a page to a direction. When there is none left, the direction that has kept its pages longest loses them;
  /// a stream of which one side only was seen, which anybody can make by spoofing, takes none from the others.
  private mutating func makePage(at sequence: UInt32, _ slot: Int, _ side: Int) -> Bool {
    if streams[slot].halves[side].tail.count >= max(1, limits.tailBytesPerDirection / TCPTails.pageSize) {
      tails.removeFirst(from: &streams[slot].halves[side].tail)
      if streams[slot].halves[side].tail.isEmpty { leave(slot, side) }
    }
    if !tails.hasRoom {
      let oneSided = tailOwners.oldest(in: TCPStreamAge.oneSided.rawValue)
      let other =
        streams[slot].age == .oneSided ? nil : tailOwners.oldest(in: TCPStreamAge.established.rawValue)
      guard let owner = oneSided ?? other else { return false }
      forgetTail(owner / 2, owner & 1)
    }
    if streams[slot].halves[side].tail.isEmpty {
      let age = streams[slot].age
      streams[slot].halves[side].tail.age = UInt8(age.rawValue)
      tailOwners.append(2 * slot + side, to: age.rawValue)
    }
    tails.addPage(at: sequence, to: &streams[slot].halves[side].tail)
    return true
  }

  /// Forgets what the other side has acknowledged: it takes no other bytes in its place any more.
  mutating func forgetAcknowledged(_ slot: Int, _ side: Int) {
    guard streams[slot].halves[side].isAcknowledged, !streams[slot].halves[side].tail.isEmpty else { return }
    tails.remove(before: streams[slot].halves[side].acknowledged, from: &streams[slot].halves[side].tail)
    if streams[slot].halves[side].tail.isEmpty { leave(slot, side) }
  }

  /// Forgets all that was given in one direction.
  mutating func forgetTail(_ slot: Int, _ side: Int) {
    guard !streams[slot].halves[side].tail.isEmpty else { return }
    while !streams[slot].halves[side].tail.isEmpty {
      tails.removeFirst(from: &streams[slot].halves[side].tail)
    }
    leave(slot, side)
  }

  private mutating func leave(_ slot: Int, _ side: Int) {
    tailOwners.remove(2 * slot + side, from: Int(streams[slot].halves[side].tail.age))
  }

  /// Compares bytes that were given already with what they were then.
  mutating func compare<V: TCPStreamVisitor & ~Copyable>(
    _ bytes: Bytes, at sequence: UInt32, _ slot: Int, _ direction: TCPDirection, _ packet: borrowing Packet,
    visitor: inout V
  ) {
    let half = streams[slot].halves[Int(direction.rawValue)]
    guard !bytes.isEmpty, !half.tail.isEmpty else { return }
    // A keep-alive has one old byte, which may be any (RFC 9293 §3.8.4). It waits until all is acknowledged, so
    // it can only meet a tail where acknowledgements are not seen.
    let isKeepAlive = bytes.count == 1 && TCPPieces.distance(from: half.next, to: sequence) == -1
    guard !isKeepAlive || streams[slot].age != .oneSided else { return }
    let count = tails.differences(bytes, at: sequence, in: half.tail)
    noteConflicts(count, slot, direction, packet, &visitor)
  }
}
