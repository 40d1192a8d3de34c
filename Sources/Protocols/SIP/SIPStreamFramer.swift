public import Packets
import Values

/// What a framer thinks of its stream.
public enum SIPStreamVerdict: UInt8, Sendable {
  /// No message yet, and nothing that speaks against one.
  case undecided
  /// At least one SIP message was framed.
  case sip
  /// Another protocol, or too much without a message: nothing is kept any more.
  case notSIP
}

/// What the framer has to say about a message that the message does not show itself.
public struct SIPFrameNote: Sendable, Equatable {
  /// Faults of the stream before or within the message.
  public var faults = SIPFaultSet()
  /// Bytes before the message that belong to none.
  public var skippedByteCount = 0
  /// Whether the end of the message is missing; parse it as truncated by the capture.
  public var isCut = false

  /// Nothing to say.
  public init() {}
}

/// How much a framer keeps and how long it waits.
public struct SIPStreamLimits: Sendable, Equatable {
  /// Longest header section in bytes.
  public var header = 65_536
  /// Largest body in bytes; a Content-Length above it is not believed.
  public var body = 262_144
  /// Longest start line in bytes.
  public var startLine = 8192
  /// Bytes without a message after which a stream is given up that never had one.
  public var undecided = 16_384

  /// The defaults.
  public init() {}
}

/// Cuts one direction of a stream into SIP messages by Content-Length (RFC 3261 §18.3).
///
/// A message that lies whole in one chunk is delivered without copying; otherwise its parts are kept in a
/// buffer that no message can grow beyond the limits. Whatever the chunks are, the messages are the same.
public struct SIPStreamFramer: Sendable {
  /// Where the framer stands in the stream.
  enum Phase: Sendable {
    /// Right behind a message, or at the very start.
    case boundary
    /// Somewhere: only a complete start line is trusted.
    case searching
    /// In a line that is too long for a start line.
    case inLongLine
    /// In the header section of a message.
    case header
    /// In the body of a message that is `total` bytes long.
    case body(total: Int)
    /// In the rest of a body that a gap has cut.
    case skipping(Int)
  }

  /// What is kept at most.
  public let limits: SIPStreamLimits
  /// What the stream is.
  public internal(set) var verdict = SIPStreamVerdict.undecided
  /// Messages delivered.
  public internal(set) var messageCount = 0
  /// Runs of line ends between messages (RFC 5626 §3.5.1).
  public internal(set) var keepAliveCount = 0
  /// Bytes that belonged to no message.
  public internal(set) var skippedByteCount = 0
  /// Bytes that were examined or copied: a measure of work that no clock disturbs.
  public internal(set) var workCount = 0

  var phase = Phase.boundary
  var buffer: [UInt8] = []
  /// Start of the current line, from the start of the message.
  var lineStart = 0
  var contentLength = SIPStreamContentLength()
  var note = SIPFrameNote()
  var isInLineBreaks = false
  /// Why bytes belong to no message is known: a gap, or a body whose length nobody could believe.
  var isSkippingExplained = false

  /// A framer for one direction of one connection.
  public init(limits: SIPStreamLimits = SIPStreamLimits()) { self.limits = limits }

  /// Bytes that are kept at the moment.
  public var bufferedByteCount: Int { buffer.count }

  /// Takes the next bytes of the stream and delivers every message that they complete.
  public mutating func feed(_ chunk: Bytes, _ deliver: (Bytes, SIPFrameNote) -> Void) {
    var offset = 0
    while offset < chunk.count, verdict != .notSIP {
      offset = buffer.isEmpty ? scan(chunk, offset, deliver) : fill(chunk, offset, deliver)
    }
  }

  /// Tells that bytes of the stream are missing; a message that they cut is delivered as it is.
  public mutating func gap(byteCount: Int, _ deliver: (Bytes, SIPFrameNote) -> Void) {
    guard verdict != .notSIP, byteCount > 0 else { return }
    var next = Phase.searching
    switch phase {
    case .body(let total):
      let rest = total - buffer.count - byteCount
      if rest >= 0 { next = rest == 0 ? .boundary : .skipping(rest) }
    case .skipping(let count):
      let rest = count - byteCount
      if rest >= 0 { next = rest == 0 ? .boundary : .skipping(rest) }
    case .boundary, .searching, .inLongLine, .header: break
    }
    let messagesBefore = messageCount
    isSkippingExplained = true
    deliverPartial(.streamGap, deliver)
    // A gap that cut no message is told with the next one.
    if messageCount == messagesBefore { note.faults.insert(.streamGap) }
    // Delivering has forgotten why the bytes to come may belong to no message.
    isSkippingExplained = true
    phase = next
    isInLineBreaks = false
  }

  /// Tells that the stream has ended; a message that lacks its end is delivered as it is.
  public mutating func finish(_ deliver: (Bytes, SIPFrameNote) -> Void) {
    guard verdict != .notSIP else { return }
    deliverPartial(.streamTruncated, deliver)
    phase = .boundary
  }

  /// Delivers what there is of the current message when its start line is complete.
  private mutating func deliverPartial(_ fault: SIPFault, _ deliver: (Bytes, SIPFrameNote) -> Void) {
    guard !buffer.isEmpty else { return }
    var isMessage = false
    switch phase {
    case .header, .body: isMessage = SIPDetector.looksLikeSIP(buffer.span) != .notSIP
    case .boundary, .searching, .inLongLine, .skipping: break
    }
    if isMessage {
      note.faults.insert(fault)
      note.isCut = true
      deliverBuffer(deliver)
    } else {
      skip(buffer.count)
      clearBuffer()
    }
  }

  // MARK: Delivering

  mutating func deliverBuffer(_ deliver: (Bytes, SIPFrameNote) -> Void) {
    verdict = .sip
    messageCount += 1
    deliver(buffer.span, note)
    endMessage()
    clearBuffer()
  }

  mutating func deliverSlice(_ bytes: Bytes, _ deliver: (Bytes, SIPFrameNote) -> Void) {
    verdict = .sip
    messageCount += 1
    deliver(bytes, note)
    endMessage()
  }

  private mutating func endMessage() {
    note = SIPFrameNote()
    phase = .boundary
    isSkippingExplained = contentLength.isBodyUnframed
    contentLength = SIPStreamContentLength()
  }

  mutating func clearBuffer() {
    // Thousands of idle connections must not hold on to the memory of their longest message.
    buffer.removeAll(keepingCapacity: buffer.capacity <= 4096)
    lineStart = 0
  }

  /// Accounts for bytes that belong to no message.
  mutating func skip(_ count: Int) {
    guard count > 0 else { return }
    skippedByteCount += count
    note.skippedByteCount += count
    if !isSkippingExplained, verdict == .sip { note.faults.insert(.streamGarbage) }
    if verdict == .undecided, note.skippedByteCount > limits.undecided { giveUp() }
  }

  mutating func giveUp() {
    verdict = .notSIP
    buffer = []
  }
}
