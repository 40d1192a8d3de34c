/// A SIP message on its way, in parts that each hop changes as RFC 3261 §16 says.
struct SIPDraft: Sendable {
  /// Request line or status line.
  var startLine: String
  /// Whether it is a request; `Max-Forwards` is for requests alone.
  var isRequest: Bool
  /// Values of Via, the topmost first.
  var vias: [String]
  /// Values of Record-Route, the topmost first.
  var recordRoutes: [String] = []
  /// Values of Route.
  var routes: [String] = []
  /// Hops that are left.
  var maxForwards = 70
  /// From with its tag.
  var from: String
  /// To, with a tag inside a dialog.
  var to: String
  /// Call-ID.
  var callID: String
  /// Number of CSeq.
  var cseq: Int
  /// Method of CSeq.
  var method: String
  /// Contact, when there is one.
  var contact: String?
  /// All other headers in order.
  var headers: [(name: String, value: String)] = []
  /// Type of the body; nil without a body.
  var contentType: String?
  /// The body.
  var body = ""

  /// The message as it goes over the wire.
  var bytes: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(700 + body.utf8.count)
    func line(_ name: String, _ value: String) {
      text.append(contentsOf: name.utf8)
      text.append(contentsOf: value.utf8)
      text.append(13)
      text.append(10)
    }
    line("", startLine)
    for via in vias { line("Via: ", via) }
    for route in recordRoutes { line("Record-Route: ", route) }
    for route in routes { line("Route: ", route) }
    if isRequest { line("Max-Forwards: ", String(maxForwards)) }
    line("From: ", from)
    line("To: ", to)
    line("Call-ID: ", callID)
    line("CSeq: ", "\(cseq) \(method)")
    if let contact { line("Contact: ", contact) }
    for header in headers {
      text.append(contentsOf: header.name.utf8)
      line(": ", header.value)
    }
    if let contentType { line("Content-Type: ", contentType) }
    line("Content-Length: ", String(body.utf8.count))
    line("", "")
    text.append(contentsOf: body.utf8)
    return text
  }

  /// Adds a header behind the others.
  mutating func add(_ name: String, _ value: String) { headers.append((name, value)) }

  /// A response to this request: RFC 3261 §8.2.6.
  func response(_ code: Int, reason: String? = nil, toTag: String?) -> SIPDraft {
    var response = SIPDraft(
      startLine: "SIP/2.0 \(code) \(reason ?? StatusReason.phrase(code))", isRequest: false, vias: vias,
      recordRoutes: code > 100 && code < 300 ? recordRoutes : [], from: from, to: to, callID: callID,
      cseq: cseq, method: method)
    if let toTag, code > 100, !to.contains(";tag=") { response.to += ";tag=\(toTag)" }
    return response
  }
}

/// The usual words behind status codes: RFC 3261 §21 and later.
enum StatusReason {
  static func phrase(_ code: Int) -> String { phrases[code] ?? "Unknown" }

  private static let phrases: [Int: String] = [
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted",
    302: "Moved Temporarily", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 407: "Proxy Authentication Required", 408: "Request Timeout",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 484: "Address Incomplete",
    486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 491: "Request Pending",
    500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Server Time-out", 600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere",
    606: "Not Acceptable",
  ]
}
