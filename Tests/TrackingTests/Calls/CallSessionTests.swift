import Events
import Testing

@testable import Tracking

/// What happens to answered calls.
struct CallSessionTests {
  private static func answered(options: CallTable.Options = CallTable.Options(), headers: [String] = [])
    -> CallScript
  {
    var script = CallScript(options: options)
    script.request("INVITE", at: 0, headers: ["Contact: <sip:alice@10.0.0.1>"], sdp: CallScript.sdp())
    script.response(
      200, at: 1, headers: ["Contact: <sip:bob@10.0.0.7>"] + headers, sdp: CallScript.sdp())
    return script
  }

  @Test(arguments: ["sendonly", "inactive"])
  func `sendonly and inactive put a call on hold`(direction: String) {
    var script = Self.answered()
    script.request("INVITE", at: 10, cseq: 2, toTag: "bob", sdp: CallScript.sdp(direction))
    #expect(script.log == ["started", "answered"])
    script.response(200, at: 10.1, cseq: 2, sdp: CallScript.sdp("recvonly"))
    #expect(script.log == ["started", "answered", "held"])
    #expect(script.event(.held).string(.callState) == "held")
    script.request("INVITE", at: 20, cseq: 3, toTag: "bob", sdp: CallScript.sdp())
    script.response(200, at: 20.1, cseq: 3, sdp: CallScript.sdp())
    script.hangUp(at: 30, cseq: 4)
    #expect(script.log == ["started", "answered", "held", "ended"])
    #expect(script.event(.ended).integer(.callHolds) == 1)
  }

  @Test func `an unspecified address and an UPDATE of the callee put a call on hold too`() {
    var script = Self.answered()
    script.request(
      "UPDATE", at: 10, from: 2, to: 1, cseq: 77, fromTag: "bob", toTag: "alice",
      sdp: CallScript.sdp(host: "0.0.0.0"))
    script.response(
      200, at: 10.1, to: "UPDATE", from: 1, destination: 2, cseq: 77, fromTag: "bob", toTag: "alice",
      sdp: CallScript.sdp())
    #expect(script.log == ["started", "answered", "held"])
  }

  @Test(arguments: [488, 491, 500])
  func `a failed re-INVITE does not end a call`(code: Int) {
    var script = Self.answered()
    script.request("INVITE", at: 10, cseq: 2, toTag: "bob", sdp: CallScript.sdp("sendonly"))
    script.response(code, at: 10.1, cseq: 2)
    script.request("INFO", at: 20, cseq: 3, toTag: "bob")
    #expect(script.log == ["started", "answered"])
    #expect(script.event(.answered).string(.callState) == "talking")
  }

