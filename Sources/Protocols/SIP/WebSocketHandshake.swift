public import Packets
import Values

/// What the first bytes of a connection say about SIP over WebSocket (RFC 6455 §4, RFC 7118 §4).
public enum WebSocketHandshake: Sendable, Equatable {
  /// The head of a request or response is not complete yet.
  case incomplete
  /// No WebSocket handshake.
  case other
  /// A request that offers, or a response that accepts, a WebSocket.
  ///
  /// `length` is that of the head with its empty line; `isSIP` says whether the subprotocol is `sip`.
  case upgrade(length: Int, isResponse: Bool, isSIP: Bool)

  /// Longest head that is waited for, in bytes.
  public static let maximumLength = 16_384

  /// Reads the beginning of one direction of a connection.
  public init(_ bytes: Bytes) {
    guard let isResponse = Self.kind(bytes) else {
      self = bytes.count < 12 && Self.isPrefix(bytes) ? .incomplete : .other
      return
    }
    var headers = Headers()
    var line = bytes.find(0x0a, 0, bytes.count) + 1
    while line < bytes.count {
      let lineFeed = bytes.find(0x0a, line, bytes.count)
      guard lineFeed < bytes.count else { break }
      let text = bytes.trimmed(line, lineFeed)
      if Self.isEmptyLine(bytes, line, lineFeed) {
        self =
          headers.isUpgrade
          ? .upgrade(length: lineFeed + 1, isResponse: isResponse, isSIP: headers.isSIP) : .other
        return
      }
      headers.read(bytes, text)
      line = lineFeed + 1
    }
    self = bytes.count < Self.maximumLength ? .incomplete : .other
  }

  /// Whether bytes from `start` on change the answer, which was `incomplete` before they came.
  ///
  /// A head that comes byte by byte is so read at its beginning and at its end only.
  public static func mayBeDecided(_ bytes: Bytes, from start: Int) -> Bool {
    if start < 12 || bytes.count >= maximumLength { return true }
    var line = start
    while line < bytes.count {
      let lineFeed = bytes.find(0x0a, line, bytes.count)
      guard lineFeed < bytes.count else { return false }
      let isBehindLine =
        bytes[lineFeed - 1] == 0x0a || bytes[lineFeed - 1] == 0x0d && bytes[lineFeed - 2] == 0x0a
      if isBehindLine { return true }
      line = lineFeed + 1
    }
    return false
  }

  private static func isEmptyLine(_ bytes: Bytes, _ start: Int, _ lineFeed: Int) -> Bool {
    lineFeed == start || lineFeed == start + 1 && bytes[start] == 0x0d
  }

  /// Whether it is a response (true) or a request (false); nil when it is neither.
  private static func kind(_ bytes: Bytes) -> Bool? {
    if bytes.count >= 4, bytes.littleEndianWord(at: 0, width: 4) == get { return false }
    guard bytes.count >= 12, bytes.littleEndianWord(at: 0, width: 7) == http else { return nil }
    return bytes.littleEndianWord(at: 8, width: 4) == switching ? true : nil
  }

  /// Whether a few bytes may still become the start of a handshake.
  private static func isPrefix(_ bytes: Bytes) -> Bool {
    let request = bytes.littleEndianWord(at: 0, width: min(bytes.count, 4))
    let response = bytes.littleEndianWord(at: 0, width: min(bytes.count, 7))
    return request == masked(get, bytes.count) || response == masked(http, min(bytes.count, 7))
  }

  private static func masked(_ word: UInt64, _ width: Int) -> UInt64 {
    width >= 8 ? word : word & (1 << UInt64(width * 8) - 1)
  }

  /// `GET `, `HTTP/1.` and ` 101` as numbers, the first letter lowest.
  private static let get: UInt64 = 0x2054_4547
  private static let http: UInt64 = 0x2e_312f_5054_5448
  private static let switching: UInt64 = 0x3130_3120
}

/// The headers of the handshake that matter.
private struct Headers {
  var isUpgrade = false
  var isSIP = false

  private static let upgradeName = SIPTokenSet(["Upgrade"])
  private static let protocolName = SIPTokenSet(["Sec-WebSocket-Protocol"])
  private static let webSocket = SIPTokenSet(["websocket"])
  private static let sip = SIPTokenSet(["sip"])

  mutating func read(_ bytes: Bytes, _ line: ByteRange) {
    let colon = bytes.find(UInt8(ascii: ":"), line.start, line.end)
    guard colon < line.end, colon > line.start else { return }
    let name = bytes.trimmed(line.start, colon)
    let isProtocol = Self.protocolName.contains(bytes, name)
    guard isProtocol || Self.upgradeName.contains(bytes, name) else { return }
    var elements = SIPElements(bytes.trimmed(colon + 1, line.end))
    while let element = elements.next(in: bytes) {
      if isProtocol {
        isSIP = isSIP || Self.sip.contains(bytes, element)
      } else {
        isUpgrade = isUpgrade || Self.webSocket.contains(bytes, element)
      }
    }
  }
}
