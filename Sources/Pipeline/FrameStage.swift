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

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    guard undecided.isEmpty, clock.judge(header.timestamp) == .current else {
      return hold(frame, .frame(header))
    }
    framesBehind = 0
    read(frame, header)
  }

  mutating func visit(received message: Bytes, _ header: ReceivedHeader) {
    guard undecided.isEmpty, clock.judge(header.timestamp) == .current else {
      return hold(message, .received(header))
    }
    framesBehind = 0
    read(message, header)
  }

  /// Reads a frame under a heading.
  mutating func read(_ bytes: Bytes, _ heading: FrameHeading) {
    switch heading {
    case .frame(let header): read(bytes, header)
    case .received(let header): read(bytes, header)
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
