import Foundation
import Pipeline
import TestCaptures
import Testing

/// Secrets in places where no honest sender puts them stay out of the log too.
@Suite struct HiddenPartsTests {
  static let rules = """
    rules:
      - {id: every-message, sid: 9100001, title: Message, event: sip}

    """

  private func run(_ messages: [SIPText]) throws -> (sip: [[String: Any]], shown: String) {
    var capture = CaptureBytes()
    for (index, message) in messages.enumerated() {
      capture.add(
        datagram: message.bytes, from: EVEContractTests.phone, to: EVEContractTests.proxy, at: Int64(index))
    }
    let run = try SensorRun(capture, rules: .compile(Self.rules))
    return (
      try run.objects(of: "sip").map { try $0.object("sip") },
      String(decoding: run.log + run.terminal, as: UTF8.self)
    )
  }

  /// URIs with a secret, and how they are shown.
  static let uris: [(written: String, shown: String)] = [
    ("sip:alice:5ecr3t@example.com", "sip:alice:***@example.com"),
    ("sips:alice:5ecr3t@example.com:5061;lr", "sips:alice:***@example.com:5061;lr"),
    ("sip:alice@example.com?Authorization=5ecr3t", "sip:alice@example.com?***"),
    ("sip:example.com?Authorization=5ecr3t", "sip:example.com?***"),
    ("sip:example.com?Authorization=5ecr3t@x", "sip:example.com?***"),
    ("sip:alice:5ecr3t@example.com?Subject=5ecr3t", "sip:alice:***@example.com?***"),
    ("sip:alice:5e@5ecr3t@example.com", "sip:alice:***@example.com"),
    ("sip:alice:5e@5ecr3t;x@example.com", "sip:alice:***@example.com"),
    ("sip:alice:5e@5ecr3t?x@example.com", "sip:alice:***@example.com"),
    ("sip:a@b:5ecr3t@example.com", "sip:a@b:***@example.com"),
    ("alice:5ecr3t@example.com", "alice:***@example.com"),
    ("_alice:5ecr3t@example.com", "_alice:***@example.com"),
    ("tel:+4930123?x=5ecr3t", "tel:+4930123?***"),
    ("http://alice:5ecr3t@example.com/", "http://alice:***@example.com/"),
    ("sip:al?ice@example.com", "sip:al?ice@example.com"),
    ("sip:alice@example.com:5060;transport=tcp", "sip:alice@example.com:5060;transport=tcp"),
    ("sip:[2001:db8::1]:5060", "sip:[2001:db8::1]:5060"),
  ]

  @Test(arguments: uris.indices)
  func `passwords and headers of URIs are shown as stars`(index: Int) throws {
    let (written, expected) = Self.uris[index]
    var message = SIPText.request("INVITE")
    message.startLine = "INVITE \(written) SIP/2.0"
    message.set("From", "Alice <\(written)>;tag=1")
    message.set("To", "<\(written)>")
    message.set("Contact", "<\(written)>;expires=60")
    for name in ["P-Asserted-Identity", "Diversion", "Referred-By"] { message.set(name, "<\(written)>") }
    let (lines, shown) = try run([message])
    let sip = try #require(lines.first)
    #expect(sip["uri"] as? String == expected)
    #expect(sip["request_line"] as? String == "INVITE \(expected) SIP/2.0")
    for party in ["from", "to", "contact"] {
      #expect(try sip.object(party)["uri"] as? String == expected, "\(party)")
    }
    for name in ["p_asserted_identity", "diversion", "referred_by"] {
      #expect(sip[name] as? String == expected, "\(name)")
    }
    #expect(!shown.contains("5ecr3t"), "\(written)")
    #expect(try sip.object("from")["host"] as? String != "5ecr3t")
  }

  @Test func `a password in a URI with white space is shown as stars`() throws {
    var message = SIPText.request("INVITE")
    message.startLine = "INVITE sip:alice:pass 5ecr3t@example.com SIP/2.0"
    message.set("From", "sip:alice:pass 5ecr3t@example.com")
    let (lines, shown) = try run([message])
    #expect(lines.first?["request_line"] as? String == "INVITE sip:alice:***@example.com SIP/2.0")
    #expect(!shown.contains("5ecr3t"))
  }

