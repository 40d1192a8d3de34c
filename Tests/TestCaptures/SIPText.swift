/// SIP messages as text; a test says only what matters to it.
public struct SIPText {
  /// The first line, without its end.
  public var startLine: String
  /// Names and values, in order; values are bytes because some tests send no text.
  public var headers: [(name: String, value: [UInt8])]
  /// What follows the empty line.
  public var body: [UInt8] = []

  /// A valid request of alice@example.com to bob@example.com.
  public static func request(
    _ method: String, callID: String = "a84b4c76e66710", branch: String = "z9hG4bK776asdhds", cseq: Int = 1
  ) -> SIPText {
    SIPText(
      startLine: "\(method) sip:bob@example.com SIP/2.0",
      headers: common(callID: callID, branch: branch, cseq: "\(cseq) \(method)", toTag: ""))
  }

  /// A valid response to such a request.
  public static func response(
    _ code: Int, _ reason: String, to method: String, callID: String = "a84b4c76e66710",
    branch: String = "z9hG4bK776asdhds", cseq: Int = 1
  ) -> SIPText {
    SIPText(
      startLine: "SIP/2.0 \(code) \(reason)",
      headers: common(callID: callID, branch: branch, cseq: "\(cseq) \(method)", toTag: ";tag=a6c85cf"))
  }

  /// Replaces the value of a header, or adds the header.
  public mutating func set(_ name: String, _ value: [UInt8]) {
    if let index = headers.firstIndex(where: { $0.name == name }) {
      headers[index].value = value
    } else {
      headers.append((name, value))
    }
  }

  /// Replaces the value of a header, or adds the header.
  public mutating func set(_ name: String, _ value: String) { set(name, Array(value.utf8)) }

  /// The message as it goes over the wire, with its Content-Length.
  public var bytes: [UInt8] {
    var text = Array((startLine + "\r\n").utf8)
    for header in headers { text += Array(header.name.utf8) + Array(": ".utf8) + header.value + [13, 10] }
    return text + Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
  }

  private static func common(callID: String, branch: String, cseq: String, toTag: String) -> [(
    name: String, value: [UInt8]
  )] {
    [
      ("Via", "SIP/2.0/UDP pc33.example.com:5060;branch=\(branch)"), ("Max-Forwards", "70"),
      ("To", "Bob <sip:bob@example.com>\(toTag)"), ("From", "Alice <sip:alice@example.com>;tag=1928301774"),
      ("Call-ID", callID), ("CSeq", cseq), ("Contact", "<sip:alice@pc33.example.com>"),
    ].map { ($0.0, Array($0.1.utf8)) }
  }
}
