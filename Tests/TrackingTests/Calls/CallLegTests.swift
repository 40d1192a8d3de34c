import Events
import Testing

@testable import Tracking

/// Legs of back-to-back user agents: labelled evidence, the best one first, and nothing merged silently.
struct CallLegTests {
  private static let session =
    "Session-ID: ab30317f1a784dc48ff824d0d3715d86;remote=00000000000000000000000000000000"

  private static func secondLeg(
    _ headers: [String], first: [String]? = nil, sdp: [String?] = [nil, nil], from host: UInt32 = 2,
    after delay: Double = 0.1
  ) -> Event {
    var script = CallScript()
    script.request("INVITE", at: 0, headers: first ?? headers, sdp: sdp[0])
    script.request(
      "INVITE", at: delay, from: host, to: 3, callID: "call-2", fromTag: "b2b", headers: headers, sdp: sdp[1])
    let one = script.event(.started)
    let two = script.event(.started, of: "call-2")
    let isJoined = two.string(.callLegEvidence) != nil
    #expect((one.string(.callID) == two.string(.callID)) == isJoined)
    #expect(script.log == ["started", "started"])
    #expect(two.integer(.callConcurrent) == (isJoined ? 1 : 2))
    return two
  }

  @Test func `the same Session-ID joins legs before everything else`() {
    let event = Self.secondLeg([Self.session, "X-Call-ID: 1", "P-Charging-Vector: icid-value=abc"])
    #expect(event.string(.callLegEvidence) == "session-id")
    #expect(event.integer(.callLegs) == 2)
  }

  @Test func `a header that names the first leg's Call-ID joins legs`() {
    #expect(Self.secondLeg(["X-Call-ID: call-1"], first: []).string(.callLegEvidence) == "header")
    #expect(Self.secondLeg(["X-Call-ID: same"]).string(.callLegEvidence) == "header")
  }

  @Test func `the same icid joins legs`() {
    let event = Self.secondLeg([
      #"P-Charging-Vector: icid-value="AyretyU0dm+6O2IrT5tAFrbHLso=023551024";orig-ioi=x"#
    ])
    #expect(event.string(.callLegEvidence) == "icid")
  }

  @Test func `the same o line joins legs`() {
    let event = Self.secondLeg([], sdp: [CallScript.sdp(), CallScript.sdp(host: "10.0.0.2")])
    #expect(event.string(.callLegEvidence) == "sdp-origin")
    // A phone whose o= line is always the same makes two calls.
    let constant = Self.secondLeg([], sdp: [CallScript.sdp(), CallScript.sdp()], from: 1)
    #expect(constant.string(.callLegEvidence) == nil)
  }

  @Test func `numbers and time join legs only from the host that the first one went to`() {
    #expect(Self.secondLeg([]).string(.callLegEvidence) == "numbers")
    #expect(Self.secondLeg([], from: 9).string(.callLegEvidence) == nil)
    #expect(Self.secondLeg([], after: 4).string(.callLegEvidence) == nil)
  }

  /// Whether the second of two legs carries the call on: the numbers that they call, and who calls in the second one.
  private static func isCarriedOn(
    _ first: String, _ second: String, from host: UInt32 = 2, headers: [String] = [session]
  ) -> FieldValue {
    var script = CallScript()
    script.request("INVITE", at: 0, headers: headers, callee: first)
    script.request(
      "INVITE", at: 0.1, from: host, to: 3, callID: "call-2", fromTag: "b2b", headers: headers, callee: second
    )
    #expect(script.event(.started)[.callCarriedOn] == .bool(false))
    return script.event(.started, of: "call-2")[.callCarriedOn]
  }

