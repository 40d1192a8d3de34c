import Foundation
import Pipeline
import TestCaptures
import Testing

/// Offers in reliable provisional responses, which PRACKs answer (RFC 3262 §5).
@Suite struct ReliableAnswerTests {
  private static let caller = CaptureBytes.Endpoint(192, 0, 2, 1)
  private static let callee = CaptureBytes.Endpoint(192, 0, 2, 2)

  private func message(_ message: SIPText, _ format: String?, toTag: Bool = false) -> [UInt8] {
    var message = message
    if let format {
      message.set("Content-Type", "application/sdp")
      message.body = Array(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 \(format)\r\n"
          .utf8)
    }
    if toTag { message.set("To", "Bob <sip:bob@example.com>;tag=a6c85cf") }
    return message.bytes
  }

  /// The ended call whose INVITE has a description or none; the provisional response offers two codecs.
  private func call(invite: String?, prack: String?) throws -> [String: Any] {
    var capture = CaptureBytes()
    func ask(_ text: SIPText, _ format: String?, _ time: Int64, inDialog: Bool = true) {
      capture.add(
        datagram: message(text, format, toTag: inDialog), from: Self.caller, to: Self.callee, at: time)
    }
    func answer(_ text: SIPText, _ format: String?, _ time: Int64) {
      capture.add(datagram: message(text, format), from: Self.callee, to: Self.caller, at: time)
    }
    ask(.request("INVITE"), invite, 0, inDialog: false)
    answer(.response(183, "Session Progress", to: "INVITE"), "RTP/SAVP 8 0", 100)
    ask(.request("PRACK", branch: "z9hG4bKp", cseq: 2), prack, 120)
    answer(.response(200, "OK", to: "PRACK", branch: "z9hG4bKp", cseq: 2), nil, 130)
    answer(.response(200, "OK", to: "INVITE"), nil, 1000)
    ask(.request("ACK", branch: "z9hG4bKa"), nil, 1010)
    ask(.request("BYE", branch: "z9hG4bKb", cseq: 3), nil, 9000)
    answer(.response(200, "OK", to: "BYE", branch: "z9hG4bKb", cseq: 3), nil, 9010)
    let calls = try SensorRun(capture).objects(of: "call").map { try $0.object("call") }
    return try #require(calls.first { $0["state"] as? String == "ended" })
  }

  @Test func `where the provisional response makes the offer, the PRACK says what is agreed on`() throws {
    let call = try call(invite: nil, prack: "RTP/AVP 0")
    #expect(call["codec"] as? String == "PCMU")
    #expect(call["encrypted"] as? Bool == false)
  }

  @Test func `where the INVITE makes the offer, the provisional response does`() throws {
    let call = try call(invite: "RTP/SAVP 0 8", prack: nil)
    #expect(call["codec"] as? String == "PCMA")
    #expect(call["encrypted"] as? Bool == true)
  }

  @Test func `without a word of the PRACK nothing is agreed on`() throws {
    #expect(try call(invite: nil, prack: nil)["codec"] == nil)
  }
}
