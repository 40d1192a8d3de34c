internal import Capture
internal import Packets
internal import Protocols
internal import Values

/// Frames on their way from a lane to the ordered lane, with what can be said of each of them by itself.
///
/// Batches are used again and again, so that nothing is allocated once they have grown.
struct FrameBatch: FrameVisitor, Sendable {
  /// Frames at the most.
  static let capacity = 512
  /// Bytes from which on no frame is added.
  private static let byteLimit = 1 << 20

  /// What the SIP parser made of a datagram.
  enum MessageStatus: Sendable {
    /// It was not asked.
    case unknown
    case notSIP
    case keepAlive
    /// A message, by its number in the batch.
    case message(Int)
  }

  /// What a frame holds.
  enum Content: Sendable {
    /// One whole packet.
    case packet(MessageStatus)
    /// Something that needs what the ordered lane remembers, by its number in the batch.
    case unfinished(Int)
    /// A message that a listener received.
    case received
  }

  /// One frame.
  struct Frame: Sendable {
    var heading: FrameHeading
    let bytes: ByteRange
    var content: Content
    var packet = Packet()
    /// The packet's payload among the bytes.
    var payload = ByteRange()
  }

  /// All frames, one behind the other.
  private(set) var bytes: [UInt8] = []
  private(set) var frames: [Frame] = []
  private(set) var unfinished: [UnfinishedFrame] = []
  /// The first `messageCount` are parsed; the others wait to be used again.
  var messages: [MessagePlace] = []
  private var messageCount = 0

  /// The lane that walked the frames, and what it has counted so far.
  var lane = 0
  var counters = DecoderCounters()
  /// Place of the batch in the order of the capture.
  var number = 0
  /// How reading ended, and what the source had received then.
  var state = FrameSourceState.more
  var statistics = CaptureStatistics()
  var fractionRead: Double?
  /// Live: no older frame comes behind these from the same lane.
  var quietUntil = Timestamp(nanoseconds: .min)
  /// Why an input broke off behind these frames, if one did.
  var error: CaptureError?

  /// Whether so many frames, of so many bytes together, are enough.
  static func isFull(frames: Int, bytes: Int) -> Bool { frames >= capacity || bytes >= byteLimit }

  var isFull: Bool { Self.isFull(frames: frames.count, bytes: bytes.count) }

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    append(frame, .frame(header), .unfinished(0))
  }

  mutating func visit(received message: Bytes, _ header: ReceivedHeader) {
    append(message, .received(header), .received)
  }

  private mutating func append(_ frame: Bytes, _ heading: FrameHeading, _ content: Content) {
    let start = bytes.count
    bytes.append(copying: frame)
    frames.append(Frame(heading: heading, bytes: ByteRange(start, bytes.count), content: content))
  }

  /// What is known of a frame that has to wait.
  func reading(of index: Int) -> FrameReading {
    switch frames[index].content {
    case .packet:
      .packet(frames[index].packet, payload: frames[index].payload.shifted(by: -frames[index].bytes.start))
    case .unfinished(let number): .unfinished(unfinished[number])
    case .received: .none
    }
  }

  /// Gives a frame another number.
  mutating func setNumber(_ number: UInt64, of index: Int) {
    frames[index].heading.number = number
    frames[index].packet.number = number
    if case .unfinished(let place) = frames[index].content { unfinished[place].setNumber(number) }
  }

  /// Empties it and keeps the memory.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    frames.removeAll(keepingCapacity: true)
    unfinished.removeAll(keepingCapacity: true)
    messageCount = 0
    state = .more
    error = nil
  }

  /// Does with each frame what needs no other frame: walks its layers, and parses SIP in UDP.
  mutating func walk(with decoder: inout PacketDecoder) {
    for index in frames.indices {
      guard case .frame(let header) = frames[index].heading else { continue }
      guard let payload = decoder.walk(bytes.span.extracting(frames[index].bytes.range), header) else {
        frames[index].content = .unfinished(unfinished.count)
        unfinished.append(decoder.takeUnfinished())
        continue
      }
      frames[index].packet = decoder.walkedPacket
      frames[index].payload = payload.shifted(by: frames[index].bytes.start)
      frames[index].content = .packet(parse(index))
    }
    counters = decoder.counters
  }

  private mutating func parse(_ index: Int) -> MessageStatus {
    let transport = frames[index].packet.transport
    guard transport == .udp || transport == .udpLite, !frames[index].payload.isEmpty else { return .unknown }
    let bytes = bytes
    let payload = bytes.span.extracting(frames[index].payload.range)
    guard PacketStage.mayBeSIP(payload), !HEPMessage.mayBegin(payload[0]) else { return .unknown }
    if messageCount == messages.count { messages.append(MessagePlace()) }
    let status = messages[messageCount].message.parse(
      payload, transport: .datagram, isCaptureTruncated: frames[index].packet.isTruncated)
    switch status {
    case .notSIP: return .notSIP
    case .keepAlive: return .keepAlive
    case .message:
      messageCount += 1
      return .message(messageCount - 1)
    }
  }
}

/// Where a message lies that goes from one thread to another: messages have one owner, and arrays take only what may be
/// copied.
///
/// Proof: it belongs to one batch, which is handed over as a whole.
final class MessagePlace: @unchecked Sendable {
  var message = SIPMessage()
}
