internal import Values

/// Out-of-order data of one direction: an ordered list of pieces that do not overlap.
struct TCPPieceList: Sendable {
  var first: Int32 = -1
  var last: Int32 = -1
  var count = 0
  var bytes = 0

  var isEmpty: Bool { first < 0 }
}

/// The pieces of all streams in one array, with a free list; their buffers are used again.
struct TCPPieces: Sendable {
  private var pieces: [Piece] = []
  private var free: [Int32] = []
  private let limit: Int
  /// Bytes that wait in all lists.
  private(set) var bytesInUse = 0
  /// Pieces looked at by insertions.
  private(set) var steps: UInt64 = 0

  struct Piece: Sendable {
    var sequence: UInt32
    var bytes: [UInt8] = []
    var next: Int32 = -1
    var packet: Packet
  }

  init(limit: Int) {
    self.limit = limit
  }

  /// Whether one more piece can be had.
  var hasRoom: Bool { !free.isEmpty || pieces.count < limit }

  /// Pieces in use.
  var count: Int { pieces.count - free.count }

  subscript(index: Int32) -> Piece { pieces[Int(index)] }

  /// The sequence number after a piece.
  func end(_ index: Int32) -> UInt32 {
    pieces[Int(index)].sequence &+ UInt32(truncatingIfNeeded: pieces[Int(index)].bytes.count)
  }

  /// Fills the holes of a list with new data; what was there stays. Returns how many bytes contradict it.
  ///
  /// It looks at each piece once at most; the usual case, data behind the last piece, looks at none.
  mutating func insert(
    _ data: Bytes, at sequence: UInt32, into list: inout TCPPieceList, packet: borrowing Packet
  ) -> Int {
    var conflicts = 0
    var offset = 0
    var previous: Int32 = -1
    var current = list.first
    if list.last >= 0, Self.distance(from: end(list.last), to: sequence) >= 0 {
      previous = list.last
      current = -1
    }
    while offset < data.count {
      let position = sequence &+ UInt32(truncatingIfNeeded: offset)
      guard current >= 0 else {
        add(data.extracting(offset..<data.count), at: position, after: previous, to: &list, packet)
        return conflicts
      }
      steps &+= 1
      Work.count(1)
      let before = Self.distance(from: position, to: pieces[Int(current)].sequence)
      if before > 0 {
        let upper = min(data.count, offset + before)
        previous = add(data.extracting(offset..<upper), at: position, after: previous, to: &list, packet)
        guard previous >= 0 else { return conflicts }
        offset = upper
        continue
      }
      let overlap = pieces[Int(current)].bytes.count + before
      if overlap > 0 {
        let upper = min(data.count, offset + overlap)
        conflicts += differences(data.extracting(offset..<upper), current, from: -before)
        offset = upper
      }
      previous = current
      current = pieces[Int(current)].next
    }
    return conflicts
  }

  /// Bytes of new data that differ from a piece, from an offset in the piece on.
  func differences(_ data: Bytes, _ index: Int32, from start: Int) -> Int {
    let stored = pieces[Int(index)].bytes
    var count = 0
    Work.count(min(data.count, stored.count - start))
    for offset in 0..<min(data.count, stored.count - start) where stored[start + offset] != data[offset] {
      count += 1
    }
    return count
  }

  /// Takes the first piece off a list; its contents stay until the next insertion.
  mutating func removeFirst(from list: inout TCPPieceList) {
    let index = Int(list.first)
    let size = pieces[index].bytes.count
    list.first = pieces[index].next
    if list.first < 0 { list.last = -1 }
    list.count -= 1
    list.bytes -= size
    bytesInUse -= size
    // A jumbo buffer is not kept: the memory of the free list stays in proportion to the number of pieces.
    if pieces[index].bytes.capacity > 4096 { pieces[index].bytes = [] }
    free.append(Int32(truncatingIfNeeded: index))
  }

  /// Makes a piece and links it in; returns -1 when there is none left.
  @discardableResult
  private mutating func add(
    _ data: Bytes, at sequence: UInt32, after previous: Int32, to list: inout TCPPieceList,
    _ packet: borrowing Packet
  ) -> Int32 {
    guard let index = take(sequence, packet) else { return -1 }
    Work.count(data.count)
    pieces[Int(index)].bytes.replaceAll(with: data)
    if previous >= 0 {
      pieces[Int(index)].next = pieces[Int(previous)].next
      pieces[Int(previous)].next = index
    } else {
      pieces[Int(index)].next = list.first
      list.first = index
    }
    if pieces[Int(index)].next < 0 { list.last = index }
    list.count += 1
    list.bytes += data.count
    bytesInUse += data.count
    return index
  }

  private mutating func take(_ sequence: UInt32, _ packet: borrowing Packet) -> Int32? {
    if let index = free.popLast() {
      pieces[Int(index)].sequence = sequence
      pieces[Int(index)].packet = copy packet
      return index
    }
    guard pieces.count < limit else { return nil }
    pieces.append(Piece(sequence: sequence, packet: copy packet))
    return Int32(truncatingIfNeeded: pieces.count - 1)
  }

  /// Signed distance of two sequence numbers, which wrap (RFC 9293 §3.4).
  static func distance(from start: UInt32, to end: UInt32) -> Int {
    Int(Int32(bitPattern: end &- start))
  }
}
