import Events
import Testing
import Values

@testable import Tracking

/// A call ends with its BYE, once that is known not to be refused (RFC 3261 §15.1).
struct CallHangUpTests {
  private static func answered() -> CallScript {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.response(200, at: 1)
    return script
  }

  @Test func `the end has the time and the packet of the BYE`() {
    var script = Self.answered()
    script.request("BYE", at: 10, cseq: 2, toTag: "bob")
    #expect(script.log == ["started", "answered"])
    script.response(100, at: 10.1, to: "BYE", cseq: 2)
    #expect(script.log == ["started", "answered"])
    script.response(200, at: 10.3, to: "BYE", cseq: 2)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.lastTime == 10)
    #expect(script.origin?.number == 3)
    #expect(script.last[.callDuration] == .duration(9_000_000_000))
    #expect(script.last.integer(.callMessages) == 3)
    #expect(script.last.integer(.callConcurrent) == 0)
  }

  @Test(arguments: [401, 403, 407, 400, 420, 482, 483, 500, 503, 603])
  func `a BYE that is refused ends nothing`(code: Int) {
    var script = Self.answered()
    script.hangUp(at: 10, code)
    script.hangUp(at: 12, code, from: 66)
    script.wait(until: 19)
    #expect(script.log == ["started", "answered"])
    script.hangUp(at: 20, cseq: 3)
    #expect(script.lastTime == 20)
    #expect(script.last.string(.callEndedBy) == "caller")
    #expect(script.last.integer(.callMessages) == 7)
  }

  @Test(arguments: [481, 408])
  func `a party that hears of no such dialog has no call any more`(code: Int) {
    var script = Self.answered()
    script.hangUp(at: 10, code)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.last.string(.callEndedBy) == "caller")
    var attacked = Self.answered()
    attacked.hangUp(at: 10, code, from: 66)
    attacked.wait(until: 20)
    #expect(attacked.log == ["started", "answered"], "a stranger was turned away")
  }

  @Test(arguments: [UInt32(1), 66])
  func `a BYE that nobody answers ends the call`(source: UInt32) {
    var script = Self.answered()
    script.hangUp(at: 10, nil, from: source)
    script.wait(until: 10.5)
    #expect(script.log == ["started", "answered"])
    script.wait(until: 10.6)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.lastTime == 10)
    #expect(script.last.string(.callEndedBy) == (source == 1 ? "caller" : "other"))
    script.response(401, at: 10.7, to: "BYE", destination: source, cseq: 2)
    #expect(script.log == ["started", "answered", "ended"])
  }

  @Test func `the end of the input settles what waits`() {
    var script = Self.answered()
    script.hangUp(at: 10, nil)
    script.finish()
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.lastTime == 10)
  }

  @Test func `nobody answers his own BYE, and nobody else's`() {
    var script = Self.answered()
    script.request("BYE", at: 10, cseq: 2, toTag: "bob")
    script.response(401, at: 10.01, to: "BYE", from: 1, destination: 2, cseq: 2)
    script.response(401, at: 10.02, to: "BYE", from: 67, destination: 66, cseq: 2)
    script.response(401, at: 10.03, to: "BYE", cseq: 1)
    script.response(401, at: 10.04, to: "BYE", cseq: 2, fromTag: "bob", toTag: "alice")
    script.wait(until: 11)
    #expect(script.log == ["started", "answered", "ended"])
  }

  @Test func `a proxy passes on the response that counts`() {
    var script = Self.answered()
    script.request("BYE", at: 10, cseq: 2, toTag: "bob")
    script.request("BYE", at: 10.01, from: 2, to: 3, cseq: 2, toTag: "bob", branch: "z9hG4bKp", vias: 2)
    script.response(403, at: 10.02, to: "BYE", from: 3, destination: 2, cseq: 2, branch: "z9hG4bKp", vias: 2)
    script.response(403, at: 10.03, to: "BYE", cseq: 2)
    script.wait(until: 15)
    #expect(script.log == ["started", "answered"])
  }

  @Test func `of two that cross the first counts`() {
    var script = Self.answered()
    script.request("BYE", at: 10, cseq: 2, toTag: "bob")
    script.request("BYE", at: 10.01, from: 2, to: 1, cseq: 99, fromTag: "bob", toTag: "alice")
    script.response(
      500, at: 10.02, to: "BYE", from: 1, destination: 2, cseq: 99, fromTag: "bob", toTag: "alice")
    script.response(200, at: 10.03, to: "BYE", cseq: 2)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.last.string(.callEndedBy) == "caller")
  }

  @Test func `a party does not wait for a stranger's BYE`() {
    var script = Self.answered()
    script.request("BYE", at: 10, from: 66, cseq: 2, toTag: "bob")
    script.request("BYE", at: 10.1, cseq: 2, toTag: "bob")
    script.response(401, at: 10.15, to: "BYE", destination: 66, cseq: 2)
    script.response(200, at: 10.2, to: "BYE", cseq: 2)
    #expect(script.log == ["started", "answered", "ended"])
    #expect(script.last.string(.callEndedBy) == "caller")
    #expect(script.lastTime == 10.1)
  }

  @Test func `a flood of BYEs does not make the queue longer than its limit`() {
    var queue = HangUpQueue()
    let script = Self.answered()
    let hangUp = HangUp(
      call: CallReference(number: 0, serial: 1), side: nil, isCallerTagged: true, tag: 0, cseq: 1,
      origin: script.table.records[0].origin, time: CallScript.timestamp(1))
    for _ in 0..<HangUpQueue.limit { _ = queue.append(hangUp) }
    #expect(queue.isFull)
    let bytes = queue.byteCount
    for number in 0..<100_000 as Range<UInt32> {
      let first = queue.popFirst()
      #expect(first?.number == number)
      #expect(queue[number] == nil)
      let added = queue.append(hangUp)
      #expect(queue[added] != nil)
      #expect(queue.isFull)
    }
    #expect(queue.byteCount <= 4 * bytes)
    queue.removeAll()
    #expect(queue.oldest == nil)
    let added = queue.append(hangUp)
    #expect(queue[added] != nil)
  }

  @Test func `a call's hang-up is its own when its record is used again`() {
    var options = CallTable.Options()
    options.capacity = 1
    var script = CallScript(options: options)
    script.request("INVITE", at: 0)
    script.response(200, at: 1)
    script.hangUp(at: 2, nil)
    script.request("INVITE", at: 2.1, callID: "call-2", fromTag: "carol")
    script.response(200, at: 2.2, callID: "call-2", fromTag: "carol")
    script.wait(until: 5)
    #expect(script.log == ["started", "answered", "started", "answered"])
  }

  @Test(arguments: ["BYE", "INVITE", "UPDATE"])
  func `who has hung up does not go on`(method: String) {
    var script = Self.answered()
    script.hangUp(at: 10, cseq: 77)
    script.request(method, at: 13, cseq: 3, toTag: "bob")
    script.request("BYE", at: 14, cseq: 4, toTag: "bob")
    #expect(script.faults == ["5 sip.request_after_bye"])
  }

  @Test func `the other side may, and so may anybody at once or where nothing was accepted`() {
    var other = Self.answered()
    other.hangUp(at: 10)
    other.request("BYE", at: 13, from: 2, to: 1, cseq: 3, fromTag: "bob", toTag: "alice")
    other.request("BYE", at: 14, from: 66, cseq: 3, toTag: "bob")
    other.request("NOTIFY", at: 15, cseq: 4, toTag: "bob")
    other.request("INFO", at: 16, cseq: 5, toTag: "bob")
    #expect(other.faults.isEmpty)
    var crossing = Self.answered()
    crossing.hangUp(at: 10)
    crossing.request("INVITE", at: 11.9, cseq: 3, toTag: "bob")
    #expect(crossing.faults.isEmpty)
    var unheard = Self.answered()
    unheard.hangUp(at: 10, nil)
    unheard.request("BYE", at: 20, cseq: 3, toTag: "bob")
    #expect(unheard.faults.isEmpty)
    var repeated = Self.answered()
    repeated.hangUp(at: 10)
    repeated.hangUp(at: 20)
    #expect(repeated.faults.isEmpty)
  }

  @Test func `a proxy that ends both legs in the names of the parties is none of them`() {
    var script = Self.answered()
    script.hangUp(at: 10, from: 2, to: 1, fromTag: "bob", toTag: "alice")
    script.request(
      "BYE", at: 13, from: 3, to: 1, cseq: 9, fromTag: "bob", toTag: "alice", branch: "z9hG4bKown")
    #expect(script.faults.isEmpty)
  }

  @Test func `a late dialog of the same call is ended by itself`() {
    var script = Self.answered()
    script.hangUp(at: 10)
    script.response(200, at: 12, toTag: "late")
    script.hangUp(at: 13, cseq: 2, toTag: "late")
    #expect(script.faults.isEmpty)
  }

  @Test func `a forged BYE of the callee is told of as well`() {
    var script = Self.answered()
    script.hangUp(at: 10, from: 2, to: 1, cseq: 900, fromTag: "bob", toTag: "alice")
    script.request("BYE", at: 20, from: 2, to: 1, cseq: 1, fromTag: "bob", toTag: "alice")
    #expect(script.faults == ["5 sip.request_after_bye"])
  }
}
