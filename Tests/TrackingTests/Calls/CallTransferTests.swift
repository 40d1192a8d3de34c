import Events
import Testing

@testable import Tracking

/// What becomes of REFERs within calls: alice (10.0.0.1) sends them to bob (10.0.0.2).
struct CallTransferTests {
  private static func answered() -> CallScript {
    var script = CallScript()
    script.request("INVITE", at: 0, sdp: CallScript.sdp())
    script.response(200, at: 1, sdp: CallScript.sdp())
    return script
  }

  private static func refer(
    _ script: inout CallScript, _ code: Int? = 202, at time: Double = 10, cseq: Int = 2,
    target: String = "sip:carol@example.com"
  ) {
    script.request("REFER", at: time, cseq: cseq, toTag: "bob", headers: ["Refer-To: <\(target)>"])
    guard let code else { return }
    script.response(code, at: time + 0.1, to: "REFER", cseq: cseq)
  }

  private static func notify(
    _ script: inout CallScript, _ fragment: String?, at time: Double = 11, cseq: Int = 1,
    event: String = "refer",
    from host: UInt32 = 2, byCaller: Bool = false
  ) {
    script.request(
      "NOTIFY", at: time, from: host, to: byCaller ? 2 : 1, cseq: cseq, fromTag: byCaller ? "alice" : "bob",
      toTag: byCaller ? "bob" : "alice", headers: ["Event: \(event)"], fragment: fragment)
  }

  private static func outcome(_ script: borrowing CallScript) -> [Int64?] {
    [script.event(.ended).integer(.callTransfers), script.event(.ended).integer(.callTransferCode)]
  }

  @Test func `a transfer is one when the new call is said to be answered`() {
    var script = Self.answered()
    Self.refer(&script)
    Self.notify(&script, "SIP/2.0 100 Trying\r\n")
    Self.notify(&script, "SIP/2.0 180 Ringing\r\n", at: 12, cseq: 2)
    #expect(script.log == ["started", "answered"])
    Self.notify(&script, "SIP/2.0 200 OK\r\n", at: 13, cseq: 3)
    Self.notify(&script, "SIP/2.0 200 OK\r\n", at: 14, cseq: 4)
    #expect(script.log == ["started", "answered", "transferred"])
    #expect(script.lastTime == 13)
    script.hangUp(at: 20, cseq: 3)
    #expect(script.log == ["started", "answered", "transferred", "ended"])
    #expect(Self.outcome(script) == [1, 200])
  }

  @Test(arguments: [
    "SIP/2.0 486 Busy Here\r\n", "SIP/2.0 302 Moved\r\nContact: <sip:x@y>\r\n", "sip/2.0 603",
  ])
  func `a transfer that failed is none`(fragment: String) {
    var script = Self.answered()
    Self.refer(&script)
    Self.notify(&script, fragment)
    script.hangUp(at: 20, cseq: 3)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(Self.outcome(script) == [0, Int64(fragment.dropFirst(8).prefix(3))])
  }

  @Test func `a refused REFER is no transfer, a challenged one is sent again`() {
    var script = Self.answered()
    Self.refer(&script, 401)
    #expect(script.event(.answered).has(.callTransferCode) == false)
    Self.refer(&script, 603, at: 11, cseq: 3)
    #expect(Self.outcome(script) == [0, 603])
    Self.refer(&script, 202, at: 12, cseq: 4)
    #expect(Self.outcome(script) == [0, nil])
    script.hangUp(at: 20, cseq: 5)
    #expect(script.log == ["started", "answered", "transferred", "ended"])
    #expect(Self.outcome(script) == [1, nil])
  }

  @Test func `who hangs up on an accepted REFER has transferred the call`() {
    var script = Self.answered()
    Self.refer(&script)
    Self.notify(&script, "SIP/2.0 100 Trying\r\n")
    script.hangUp(at: 12, cseq: 3)
    #expect(script.log == ["started", "answered", "transferred", "ended"])
    #expect(script.lastTime == 12)
    Self.notify(&script, "SIP/2.0 486 Busy Here\r\n", at: 13, cseq: 2)
    #expect(Self.outcome(script) == [1, nil])
  }

