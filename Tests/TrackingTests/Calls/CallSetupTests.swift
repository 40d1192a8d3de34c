import Events
import Testing

@testable import Tracking

/// The setup of calls, sentence by sentence.
struct CallSetupTests {
  private static let challenge = #"WWW-Authenticate: Digest realm="x", nonce="n1""#
  private static let staleChallenge = #"WWW-Authenticate: Digest realm="x", nonce="n2", stale=true"#
  private static let credentials =
    #"Authorization: Digest username="alice", realm="x", nonce="n1", uri="sip:x", response="0""#

  @Test func `a call is answered at the first 2xx and ended at the first BYE`() {
    var script = CallScript()
    script.request("INVITE", at: 0, sdp: CallScript.sdp())
    script.response(100, at: 0.1, toTag: nil)
    script.response(180, at: 1)
    script.response(200, at: 5, sdp: CallScript.sdp())
    script.request("ACK", at: 5.1, toTag: "bob")
    script.request("BYE", at: 65, cseq: 2, toTag: "bob")
    script.response(200, at: 65.1, to: "BYE", cseq: 2)
    #expect(script.log == ["started", "ringing", "answered", "ended"])
    let event = script.event(.ended)
    #expect(event[.callPDD] == .duration(1_000_000_000))
    #expect(event[.callSetup] == .duration(5_000_000_000))
    #expect(event[.callRing] == .duration(4_000_000_000))
    #expect(event[.callDuration] == .duration(60_000_000_000))
    #expect(event[.callPDDAfterAuth] == .absent)
    #expect(event.string(.callCause) == "answered")
    #expect(event.string(.callEndedBy) == "caller")
    #expect(event.string(.callCodec) == "PCMA")
    #expect(event.string(.callCaller) == "alice")
    #expect(event.string(.callCallee) == "bob")
    #expect(event.integer(.callMessages) == 6, "up to the BYE")
    #expect(event.integer(.callConcurrent) == 0)
  }

  @Test(
    arguments: [
      ("+493012345678", "+442079460000", true), ("+493012345678", "+498912345678", false),
      ("+493012345678", "200", nil),
      ("200", "+442079460000", nil),
    ] as [(String, String, Bool?)])
  func `a call is international when its callee is in another country than its caller`(
    _ caller: String, _ callee: String, _ expected: Bool?
  ) {
    var script = CallScript()
    script.request("INVITE", at: 0, caller: caller, callee: callee)
    let said = script.event(.started)[.callInternational]
    #expect(said == expected.map { .bool($0) } ?? .absent)
  }

  @Test func `a codec is that of sound, not of noise, keys or redundancy`() {
    var script = CallScript()
    script.request("INVITE", at: 0, sdp: CallScript.sdp())
    let media =
      "m=audio 4000 RTP/AVP 63 13 101 8\r\na=rtpmap:63 red/48000\r\na=rtpmap:101 telephone-event/8000\r\n"
    script.response(
      200, at: 1, sdp: "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n\(media)")
    script.request("BYE", at: 5, cseq: 2, toTag: "bob")
    #expect(script.event(.ended).string(.callCodec) == "PCMA")
  }

  @Test func `no time is negative when packets are out of order`() {
    var script = CallScript()
    script.request("INVITE", at: 10)
    script.response(180, at: 9.75)
    script.response(200, at: 9.5)
    script.request("BYE", at: 9.25, cseq: 2, toTag: "bob")
    script.response(200, at: 9.25, to: "BYE", cseq: 2)
    #expect(script.log == ["started", "ringing", "answered", "ended"])
    let event = script.event(.ended)
    for field in [Field.callPDD, .callSetup, .callRing, .callDuration] {
      #expect(event[field] == .duration(0), "\(field)")
    }
  }

