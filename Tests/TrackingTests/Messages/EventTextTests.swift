import Events
import Packets
import Protocols
import Testing
import Tracking
import Values

/// Texts and facts of a message's event that are not as they were written.
struct EventTextTests {
  private func event(
    _ lines: [String], body: String = "", isCut: Bool = false, cutTo count: Int? = nil
  ) -> Event {
    let head = [
      "INVITE sip:bob@example.com SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", "Max-Forwards: 70",
      "To: <sip:bob@example.com>", "Call-ID: 1@example.com", "CSeq: 1 INVITE",
    ]
    let whole = Array(((head + lines).joined(separator: "\r\n") + "\r\n\r\n" + body).utf8)
    let bytes = Array(whole.prefix(count ?? whole.count))
    var message = SIPMessage()
    message.parse(bytes.span, transport: .datagram, isCaptureTruncated: isCut)
    var builder = SIPEventBuilder(headerNames: HeaderNames(), capacity: 64, seed: 1)
    var event = Event()
    builder.build(message, bytes.span, Packet(), sequence: 1, into: &event)
    return event
  }

  @Test(arguments: [
    (#""A \"B\" \\ C""#, #"A "B" \ C"#), (#""\\\\""#, #"\\"#), (#""a\bc\"""#, #"abc""#),
    (#""plain""#, "plain"),
    ("\"a\r\n b\"", "a b"), ("\"a \r\n\t  b\\\"\r\n c\"", "a  b\" c"),
    ("a\r\n b", "a b"),
  ])
  func `display names are without backslashes and line ends`(written: String, shown: String) {
    let event = event(["From: \(written) <sip:a@example.com>;tag=1"])
    #expect(event.string(.sipFromDisplayName) == shown)
  }

  @Test func `quoted parameters are without backslashes, and others keep them`() {
    let quoted = event([
      #"Authorization: Digest username="CORP\\al\"ice", realm="r\"\\", nonce="n", uri="sip:x", response="0""#,
      #"Reason: SIP;cause=600;text="a \"b\" \\""#, "From: <sip:a@example.com>;tag=1",
    ])
    #expect(quoted.string(.sipAuthUsername) == #"CORP\al"ice"#)
    #expect(quoted.string(.sipAuthRealm) == #"r"\"#)
    #expect(quoted.string(.sipReasonHeaderText) == #"a "b" \"#)
    let plain = event([#"Reason: SIP;text=a\b"#, #"From: a\b <sip:a@example.com>;tag=1"#])
    #expect(plain.string(.sipReasonHeaderText) == #"a\b"#)
    #expect(plain.string(.sipFromDisplayName) == #"a\b"#)
  }

  @Test func `a folded text has one space for each line end`() {
    let event = event([
      "User-Agent: Phone/1\r\n\t (x;\r\n y)", "Reason: SIP;cause=600;text=\"all\r\n  over\"",
      "From: <sip:a@example.com>;tag=1",
    ])
    #expect(event.string(.sipUserAgent) == "Phone/1 (x; y)")
    #expect(event.string(.sipReasonHeaderText) == "all over")
  }

  @Test func `user parts are without needless escapes, and URIs as they were written`() {
    let event = event([
      "From: <sip:%320%33@example.com>;tag=1",
      "Contact: <sip:" + String(repeating: "%41", count: 200) + "@192.0.2.1>",
    ])
    #expect(event.string(.sipFromUser) == "203")
    #expect(event.string(.sipFromURI) == "sip:%320%33@example.com")
    #expect(event.string(.sipToUser) == "bob")
    #expect(event.string(.sipContactUser) == String(repeating: "A", count: 200))
    #expect(self.event(["From: <sip:a%40b%3bc@example.com>;tag=1"]).string(.sipFromUser) == "a%40b%3Bc")
    #expect(self.event(["From: <sip:%@example.com>;tag=1"]).string(.sipFromUser) == "%")
  }

  private static let session = "v=0\r\no=- 1 2 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"

  @Test(arguments: [
    ("m=audio 4000 RTP/AVP 0\r\n", false, false), ("m=audio 4000 RTP/SAVP 0\r\n", true, false),
    ("m=audio 4000 RTP/AVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:x\r\n", true, false),
    ("m=application 4000 UDP/DTLS/SCTP webrtc-datachannel\r\n", false, false),
    ("m=audio 4000 UDP/TLS/RTP/SAVPF 0\r\na=fingerprint:sha-1 AA\r\n", true, true),
    ("m=audio 0 UDP/TLS/RTP/SAVP 0\r\na=fingerprint:sha-1 AA\r\n", true, false),
  ])
  func `protection is told by profile, keys and fingerprints`(media: String, secure: Bool, dtls: Bool) {
    let lines = ["From: <sip:a@example.com>;tag=1", "Content-Type: application/sdp"]
    let event = event(lines, body: Self.session + media)
    #expect(event[.sipSDPSecure] == .bool(secure) && event[.sipSDPDtls] == .bool(dtls))
  }

  @Test func `a cut description says nothing of what may stand behind the cut`() {
    let lines = ["From: <sip:a@example.com>;tag=1", "Content-Type: application/sdp"]
    let body = Self.session + "m=audio 4000 RTP/AVP 0\r\na=ice-ufrag:x\r\na=sendrecv\r\n"
    let count = event(lines, body: body).messageLength - 4
    let cut = event(lines, body: body, isCut: true, cutTo: count)
    #expect(cut[.sipSDPSecure] == .absent && cut[.sipSDPDtls] == .absent && cut[.sipSDPIce] == .bool(true))
    #expect(cut.string(.sipSDPTime) == "0 0")
  }
}
