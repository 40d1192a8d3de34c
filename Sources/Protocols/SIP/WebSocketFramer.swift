public import Packets

/// What a WebSocket message carries.
public enum WebSocketMessageKind: UInt8, Sendable {
  case text, binary
}

/// Cuts one direction of a WebSocket, behind its handshake, into messages (RFC 6455 §5).
///
/// Fragments are joined and masks removed. An unmasked message that lies whole in one frame and chunk is
/// delivered without copying. Each message is one SIP message with a border of its own (RFC 7118 §5), so
/// it is parsed as a datagram.
public struct WebSocketFramer: Sendable {
  /// Largest message in bytes; larger ones are passed over and counted.
  public let maximumLength: Int
  /// Messages delivered.
  public private(set) var messageCount = 0
  /// Pings, pongs and closes.
  public private(set) var controlCount = 0
  /// Messages that were too large, or lost in a gap.
  public private(set) var droppedCount = 0
  /// Whether a close was seen, or bytes that are no frames: nothing is read any more.
  public private(set) var isClosed = false
  /// Whether the stream ended with bytes that are no frames.
  public private(set) var isBroken = false
  /// Bytes that were examined or copied.
  public private(set) var workCount = 0

  private var head = WebSocketFrameHead()
  /// Payload of the current frame that has not come yet; nil while its head is read.
  private var rest: UInt64?
  private var maskOffset = 0
  private var message: [UInt8] = []
  private var kind = WebSocketMessageKind.text
  private var isInMessage = false
  private var isDropping = false

  /// A framer for one direction.
  public init(maximumLength: Int = 262_144) { self.maximumLength = maximumLength }

  /// Bytes that are kept at the moment.
  public var bufferedByteCount: Int { message.count }

  /// Takes the next bytes and delivers every message that they complete.
  public mutating func feed(_ chunk: Bytes, _ deliver: (Bytes, WebSocketMessageKind) -> Void) {
    var offset = 0
    while offset < chunk.count || rest == 0, !isClosed {
      if rest == nil {
        offset = readHead(chunk, offset)
      } else {
        offset = readPayload(chunk, offset, deliver)
      }
    }
  }

  /// Tells that bytes are missing; a gap within a payload leaves the frames intact, any other ends them.
  public mutating func gap(byteCount: Int) {
    guard byteCount > 0, !isClosed else { return }
    guard let missing = rest, UInt64(byteCount) <= missing else { return close(isBroken: true) }
    if !head.isControl { isDropping = true }
    message.removeAll(keepingCapacity: false)
    rest = missing - UInt64(byteCount)
    maskOffset = (maskOffset + byteCount) & 3
  }

  private mutating func close(isBroken: Bool) {
    isClosed = true
    self.isBroken = isBroken
    message = []
  }

  private mutating func readHead(_ chunk: Bytes, _ start: Int) -> Int {
    var offset = start
    while offset < chunk.count {
      head.append(chunk[offset])
      offset += 1
      workCount += 1
      if head.isComplete { break }
    }
    guard head.isComplete else { return offset }
    beginFrame()
    return offset
  }

  private mutating func beginFrame() {
    // Continuations only inside a message, new messages only outside; no extension is in use.
    let isContinuation = head.opcode == 0
    guard head.isValid, head.isControl || isContinuation == isInMessage else { return close(isBroken: true) }
    rest = head.payloadLength
    maskOffset = 0
    guard !head.isControl, !isContinuation else { return }
    kind = head.opcode == 1 ? .text : .binary
    isInMessage = true
    isDropping = false
  }

  private mutating func readPayload(
    _ chunk: Bytes, _ start: Int, _ deliver: (Bytes, WebSocketMessageKind) -> Void
  ) -> Int {
    let length = Int(min(rest ?? 0, UInt64(chunk.count - start)))
    let end = start + length
    let isLast = UInt64(length) == rest
    workCount += length
    if head.isControl || isDropping {
      maskOffset = (maskOffset + length) & 3
    } else if isLast, head.isFinal, !head.isMasked, message.isEmpty {
      deliverWhole(chunk.extracting(start..<end), deliver)
      return end
    } else {
      keep(chunk, start, end)
    }
    rest = (rest ?? 0) - UInt64(length)
    if isLast { endFrame(deliver) }
    return end
  }

  private mutating func deliverWhole(_ bytes: Bytes, _ deliver: (Bytes, WebSocketMessageKind) -> Void) {
    if bytes.count <= maximumLength {
      messageCount += 1
      deliver(bytes, kind)
    } else {
      droppedCount += 1
    }
    endMessage()
  }

  private mutating func keep(_ chunk: Bytes, _ start: Int, _ end: Int) {
    guard message.count + (end - start) <= maximumLength else {
      isDropping = true
      message.removeAll(keepingCapacity: false)
      maskOffset = (maskOffset + end - start) & 3
      return
    }
    for index in start..<end {
      message.append(chunk[index] ^ head.maskByte(maskOffset))
      maskOffset = (maskOffset + 1) & 3
    }
  }

  private mutating func endFrame(_ deliver: (Bytes, WebSocketMessageKind) -> Void) {
    if head.isControl {
      controlCount += 1
      if head.opcode == 8 { return close(isBroken: false) }
    } else if head.isFinal {
      if isDropping {
        droppedCount += 1
      } else {
        messageCount += 1
        deliver(message.span, kind)
      }
      return endMessage()
    }
    rest = nil
    head = WebSocketFrameHead()
  }

  private mutating func endMessage() {
    rest = nil
    head = WebSocketFrameHead()
    isInMessage = false
    isDropping = false
    message.removeAll(keepingCapacity: message.capacity <= 4096)
  }
}

/// The head of a frame, which may come byte by byte (RFC 6455 §5.2).
struct WebSocketFrameHead: Sendable {
  private var first: UInt8 = 0
  private var second: UInt8 = 0
  private var mask: UInt32 = 0
  private var count = 0
  /// The length in the extended field, or in the second byte.
  private(set) var payloadLength: UInt64 = 0

  var opcode: UInt8 { first & 0x0f }
  var isFinal: Bool { first & 0x80 != 0 }
  var isControl: Bool { opcode >= 8 }
  var isMasked: Bool { second & 0x80 != 0 }
  var isComplete: Bool { count >= 2 && count == length }

  /// Reserved bits and opcodes unused, control frames short and whole, lengths below 2^63.
  var isValid: Bool {
    guard first & 0x70 == 0, payloadLength >> 63 == 0 else { return false }
    switch opcode {
    case 0, 1, 2: return true
    case 8, 9, 10: return isFinal && payloadLength <= 125
    default: return false
    }
  }

  private var extendedLength: Int {
    switch second & 0x7f {
    case 126: 2
    case 127: 8
    default: 0
    }
  }

  private var length: Int { 2 + extendedLength + (isMasked ? 4 : 0) }

  mutating func append(_ byte: UInt8) {
    defer { count += 1 }
    switch count {
    case 0: first = byte
    case 1:
      second = byte
      if extendedLength == 0 { payloadLength = UInt64(byte & 0x7f) }
    case 2..<(2 + extendedLength): payloadLength = payloadLength << 8 | UInt64(byte)
    default: mask = mask << 8 | UInt32(byte)
    }
  }

  /// The byte that hides the payload at an offset modulo 4; zero in unmasked frames.
  func maskByte(_ offset: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: mask >> UInt32(24 - 8 * (offset & 3)))
  }
}
