import Events
import Testing

@testable import Tracking

/// Who is a party of a call, and who is none.
struct CallPartyTests {
  /// alice (10.0.0.1) calls bob (10.0.0.2); their media are at 10.0.0.9 and 10.0.0.8.
  private static func answered(headers: [String] = []) -> CallScript {
    var script = CallScript()
    script.request("INVITE", at: 0, headers: ["Contact: <sip:alice@192.168.1.5>"], sdp: CallScript.sdp())
    script.response(200, at: 1, headers: headers, sdp: CallScript.sdp(host: "10.0.0.8"))
    return script
  }

  @Test func `parties are the same however their users are escaped`() {
    var script = CallScript()
    script.request(
      "INVITE", at: 0, headers: ["Contact: <sip:alice@10.0.0.1>"], caller: "%61lice", callee: "b%6fb")
    script.response(200, at: 1)
    let event = script.event(.answered)
    #expect(event.string(.callCaller) == "alice" && event.string(.callCallee) == "bob")
    #expect(event.string(.callAccount)?.hasPrefix("alice@") == true)
    #expect(event[.callDialled] == .absent)
  }

  private static let proof =
    #"Authorization: Digest username="alice", realm="r", nonce="n", uri="sip:r", response="0""#

  @Test(arguments: ["INVITE", "UPDATE", "INFO", "REFER"])
  func `a stranger's request is told of when it is accepted`(method: String) {
    var script = Self.answered()
    script.request(method, at: 2, from: 66, cseq: 2, toTag: "bob")
    #expect(script.faults.isEmpty)
    script.response(method == "REFER" ? 202 : 200, at: 2.1, to: method, destination: 66, cseq: 2)
    #expect(script.faults == ["4 sip.foreign_request_accepted"])
    script.response(200, at: 2.2, to: method, destination: 66, cseq: 3)
    #expect(script.faults.count == 1)
  }

  @Test func `a stranger that speaks for the callee is told of, too`() {
    var script = Self.answered()
    script.request("INVITE", at: 2, from: 66, to: 1, cseq: 9, fromTag: "bob", toTag: "alice")
    // An answer of the other direction with the same number is none to it.
    script.response(200, at: 2.05, cseq: 9)
    #expect(script.faults.isEmpty)
    script.response(
      200, at: 2.1, from: 1, destination: 66, cseq: 9, fromTag: "bob", toTag: "alice")
    #expect(script.faults == ["5 sip.foreign_request_accepted"])
  }

  @Test(arguments: [403, 481, 500])
  func `a stranger's request that is refused does no harm`(code: Int) {
    var script = Self.answered()
    script.request("INVITE", at: 2, from: 66, cseq: 2, toTag: "bob", sdp: CallScript.sdp(host: "10.0.0.66"))
    script.response(code, at: 2.1, destination: 66, cseq: 2)
    script.response(200, at: 2.2, destination: 66, cseq: 2)
    #expect(script.faults.isEmpty)
    script.hangUp(at: 5, from: 66, cseq: 3)
    #expect(script.event(.ended).string(.callEndedBy) == "other", "nor is it a party now")
  }

  @Test func `a stranger's Contact is not believed`() {
    var script = Self.answered()
    script.request(
      "INVITE", at: 2, from: 66, cseq: 2, toTag: "bob", headers: ["Contact: <sip:alice@10.0.0.67>"])
    script.response(403, at: 2.1, destination: 66, cseq: 2)
    script.hangUp(at: 5, from: 67, cseq: 3)
    #expect(script.event(.ended).string(.callEndedBy) == "other")
  }

  @Test func `who proves to be a party may have moved`() {
    var script = Self.answered()
    script.request(
      "INVITE", at: 2, from: 44, cseq: 2, toTag: "bob", headers: [Self.proof],
      sdp: CallScript.sdp(host: "10.0.0.44"))
    script.response(200, at: 2.1, destination: 44, cseq: 2, sdp: CallScript.sdp(host: "10.0.0.8"))
    #expect(script.faults.isEmpty)
    script.hangUp(at: 5, from: 44, cseq: 3)
    #expect(script.event(.ended).string(.callEndedBy) == "caller")
  }

  @Test(arguments: [8, 9, 31, 32])
  func `a BYE may come from where media are, and from the proxies of the route`(host: UInt32) {
    var script = Self.answered(headers: [
      "Record-Route: <sip:10.0.0.31;lr>, <sip:p@10.0.0.32;lr>", "Record-Route: <sip:proxy;lr>",
    ])
    script.hangUp(at: 5, from: host)
    #expect(script.event(.ended).string(.callEndedBy) == "caller")
  }

  @Test func `a call on its way through servers that hide each other has all their addresses`() {
    var script = CallScript()
    script.request("INVITE", at: 0, sdp: CallScript.sdp())
    script.request(
      "INVITE", at: 0.01, from: 21, to: 22, branch: "z9hG4bKother", sdp: CallScript.sdp(host: "10.0.0.21"))
    script.response(
      200, at: 1, from: 22, destination: 21, branch: "z9hG4bKother", sdp: CallScript.sdp(host: "10.0.0.22"))
    script.response(200, at: 1.01, sdp: CallScript.sdp(host: "10.0.0.8"))
    script.request("INVITE", at: 2, from: 22, to: 21, cseq: 7, fromTag: "bob", toTag: "alice")
    script.response(200, at: 2.1, from: 21, destination: 22, cseq: 7, fromTag: "bob", toTag: "alice")
    #expect(script.faults.isEmpty)
    // Once it is answered, an INVITE of a stranger makes him no party.
    script.request(
      "INVITE", at: 3, from: 66, branch: "z9hG4bKstranger", sdp: CallScript.sdp(host: "10.0.0.66"))
    script.request("INFO", at: 4, from: 66, cseq: 9, toTag: "bob")
    script.response(200, at: 4.1, to: "INFO", destination: 66, cseq: 9)
    #expect(script.faults.count == 1)
  }

  @Test func `what waits for an answer is forgotten with the next request of a stranger`() {
    var script = Self.answered()
    script.request("INFO", at: 2, from: 66, cseq: 2, toTag: "bob")
    script.request("INFO", at: 3, from: 66, cseq: 3, toTag: "bob")
    script.response(200, at: 3.1, to: "INFO", destination: 66, cseq: 2)
    #expect(script.faults.isEmpty)
    script.response(200, at: 3.2, to: "INFO", destination: 66, cseq: 3)
    #expect(script.faults.count == 1)
  }
}
