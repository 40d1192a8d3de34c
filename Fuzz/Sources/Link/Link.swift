import Packets
import Values

/// Touches what a decoder gives.
private struct Counter: PacketVisitor {
  var payloadBytes = 0
  var faults = 0

  mutating func visit(_ packet: borrowing Packet, payload: Bytes) {
    payloadBytes &+= payload.count
    if !payload.isEmpty { payloadBytes &+= Int(payload[payload.count - 1]) }
  }

  mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) {
    faults += fault.name.isEmpty ? 0 : 1
  }
}

/// Every link type that is decoded, and one that is not.
private let linkTypes: [Int32] = [
  1, 0, 108, 9, 12, 113, 276, 51, 204, 166, 104, 107, 11, 105, 127, 119, 192, 239, 117, 109, 226, 242, 178,
  281, 285, 282, 147,
]

/// From link to transport: the first byte chooses the link type, each frame has two bytes of length before
/// it, of which the highest bit says that a snap length cut the frame.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count).span
  guard count > 3 else { return 0 }
  let linkType = LinkType(rawValue: linkTypes[Int(bytes[0]) % linkTypes.count])
  var decoder = PacketDecoder()
  var counter = Counter()
  var offset = 1
  var number: UInt64 = 0
  while offset + 2 <= count {
    let word = Int(bytes.uint16(at: offset))
    let end = min(offset + 2 + word & 0x7fff, count)
    let frame = bytes.extracting(min(offset + 2, end)..<end)
    number += 1
    let header = FrameHeader(
      timestamp: Timestamp(nanoseconds: Int64(number) * 1_000_000), number: number,
      originalLength: frame.count + (word >> 15) * 100, linkType: linkType)
    decoder.decode(frame, header, visitor: &counter)
    offset = max(end, offset + 2)
  }
  precondition(
    counter.payloadBytes <= decoder.counters.delivered * 131_072 + 255 * decoder.counters.delivered)
  return 0
}
