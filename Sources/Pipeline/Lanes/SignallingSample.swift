internal import Capture
internal import Packets
internal import Values

/// The first frames of capture files, looked through to choose how the rest is read; the log does not depend on it.
public enum SignallingSample {
  /// Frames that are looked at.
  private static let size = 4096

  /// Part of the first frames that may be signalling, 0 to 1, without a filter. 0 where nothing can be read, which whoever
  /// reads the files then tells, and where one of them is standard input (`-`), of which nothing can be read twice.
  public static func share(of paths: [String]) -> Double {
    guard !paths.contains("-"), var reader = try? PcapReader(paths) else { return 0 }
    var frames = FrameCount()
    while frames.total < size, (try? reader.read(upTo: size - frames.total, visitor: &frames)) == .more {}
    return frames.total > 0 ? Double(frames.packets.texts) / Double(frames.total) : 0
  }

  /// Counts frames.
  private struct FrameCount: FrameVisitor {
    var decoder = PacketDecoder()
    var packets = TextCount()
    var total = 0

    mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
      total += 1
      decoder.decode(frame, header, visitor: &packets)
    }
  }

  /// Counts packets whose payload begins as SIP does: with a capital letter.
  private struct TextCount: PacketVisitor {
    var texts = 0

    mutating func visit(_ packet: borrowing Packet, payload: Bytes) {
      if !payload.isEmpty, 0x41...0x5a ~= payload[0] { texts += 1 }
    }

    mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) {}
  }
}