  @Test(arguments: [(481, "callee"), (408, "timeout")])
  func `a re-INVITE that finds no dialog ends a call`(code: Int, ender: String) {
    var script = Self.answered()
    script.request("INVITE", at: 10, cseq: 2, toTag: "bob", sdp: CallScript.sdp())
    script.response(code, at: 10.1, cseq: 2)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.event(.ended).string(.callCause) == "answered")
    #expect(script.event(.ended).string(.callEndedBy) == ender)
  }

  @Test func `a caller that no longer knows the dialog has ended the call`() {
    var script = Self.answered()
    script.request(
      "INVITE", at: 10, from: 2, to: 1, cseq: 7, fromTag: "bob", toTag: "alice", sdp: CallScript.sdp())
    script.response(481, at: 10.1, from: 1, destination: 2, cseq: 7, fromTag: "bob", toTag: "alice")
    #expect(script.event(.ended).string(.callEndedBy) == "caller")
  }

  @Test func `the callee, and somebody else, may end a call`() {
    var script = Self.answered()
    script.hangUp(at: 10, from: 7, to: 1, fromTag: "bob", toTag: "alice")
    #expect(script.event(.ended).string(.callEndedBy) == "callee")
    var attacked = Self.answered()
    attacked.hangUp(at: 10, from: 66, to: 1, fromTag: "bob", toTag: "alice")
    #expect(attacked.event(.ended).string(.callEndedBy) == "other")
  }

  @Test func `the call that an accepted REFER causes is no attempt`() {
    var script = Self.answered()
    script.request(
      "REFER", at: 10, cseq: 2, toTag: "bob", headers: ["Refer-To: <sip:carol@example.com>"])
    script.response(202, at: 10.1, to: "REFER", cseq: 2)
    script.request(
      "INVITE", at: 11, from: 2, to: 3, callID: "call-2", fromTag: "b2", caller: "bob", callee: "carol")
    #expect(script.event(.started, of: "call-2").string(.callLegEvidence) == "refer")
    script.request(
      "INVITE", at: 11.5, from: 2, to: 3, callID: "call-3", fromTag: "b3", caller: "bob", callee: "carol")
    #expect(script.log == ["started", "answered", "started"])
  }

  @Test func `a stranger who calls the target of a REFER makes a call of his own`() {
    for (host, user) in [(UInt32(66), "bob"), (2, "mallory")] {
      var script = Self.answered()
      script.request("REFER", at: 10, cseq: 2, toTag: "bob", headers: ["Refer-To: <sip:carol@example.com>"])
      script.response(202, at: 10.1, to: "REFER", cseq: 2)
      script.request(
        "INVITE", at: 11, from: host, to: 3, callID: "x", fromTag: "x", caller: user, callee: "carol")
      #expect(script.log == ["started", "answered", "started"])
    }
  }

  @Test func `Replaces joins the call that it takes over and is no new attempt`() {
    var script = Self.answered()
    script.request(
      "INVITE", at: 10, from: 3, to: 2, callID: "call-2", fromTag: "carol",
      headers: ["Replaces: call-1;to-tag=bob;from-tag=alice"])
    script.response(200, at: 10.1, from: 2, destination: 3, callID: "call-2", fromTag: "carol")
    #expect(script.log == ["started", "answered", "answered"])
    let first = script.event(.answered)
    let second = script.event(.answered, of: "call-2")
    #expect(second.string(.callLegEvidence) == "replaces")
    #expect(second.string(.callID) == first.string(.callID))
    #expect(second.integer(.callLegs) == 2)
  }

  @Test func `a transferred call counts as one until its last leg ends`() {
    var script = Self.answered()
    script.request(
      "REFER", at: 10, from: 2, to: 1, cseq: 7, fromTag: "bob", toTag: "alice",
      headers: ["Refer-To: <sip:carol@example.com>"])
    script.response(
      202, at: 10.1, to: "REFER", from: 1, destination: 2, cseq: 7, fromTag: "bob", toTag: "alice")
    script.request("INVITE", at: 11, to: 3, callID: "call-2", callee: "carol")
    script.response(200, at: 12, from: 3, callID: "call-2", toTag: "carol")
    #expect(script.last.integer(.callConcurrent) == 1)
    script.hangUp(at: 13)
    #expect(script.log == ["started", "answered", "answered", "transferred", "ended"])
    #expect(script.last.integer(.callConcurrent) == 1, "alice goes on with carol")
    script.hangUp(at: 20, to: 3, callID: "call-2", toTag: "carol")
    #expect(script.last.integer(.callConcurrent) == 0)
  }

  @Test func `a lost BYE is noticed by the session timer`() {
    var script = Self.answered(headers: ["Session-Expires: 90;refresher=uac"])
    script.request("UPDATE", at: 45, cseq: 2, toTag: "bob")
    script.response(200, at: 45.1, to: "UPDATE", cseq: 2, headers: ["Session-Expires: 90"])
    script.wait(until: 135)
    #expect(script.log == ["started", "answered"])
    script.wait(until: 240)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.last.string(.callEndedBy) == "timeout")
    #expect(script.lastTime == 135.1, "the end of the session, not when it was noticed")
    #expect(script.last[.callDuration] == .duration(44_100_000_000))
  }

  @Test func `a lost BYE without session timer is noticed by silence`() {
    var options = CallTable.Options()
    options.limits.silence = 600_000_000_000
    options.limits.unheard = 1200_000_000_000
    var script = Self.answered(options: options)
    script.wait(until: 1190)
    #expect(script.log == ["started", "answered"])
    script.wait(until: 1300)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.last.string(.callEndedBy) == "timeout")
    #expect(script.last[.callDuration] == .absent, "nobody knows how long it lasted")
  }

  @Test func `the BYE of a call of which nothing was heard for hours is its end`() {
    var script = Self.answered()
    script.wait(until: 7000)
    script.request("INVITE", at: 7001, callID: "second")
    #expect(script.event(.started, of: "second").integer(.callConcurrent) == 2)
    script.response(486, at: 7002, callID: "second")
    script.wait(until: 7400)
    script.request("INVITE", at: 7401, callID: "third")
    #expect(script.event(.started, of: "third").integer(.callConcurrent) == 1, "it may be over")
    script.response(486, at: 7402, callID: "third")
    script.pause(until: 18_000)
    script.hangUp(at: 18_000)
    #expect(script.log.suffix(3) == ["started", "ended", "ended"] && script.log.count == 7)
    #expect(script.last.string(.callEndedBy) == "caller")
    #expect(script.last.integer(.callConcurrent) == 0)
    guard case .duration(let time) = script.last[.callDuration] else { return #expect(Bool(false)) }
    #expect(time > 17_990_000_000_000)
  }

  @Test func `what is heard again counts again`() {
    var script = Self.answered()
    script.wait(until: 7400)
    script.request("INVITE", at: 7500, cseq: 2, toTag: "bob", sdp: CallScript.sdp())
    script.response(200, at: 7501, cseq: 2, sdp: CallScript.sdp())
    script.request("INVITE", at: 7510, callID: "second")
    #expect(script.event(.started, of: "second").integer(.callConcurrent) == 2)
  }

  @Test func `of a full table what was not heard of for hours goes before what talks`() {
    var options = CallTable.Options()
    options.capacity = 20
    var script = CallScript(options: options)
    for call in 0..<20 {
      script.request("INVITE", at: 0, callID: "old-\(call)", fromTag: "old-\(call)")
      script.response(200, at: 1, callID: "old-\(call)", fromTag: "old-\(call)")
    }
    script.wait(until: 7400)
    for call in 0..<20 {
      script.request("INVITE", at: 7401, callID: "new-\(call)", fromTag: "new-\(call)")
      script.response(200, at: 7401, callID: "new-\(call)", fromTag: "new-\(call)")
    }
    #expect(script.table.evictions == 20 && script.table.answeredEvictions == 0)
    script.hangUp(at: 7402, callID: "new-0", fromTag: "new-0")
    #expect(script.last.string(.callEndedBy) == "caller")
  }

  @Test func `a Call-ID may be used again`() {
    var script = Self.answered()
    script.hangUp(at: 10)
    script.request("INVITE", at: 12, cseq: 3)
    script.response(486, at: 13, cseq: 3)
    #expect(script.log == ["started", "answered", "ended", "started", "ended"])
    #expect(script.event(.ended).string(.callCause) == "busy")
  }

  @Test func `calls of a caller are counted while they live`() {
    var script = CallScript()
    script.request("INVITE", at: 0, callID: "a")
    script.request("INVITE", at: 4, callID: "b")
    script.request("INVITE", at: 8, callID: "c")
    #expect(script.event(.started, of: "c").integer(.callConcurrent) == 3)
    script.response(486, at: 9, callID: "a")
    #expect(script.event(.ended, of: "a").integer(.callConcurrent) == 2)
  }
}