  @Test func `a challenge is part of the setup and PDD is given with and without it`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(401, at: 0.5, headers: [Self.challenge])
    script.request("ACK", at: 0.6, toTag: "bob")
    script.request("INVITE", at: 1, cseq: 2, headers: [Self.credentials])
    script.response(180, at: 3, cseq: 2, toTag: "bob2")
    script.response(200, at: 4, cseq: 2, toTag: "bob2")
    #expect(script.log == ["started", "ringing", "answered"])
    let event = script.event(.answered)
    #expect(event[.callPDD] == .duration(3_000_000_000))
    #expect(event[.callPDDAfterAuth] == .duration(2_000_000_000))
    #expect(event.integer(.callForks) == 0)
  }

  @Test func `a challenge that nobody answers within timer B ends the call`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(407, at: 1, headers: [Self.challenge])
    script.wait(until: 32)
    #expect(script.log == ["started"])
    script.wait(until: 36)
    #expect(script.log == ["started", "ended"])
    #expect(script.event(.ended).string(.callCause) == "challenge-unanswered")
    #expect(script.event(.ended).integer(.callCode) == 407)
  }

  @Test(arguments: [(staleChallenge, "challenge-unanswered"), (challenge, "rejected")])
  func `a challenge after credentials is a rejection unless the nonce was only stale`(
    second: String, cause: String
  ) {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(401, at: 0.1, headers: [Self.challenge])
    script.request("INVITE", at: 0.2, cseq: 2, headers: [Self.credentials])
    script.response(401, at: 0.3, cseq: 2, headers: [second])
    script.wait(until: 40)
    #expect(script.log == ["started", "ended"])
    #expect(script.event(.ended).string(.callCause) == cause)
  }

  @Test(
    arguments: [
      (486, "busy"), (600, "busy"), (480, "no-answer"), (603, "rejected"), (403, "rejected"), (404, "failed"),
      (503, "failed"), (408, "timeout"), (488, "rejected"), (484, "failed"), (487, "cancelled"),
    ])
  func `final responses have causes`(code: Int, cause: String) {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(code, at: 1)
    #expect(script.log == ["started", "ended"])
    let event = script.event(.ended)
    #expect(event.string(.callCause) == cause)
    #expect(event.integer(.callCode) == Int64(code))
    #expect(event.string(.callReason) == "Reason")
    #expect(event[.callDuration] == .absent)
  }

  @Test func `408 after ringing means that nobody answered`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(180, at: 1)
    script.response(408, at: 30)
    #expect(script.event(.ended).string(.callCause) == "no-answer")
    #expect(script.event(.ended)[.callRing] == .duration(29_000_000_000))
  }

  @Test func `487 after CANCEL is a cancelled call`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(180, at: 1)
    script.request("CANCEL", at: 3)
    script.response(200, at: 3.1, to: "CANCEL")
    script.response(487, at: 3.2)
    #expect(script.log == ["started", "ringing", "ended"])
    #expect(script.event(.ended).string(.callCause) == "cancelled")
    #expect(script.event(.ended).string(.callEndedBy) == "caller")
  }

  @Test(arguments: [(1, "caller"), (66, "other"), (2, "callee")])
  func `who ends a call with CANCEL is told by where it comes from`(source: UInt32, ender: String) {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(180, at: 1)
    script.request("CANCEL", at: 3, from: source)
    script.response(200, at: 3.1, to: "CANCEL", destination: source)
    script.response(487, at: 3.2)
    #expect(script.event(.ended).string(.callCause) == "cancelled")
    #expect(script.event(.ended).string(.callEndedBy) == ender)
  }

  @Test func `a stranger's CANCEL that nobody followed says nothing of the end`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.request("CANCEL", at: 3, from: 66)
    script.response(486, at: 5)
    #expect(script.event(.ended).string(.callCause) == "busy")
    #expect(script.event(.ended).string(.callEndedBy) == "callee")
    var both = CallScript()
    both.request("INVITE", at: 0)
    both.request("CANCEL", at: 3, from: 66)
    both.request("CANCEL", at: 4)
    both.response(487, at: 5)
    #expect(both.event(.ended).string(.callEndedBy) == "caller")
  }

  @Test func `a 200 that crosses CANCEL answers the call`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.request("CANCEL", at: 3)
    script.response(200, at: 3.01)
    script.hangUp(at: 4)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.event(.ended).string(.callCause) == "answered")
  }

  @Test func `a redirection and 422 wait for another INVITE and are no failure`() {
    for code in [302, 422] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.response(code, at: 1)
      script.request("INVITE", at: 2, cseq: 2)
      script.response(200, at: 3, cseq: 2)
      #expect(script.log == ["started", "answered"])
    }
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(302, at: 1)
    script.wait(until: 40)
    #expect(script.event(.ended).string(.callCause) == "redirected")
  }

  @Test func `each further To tag is a fork`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(180, at: 1, toTag: "b1")
    script.response(180, at: 2, toTag: "b2")
    script.response(183, at: 3, toTag: "b1")
    script.response(200, at: 4, toTag: "b2")
    #expect(script.log == ["started", "ringing", "answered"])
    #expect(script.event(.answered).integer(.callForks) == 1)
  }

  @Test func `no response in 32 seconds is a timeout, ringing for three minutes is no answer`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.wait(until: 35)
    #expect(script.event(.ended).string(.callCause) == "timeout")
    #expect(script.lastTime == 32)
    var ringing = CallScript()
    ringing.request("INVITE", at: 0)
    ringing.response(180, at: 1)
    ringing.wait(until: 180)
    #expect(ringing.log == ["started", "ringing"])
    ringing.wait(until: 184)
    #expect(ringing.event(.ended).string(.callCause) == "no-answer")
    #expect(ringing.event(.ended).string(.callEndedBy) == "timeout")
    #expect(ringing.lastTime == 181)
  }

  @Test func `a failure beyond a proxy does not end a call that rings elsewhere`() {
    var script = CallScript()
    script.request("INVITE", at: 0, from: 1, to: 2)
    script.request("INVITE", at: 0.1, from: 2, to: 3, branch: "z9hG4bKp3", vias: 2)
    script.request("INVITE", at: 0.1, from: 2, to: 4, branch: "z9hG4bKp4", vias: 2)
    script.response(486, at: 0.5, from: 3, destination: 2, toTag: "b3", branch: "z9hG4bKp3", vias: 2)
    script.response(180, at: 1, from: 4, destination: 2, toTag: "b4", branch: "z9hG4bKp4", vias: 2)
    script.response(200, at: 5, from: 4, destination: 2, toTag: "b4", branch: "z9hG4bKp4", vias: 2)
    script.response(200, at: 5.01, from: 2, destination: 1, toTag: "b4")
    #expect(script.log == ["started", "ringing", "answered"])
    #expect(script.event(.answered).integer(.callMessages) == 4)
  }

  @Test func `a failure that a proxy passes on ends the call`() {
    var script = CallScript()
    script.request("INVITE", at: 0, from: 1, to: 2)
    script.request("INVITE", at: 0.1, from: 2, to: 3, branch: "z9hG4bKp3", vias: 2)
    script.response(486, at: 0.5, from: 3, destination: 2, branch: "z9hG4bKp3", vias: 2)
    #expect(script.log == ["started"])
    script.response(486, at: 0.6, from: 2, destination: 1)
    #expect(script.log == ["started", "ended"])
    #expect(script.event(.ended).string(.callCause) == "busy")
  }

  @Test func `retransmissions are counted and change nothing`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.request("INVITE", at: 0.5)
    script.request("INVITE", at: 1.5)
    script.response(200, at: 2)
    script.response(200, at: 2.5)
    #expect(script.log == ["started", "answered"])
    #expect(script.event(.answered).integer(.callRetransmissions) == 3)
    #expect(script.event(.answered).integer(.callMessages) == 2)
  }
}
