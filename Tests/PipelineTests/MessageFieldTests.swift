import Foundation
import Pipeline
import TestCaptures
import Testing

/// Fields whose value takes more than a look at one header.
@Suite struct MessageFieldTests {
  private func sip(_ message: SIPText) throws -> [String: Any] {
    let run = try SensorRun(CaptureBytes(frames: [HostileFrames.udp(message.bytes, host: 1)]))
    return try #require(try run.objects(of: "sip").first).object("sip")
  }

  @Test(arguments: [
    (100, "INVITE", false), (180, "INVITE", true), (200, "INVITE", true), (302, "INVITE", false),
    (407, "INVITE", false), (486, "INVITE", false), (481, "BYE", false), (200, "BYE", true),
    (200, "NOTIFY", true), (200, "REGISTER", false), (401, "REGISTER", false), (200, "OPTIONS", false),
  ])
  func `a response belongs to a dialog when it makes one or its request lives in one`(
    code: Int, method: String, expected: Bool
  ) throws {
    #expect(try sip(.response(code, "Reason", to: method))["in_dialog"] as? Bool == expected)
  }

  @Test func `a request belongs to a dialog when To has a tag`() throws {
    var request = SIPText.request("INVITE")
    #expect(try sip(request)["in_dialog"] as? Bool == false)
    request.set("To", "<sip:bob@example.com>;tag=7")
    #expect(try sip(request)["in_dialog"] as? Bool == true)
  }

  @Test(arguments: [
    "-1 INVITE", "99999999999 INVITE", "(1) INVITE", "1.5 INVITE", "0x1\tINVITE", "INVITE", "7INVITE",
  ])
  func `a response keeps its method when the number in CSeq is none`(cseq: String) throws {
    var response = SIPText.response(200, "OK", to: "INVITE")
    response.set("CSeq", cseq)
    let fields = try sip(response)
    #expect(fields["method"] as? String == "INVITE")
    #expect(cseq.hasPrefix("7") || fields["cseq"] == nil)
  }
}
