import Events
import Testing

@testable import Tracking

/// What the capture has lost is not what the parties did.
struct CallLossTests {
  @Test func `a BYE without an answer ends the call though nothing is captured for long`() {
    for pause in [10, 33, 4000] as [Double] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.response(200, at: 1)
      script.request("BYE", at: 5, cseq: 2, toTag: "bob")
      script.pause(until: 5 + pause)
      #expect(script.log == ["started", "answered", "ended"])
      #expect(script.lastTime == 5)
      #expect(script.last.string(.callCause) == "answered")
      #expect(script.last[.callDuration] == .duration(4_000_000_000), "after \(pause) s")
      script.pause(until: 100 + pause)
      #expect(script.table.count == 0)
    }
  }

  @Test(arguments: [407, 401, 302, 422])
  func `responses to an INVITE that was asked for show that it was sent`(code: Int) {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(code, at: 0.1)
    script.response(180, at: 0.5, cseq: 2, toTag: "bob2")
    script.response(200, at: 1, cseq: 2, toTag: "bob2")
    script.hangUp(at: 11, cseq: 3, toTag: "bob2")
    #expect(script.log == ["started", "ringing", "answered", "ended"])
    #expect(script.last[.callDuration] == .duration(10_000_000_000))
  }

  @Test func `credentials that were lost are refused all the same`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(407, at: 0.1)
    script.response(403, at: 0.5, cseq: 2)
    #expect(script.log == ["started", "ended"])
    #expect(script.last.string(.callCause) == "rejected")
    #expect(script.last.integer(.callCode) == 403)
  }

  @Test func `a failure of a branch that was not seen says nothing of the one that was`() {
    var script = CallScript()
    script.request("INVITE", at: 0, branch: "z9hG4bKseen", vias: 2)
    script.response(486, at: 1, toTag: "x", branch: "z9hG4bKother", vias: 2)
    script.response(200, at: 2, branch: "z9hG4bKseen", vias: 2)
    script.hangUp(at: 12)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.last[.callDuration] == .duration(10_000_000_000))
    var busy = CallScript()
    busy.request("INVITE", at: 0, branch: "z9hG4bKseen", vias: 2)
    busy.response(486, at: 1, toTag: "x", branch: "z9hG4bKseen", vias: 2)
    #expect(busy.log == ["started", "ended"])
  }

  @Test func `an ACK that was lost makes no dialog unwanted`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(200, at: 1, toTag: "one")
    script.response(200, at: 1.1, toTag: "two")
    script.request("ACK", at: 1.2, toTag: "two")
    script.hangUp(at: 1.3, toTag: "two")
    script.hangUp(at: 61, cseq: 3, toTag: "one")
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.last[.callDuration] == .duration(60_000_000_000))
  }

  @Test func `of two answers that of the dialog which was acknowledged counts`() {
    for acknowledged in [true, false] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.response(200, at: 1, toTag: "one")
      script.response(200, at: 1.1, toTag: "two")
      if acknowledged { script.request("ACK", at: 1.2, toTag: "one") }
      script.response(200, at: 1.6, toTag: "two")
      script.hangUp(at: 4, toTag: "one")
      // Nobody has acknowledged the other answer; its sender gives up after 64 times T1 (RFC 3261 §13.3.1.4).
      script.hangUp(at: 33.1, 481, from: 2, to: 1, cseq: 1, fromTag: "two", toTag: "alice")
      #expect(script.log == ["started", "answered", "ended"])
      #expect(script.last.string(.callEndedBy) == (acknowledged ? "caller" : "callee"))
      #expect(script.lastTime == (acknowledged ? 4 : 33.1))
    }
  }
}