  @Test func `an exchange carries on what it was asked for, from where it was asked`() {
    #expect(Self.isCarriedOn("bob", "bob") == .bool(true))
    #expect(Self.isCarriedOn("bob", "bob", headers: []) == .bool(true), "by the numbers alone")
    #expect(
      Self.isCarriedOn("0044200000001", "+44200000001") == .bool(true), "the same number, written otherwise")
    #expect(Self.isCarriedOn("bob", "carol") == .bool(false), "it leads the call elsewhere")
    #expect(
      Self.isCarriedOn("9200000001", "+44200000001") == .bool(false), "nobody knows what the first one means"
    )
    #expect(Self.isCarriedOn("bob", "bob", from: 9) == .bool(false), "anybody may write a Session-ID")
    #expect(Self.isCarriedOn("bob", "bob", from: 1) == .bool(false))
    #expect(Self.isCarriedOn("bob", "carol", headers: []) == .bool(false), "a call of its own")
  }

  @Test func `a second exchange carries on what the first one does`() {
    for (host, isCarriedOn) in [(3, true), (9, false)] as [(UInt32, Bool)] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.request("INVITE", at: 0.1, from: 2, to: 3, callID: "call-2", fromTag: "2")
      script.request("INVITE", at: 0.2, from: host, to: 4, callID: "call-3", fromTag: "3")
      let third = script.event(.started, of: "call-3")
      #expect(third[.callCarriedOn] == .bool(isCarriedOn))
      #expect(third.integer(.callLegs) == (isCarriedOn ? 3 : 1))
    }
  }

  @Test func `an exchange that calls again and again for one call does so of its own accord`() {
    var script = CallScript()
    script.request("INVITE", at: 0, headers: [Self.session])
    for leg in 2...6 {
      script.request(
        "INVITE", at: 0.1 * Double(leg), from: 2, to: 3, callID: "call-\(leg)", fromTag: "\(leg)",
        headers: [Self.session])
      let event = script.event(.started, of: "call-\(leg)")
      #expect(event.integer(.callLegs) == Int64(leg))
      #expect(event[.callCarriedOn] == .bool(leg <= 4))
    }
  }

  @Test(arguments: [(10, true), (10.1, false)])
  func `an exchange carries a call on soon`(delay: Double, isCarriedOn: Bool) {
    var script = CallScript()
    script.request("INVITE", at: 0, headers: [Self.session])
    script.request(
      "INVITE", at: delay, from: 2, to: 3, callID: "call-2", fromTag: "2", headers: [Self.session])
    #expect(script.event(.started, of: "call-2")[.callCarriedOn] == .bool(isCarriedOn))
  }

  @Test func `who calls from beside the caller carries nothing on`() {
    var script = CallScript()
    script.request("INVITE", at: 0, sdp: CallScript.sdp())
    script.request("INVITE", at: 0.01, from: 2, to: 1, vias: 2, sdp: CallScript.sdp())
    script.request("INVITE", at: 0.1, from: 2, to: 1, callID: "call-2", fromTag: "2", sdp: CallScript.sdp())
    #expect(script.event(.started, of: "call-2")[.callCarriedOn] == .bool(true))
    script.request("INVITE", at: 5, from: 1, to: 2, callID: "call-3", fromTag: "3", sdp: CallScript.sdp())
    #expect(script.event(.started, of: "call-3")[.callCarriedOn] == .bool(false))
    var redial = CallScript()
    redial.request("INVITE", at: 0)
    redial.request("INVITE", at: 0.01, from: 2, to: 1, vias: 2)
    redial.request("INVITE", at: 2, from: 1, to: 2, callID: "call-2", fromTag: "2")
    #expect(redial.event(.started, of: "call-2").string(.callLegEvidence) == nil)
    var direct = CallScript()
    direct.request("INVITE", at: 0, sdp: CallScript.sdp())
    direct.request("INVITE", at: 0.1, from: 2, to: 1, callID: "call-2", fromTag: "2", sdp: CallScript.sdp())
    direct.request("INVITE", at: 5, from: 1, to: 2, callID: "call-3", fromTag: "3", sdp: CallScript.sdp())
    #expect(direct.event(.started, of: "call-3").string(.callLegEvidence) == nil, "one o= line for all calls")
  }

  @Test func `what proxies pass on to an exchange it carries on`() {
    var script = CallScript()
    script.request("INVITE", at: 0)
    script.request("INVITE", at: 0.01, from: 2, to: 3, vias: 2)
    script.request("INVITE", at: 0.1, from: 3, to: 4, callID: "call-2", fromTag: "2")
    let second = script.event(.started, of: "call-2")
    #expect(second.string(.callLegEvidence) == "numbers" && second[.callCarriedOn] == .bool(true))
  }

  /// Two INVITEs, the second one with the Call-ID of the first.
  private static func sameCallID(from host: UInt32, forwardedTo hop: UInt32? = nil, after delay: Double = 0.1)
    -> CallScript
  {
    var script = CallScript()
    script.request("INVITE", at: 0, sdp: CallScript.sdp())
    if let hop {
      script.request(
        "INVITE", at: 0.01, from: 2, to: hop, branch: "z9hG4bKproxy", vias: 2, sdp: CallScript.sdp())
    }
    script.request(
      "INVITE", at: delay, from: host, to: 5, fromTag: "b2b", sdp: CallScript.sdp(session: "7"),
      callee: "carol")
    return script
  }

  @Test func `the same Call-ID joins the legs of a border controller that keeps it, also behind a proxy`() {
    let direct = Self.sameCallID(from: 2).event(.started)
    #expect(direct.string(.callLegEvidence) == "call-id")
    #expect(direct.integer(.callConcurrent) == 1)
    #expect(Self.sameCallID(from: 3, forwardedTo: 3).event(.started).string(.callLegEvidence) == "call-id")
    #expect(Self.sameCallID(from: 4, forwardedTo: 3).event(.started).string(.callLegEvidence) == nil)
    #expect(Self.sameCallID(from: 1).event(.started).string(.callLegEvidence) == nil)
    #expect(Self.sameCallID(from: 2, after: 4).event(.started).string(.callLegEvidence) == nil)
  }

  @Test func `calls between two ports of one host are calls of their own`() {
    for (port, evidence) in [(5061, nil), (5060, "sdp-origin")] as [(UInt16, String?)] {
      var script = CallScript()
      script.request("INVITE", at: 0, from: 1, port: 5061, to: 1, sdp: CallScript.sdp())
      script.request(
        "INVITE", at: 0.1, from: 1, port: port, to: 1, callID: "call-2", fromTag: "2", sdp: CallScript.sdp())
      let second = script.event(.started, of: "call-2")
      #expect(second.string(.callLegEvidence) == evidence)
      #expect(second.integer(.callConcurrent) == (evidence == nil ? 2 : 1))
    }
  }

  @Test func `a phone may call whom a REFER names before it accepts, but not when it refuses`() {
    for (code, evidence) in [(202, "refer"), (nil, "refer"), (603, nil)] as [(Int?, String?)] {
      var script = CallScript()
      script.request("INVITE", at: 0)
      script.response(200, at: 1)
      script.request(
        "REFER", at: 2, from: 2, to: 1, cseq: 5, fromTag: "bob", toTag: "alice",
        headers: ["Refer-To: <sip:carol@example.com>"])
      if let code {
        script.response(
          code, at: 2.1, to: "REFER", from: 1, destination: 2, cseq: 5, fromTag: "bob", toTag: "alice")
      }
      script.request(
        "INVITE", at: 2.2, from: 1, to: 3, callID: "call-2", fromTag: "2", callee: "carol")
      #expect(script.event(.answered, of: "call-2").string(.callLegEvidence) == evidence, "\(code ?? 0)")
      #expect(
        script.log.count { $0 == "started" } == (code == 202 ? 1 : 2), "only what was accepted is no attempt")
    }
  }
}
