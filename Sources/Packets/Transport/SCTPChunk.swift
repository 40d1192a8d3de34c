/// One chunk of user data in an SCTP packet: DATA (RFC 9260 §3.3.1) or I-DATA (RFC 8260 §2.1).
struct SCTPDataChunk: Sendable {
  /// Its number among those it can be put together with: the TSN, or I-DATA's fragment number.
  var sequence: UInt32
  /// The transmission sequence number: a retransmission has the same.
  var transmissionNumber: UInt32
  /// Stream and message number of I-DATA, 0 for DATA: only equal ones belong together.
  var message: UInt64
  /// What the user data is; known in the first fragment of I-DATA and in every DATA chunk.
  var payloadProtocol: UInt32
  var isBeginning: Bool
  var isEnd: Bool
  /// Where the user data begins.
  var dataOffset: Int

  /// The chunk at an offset when it carries user data; its header must be there.
  init?(_ bytes: Bytes, at start: Int, length: Int) {
    let isInterleaved = bytes[start] == 64
    guard bytes[start] == 0 || isInterleaved, length >= (isInterleaved ? 20 : 16) else { return nil }
    let flags = bytes[start + 1]
    isBeginning = flags & 2 != 0
    isEnd = flags & 1 != 0
    transmissionNumber = bytes.uint32(at: start + 4)
    if isInterleaved {
      let last = bytes.uint32(at: start + 16)
      sequence = isBeginning ? 0 : last
      payloadProtocol = isBeginning ? last : 0
      let stream = UInt64(bytes.uint16(at: start + 8)) << 1 | UInt64(flags >> 2 & 1)
      message = 1 << 63 | stream << 32 | UInt64(bytes.uint32(at: start + 12))
      dataOffset = start + 20
    } else {
      sequence = bytes.uint32(at: start + 4)
      payloadProtocol = bytes.uint32(at: start + 12)
      message = 0
      dataOffset = start + 16
    }
  }
}
