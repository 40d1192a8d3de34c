import Packets
import Protocols
import Values

/// A message together with its bytes, so that a test can ask for text.
final class ParsedMessage: Sendable {
  let bytes: [UInt8]
  let status: SIPParseStatus
  let message: SIPMessage

  init(_ bytes: [UInt8], transport: SIPTransport = .datagram, isCaptureTruncated: Bool = false) {
    self.bytes = bytes
    var message = SIPMessage()
    status = message.parse(bytes.span, transport: transport, isCaptureTruncated: isCaptureTruncated)
    self.message = message
  }

  /// Lines are joined with CRLF and end with an empty line, unless the text brings its own.
  convenience init(lines: [String], body: String = "", transport: SIPTransport = .datagram) {
    let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    self.init(Array(text.utf8), transport: transport)
  }

  func text(_ range: ByteRange) -> String {
    String(decoding: bytes[range.range], as: UTF8.self)
  }

  /// Asks the message for something that needs its bytes.
  func read<Value>(_ body: (borrowing SIPMessage, Bytes) -> Value?) -> Value? {
    let bytes = bytes
    return body(message, bytes.span)
  }

  /// The session description in its body.
  var sessionDescription: ParsedDescription? {
    read { $0.sessionDescriptionRange(in: $1) }.map { ParsedDescription(bytes, $0) }
  }

  func header(_ name: String) -> String? {
    let bytes = bytes
    return message.value(of: SIPHeaderKey(name), in: bytes.span).map(text)
  }

  /// The names of the faults, without `sip.`, a missing or repeated header with its name.
  var faultNames: [String] {
    message.faults.map { String($0.name.dropFirst(4)) }
  }

  func headers(with fault: SIPFault) -> [String] {
    message.faultDetails.filter { $0.fault == fault }.map(\.header.name)
  }
}
