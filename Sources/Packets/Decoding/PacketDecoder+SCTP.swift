internal import Values

extension PacketDecoder {
  /// Gives each user message of an SCTP packet; a packet without one is given once, without a payload.
  mutating func deliverChunks<V: PacketVisitor & ~Copyable>(_ bytes: Bytes, visitor: inout V) {
    let tag = bytes.uint32(at: layers.start + 4)
    let end = layers.end
    var offset = layers.start + 12
    var isFirst = true
    while offset + 4 <= end {
      Work.count(1)
      let length = Int(bytes.uint16(at: offset + 2))
      let isCut = length > end - offset
      guard length >= 4, !isCut || layers.packet.isTruncated else {
        layers.start = offset
        layers.fault(.sctpBadChunkLength, needed: max(4, length))
        deliverFaults(to: &visitor)
        break
      }
      deliver(bytes, tag, offset..<min(offset + length, end), isCut, &isFirst, &visitor)
      offset += (length + 3) & ~3
    }
    guard isFirst else { return }
    layers.counters.delivered &+= 1
    visitor.visit(layers.packet, payload: bytes.extracting(end..<end))
  }

  private mutating func deliver<V: PacketVisitor & ~Copyable>(
    _ bytes: Bytes, _ tag: UInt32, _ range: Range<Int>, _ isCut: Bool, _ isFirst: inout Bool,
    _ visitor: inout V
  ) {
    guard let chunk = SCTPDataChunk(bytes, at: range.lowerBound, length: range.count) else { return }
    let data = bytes.extracting(chunk.dataOffset..<range.upperBound)
    layers.packet.sctpPayloadProtocol = chunk.payloadProtocol
    if chunk.isBeginning, chunk.isEnd {
      guard !recentChunks.isRepeated(chunk, data, verificationTag: tag, packet: layers.packet) else {
        messages.noteDuplicate()
        return
      }
      visitMessage(data, &isFirst, &visitor)
      return
    }
    guard !isCut, messages.add(chunk, data, verificationTag: tag, packet: layers.packet) else { return }
    layers.packet.sctpPayloadProtocol = messages.payloadProtocol
    let message = messages.message
    visitMessage(message.span, &isFirst, &visitor)
  }

  private mutating func visitMessage<V: PacketVisitor & ~Copyable>(
    _ data: Bytes, _ isFirst: inout Bool, _ visitor: inout V
  ) {
    if !isFirst {
      layers.packet.traits.insert(.continued)
      (layers.packet.earlierFrames, layers.packet.earlierBytes) = (0, 0)
    }
    isFirst = false
    layers.counters.delivered &+= 1
    visitor.visit(layers.packet, payload: data)
  }
}
