internal import Values

/// One direction of a stream.
struct TCPHalf: Sendable {
  /// Sequence number of the next byte to be given.
  var next: UInt32 = 0
  /// Highest acknowledgement of the other side.
  var acknowledged: UInt32 = 0
  /// Sequence number behind the last byte, once FIN came.
  var end: UInt32 = 0
  var isKnown = false
  var isAcknowledged = false
  var hasEnd = false
  /// Whether a segment with data came.
  var hasData = false
  /// Where a SYN that does not fit would begin; believed when the other side answers it.
  var proposedStart: UInt32?
  /// Segments in a row that were far outside.
  var strays: UInt8 = 0
  /// Data that came before its turn.
  var pieces = TCPPieceList()
  /// Copies of data that was given and not yet acknowledged.
  var tail = TCPTail()
  /// Since when it waits for the gap before the first piece.
  var waitingSince = Timestamp(nanoseconds: 0)

  /// Whether everything up to FIN was given.
  var isFinished: Bool { hasEnd && next == end }

  /// Whether a sequence number is the next one; FIN takes one itself (RFC 9293 §3.4).
  func isNext(_ number: UInt32) -> Bool {
    number == next || isFinished && number == end &+ 1
  }
}

/// Which list a stream is in, and so how long it may be idle and when it is evicted.
enum TCPStreamAge: Int, Sendable {
  /// One side only was seen.
  case oneSided
  case established
  /// Ended, and remembered for its late segments.
  case lingering
}

/// One connection.
struct TCPStream: Sendable {
  var key: FlowKey
  var hash: UInt64
  var lastSeen: Timestamp
  var age = TCPStreamAge.oneSided
  var halves = InlineArray<2, TCPHalf>(repeating: TCPHalf())
  /// Directions that sent something: bit 0 forward, bit 1 backward.
  var seenDirections: UInt8 = 0
  /// Who ended it with a RST.
  var resetBy: TCPDirection?

  init(key: FlowKey, hash: UInt64, time: Timestamp) {
    self.key = key
    self.hash = hash
    lastSeen = time
  }
}
