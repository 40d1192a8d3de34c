internal import Capture
internal import Packets
internal import Values

/// The front of the line: frames come in, packets go on.
struct FrameStage: FrameVisitor, ~Copyable {
  var decoder: PacketDecoder
  var packets: PacketStage
  /// Time of the first frame.
  private(set) var firstTime: Timestamp?
  /// Time of the latest frame.
  private(set) var lastTime: Timestamp?

  init(configuration: SensorConfiguration, packets: consuming PacketStage) {
    decoder = PacketDecoder(fragmentLimits: configuration.fragmentLimits, seed: configuration.hashSeed)
    self.packets = packets
  }

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    if firstTime == nil { firstTime = header.timestamp }
    lastTime = max(lastTime ?? header.timestamp, header.timestamp)
    packets.advance(to: header.timestamp)
    decoder.decode(frame, header, visitor: &packets)
  }
}
