import Packets
import Protocols
import Testing
import Values

@testable import Tracking

/// The INVITE that answers a challenge describes the session of the one that was challenged.
struct SessionChangeTests {
  private static let challenge = #"Proxy-Authenticate: Digest realm="x", nonce="n1""#
  private static let credentials =
    #"Proxy-Authorization: Digest username="alice", realm="x", nonce="n1", uri="sip:x", response="0""#
  private static let fault = "4 sip.session_changed_after_challenge"
  private static let moved = "4 sip.session_moved_after_challenge"

  /// An INVITE, its challenge, its ACK and the INVITE with credentials.
  private func script(
    _ first: String?, _ second: String?, code: Int = 407, headers: [String] = [credentials],
    source: UInt32 = 1, received: String = ""
  ) -> CallScript {
    var script = CallScript()
    script.request("INVITE", at: 0, sdp: first)
    script.response(code, at: 0.1, branch: "z9hG4bKcall-1INVITE11\(received)", headers: [Self.challenge])
    script.request("ACK", at: 0.2, toTag: "bob")
    script.request("INVITE", at: 0.3, from: source, cseq: 2, headers: headers, sdp: second)
    return script
  }

  static let otherSessions = [
    CallScript.sdp(port: 49180), CallScript.sdp(session: "20519"),
    CallScript.sdp(owner: "mallory"), CallScript.sdp(port: 0),
    CallScript.sdp(more: "m=video 50000 RTP/AVP 31\r\n"),
    CallScript.sdp().replacing("m=audio", with: "m=video"),
    CallScript.sdp().replacing("IN IP4 host.example.com", with: "IN IP4 host.example.net"),
  ]

  static let otherPlaces = [
    CallScript.sdp(host: "10.0.0.66"), CallScript.sdp(host: "2001:db8::1"),
    CallScript.sdp(host: "mallory.example"),
    CallScript.sdp(more: "c=IN IP4 10.0.0.66\r\n"),
    CallScript.sdp(more: "m=video 50000 RTP/AVP 31\r\nc=IN IP4 10.0.0.66\r\n"),
  ]

  @Test(arguments: otherSessions, [401, 407])
  func `another session behind a challenge is a fault`(second: String, code: Int) {
    #expect(script(CallScript.sdp(), second, code: code).faults == [Self.fault])
    #expect(script(second, CallScript.sdp(), code: code).faults == [Self.fault])
  }

  @Test(arguments: otherPlaces, [401, 407])
  func `media at another address behind a challenge are another fault`(second: String, code: Int) {
    #expect(script(CallScript.sdp(), second, code: code).faults == [Self.moved])
    #expect(script(second, CallScript.sdp(), code: code).faults == [Self.moved])
  }

  @Test func `a telephone may move to where it was seen`() {
    let seen = CallScript.sdp(host: "10.0.0.1")
    #expect(script(CallScript.sdp(), seen).faults == [Self.fault])
    #expect(script(CallScript.sdp(), seen, source: 2).faults == [Self.fault])
    // Who asks from elsewhere for himself was not seen before.
    let stranger = CallScript.sdp(host: "10.0.0.2")
    #expect(script(CallScript.sdp(), stranger, source: 2).faults == [Self.moved])
    #expect(script(CallScript.sdp(), stranger).faults == [Self.moved])
    let nat = CallScript.sdp(host: "203.0.113.7")
    #expect(script(CallScript.sdp(), nat, received: ";received=203.0.113.7").faults == [Self.fault])
    #expect(script(CallScript.sdp(), nat, received: ";received=203.0.113.8").faults == [Self.moved])
    #expect(script(CallScript.sdp(), nat, received: ";received=nat.example").faults == [Self.moved])
  }

  @Test(arguments: [(CallScript.Host(1), "changed"), (CallScript.Host(0xcb00_7109), "moved")])
  func `a challenge tells nothing new of who has a public address`(sender: CallScript.Host, change: String) {
    var script = CallScript()
    script.request("INVITE", at: 0, from: sender, sdp: CallScript.sdp())
    script.response(
      407, at: 0.1, destination: sender, branch: "z9hG4bKcall-1INVITE1\(sender);received=203.0.113.7",
      headers: [Self.challenge])
    script.request(
      "INVITE", at: 0.3, from: sender, cseq: 2, headers: [Self.credentials],
      sdp: CallScript.sdp(host: "203.0.113.7"))
    #expect(script.faults == ["3 sip.session_\(change)_after_challenge"])
  }