  @Test func `a NOTIFY tells of the REFER that it names, and accepts it before its response does`() {
    var script = Self.answered()
    Self.refer(&script, nil)
    Self.notify(&script, "SIP/2.0 486 Busy Here\r\n", event: "refer;id=1")
    Self.notify(&script, "SIP/2.0 486 Busy Here\r\n", at: 12, cseq: 2, event: "presence")
    Self.notify(&script, "SIP/2.0 486 Busy Here\r\n", at: 13, event: "refer;id=2", byCaller: true)
    Self.notify(&script, "SIP/2.0 486 Busy Here\r\n", at: 14, cseq: 3, from: 66)
    #expect(Self.outcome(script) == [0, nil])
    Self.notify(&script, "SIP/2.0 183 Progress\r\n", at: 15, cseq: 4, event: "Refer;id=2")
    script.response(202, at: 15.1, to: "REFER", cseq: 2)
    Self.notify(&script, "SIP/2.0 202 Fine\r\n", at: 16, cseq: 5, event: "refer; id=2")
    #expect(Self.outcome(script) == [1, 202])
  }

  @Test func `a REFER that was not captured is told of by its NOTIFY`() {
    var script = Self.answered()
    Self.notify(&script, "SIP/2.0 200 OK\r\n", byCaller: true)
    #expect(script.log == ["started", "answered", "transferred"])
  }

  @Test(arguments: [
    "", "SIP/2.0", "SIP/2.0 ", "SIP/2.0 48", "SIP/2.0 4861 x", "SIP/2.0 099 x", "SIP/2.0 700 x",
    "SIP/3.0 486 x",
    "SIP/2.0  486 x", "INVITE sip:x SIP/2.0\r\n", "\r\nSIP/2.0 486 x", String(repeating: "9", count: 1000),
  ])
  func `what is no status line says nothing`(fragment: String) {
    var script = Self.answered()
    Self.refer(&script)
    Self.notify(&script, fragment)
    script.hangUp(at: 20, cseq: 3)
    #expect(Self.outcome(script) == [1, nil])
  }

  @Test func `of a transfer whose NOTIFY was cut nothing is said`() {
    for length in stride(from: 230, through: 360, by: 5) {
      var script = Self.answered()
      Self.refer(&script)
      script.snapLength = length
      Self.notify(&script, "SIP/2.0 486 Busy Here\r\n")
      script.snapLength = .max
      script.hangUp(at: 20, cseq: 3)
      #expect(script.log.contains("transferred") == false, "\(length)")
    }
  }

  @Test func `a NOTIFY of something else that was cut hides nothing`() {
    var script = Self.answered()
    Self.refer(&script)
    script.snapLength = 450
    Self.notify(&script, String(repeating: "x", count: 300), event: "presence")
    script.snapLength = .max
    script.hangUp(at: 20, cseq: 3)
    #expect(script.log.contains("transferred"))
  }

  @Test func `a REFER for another method transfers nobody, one for INVITE does`() {
    for (method, count) in [("BYE", Int64(0)), ("INVITE", 1)] {
      var script = Self.answered()
      Self.refer(&script, target: "sip:carol@example.com;method=\(method)")
      Self.notify(&script, "SIP/2.0 200 OK\r\n")
      #expect(script.event(.answered).integer(.callTransfers) == count)
    }
  }

  @Test func `a stranger who is refused takes no transfer back`() {
    var script = Self.answered()
    Self.refer(&script)
    script.request(
      "REFER", at: 11, from: 66, cseq: 9, toTag: "bob", headers: ["Refer-To: <sip:m@example.com>"])
    script.response(403, at: 11.1, to: "REFER", destination: 66, cseq: 9)
    script.hangUp(at: 20, cseq: 10)
    #expect(Self.outcome(script) == [1, nil])
  }
}
