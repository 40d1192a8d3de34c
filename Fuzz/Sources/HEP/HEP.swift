import Capture
import Packets
import Protocols
import Values

nonisolated(unsafe) private let inflater = PayloadInflater(maximumCount: HEPMessage.maximumInflatedCount)

/// HEP messages of a datagram and of a stream, and what their payloads unpack to.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count).span
  read(bytes)
  var framer = HEPStreamFramer()
  for part in [0..<count / 2, count / 2..<count] {
    let chunk = bytes.extracting(part)
    var offset = 0
    while let range = framer.next(in: chunk, from: &offset) {
      let buffer = framer.buffer
      precondition(range.end == buffer.count)
      read(buffer.span)
    }
    precondition(offset == chunk.count)
  }
  return 0
}

private func read(_ bytes: Bytes) {
  guard let message = try? HEPMessage(parsing: bytes) else { return }
  for range in [message.payload, message.correlationID ?? ByteRange(), message.group ?? ByteRange()] {
    precondition(range.start <= range.end && range.end <= bytes.count)
  }
  guard message.isCompressed else { return }
  if let count = inflater.inflate(bytes.extracting(message.payload.range)) {
    precondition(count <= HEPMessage.maximumInflatedCount)
  }
}
