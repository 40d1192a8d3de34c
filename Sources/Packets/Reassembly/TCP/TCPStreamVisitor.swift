/// One of the two directions of a TCP stream, in the terms of its `FlowKey`.
public enum TCPDirection: UInt8, Hashable, Sendable {
  /// From the smaller to the greater end.
  case forward
  /// From the greater to the smaller end.
  case backward

  /// The other direction.
  public var opposite: TCPDirection { self == .forward ? .backward : .forward }
}

/// Why a TCP stream ended.
public enum TCPCloseReason: UInt8, Hashable, Sendable {
  /// Both sides sent FIN and everything before it came.
  case finished
  /// A RST.
  case reset
  /// Nothing came for too long.
  case timedOut
  /// The table was full and this stream was the one to go.
  case evicted
  /// A new connection took its addresses and ports.
  case replaced
  /// The capture ended.
  case endOfCapture
}

/// Receives what TCP streams carry, in order.
///
/// A stream is known by a dense number: it is 0 up to the configured limit, and is used again after
/// `visitEnd`. `packet` is the packet that made the event possible; where an unrelated packet's time did,
/// it is the packet that carried the bytes, moved to that time.
public protocol TCPStreamVisitor: ~Copyable {
  /// A stream begins; `isMidstream` when its handshake was not seen.
  mutating func visitStart(stream: Int, isMidstream: Bool, packet: borrowing Packet)

  /// The next bytes of one direction.
  mutating func visit(_ bytes: Bytes, stream: Int, direction: TCPDirection, packet: borrowing Packet)

  /// Bytes that were never captured; what is visited next comes after them.
  mutating func visitGap(byteCount: Int, stream: Int, direction: TCPDirection, packet: borrowing Packet)

  /// Whether what was just visited is to be compared with its retransmissions; asked after each visit.
  borrowing func comparesCopies(stream: Int, direction: TCPDirection) -> Bool

  /// Bytes that were sent twice with different contents; those that came first were or will be visited.
  mutating func visitConflict(
    byteCount: Int, stream: Int, direction: TCPDirection, packet: borrowing Packet)

  /// A stream ends; its number may be used again.
  mutating func visitEnd(stream: Int, reason: TCPCloseReason)
}

/// Limits of the memory and time that TCP streams may take.
public struct TCPLimits: Sendable {
  /// Streams at a time. A quarter of them may be streams of which one side only was seen.
  public var streams = 65_536
  /// Bytes that wait for a gap to be filled, over all streams; the stream that waits longest goes first.
  public var bytes = 16 * 1024 * 1024
  /// Bytes that wait in one direction of one stream.
  public var bytesPerDirection = 256 * 1024
  /// Separate pieces that wait in one direction of one stream.
  public var piecesPerDirection = 64
  /// Bytes that were given and are kept to compare retransmissions with them, over all streams.
  public var tailBytes = 8 * 1024 * 1024
  /// The same in one direction of one stream: what a host sends ahead of acknowledgements to one that
  /// offers no scaled window (RFC 9293 §3.1).
  public var tailBytesPerDirection = 64 * 1024
  /// Nanoseconds of packet time that bytes wait for a gap.
  public var gapTimeoutNanoseconds: Int64 = 10_000_000_000
  /// Nanoseconds of packet time without a packet after which a stream ends.
  public var idleTimeoutNanoseconds: Int64 = 900_000_000_000
  /// The same for a stream of which one side only was seen.
  public var oneSidedTimeoutNanoseconds: Int64 = 60_000_000_000
  /// How long an ended stream is remembered, so that its late segments do not begin a new one.
  public var lingerNanoseconds: Int64 = 10_000_000_000

  /// The defaults.
  public init() {}
}

/// What TCP reassembly has seen.
public struct TCPCounters: Hashable, Sendable {
  /// Streams begun.
  public var streams: UInt64 = 0
  /// Of these, streams without a handshake.
  public var midstream: UInt64 = 0
  /// Segments with data.
  public var segments: UInt64 = 0
  /// Bytes given in order.
  public var bytes: UInt64 = 0
  /// Segments that came before their turn.
  public var outOfOrder: UInt64 = 0
  /// Segments with nothing new.
  public var retransmissions: UInt64 = 0
  /// Segments with one old byte or none, as keep-alives have them.
  public var keepAlives: UInt64 = 0
  /// Segments that contradict bytes that came before.
  public var conflicts: UInt64 = 0
  /// Gaps given up.
  public var gaps: UInt64 = 0
  /// Bytes in these gaps.
  public var gapBytes: UInt64 = 0
  /// Gaps given up because memory was short.
  public var forcedGaps: UInt64 = 0
  /// Segments with sequence numbers far outside of the stream, and RSTs with another one than the next.
  public var strays: UInt64 = 0
  /// Waiting pieces looked at: the work that out-of-order segments cost beyond their own bytes.
  public var pieceSteps: UInt64 = 0
  /// Segments not kept because no memory was left.
  public var dropped: UInt64 = 0
  /// Streams ended because the table was full.
  public var evicted: UInt64 = 0
  /// Streams ended because nothing came.
  public var timedOut: UInt64 = 0

  /// Counters at zero.
  public init() {}
}
