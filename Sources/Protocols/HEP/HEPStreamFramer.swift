public import Packets
public import Values

/// Cuts a TCP stream of HEP version 3 messages, each of which says its length.
///
/// It takes the stream in chunks of any size. Bytes that belong to no message are skipped and counted, and
/// the next magic is looked for. It keeps at most one message, and each byte is copied once.
public struct HEPStreamFramer: Sendable {
  private static let headerCount = 6

  /// The bytes of the message that `next` gave, until the next call.
  public private(set) var buffer: [UInt8] = []
  /// Bytes that belonged to no message.
  public private(set) var skippedBytes: UInt64 = 0
  private var isDelivered = false

  /// A framer at the start of a stream.
  public init() {}

  /// The next whole message, as a range of `buffer`, taking bytes of the chunk from `offset` on, which is
  /// moved behind them; nil when the chunk is used up.
  public mutating func next(in chunk: Bytes, from offset: inout Int) -> ByteRange? {
    if isDelivered {
      buffer.removeAll(keepingCapacity: true)
      isDelivered = false
    }
    while offset < chunk.count {
      if buffer.count < Self.headerCount {
        takeHeader(chunk, &offset)
      } else {
        let count = min(messageCount - buffer.count, chunk.count - offset)
        Work.count(count)
        for index in offset..<offset + count { buffer.append(chunk[index]) }
        offset += count
      }
      if buffer.count >= Self.headerCount, buffer.count == messageCount {
        isDelivered = true
        return ByteRange(0, buffer.count)
      }
    }
    return nil
  }

  /// What the header that is already there says.
  private var messageCount: Int { Int(buffer[4]) << 8 | Int(buffer[5]) }

  /// Takes one byte of magic or length; a byte that does not fit begins the search again.
  private mutating func takeHeader(_ chunk: Bytes, _ offset: inout Int) {
    if buffer.isEmpty {
      let start = chunk.firstIndex(of: UInt8(ascii: "H"), in: offset..<chunk.count) ?? chunk.count
      skippedBytes += UInt64(start - offset)
      Work.count(start - offset)
      offset = start
      guard offset < chunk.count else { return }
    }
    let byte = chunk[offset]
    Work.count(1)
    guard isExpected(byte) else {
      // The magic has its first letter only once, so nothing of what was taken can begin another one.
      skippedBytes += UInt64(buffer.count)
      buffer.removeAll(keepingCapacity: true)
      return
    }
    buffer.append(byte)
    offset += 1
    if buffer.count == Self.headerCount, messageCount < Self.headerCount {
      skippedBytes += UInt64(buffer.count)
      buffer.removeAll(keepingCapacity: true)
    }
  }

  private func isExpected(_ byte: UInt8) -> Bool {
    switch buffer.count {
    case 0: byte == UInt8(ascii: "H")
    case 1: byte == UInt8(ascii: "E")
    case 2: byte == UInt8(ascii: "P")
    case 3: byte == UInt8(ascii: "3")
    default: true
    }
  }
}
