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
    let (one, two) = (script.event(.started), script.event(.started, of: "call-2"))
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
}
