public import Packets
public import Values

/// The handshake message types that a monitor reads, RFC 8446 §4 and RFC 5246 §7.4.
public enum TLSHandshakeType: UInt8, Sendable {
  case clientHello = 1
  case serverHello = 2
  /// DTLS only, RFC 6347 §4.2.1.
  case helloVerifyRequest = 3
  case certificate = 11
}

/// Puts the handshake messages at the start of one direction of a TLS stream together.
///
/// It takes the stream in chunks of any size and gives the messages one by one, until the direction becomes
/// encrypted. Messages may be spread over records and share one (RFC 8446 §5.1). Only handshake bytes are
/// copied, at most `maximumMessageCount` plus a record of them; every byte is moved at most twice.
public struct TLSHandshakeAssembler: Sendable {
  /// What a call of `next` found.
  public enum Step: Sendable, Equatable {
    /// The chunk is used up.
    case needsMore
    /// A message: its type and where its body is in `buffer`, until the next call.
    case message(type: UInt8, body: ByteRange)
    /// Nothing more can be read in this direction.
    case ended(End)
  }

  /// Why nothing more can be read.
  public enum End: Sendable, Equatable {
    /// The cipher changed, or application data came.
    case encrypted
    /// The bytes are no TLS.
    case invalid(WireError)
  }

  /// The longest record content, RFC 5246 §6.2.3.
  private static let maximumRecordCount = 16_384 + 2_048
  private static let alert: UInt8 = 21
  private static let handshake: UInt8 = 22

  /// The longest message that is put together, in bytes.
  public let maximumMessageCount: Int
  /// Handshake bytes; `Step.message` tells which of them are a message.
  public private(set) var buffer: [UInt8] = []
  /// Level and description of the last alert that could be read, RFC 8446 §6.
  public private(set) var alert: (level: UInt8, description: UInt8)?
  /// The version field of the first record.
  public private(set) var recordVersion: UInt16 = 0
  private var start = 0
  private var header: UInt64 = 0
  private var headerCount = 0
  private var recordType: UInt8 = 0
  private var recordLeft = 0
  private var alertByte: UInt8?
  private var streamOffset = 0
  private var end: End?

  /// An assembler for one direction.
  public init(maximumMessageCount: Int = 65_536) {
    self.maximumMessageCount = max(maximumMessageCount, 64)
  }

  /// Makes it ready for another stream and keeps the memory.
  public mutating func reset() {
    var storage: [UInt8] = []
    swap(&storage, &buffer)
    storage.removeAll(keepingCapacity: true)
    self = TLSHandshakeAssembler(maximumMessageCount: maximumMessageCount)
    swap(&storage, &buffer)
  }

  /// The next message, taking bytes of the chunk from `offset` on, which is moved behind them.
  public mutating func next(in chunk: Bytes, from offset: inout Int) -> Step {
    while true {
      Work.count(1)
      if let end { return .ended(end) }
      if let message = completeMessage() { return message }
      if let end { return .ended(end) }
      guard offset < chunk.count else { return .needsMore }
      if recordLeft > 0 {
        takeContent(chunk, &offset)
      } else {
        takeHeader(chunk[offset])
        offset += 1
        streamOffset += 1
      }
    }
  }

  private mutating func completeMessage() -> Step? {
    guard buffer.count - start >= 4 else { return nil }
    let count = Int(buffer[start + 1]) << 16 | Int(buffer[start + 2]) << 8 | Int(buffer[start + 3])
    guard count <= maximumMessageCount else {
      end = .invalid(
        WireError(
          .tls, .oversized, "handshake_message", offset: streamOffset, needed: count,
          available: maximumMessageCount))
      return nil
    }
    guard buffer.count - start >= 4 + count else { return nil }
    let message = Step.message(type: buffer[start], body: ByteRange(start + 4, start + 4 + count))
    start += 4 + count
    return message
  }

  /// Collects the five bytes of a record header, which may be spread over chunks.
  private mutating func takeHeader(_ byte: UInt8) {
    header = header << 8 | UInt64(byte)
    headerCount += 1
    guard headerCount == 5 else { return }
    headerCount = 0
    recordType = UInt8(truncatingIfNeeded: header >> 32)
    let version = UInt16(truncatingIfNeeded: header >> 16)
    recordLeft = Int(header & 0xffff)
    if recordVersion == 0 { recordVersion = version }
    guard 20...24 ~= recordType, version >> 8 == 3 else {
      return fail(.invalid, "record_header", needed: Int(recordType), available: 0)
    }
    guard recordLeft <= Self.maximumRecordCount else {
      return fail(.oversized, "record", needed: recordLeft, available: Self.maximumRecordCount)
    }
    if recordType != Self.handshake, recordType != Self.alert { end = .encrypted }
  }

  private mutating func takeContent(_ chunk: Bytes, _ offset: inout Int) {
    let count = min(recordLeft, chunk.count - offset)
    Work.count(count)
    if recordType == Self.handshake {
      // What is in front was given out; moving the rest once keeps the buffer small.
      if start > 0 {
        Work.count(buffer.count - start)
        buffer.removeSubrange(..<start)
        start = 0
      }
      for index in offset..<offset + count { buffer.append(chunk[index]) }
    } else {
      for index in offset..<offset + count { takeAlert(chunk[index]) }
    }
    offset += count
    streamOffset += count
    recordLeft -= count
  }

  private mutating func takeAlert(_ byte: UInt8) {
    if let level = alertByte {
      alert = (level, byte)
      alertByte = nil
    } else {
      alertByte = byte
    }
  }

  private mutating func fail(
    _ fault: WireError.Fault, _ field: StaticString, needed: Int, available: Int
  ) {
    end = .invalid(
      WireError(.tls, fault, field, offset: max(0, streamOffset - 4), needed: needed, available: available))
  }

  /// Whether the bytes look like the start of a TLS stream: a handshake record of version 3.x that begins
  /// with a hello. Five bytes are enough to say no, six to say yes.
  public static func isPlausibleStart(_ bytes: Bytes) -> Bool {
    guard bytes.count >= 6, bytes[0] == handshake, bytes[1] == 3, bytes[2] <= 4 else { return false }
    let count = Int(bytes.uint16(at: 3))
    return count >= 1 && count <= maximumRecordCount && (bytes[5] == 1 || bytes[5] == 2)
  }
}
