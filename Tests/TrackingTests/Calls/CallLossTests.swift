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

/// A capture that cuts packets, or has those of one direction only, says as little as it knows.
struct CallVisibilityTests {
  /// Long enough for the header section up to CSeq, and no further.
  static let upToCSeq = 240

  @Test func `answers that were cut before they say whose they are make no timeout`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.snapLength = 120
    script.response(180, at: 1)
    script.response(200, at: 2)
    script.wait(until: 400)
    #expect(script.log == ["started", "ended"])
    #expect(script.last.string(.callCause) == nil)
    #expect(script.last.string(.callEndedBy) == nil)
  }

  @Test
  func
    `a BYE in a dialog that was not seen to begin ends a call of which nobody knows whether it was answered`()
  {
    var script = CallScript()
    script.isOneSided = true
    script.request("INVITE", at: 0)
    script.request("ACK", at: 2, toTag: "bob", branch: "z9hG4bKack")
    script.request("BYE", at: 30, cseq: 2, toTag: "bob")
    script.wait(until: 100)
    #expect(script.log == ["started", "ended"])
    #expect(script.last.string(.callCause) == nil)
    #expect(script.last.string(.callEndedBy) == "caller")
  }

  @Test func `silence is a timeout only where an answer would have been captured`() {
    for repeats in [false, true] {
      var script = CallScript()
      script.isOneSided = true
      script.request("INVITE", at: 0)
      if repeats { script.request("INVITE", at: 0.5) }
      script.wait(until: 60)
      #expect(script.log == ["started", "ended"])
      #expect(script.last.string(.callCause) == (repeats ? "timeout" : nil))
    }
  }

  @Test func `a request whose To was cut opens no call`() {
    var script = CallScript()
    script.snapLength = 130
    script.request("INVITE", at: 0, toTag: "bob")
    #expect(script.log.isEmpty)
    #expect(script.table.count == 0)
  }

  @Test func `credentials may stand behind the cut`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(407, at: 0.1)
    script.snapLength = Self.upToCSeq
    let credentials =
      "Proxy-Authorization: Digest username=\"alice\", response=\"" + String(repeating: "0", count: 200)
    script.request("INVITE", at: 0.2, cseq: 2, headers: [credentials + "\""])
    script.snapLength = .max
    script.response(407, at: 0.3, cseq: 2)
    script.wait(until: 60)
    #expect(script.log == ["started", "ended"])
    #expect(script.last.string(.callCause) == nil)
    #expect(script.last.integer(.callCode) == 407)
  }

  @Test func `whoever may have been named behind the cut is no stranger`() {
    for isCut in [false, true] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      if isCut { script.snapLength = Self.upToCSeq }
      script.response(200, at: 1, sdp: CallScript.sdp())
      script.snapLength = .max
      script.request("INVITE", at: 5, from: 66, cseq: 2, toTag: "bob")
      script.response(200, at: 5.1, destination: 66, cseq: 2)
      #expect(script.faults.isEmpty == isCut)
    }
  }
}
