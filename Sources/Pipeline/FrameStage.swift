internal import Capture
internal import Packets
internal import Rules
internal import Values

/// The front of the line: frames come in, packets go on, in a time that can be believed.
///
/// A frame whose time stamp is in doubt waits for the ones behind it (`FrameStage+Time`); everything behind
/// this stage may rely on times that go back no further than events may be late, unless it is told that time
/// began anew.
struct FrameStage: FrameVisitor, ~Copyable {
  var decoder: PacketDecoder
  var packets: PacketStage
  var clock: PacketClock
  var undecided = UndecidedFrames()
  /// What became of time stamps in doubt.
  var times = TimeCounters()
  /// Frames read since time began anew.
  var framesInEpoch = 0
  /// Frames in a row that were read although they are behind.
  var framesBehind = 0
  /// Before this time no stray is reported any more.
  var nextStrayReport = Timestamp(nanoseconds: .min)
  /// Time of the first frame.
  private(set) var firstTime: Timestamp?
  /// Nanoseconds of packet time that passed, pauses included.
  var elapsed: Int64 = 0

  /// Packet time: that of the latest frame since it began.
  var lastTime: Timestamp? { clock.now }

  init(configuration: SensorConfiguration, packets: consuming PacketStage) {
    decoder = PacketDecoder(fragmentLimits: configuration.fragmentLimits, seed: configuration.hashSeed)
    clock = PacketClock(lateness: configuration.engineLimits.lateness)
    self.packets = packets
  }

  /// Frames and bytes since the batch began.
  private(set) var framesInBatch = 0
  private var bytesInBatch = 0
  /// What lanes counted that walked frames for this one, by their number.
  private var walked: [DecoderCounters] = []

  /// Begins to count frames and bytes.
  mutating func beginBatch() {
    framesInBatch = 0
    bytesInBatch = 0
  }

  /// A batch ends at the same frame whether it is kept for another thread or not.
  var isFull: Bool { FrameBatch.isFull(frames: framesInBatch, bytes: bytesInBatch) }

  /// What was decoded, here and by lanes.
  var decoderCounters: DecoderCounters { walked.reduce(decoder.counters, +) }

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    framesInBatch &+= 1
    bytesInBatch &+= frame.count
    guard undecided.isEmpty, clock.judge(header.timestamp) == .current else {
      return hold(frame, .frame(header))
    }
    framesBehind = 0
    read(frame, header)
  }

  mutating func visit(received message: Bytes, _ header: ReceivedHeader) {
    framesInBatch &+= 1
    bytesInBatch &+= message.count
    guard undecided.isEmpty, clock.judge(header.timestamp) == .current else {
      return hold(message, .received(header))
    }
    framesBehind = 0
    read(message, header)
  }

  /// Takes the frames of a batch whose layers a lane has walked.
  mutating func visit(_ batch: inout FrameBatch) {
    note(batch)
    for index in batch.frames.indices { visit(index, of: &batch) }
  }

  /// Takes over what a lane counted.
  mutating func note(_ batch: borrowing FrameBatch) {
    while walked.count <= batch.lane { walked.append(DecoderCounters()) }
    walked[batch.lane] = batch.counters
  }

  /// Takes one frame of a batch.
  mutating func visit(_ index: Int, of batch: inout FrameBatch) {
    let heading = batch.frames[index].heading
    let range = batch.frames[index].bytes.range
    guard undecided.isEmpty, clock.judge(heading.timestamp) == .current else {
      return hold(batch.bytes.span.extracting(range), heading, batch.reading(of: index))
    }
    framesBehind = 0
    advance(to: heading.timestamp)
    switch batch.frames[index].content {
    case .packet(let status): packets.visit(index, of: &batch, status)
    case .unfinished(let number):
      decoder.finish(
        batch.unfinished[number], batch.bytes.span.extracting(range), visitor: &packets)
    case .received:
      guard case .received(let header) = heading else { return }
      let message = batch.bytes.span.extracting(range)
      packets.visit(received: message, carrier: header.packet(payloadCount: message.count))
    }
  }

  /// Reads a frame that was held.
  mutating func read(_ entry: UndecidedFrames.Entry) {
    let bytes = entry.bytes.span
    switch (entry.reading, entry.heading) {
    case (.none, .frame(let header)): read(bytes, header)
    case (_, .received(let header)): read(bytes, header)
    case (.packet(let packet, let payload), .frame(let header)):
      advance(to: header.timestamp)
      packets.visit(packet, payload: bytes.extracting(payload.range))
    case (.unfinished(let frame), .frame(let header)):
      advance(to: header.timestamp)
      decoder.finish(frame, bytes, visitor: &packets)
    }
  }

  private mutating func read(_ frame: Bytes, _ header: FrameHeader) {
    advance(to: header.timestamp)
    decoder.decode(frame, header, visitor: &packets)
  }

  private mutating func read(_ message: Bytes, _ header: ReceivedHeader) {
    advance(to: header.timestamp)
    packets.visit(received: message, carrier: header.packet(payloadCount: message.count))
  }

  private mutating func advance(to time: Timestamp) {
    if firstTime == nil { firstTime = time }
    if let now = clock.now { elapsed &+= max(0, time.nanoseconds(since: now)) }
    clock.advance(to: time)
    framesInEpoch &+= 1
    packets.advance(to: time)
  }
}

extension ReceivedHeader {
  /// The packet that carried a message, as far as the kernel told of it. Of a TCP connection each message
  /// counts as one, since where its segments ended is not known.
  fileprivate func packet(payloadCount: Int) -> Packet {
    var packet = Packet()
    packet.timestamp = timestamp
    packet.number = number
    packet.interface = interface
    packet.linkType = .raw
    packet.source = source
    packet.sourcePort = sourcePort
    packet.destination = destination
    packet.destinationPort = destinationPort
    packet.transport = transport
    packet.ipVersion = source.isIPv6 ? 6 : 4
    if transport == .tcp { packet.tcpFlags = [.psh, .ack] }
    packet.ipLength = payloadCount + (source.isIPv6 ? 40 : 20) + (transport == .tcp ? 20 : 8)
    packet.originalLength = packet.ipLength
    packet.capturedLength = packet.ipLength
    return packet
  }
}
