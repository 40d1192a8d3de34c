import Events
import Testing

@testable import Tracking

/// A call has the dialogs that its INVITE opened; a BYE ends one of them (RFC 3261 §12, §13.2.2.4, §15).
struct CallDialogTests {
  private static func forked(_ codes: (Int, Int, Int)) -> CallScript {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(codes.0, at: 0.1, toTag: "a")
    script.response(codes.1, at: 0.2, toTag: "b")
    script.response(codes.2, at: 0.3, toTag: "c")
    return script
  }

  @Test func `the BYE of a surplus answer leaves the call alone`() {
    var script = Self.forked((180, 200, 200))
    script.hangUp(at: 0.4, toTag: "c")
    script.wait(until: 5)
    #expect(script.log == ["started", "ringing", "answered"])
    script.hangUp(at: 20, cseq: 3, toTag: "b")
    #expect(script.log == ["started", "ringing", "answered", "ended"])
    #expect(script.last[.callDuration] == .duration(19_800_000_000))
  }

  @Test func `the caller may keep the second answer`() {
    var script = Self.forked((180, 200, 200))
    script.hangUp(at: 0.4, toTag: "b")
    script.hangUp(at: 20, cseq: 3, toTag: "c")
    #expect(script.lastTime == 20)
  }

  @Test func `an answer from another place while the BYE waits keeps the call`() {
    var script = Self.forked((180, 180, 200))
    script.hangUp(at: 1, nil, toTag: "c")
    script.response(200, at: 1.1, toTag: "b")
    script.response(200, at: 1.2, to: "BYE", cseq: 2, toTag: "c")
    script.wait(until: 5)
    #expect(script.log == ["started", "ringing", "answered"])
  }

  @Test func `a BYE in an early dialog ends that dialog only`() {
    var script = Self.forked((180, 183, 100))
    script.hangUp(at: 1, toTag: "a")
    script.wait(until: 60)
    script.response(200, at: 60, toTag: "b")
    script.hangUp(at: 70, cseq: 3, toTag: "a")
    script.wait(until: 75)
    #expect(script.log == ["started", "ringing", "answered"])
    script.hangUp(at: 80, cseq: 4, toTag: "b")
    #expect(script.lastTime == 80)
  }

  @Test(arguments: [
    (1, "alice", "bob", "caller"), (2, "bob", "alice", "callee"), (66, "alice", "bob", "other"),
  ])
  func `a BYE in the last early dialog is like a CANCEL`(
    source: UInt32, fromTag: String, toTag: String, ender: String
  ) {
    for code in [487, 200] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.response(180, at: 1)
      script.hangUp(at: 2, from: source, to: source == 1 ? 2 : 1, fromTag: fromTag, toTag: toTag)
      #expect(script.log == ["started", "ringing"], "the INVITE is still to be answered")
      script.response(code, at: 2.1)
      #expect(script.log == ["started", "ringing", code == 200 ? "answered" : "ended"])
      #expect(script.last.string(.callCause) == (code == 200 ? nil : "cancelled"))
      #expect(script.last.string(.callEndedBy) == (code == 200 ? nil : ender))
    }
  }

  @Test func `a BYE before the answer that nothing follows is a cancelled call`() {
    for (source, ender) in [(UInt32(1), "caller"), (2, "callee")] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.response(180, at: 1)
      script.hangUp(
        at: 2, from: source, to: 3 - source, fromTag: source == 1 ? "alice" : "bob",
        toTag: source == 1 ? "bob" : "alice")
      script.wait(until: 40)
      #expect(script.last.string(.callCause) == "cancelled")
      #expect(script.last.string(.callEndedBy) == ender)
      #expect(script.lastTime == 34)
    }
  }

  @Test(arguments: ["nosuch", nil])
  func `a BYE with a tag that nobody gave ends nothing`(tag: String?) {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.hangUp(at: 0.1, 481, toTag: tag)
    script.response(180, at: 1)
    script.hangUp(at: 1.1, nil, cseq: 3, toTag: tag)
    script.response(200, at: 2)
    script.hangUp(at: 3, nil, cseq: 4, toTag: tag)
    script.hangUp(at: 5, nil, from: 66, cseq: 5, toTag: tag)
    script.wait(until: 9)
    #expect(script.log == ["started", "ringing", "answered"])
    script.hangUp(at: 10, cseq: 6)
    #expect(script.log == ["started", "ringing", "answered", "ended"])
  }

  @Test func `where no tag was seen any BYE ends the call`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(200, at: 1, toTag: nil)
    script.hangUp(at: 5, toTag: "bob")
    #expect(script.log == ["started", "answered", "ended"])
  }

  @Test func `a request to another dialog cannot find out that the call is over`() {
    for method in ["INVITE", "UPDATE"] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.response(200, at: 1)
      script.request(method, at: 2, cseq: 2, toTag: "nosuch")
      script.response(481, at: 2.1, to: method, cseq: 2, toTag: "nosuch")
      #expect(script.log == ["started", "answered"])
      script.request(method, at: 3, cseq: 3, toTag: "bob")
      script.response(481, at: 3.1, to: method, cseq: 3)
      #expect(script.log == ["started", "answered", "ended"])
    }
  }

  @Test func `an answer finds a place among many early dialogs`() {
    var dialogs = CallDialogs()
    for tag in 1...100 as ClosedRange<UInt64> { dialogs.note(tag, isSuccess: false) }
    #expect(dialogs.count == 8)
    dialogs.note(200, isSuccess: true)
    dialogs.note(201, isSuccess: true)
    #expect(dialogs.count == 8)
    // One that is not known, one that was never confirmed, and the two that were.
    let ends = [100, 8, 200, 201].map { dialogs.end($0, isAnswered: true) }
    #expect(ends == [false, false, false, true])
    dialogs.restore(201)
    #expect(dialogs.isAnyConfirmed)
    for tag in 300...400 as ClosedRange<UInt64> { dialogs.note(tag, isSuccess: true) }
    #expect(dialogs.contains(305) && !dialogs.contains(306))
  }

  @Test func `an INVITE after a challenge opens new dialogs`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(401, at: 0.1, toTag: "old")
    script.request("INVITE", at: 0.2, cseq: 2)
    script.response(200, at: 1, cseq: 2, toTag: "bob")
    script.hangUp(at: 5, cseq: 3, toTag: "old")
    #expect(script.log == ["started", "answered"])
    script.hangUp(at: 6, cseq: 4)
    #expect(script.log == ["started", "answered", "ended"])
  }
}
