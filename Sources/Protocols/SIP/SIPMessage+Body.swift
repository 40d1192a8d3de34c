import Packets
import Values

extension SIPMessage {
  /// Finds the body by Content-Length, and what follows it (RFC 3261 §18.3, §20.14).
  mutating func parseBody(_ bytes: Bytes, _ start: Int, _ transport: SIPTransport) {
    body = ByteRange(start, bytes.count)
    isBodyCut = isCut
    if transport == .stream, !isHeaderCut, !presentHeaders.contains(.contentLength) {
      report(.missingContentLength, .contentLength)
    }
    // With several lengths nobody can say which holds, so everything is taken as the body.
    guard let contentLength, !faults.contains(.multipleContentLength) else { return }
    let available = bytes.count - start
    if Int(contentLength) > available {
      if !isCut { report(.contentLengthMismatch, .contentLength) }
      return
    }
    let end = start + Int(contentLength)
    body = ByteRange(start, end)
    isBodyCut = isHeaderCut
    readRemainder(bytes, end)
  }

  /// Bytes behind the body: line ends and zeros are padding, a message is a message, the rest a fault.
  private mutating func readRemainder(_ bytes: Bytes, _ start: Int) {
    var index = start
    while index < bytes.count, Bytes.isWhitespace(bytes[index]) || bytes[index] == 0 { index += 1 }
    guard index < bytes.count else { return }
    if SIPDetector.detect(bytes, from: index) == .notSIP {
      // A line that the capture cut may be the first of a message.
      let mayGoOn = isCut && bytes.lineFeed(index, bytes.count) == nil
      if !mayGoOn { report(.contentLengthMismatch, .contentLength) }
    } else {
      report(.multipleMessages)
      remainder = ByteRange(index, bytes.count)
    }
  }
}
