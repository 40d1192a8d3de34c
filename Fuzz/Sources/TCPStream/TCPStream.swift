import Packets
import Protocols
import Values

/// Cuts both directions of all streams into messages, as the pipeline does.
private struct Streams: TCPStreamVisitor {
  struct Half {
    var sip = SIPStreamFramer()
    var webSocket = WebSocketFramer()
    var hep = HEPStreamFramer()
  }

  var halves: [Half] = []
  var given = 0
  var messageBytes = 0

  mutating func visitStart(stream: Int, isMidstream: Bool, packet: borrowing Packet) {
    while halves.count < 2 * stream + 2 { halves.append(Half()) }
    halves[2 * stream] = Half()
    halves[2 * stream + 1] = Half()
  }

  mutating func visit(_ bytes: Bytes, stream: Int, direction: TCPDirection, packet: borrowing Packet) {
    let index = 2 * stream + Int(direction.rawValue)
    given += bytes.count
    halves[index].sip.feed(bytes) { message, _ in messageBytes += message.count }
    halves[index].webSocket.feed(bytes) { message, _ in precondition(message.count <= 262_144) }
    var offset = 0
    while let range = halves[index].hep.next(in: bytes, from: &offset) {
      let buffer = halves[index].hep.buffer
      precondition(range.end <= buffer.count)
      _ = try? HEPMessage(parsing: buffer.span)
    }
  }

  mutating func visitGap(byteCount: Int, stream: Int, direction: TCPDirection, packet: borrowing Packet) {
    let index = 2 * stream + Int(direction.rawValue)
    halves[index].sip.gap(byteCount: byteCount) { message, _ in messageBytes += message.count }
    halves[index].webSocket.gap(byteCount: byteCount)
  }

  borrowing func comparesCopies(stream: Int, direction: TCPDirection) -> Bool { direction == .forward }

  mutating func visitConflict(
    byteCount: Int, stream: Int, direction: TCPDirection, packet: borrowing Packet
  ) {}

  mutating func visitEnd(stream: Int, reason: TCPCloseReason) {
    for index in [2 * stream, 2 * stream + 1] {
      halves[index].sip.finish { message, _ in messageBytes += message.count }
      precondition(halves[index].sip.bufferedByteCount == 0)
    }
  }
}

/// Segments of six bytes of header (flags and direction, port, signed move from where the sender is, two of
/// length) with their data, through reassembly and all framers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count).span
  var limits = TCPLimits()
  limits.streams = 4
  limits.bytes = 32_768
  limits.bytesPerDirection = 8192
  limits.piecesPerDirection = 8
  limits.tailBytes = 6144
  limits.tailBytesPerDirection = 4096
  var reassembler = TCPReassembler(limits: limits, seed: 5)
  var streams = Streams()
  var next: [UInt32] = [0xffff_ff00, 0x7fff_ff00]
  var offset = 0
  var packet = Packet()
  packet.ipVersion = 4
  packet.transport = .tcp
  while offset + 6 <= count {
    let (flags, port) = (bytes[offset], bytes[offset + 1])
    let isForward = flags & 0x80 != 0
    let side = isForward ? 0 : 1
    let move = Int32(Int16(bitPattern: bytes.uint16(at: offset + 2)))
    let length = Int(bytes.uint16(at: offset + 4))
    let end = min(offset + 6 + length & 0x1fff, count)
    packet.source = IPAddress(v4: isForward ? 1 : 2)
    packet.destination = IPAddress(v4: isForward ? 2 : 1)
    packet.sourcePort = isForward ? UInt16(port & 7) : 5060
    packet.destinationPort = isForward ? 5060 : UInt16(port & 7)
    packet.tcpFlags = TCPFlags(rawValue: flags & 0x3f)
    packet.tcpSequence = next[side] &+ UInt32(bitPattern: move)
    packet.tcpAcknowledgement = next[1 - side]
    packet.uncapturedLength = length >> 13 * 50
    packet.timestamp = packet.timestamp.advanced(byNanoseconds: Int64(port >> 3) * 1_000_000_000 + 1000)
    reassembler.process(packet, payload: bytes.extracting(offset + 6..<end), visitor: &streams)
    if move == 0 {
      next[side] &+= UInt32(end - offset - 6) &+ (flags & 3 != 0 ? 1 : 0)
    }
    precondition(reassembler.waitingBytes <= limits.bytes && reassembler.streamCount <= limits.streams)
    offset = end
  }
  reassembler.flush(visitor: &streams)
  precondition(reassembler.waitingBytes == 0 && streams.messageBytes <= streams.given)
  return 0
}
