public import Values

/// A frame whose layers were walked, and that needs what its decoder remembers of others: it is a fragment,
/// has faults, or several payloads.
public struct UnfinishedFrame: Sendable {
  var layers: LayerDecoder
  let outcome: LayerDecoder.Layer

  /// When the frame was captured.
  public mutating func setTime(_ time: Timestamp) {
    layers.packet.timestamp = time
    layers.outer.timestamp = time
  }

  /// Number of the frame in the run.
  public mutating func setNumber(_ number: UInt64) {
    layers.packet.number = number
    layers.outer.number = number
  }
}

/// Decoding in two halves: walking the layers of a frame needs no other frame and may be done anywhere, what
/// is left is done in the order of the capture. Both halves together give what `decode` gives.
extension PacketDecoder {
  /// Walks the layers of a frame, and counts them; the range of the payload of its packet, or nil when the
  /// frame is left unfinished.
  public mutating func walk(_ frame: Bytes, _ header: FrameHeader) -> ByteRange? {
    layers.begin(frame, header)
    outcome = layers.walk(frame, from: LayerDecoder.Layer(header.linkType))
    guard outcome == .packet, layers.faultCount == 0 else { return nil }
    layers.counters.delivered &+= 1
    return ByteRange(layers.start, layers.end)
  }

  /// The packet of the frame that was walked.
  public var walkedPacket: Packet { layers.packet }

  /// Takes what was left unfinished of the frame that was walked.
  public mutating func takeUnfinished() -> UnfinishedFrame {
    defer { layers.faultCount = 0 }
    return UnfinishedFrame(layers: layers, outcome: outcome)
  }

  /// Gives the faults and packets of an unfinished frame to the visitor.
  public mutating func finish<V: PacketVisitor & ~Copyable>(
    _ unfinished: borrowing UnfinishedFrame, _ frame: Bytes, visitor: inout V
  ) {
    let counters = layers.counters
    layers = unfinished.layers
    layers.counters = counters
    let linkType = layers.packet.linkType
    if LayerDecoder.Layer(linkType) == .unsupported { noteUnsupported(linkType) }
    finish(unfinished.outcome, frame, nesting: 0, visitor: &visitor)
  }
}
