internal import Capture
internal import Packets

/// The front of the line: frames come in, packets go on.
struct FrameStage: FrameVisitor {
  var decoder = PacketDecoder()
  var packets: PacketStage

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    packets.advance(to: header.timestamp)
    decoder.decode(frame, header, visitor: &packets)
  }
}
