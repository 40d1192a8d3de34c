import Packets
import Protocols
import Testing
import Values

/// What REFERs ask for and NOTIFYs tell of them.
struct TransferHeaderTests {
  /// The first NOTIFY of RFC 3515 §4.1, with the status line of the last one.
  private static func notify(
    event: String = "refer", type: String = "message/sipfrag;version=2.0",
    body: String = "SIP/2.0 200 OK\r\n",
    headers: [String] = []
  ) -> ParsedMessage {
    ParsedMessage(
      lines: [
        "NOTIFY sip:a@atlanta.example.com SIP/2.0",
        "Via: SIP/2.0/UDP agentb.atlanta.example.com;branch=z9hG4bK9922ef992-25",
        "To: <sip:a@atlanta.example.com>;tag=193402342",
        "From: <sip:b@atlanta.example.com>;tag=4992881234", "Call-ID: 898234234@agenta.atlanta.example.com",
        "CSeq: 1993402 NOTIFY", "Max-Forwards: 70", "Event: \(event)",
        "Subscription-State: active;expires=60", "Contact: sip:b@atlanta.example.com",
        "Content-Type: \(type)",
      ] + headers, body: body)
  }

  private static func refer(to target: String) -> ParsedMessage {
    ParsedMessage(lines: [
      "REFER sip:b@atlanta.example.com SIP/2.0", "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK2293940223",
      "To: <sip:b@atlanta.example.com>", "From: <sip:a@atlanta.example.com>;tag=193402342", "Call-ID: 1",
      "CSeq: 93809823 REFER", "Refer-To: \(target)", "Content-Length: 0",
    ])
  }

  private static func replaced(_ parsed: ParsedMessage) -> String? {
    parsed.read { message, bytes in
      guard let target = message.address(.referTo, in: bytes),
        let callID = SIPReplacedCallID(bytes, target.uri)
      else { return nil }
      return String(decoding: (0..<callID.count).map { callID.bytes[$0] }, as: UTF8.self)
    }
  }

  @Test func `a fragment gives the status of its response, whatever is cut off behind it`() {
    let body = "SIP/2.0 503 Service Unavailable\r\nWarning: 399 x \"y\"\r\n"
    for length in 0...body.utf8.count {
      let parsed = Self.notify(body: String(body.prefix(length)))
      #expect(parsed.read { $0.fragmentStatusCode(in: $1) } == (length < 11 ? nil : 503))
    }
    for type in ["Message/SIPfrag", "message/sipfrag", "message/sipfrag ; version=2.0"] {
      #expect(Self.notify(type: type).read { $0.fragmentStatusCode(in: $1) } == 200)
    }
    for type in ["message/sip", "message/sipfrax", "text/sipfrag", "message/sipfragment"] {
      #expect(Self.notify(type: type).read { $0.fragmentStatusCode(in: $1) } == nil)
    }
    #expect(Self.notify(headers: ["Content-Encoding: gzip"]).read { $0.fragmentStatusCode(in: $1) } == nil)
    #expect(
      Self.notify(headers: ["Content-Encoding: identity"]).read { $0.fragmentStatusCode(in: $1) } == 200)
  }

  @Test(
    arguments: [
      ("refer", nil), ("refer;id=93809823", 93_809_823), ("REFER ; ID=7", 7), ("refer;id=", nil),
      ("refer;id=x", nil),
      ("refer;id=4294967296", nil), ("refer;x=1;id=2", 2),
    ] as [(String, UInt32?)])
  func `the event names the REFER`(event: String, id: UInt32?) {
    let parsed = Self.notify(event: event).read { $0.referEvent(in: $1) }
    #expect(parsed?.id == id)
    #expect(parsed != nil)
  }

  @Test(arguments: ["presence", "refer.x", "referx", ";id=1", ""])
  func `other events tell of no REFER`(event: String) {
    #expect(Self.notify(event: event).read { $0.referEvent(in: $1) } == nil)
  }

  @Test func `a target may name the dialog to be replaced`() {
    // RFC 3891 §6.1 has this Call-ID, RFC 5589 §7.1 this form.
    let whole =
      "<sip:c@chicago.example.com?Replaces=090459243588173445%40c.example.com%3Bto-tag%3D7%3Bfrom-tag%3D3>"
    #expect(Self.replaced(Self.refer(to: whole)) == "090459243588173445@c.example.com")
    #expect(Self.replaced(Self.refer(to: "<sip:c@example.com?Subject=x&Join=a%2fb;to-tag=1>")) == "a/b")
    let limit = String(repeating: "a", count: 256)
    #expect(Self.replaced(Self.refer(to: "<sip:c@example.com?replaces=\(limit)%3b>")) == limit)
    for none in ["Replaces=a\(limit)", "Replaces=", "Replaces=%3Bx", "Replace=x", "Subject=Replaces"] {
      #expect(Self.replaced(Self.refer(to: "<sip:c@example.com?\(none)>")) == nil, "\(none)")
    }
    for (escape, text) in [("%", "%"), ("%4", "%4"), ("%4g", "%4g"), ("%41%", "A%"), ("%fF", "\u{fffd}")] {
      #expect(Self.replaced(Self.refer(to: "<sip:c@example.com?Join=\(escape)>")) == text)
    }
  }

  @Test(arguments: [
    ("", true), (";method=INVITE", true), (";method=BYE", false), (";lr;Method=SUBSCRIBE", false),
  ])
  func `a target asks for a call unless it names another method`(parameters: String, isCall: Bool) {
    let parsed = Self.refer(to: "<sip:c@example.com\(parameters)>")
    #expect(parsed.read { $0.address(.referTo, in: $1)?.uri.asksForCall(in: $1) } == isCall)
  }
}
