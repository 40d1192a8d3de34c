import Foundation
import TestCaptures

/// A check of Snort 3's SIP inspector (generator 140) with what makes it speak.
struct SnortCheck: Sendable {
  let id: Int
  /// Conversations, each of which must raise all of the names beside it.
  let triggers: [(names: Set<String>, messages: [[UInt8]])]

  /// All names that stand for the check.
  var names: Set<String> { triggers.reduce(into: []) { $0.formUnion($1.names) } }

  private init(_ id: Int, _ triggers: (String, [UInt8])...) {
    self.id = id
    self.triggers = triggers.map { ([$0.0], [$0.1]) }
  }

  private init(_ id: Int, conversations: (String, [[UInt8]])...) {
    self.id = id
    triggers = conversations.map { ([$0.0], $0.1) }
  }

  private static let long = String(repeating: "x", count: 1200)

  /// An OPTIONS of which one text was replaced by another.
  private static func bent(_ old: String, _ new: String, method: String = "OPTIONS") -> [UInt8] {
    let text = String(decoding: SIPText.request(method).bytes, as: UTF8.self)
    return Array(text.replacing(old, with: new).utf8)
  }

  private static func with(_ name: String, _ value: String) -> [UInt8] {
    var message = SIPText.request("OPTIONS")
    message.set(name, value)
    return message.bytes
  }

  private static func without(_ name: String, method: String = "OPTIONS") -> [UInt8] {
    var message = SIPText.request(method)
    message.headers.removeAll { $0.name == name }
    return message.bytes
  }

  static let all = addresses + values + framing + startLines + conversations

  private static let addresses = [
    SnortCheck(
      2, ("sip.empty_request_uri", bent("sip:bob@example.com SIP/2.0", " SIP/2.0")),
      ("sip.empty_request_uri", bent("OPTIONS sip:bob@example.com SIP", "OPTIONS SIP"))),
    SnortCheck(3, ("sip.oversized_request_uri", bent("OPTIONS sip:bob", "OPTIONS sip:\(long)"))),
    SnortCheck(4, ("sip.empty_call_id", with("Call-ID", "")), ("sip.missing_header", without("Call-ID"))),
    SnortCheck(5, ("sip.oversized_call_id", with("Call-ID", long))),
    SnortCheck(8, ("sip.empty_from", with("From", "")), ("sip.missing_header", without("From"))),
    SnortCheck(9, ("sip.oversized_from", with("From", "\"\(long)\" <sip:a@b>;tag=1"))),
    SnortCheck(10, ("sip.empty_to", with("To", "")), ("sip.missing_header", without("To"))),
    SnortCheck(11, ("sip.oversized_to", with("To", "\"\(long)\" <sip:a@b>"))),
    SnortCheck(12, ("sip.empty_via", with("Via", "")), ("sip.missing_header", without("Via"))),
    SnortCheck(13, ("sip.oversized_via", with("Via", "SIP/2.0/UDP h;branch=z9hG4bK\(long)"))),
    SnortCheck(
      14, ("sip.empty_contact", with("Contact", "")),
      ("sip.missing_header", without("Contact", method: "INVITE"))),
    SnortCheck(15, ("sip.oversized_contact", with("Contact", "\"\(long)\" <sip:a@b>"))),
  ]

  private static let values = [
    SnortCheck(
      6, ("sip.cseq_out_of_range", with("CSeq", "4294967296 OPTIONS")),
      ("sip.bad_cseq", with("CSeq", "-1 OPTIONS"))),
    SnortCheck(7, ("sip.oversized_cseq_method", with("CSeq", "1 \(long)"))),
    SnortCheck(
      19, ("sip.cseq_unknown_method", SIPText.response(200, "OK", to: "GREET").bytes),
      ("sip.cseq_method_mismatch", with("CSeq", "1 GREET"))),
    SnortCheck(25, ("sip.cseq_method_mismatch", with("CSeq", "1 INVITE"))),
  ]

  private static let framing = [
    SnortCheck(
      16, ("sip.oversized_content_length", bent("Content-Length: 0", "Content-Length: 99999999")),
      ("sip.negative_content_length", bent("Content-Length: 0", "Content-Length: -1"))),
    SnortCheck(
      17, ("sip.multiple_messages", SIPText.request("OPTIONS").bytes + SIPText.request("MESSAGE").bytes)),
    SnortCheck(
      18, ("sip.content_length_mismatch", bent("Content-Length: 0", "Content-Length: 9")),
      ("sip.content_length_mismatch", SIPText.request("OPTIONS").bytes + Array("surplus".utf8))),
    SnortCheck(
      23,
      (
        "sip.empty_content_type",
        bent("Content-Length: 0\r\n\r\n", "Content-Type:\r\nContent-Length: 2\r\n\r\nhi")
      ),
      ("sip.missing_header", bent("Content-Length: 0\r\n\r\n", "Content-Length: 2\r\n\r\nhi"))),
  ]

  private static let startLines = [
    SnortCheck(22, ("sip.bad_status_code", SIPText.response(99, "Odd", to: "OPTIONS").bytes)),
    SnortCheck(
      24, ("sip.bad_version", bent("SIP/2.0\r\nVia", "SIP/7.0\r\nVia")),
      (
        "sip.bad_version",
        Array("SIP/7.0".utf8) + SIPText.response(200, "OK", to: "OPTIONS").bytes.dropFirst(7)
      )),
    SnortCheck(26, ("sip.unknown_method", SIPText.request("GREET").bytes)),
  ]

  private static let conversations = [
    SnortCheck(
      20,
      conversations: (
        "sip.replayed_credentials",
        [invite(call: "first", 1, nonce: "n1"), invite(call: "second", 1, nonce: "n1")]
      )),
    SnortCheck(
      21,
      conversations: (
        "sip.session_changed_after_challenge",
        [invite(1), challenge(1), invite(2, nonce: "n1", port: 16_002)]
      ),
      (
        "sip.session_moved_after_challenge",
        [invite(1), challenge(1), invite(2, nonce: "n1", host: "192.0.2.66")]
      )),
  ]

  static func challenge(_ cseq: Int) -> [UInt8] {
    var response = SIPText.response(
      407, "Proxy Authentication Required", to: "INVITE", callID: "call", branch: "z9hG4bKcall\(cseq)",
      cseq: cseq)
    response.set("Proxy-Authenticate", "Digest realm=\"x\", nonce=\"n1\", qop=\"auth\"")
    return response.bytes
  }

  static func invite(
    call: String = "call", _ cseq: Int, nonce: String? = nil, host: String = "192.0.2.101",
    port: Int = 16_000,
    version: Int = 1
  ) -> [UInt8] {
    var request = SIPText.request("INVITE", callID: call, branch: "z9hG4bK\(call)\(cseq)", cseq: cseq)
    if let nonce {
      request.set(
        "Proxy-Authorization",
        "Digest username=\"alice\", realm=\"x\", nonce=\"\(nonce)\", uri=\"sip:bob@example.com\", "
          + "response=\"\(nonce)\(nonce)\", qop=auth, nc=00000001, cnonce=\"c\"")
    }
    request.set("Content-Type", "application/sdp")
    request.body = Array(
      """
      v=0\r
      o=alice 20518 \(version) IN IP4 192.0.2.101\r
      s=-\r
      c=IN IP4 \(host)\r
      t=0 0\r
      m=audio \(port) RTP/AVP 8\r

      """.utf8)
    return request.bytes
  }
}
