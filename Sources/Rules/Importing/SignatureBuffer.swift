/// What a signature looks into.
enum SignatureBuffer: Hashable {
  case payload
  case method, uri, requestLine
  case code, reason, responseLine
  case version
  /// One header field by its name.
  case header(String)
  /// One line of a session description, by the end of its field's name.
  case description(String)
  /// All header fields, as Snort's `sip_header`.
  case headers
  /// What follows the header fields, as Snort's `sip_body`.
  case body

  /// The sticky buffers by their keywords.
  static let keywords: [String: SignatureBuffer] = [
    "sip.method": .method, "sip.uri": .uri, "sip.request_line": .requestLine, "sip.stat_code": .code,
    "sip.stat_msg": .reason, "sip.response_line": .responseLine, "sip.protocol": .version,
    "sip.from": .header("From"), "sip.to": .header("To"), "sip.via": .header("Via"),
    "sip.user_agent": .header("User-Agent"), "sip.content_type": .header("Content-Type"),
    "sip.content_length": .header("Content-Length"), "pkt_data": .payload, "sip_header": .headers,
    "sip_body": .body, "sdp.origin": .description("origin"),
    "sdp.session_name": .description("session_name"),
    "sdp.connection_data": .description("connection_data"), "sdp.time": .description("time"),
    // The names before Suricata 5.
    "sip_method": .method, "sip_uri": .uri, "sip_request_line": .requestLine, "sip_stat_code": .code,
    "sip_stat_msg": .reason, "sip_response_line": .responseLine, "sip_protocol": .version,
  ]

  /// How rules name it.
  var field: String {
    switch self {
    case .payload, .headers, .body: "payload"
    case .method: "sip.method"
    case .uri: "sip.uri"
    case .requestLine: "sip.request_line"
    case .code: "sip.code"
    case .reason: "sip.reason"
    case .responseLine: "sip.response_line"
    case .version: "sip.version"
    case .description(let name): "sip.sdp.\(name)"
    case .header(let name): "header[\"\(name)\"]"
    }
  }

  /// The side that it exists on, or nil for both.
  var direction: Direction? {
    switch self {
    case .method, .uri, .requestLine: .request
    case .code, .reason, .responseLine: .response
    default: nil
    }
  }

  /// What kind of message has it.
  enum Direction {
    case request, response
  }

  /// Whether every message has it; of the others a negated content says nothing when they are absent, there
  /// as here.
  var isWholeMessage: Bool { self == .payload || self == .headers || self == .body }
}

/// Header fields as signatures spell them inside `content`.
enum HeaderContent {
  /// Header fields of which a message has one at the most, by their names in lower case (RFC 3261 §7.3.1,
  /// §20).
  private static let singular: [String: String] = Dictionary(
    uniqueKeysWithValues: [
      "From", "To", "Call-ID", "CSeq", "User-Agent", "Server", "Max-Forwards", "Content-Type",
      "Content-Length", "Subject", "Organization", "Date", "Expires", "Min-Expires", "Refer-To",
      "Referred-By", "Session-Expires", "Event", "Priority", "Timestamp", "MIME-Version", "Retry-After",
      "RSeq", "RAck", "Reply-To", "Content-Disposition", "Subscription-State",
    ].map { ($0.lowercased(), $0) })

  /// The header field and the text behind it in `[CRLF]Name: text[CRLF]`, or nil for anything else.
  static func split(_ bytes: [UInt8]) -> (name: String, text: [UInt8], isWhole: Bool, hasBlank: Bool)? {
    var rest = bytes[...]
    while let first = rest.first, first == 0x0d || first == 0x0a { rest = rest.dropFirst() }
    guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
      let name = singular[String(decoding: rest[..<colon], as: UTF8.self).lowercased()]
    else { return nil }
    var text = rest[(colon + 1)...]
    let isWhole = text.last == 0x0a || text.last == 0x0d
    while let last = text.last, last == 0x0d || last == 0x0a { text = text.dropLast() }
    guard !text.contains(where: { $0 == 0x0d || $0 == 0x0a }) else { return nil }
    let hasBlank = text.first == 0x20
    text = text.drop { $0 == 0x20 }
    return (name, Array(text), isWhole, hasBlank)
  }
}