  @Test func `a header that ends with CR alone does not take the next one into the log`() throws {
    var message = SIPText.request("REGISTER")
    message.set("User-Agent", "Phone\rAuthorization: Digest response=\"5ecr3t\"")
    message.set("Subject", "x\r\n folded\rProxy-Authorization: Basic 5ecr3t")
    message.set("To", "<sip:bob@example.com>\rAuthorization: Digest response=\"5ecr3t\"")
    message.startLine = "REGISTER sip:example.com SIP/2.0\rAuthorization: Basic 5ecr3t"
    let (lines, shown) = try run([message])
    let sip = try #require(lines.first)
    #expect(sip["user_agent"] as? String == "Phone")
    #expect(sip["request_line"] as? String == "REGISTER sip:example.com SIP/2.0")
    #expect(!shown.contains("5ecr3t"))
    #expect(shown.contains("sip.bare_carriage_return"))
  }

  @Test(arguments: [
    ("5ecr3t", nil), ("5ecr3t=", nil), ("5ecr3t 5ecr3t", nil), ("5ecr3t 5ecr3t==", nil),
    ("5ecr3tresponse=\"x\", nonce=\"y\"", nil), ("\"5ecr3t\" a=b", nil), ("Basic 5ecr3t", "Basic"),
    ("Bearer 5ecr3t", "Bearer"), ("Digest", "Digest"), ("NoOneKnows opaque=\"5ecr3t\"", "NoOneKnows"),
    ("\(String(repeating: "a", count: 25)) 5ecr3t=\"x\"", nil), ("95ecr3t a=b", nil),
  ])
  func `a word is a scheme only when parameters follow it`(value: String, scheme: String?) throws {
    var message = SIPText.request("REGISTER")
    message.set("Authorization", value)
    let (lines, shown) = try run([message])
    #expect((lines.first?["auth"] as? [String: Any])?["scheme"] as? String == scheme)
    #expect(!shown.contains("5ecr3t"))
  }

  @Test func `a secret in the claims of a caller's identity is shown as stars`() throws {
    func encoded(_ text: String) -> String {
      Data(text.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
        .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    }
    let header = encoded(
      #"{"alg":"ES256","ppt":"shaken","x5u":"https://u:5ecr3t@example.com/c.pem?k=5ecr3t"}"#)
    let claims = encoded(
      #"{"attest":"A","dest":{"uri":["sip:b:5ecr3t@x"]},"iat":1,"orig":{"uri":"sip:a:5ecr3t@x"}}"#)
    var message = SIPText.request("INVITE")
    message.set("Identity", "\(header).\(claims).c2ln;info=<https://example.com/c.pem>")
    let (lines, shown) = try run([message])
    let identity = try #require(lines.first).object("identity")
    #expect(identity["orig"] as? String == "sip:a:***@x")
    #expect(identity["x5u"] as? String == "https://u:***@example.com/c.pem?***")
    #expect(!shown.contains("5ecr3t"))
  }

  @Test func `a password in the contact of a registration is shown as stars`() throws {
    var request = SIPText.request("REGISTER")
    var response = SIPText.response(200, "OK", to: "REGISTER")
    request.set("Contact", "<sip:alice:5ecr3t@192.0.2.7>;expires=60")
    response.set("Contact", "<sip:alice:5ecr3t@192.0.2.7?a=5ecr3t>;expires=60")
    var capture = CaptureBytes()
    capture.add(datagram: request.bytes, from: EVEContractTests.phone, to: EVEContractTests.proxy, at: 0)
    capture.add(datagram: response.bytes, from: EVEContractTests.proxy, to: EVEContractTests.phone, at: 9)
    let run = try SensorRun(capture)
    #expect(try run.objects(of: "registration").count >= 1)
    let shown = String(decoding: run.log, as: UTF8.self)
    #expect(!shown.contains("5ecr3t") && shown.contains("sip:alice:***@192.0.2.7"))
  }
}
