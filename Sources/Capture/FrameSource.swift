public import Packets

/// Receives frames from a source.
public protocol FrameVisitor: ~Copyable {
  /// One frame; its bytes are valid only during the call.
  mutating func visit(_ frame: Bytes, _ header: FrameHeader)

  /// One HEP message that a listener received; its bytes are valid only during the call.
  ///
  /// A visitor that is never given a listener need not have this.
  mutating func visit(received message: Bytes, _ header: ReceivedHeader)

  /// Whether a source should give no more frames in this read.
  var isFull: Bool { get }
}

extension FrameVisitor where Self: ~Copyable {
  /// Passes the message over.
  public mutating func visit(received message: Bytes, _ header: ReceivedHeader) {}

  /// A visitor that keeps nothing never is.
  public var isFull: Bool { false }
}

/// Where frames come from: files, or network interfaces.
public protocol FrameSource: ~Copyable, SendableMetatype {
  /// Gives at most `limit` frames to the visitor, and stops when that is full.
  ///
  /// An input that fails is closed, and its error is thrown once all its readable frames were given;
  /// reading may go on with the inputs that are left.
  mutating func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> FrameSourceState

  /// What the inputs are called (paths, interface names or endpoints), by the `interface` of a header.
  var inputNames: [String] { get }

  /// Part of the input that was read, 0–1; nil where the end is not known.
  var fractionRead: Double? { get }

  /// Frames received and lost so far.
  var statistics: CaptureStatistics { get }
}

/// How a read ended.
public enum FrameSourceState: Sendable {
  /// There may be more at once.
  case more
  /// Nothing came within the time-out; there may be more later.
  case idle
  /// Nothing is there now, and the next read waits for more, however long: a pipe.
  case waiting
  /// There is no more.
  case ended
}

/// What a source received and lost.
public struct CaptureStatistics: Hashable, Sendable {
  /// Frames that reached the capture; of a file, frames read before the filter.
  public var received: UInt64 = 0
  /// Frames that the kernel dropped because its buffer was full; of a file, those that it says were lost.
  public var droppedByKernel: UInt64 = 0
  /// Frames that the network interface or its driver dropped.
  public var droppedByInterface: UInt64 = 0
  /// What HEP listeners received and refused, which is in none of the other counts.
  public var hep = HEPStatistics()

  /// Frames and messages that the sensor read and threw away, because it was behind.
  public var droppedBySensor: UInt64 = 0

  /// Frames and messages that were lost, wherever it was.
  public var lost: UInt64 {
    droppedByKernel &+ droppedByInterface &+ hep.droppedByKernel &+ droppedBySensor
  }

  /// The sum of two sources' counts, of which one at most listens for HEP.
  public static func + (left: CaptureStatistics, right: CaptureStatistics) -> CaptureStatistics {
    var sum = left
    sum.received &+= right.received
    sum.droppedByKernel &+= right.droppedByKernel
    sum.droppedByInterface &+= right.droppedByInterface
    sum.droppedBySensor &+= right.droppedBySensor
    if left.hep == HEPStatistics() { sum.hep = right.hep }
    return sum
  }

  /// Nothing received.
  public init() {}
}