  @Test(arguments: [(CallScript.Host(2), "changed"), (3, "moved")])
  func `only the server of the call tells its caller of an address`(
    challenger: CallScript.Host, change: String
  ) {
    var script = CallScript()
    script.request("INVITE", at: 0, sdp: CallScript.sdp())
    script.response(
      407, at: 0.1, from: challenger, branch: "z9hG4bKcall-1INVITE11;received=203.0.113.7",
      headers: [Self.challenge])
    let sdp = CallScript.sdp(host: "203.0.113.7")
    script.request("INVITE", at: 0.3, cseq: 2, headers: [Self.credentials], sdp: sdp)
    #expect(script.faults == ["3 sip.session_\(change)_after_challenge"])
  }

  @Test func `a telephone that has learned of its public address may still name its own`() {
    let seen = CallScript.sdp(host: "10.0.0.1")
    #expect(script(CallScript.sdp(), seen, received: ";received=203.0.113.7").faults == [Self.fault])
  }

  @Test func `candidates are places where there is no other`() {
    let candidate = "a=candidate:1 1 UDP 2130706431 10.0.0.66 4000 typ host\r\n"
    let nowhere = CallScript.sdp(host: "0.0.0.0", more: candidate)
    #expect(script(CallScript.sdp(), nowhere).faults == [Self.moved])
    #expect(script(nowhere, nowhere).faults == [])
    #expect(script(CallScript.sdp(more: candidate), CallScript.sdp()).faults == [])
  }

  static let placeless = [
    CallScript.sdp(host: "0.0.0.0"), CallScript.sdp(host: "0.0.0.0", more: "m=video 0 RTP/AVP 31\r\n"),
  ]

  @Test(arguments: placeless)
  func `nowhere is no other place`(description: String) {
    #expect(script(CallScript.sdp(), description).faults == [Self.fault])
    #expect(script(description, CallScript.sdp()).faults == [Self.fault])
  }

  @Test func `a medium that is turned down is expected nowhere`() {
    let video = "m=video 0 RTP/AVP 31\r\nc=IN IP4 10.0.0.66\r\n"
    #expect(script(CallScript.sdp(), CallScript.sdp(more: video)).faults == [Self.fault])
  }

  @Test func `a description without a place for media moves nowhere`() {
    let none = CallScript.sdp().replacing("m=audio", with: "x=audio")
    #expect(script(CallScript.sdp(), none).faults == [Self.fault])
    #expect(script(none, CallScript.sdp()).faults == [Self.fault])
  }

  static let sameSessions = [
    CallScript.sdp(), CallScript.sdp(version: 2), CallScript.sdp("inactive"),
    CallScript.sdp().replacing("RTP/AVP 8 101", with: "RTP/AVP 0 8 9 101"),
    CallScript.sdp(more: "a=ptime:20\r\n"), CallScript.sdp().replacing("s=-", with: "s=call"),
  ]

  @Test(arguments: sameSessions)
  func `a new version, direction or codec is the same session`(second: String) {
    #expect(script(CallScript.sdp(), second).faults == [])
  }

  @Test func `an INVITE without a description promises no session`() {
    #expect(script(nil, CallScript.sdp()).faults == [])
    #expect(script(CallScript.sdp(), nil).faults == [])
    #expect(script(nil, nil).faults == [])
  }

  @Test func `only credentials after a challenge count`() {
    let other = CallScript.sdp(port: 49180)
    #expect(script(CallScript.sdp(), other, headers: []).faults == [])
    #expect(script(CallScript.sdp(), other, code: 302).faults == [])
    #expect(script(CallScript.sdp(), other, code: 422).faults == [])
    // Credentials from elsewhere are still those of the call.
    #expect(script(CallScript.sdp(), other, source: 66).faults == [Self.fault])
  }

  @Test func `every INVITE is compared with the one whose challenge it answers`() {
    var script = script(CallScript.sdp(), CallScript.sdp(port: 49180))
    script.response(401, at: 0.4, cseq: 2, headers: [Self.challenge])
    script.request("INVITE", at: 0.5, cseq: 3, headers: [Self.credentials], sdp: CallScript.sdp(port: 49180))
    #expect(script.faults == [Self.fault])
    script.response(401, at: 0.6, cseq: 3, headers: [Self.challenge])
    script.request("INVITE", at: 0.7, cseq: 4, headers: [Self.credentials], sdp: CallScript.sdp())
    #expect(script.faults.count == 2)
  }

