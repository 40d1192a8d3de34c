import Events
import Testing

@testable import Tracking

/// A response counts where it can come to who asked (RFC 3261 §17.1.3).
struct CallResponseTests {
  @Test(arguments: [486, 487, 200, 180, 401, 302])
  func `what the caller answers itself says nothing`(code: Int) {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(code, at: 0.1, from: 1, destination: 2, toTag: "fake")
    script.response(code, at: 0.2, from: 1, destination: 2, toTag: "fake", branch: "z9hG4bKother")
    #expect(script.log == ["started"])
    #expect(script.event(.started).integer(.callCode) == nil)
    script.response(180, at: 1)
    script.response(200, at: 2)
    script.hangUp(at: 5)
    #expect(script.log == ["started", "ringing", "answered", "ended"])
  }

  @Test(arguments: [486, 200])
  func `what strangers send each other says nothing`(code: Int) {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(code, at: 0.1, from: 66, destination: 67)
    #expect(script.log == ["started"])
    script.response(200, at: 1)
    #expect(script.log == ["started", "answered"])
  }

  @Test func `the caller cannot answer its own re-INVITE or REFER`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(200, at: 1)
    script.request("INVITE", at: 2, cseq: 2, toTag: "bob")
    script.response(481, at: 2.1, from: 1, destination: 2, cseq: 2)
    script.request("REFER", at: 3, cseq: 3, toTag: "bob")
    script.response(202, at: 3.1, to: "REFER", from: 1, destination: 2, cseq: 3)
    #expect(script.log == ["started", "answered"])
  }

  @Test func `a call through a server back to the caller's address is followed`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.request("INVITE", at: 0.01, from: 2, to: 1, branch: "z9hG4bKp", vias: 2)
    script.response(180, at: 0.1, from: 1, destination: 2, branch: "z9hG4bKp", vias: 2)
    script.response(180, at: 0.11)
    script.response(200, at: 1, from: 1, destination: 2, branch: "z9hG4bKp", vias: 2)
    script.response(200, at: 1.01)
    #expect(script.log == ["started", "ringing", "answered"])
  }

  @Test func `an answer counts on its first hop, though the last one was not captured`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.request("INVITE", at: 0.01, from: 2, to: 3, branch: "z9hG4bKp", vias: 2)
    script.response(200, at: 1, from: 3, destination: 2, branch: "z9hG4bKp", vias: 2)
    #expect(script.log == ["started", "answered"])
  }

  @Test func `an answer counts wherever a NAT has moved the caller, and whatever server it comes from`() {
    for (source, destination) in [(UInt32(2), UInt32(8)), (9, 1)] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.response(200, at: 1, from: source, destination: destination)
      #expect(script.log == ["started", "answered"])
    }
  }

  @Test func `a call within one machine is followed`() {
    var script = CallScript()
    script.request("INVITE", at: 0, from: 1, to: 1)
    script.response(200, at: 1, from: 1, destination: 1)
    script.hangUp(at: 2, from: 1, to: 1)
    #expect(script.log == ["started", "answered", "ended"])
  }

  @Test(arguments: [(603, "rejected"), (486, "busy")])
  func `a refusal ends the call, though a proxy leaves its Vias in what it passes on`(
    code: Int, cause: String
  ) {
    var script = CallScript()
    script.request("INVITE", at: 0, branch: "z9hG4bKa")
    script.request("INVITE", at: 0.01, from: 2, to: 3, branch: "z9hG4bKa", vias: 2)
    script.response(180, at: 1, from: 3, destination: 2, branch: "z9hG4bKa", vias: 2)
    script.response(180, at: 1.01, branch: "z9hG4bKa", vias: 4)
    script.response(code, at: 2, from: 3, destination: 2, branch: "z9hG4bKa", vias: 2)
    #expect(script.log == ["started", "ringing"])
    script.response(code, at: 2.01, branch: "z9hG4bKa", vias: 4)
    #expect(script.log == ["started", "ringing", "ended"])
    #expect(script.event(.ended).string(.callCause) == cause)
    #expect(script.event(.ended).string(.callEndedBy) == "callee")
  }

  @Test func `a cancelled call ends there too`() {
    var script = CallScript()
    script.request("INVITE", at: 0, branch: "z9hG4bKa")
    script.request("INVITE", at: 0.01, from: 2, to: 3, branch: "z9hG4bKa", vias: 2)
    script.response(180, at: 1.01, branch: "z9hG4bKa", vias: 4)
    script.request("CANCEL", at: 2, branch: "z9hG4bKa")
    script.response(487, at: 2.1, from: 3, destination: 2, branch: "z9hG4bKa", vias: 2)
    script.response(487, at: 2.11, branch: "z9hG4bKa", vias: 4)
    #expect(script.log == ["started", "ringing", "ended"])
    #expect(script.event(.ended).string(.callCause) == "cancelled")
    #expect(script.event(.ended).string(.callEndedBy) == "caller")
  }

  @Test func `a challenge counts there too`() {
    var script = CallScript()
    script.request("INVITE", at: 0, branch: "z9hG4bKa")
    script.response(407, at: 0.1, vias: 2, headers: ["Proxy-Authenticate: Digest realm=\"a\", nonce=\"b\""])
    script.request(
      "INVITE", at: 1, cseq: 2,
      headers: ["Proxy-Authorization: Digest username=\"alice\", realm=\"a\", nonce=\"b\""])
    script.response(180, at: 3, cseq: 2)
    #expect(script.event(.ringing)[.callPDDAfterAuth] == .duration(2_000_000_000))
  }

  @Test func `a failure from one port of a server to another one of the caller's host was seen beyond it`() {
    var script = CallScript()
    script.request("INVITE", at: 0, from: 1, port: 5062, to: 1)
    script.request("INVITE", at: 0.01, from: 1, to: 1, branch: "z9hG4bKp", vias: 2)
    script.response(486, at: 1, from: 1, destination: 1, branch: "z9hG4bKp", vias: 2)
    #expect(script.log == ["started"])
    script.response(180, at: 2, from: 1, destination: 1, branch: "z9hG4bKq", vias: 2)
    #expect(script.log == ["started", "ringing"])
  }
}