  @Test func `retransmissions and an INVITE passed on are silent`() {
    var script = script(CallScript.sdp(), CallScript.sdp())
    script.request("INVITE", at: 0.8, cseq: 2, headers: [Self.credentials], sdp: CallScript.sdp())
    // The proxy anchors the media at itself.
    script.request(
      "INVITE", at: 0.81, from: 2, to: 3, cseq: 2, branch: "z9hG4bKproxy", vias: 2,
      headers: [Self.credentials], sdp: CallScript.sdp(host: "10.0.0.2", port: 30_000))
    #expect(script.faults == [])
  }

  @Test(arguments: [true, false])
  func `a re-INVITE may change the session, but not behind its challenge`(isOther: Bool) {
    var script = script(CallScript.sdp(), CallScript.sdp())
    script.response(200, at: 1, cseq: 2, sdp: CallScript.sdp())
    script.request(
      "INVITE", at: 2, cseq: 3, toTag: "bob", headers: [Self.credentials], sdp: CallScript.sdp(port: 49180))
    script.response(407, at: 2.1, cseq: 3, headers: [Self.challenge])
    script.request(
      "INVITE", at: 2.2, cseq: 4, toTag: "bob", headers: [Self.credentials],
      sdp: CallScript.sdp(port: isOther ? 49190 : 49180))
    #expect(script.faults == (isOther ? ["8 sip.session_changed_after_challenge"] : []))
    script.response(200, at: 2.3, cseq: 4, sdp: CallScript.sdp())
    script.request(
      "INVITE", at: 3, cseq: 5, toTag: "bob", headers: [Self.credentials], sdp: CallScript.sdp(port: 49200))
    #expect(script.faults.count == (isOther ? 1 : 0))
  }

  @Test func `a challenge to a re-INVITE counts on each hop`() {
    var script = script(CallScript.sdp(), CallScript.sdp())
    script.response(200, at: 1, cseq: 2, sdp: CallScript.sdp())
    let credentials = [Self.credentials]
    script.request("INVITE", at: 2, cseq: 3, toTag: "bob", headers: credentials, sdp: CallScript.sdp())
    script.request(
      "INVITE", at: 2.01, from: 2, to: 3, cseq: 3, toTag: "bob", branch: "z9hG4bKproxy", vias: 2,
      headers: credentials, sdp: CallScript.sdp())
    let challenge = [Self.challenge]
    script.response(
      407, at: 2.02, from: 3, destination: 2, cseq: 3, branch: "z9hG4bKproxy", vias: 2, headers: challenge)
    script.response(407, at: 2.03, cseq: 3, headers: challenge)
    let elsewhere = CallScript.sdp(host: "10.0.0.66")
    script.request("INVITE", at: 2.1, cseq: 4, toTag: "bob", headers: credentials, sdp: elsewhere)
    #expect(script.faults == ["10 sip.session_moved_after_challenge"])
  }

  @Test func `a description that was cut says nothing`() {
    let bytes = Array(CallScript.sdp().utf8)
    var description = SessionDescription()
    description.parse(bytes.span, ByteRange(0, bytes.count))
    #expect(SessionFacts(description, in: bytes.span, isWhole: false, seed: 7).identity.isUnknown)
    #expect(!SessionFacts(description, in: bytes.span, seed: 7).identity.isUnknown)
  }

  @Test(arguments: [
    ("RTP/AVP 8 101\r\n", false), ("RTP/AVP 8 13\r\n", true),
    ("RTP/AVP 8 97\r\na=rtpmap:97 CN/16000\r\n", true),
    ("RTP/AVP 18\r\n", true), ("RTP/AVP 18\r\na=fmtp:18 annexb=no\r\n", false),
    ("RTP/AVP 18\r\na=fmtp:18 AnnexB=yes\r\n", true),
    ("RTP/AVP 8 18\r\na=fmtp:18 foo=1; annexb=no\r\n", false),
    ("RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1; usedtx=1\r\n", true),
    ("RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1;usedtx=0\r\n", false),
    ("RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 usedtx\r\n", false),
  ])
  func `a description says whether silence may be left out`(media: String, expected: Bool) {
    let bytes = Array("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 \(media)".utf8)
    var description = SessionDescription()
    description.parse(bytes.span, ByteRange(0, bytes.count))
    let facts = SessionFacts(description, in: bytes.span, seed: 7)
    #expect(facts.mayPause == expected)
    #expect(facts.audioPlace != 0 && !facts.hasCandidates)
  }
}
