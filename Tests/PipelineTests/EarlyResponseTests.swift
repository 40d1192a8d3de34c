import Foundation
import Pipeline
import TestCaptures
import Testing

/// Responses that come before their requests, among messages that they have nothing to do with.
@Suite struct EarlyResponseTests {
  private static let caller = CaptureBytes.Endpoint(192, 0, 2, 1)
  private static let callee = CaptureBytes.Endpoint(192, 0, 2, 2)
  private static let stranger = CaptureBytes.Endpoint(198, 51, 100, 7)

  private func description(_ address: String) -> [UInt8] {
    Array(
      """
      v=0\r\no=- 1 1 IN IP4 \(address)\r\ns=-\r\nc=IN IP4 \(address)\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n
      """.utf8)
  }

  /// A call whose answer comes behind responses that nobody asked for; its media goes where only the answer says.
  private func capture(strays: Int) -> CaptureBytes {
    var capture = CaptureBytes()
    var invite = SIPText.request("INVITE")
    invite.set("Content-Type", "application/sdp")
    invite.body = description("192.0.2.1")
    capture.add(datagram: invite.bytes, from: Self.caller, to: Self.callee, at: 0)
    for number in 0..<strays {
      let stray = SIPText.response(
        404, "Not Found", to: "OPTIONS", callID: "stray\(number)", branch: "z9hG4bK\(number)")
      capture.add(datagram: stray.bytes, from: Self.stranger, to: Self.caller, at: 1000)
    }
    var answer = SIPText.response(200, "OK", to: "INVITE")
    answer.set("Content-Type", "application/sdp")
    answer.body = description("192.0.2.2")
    capture.add(datagram: answer.bytes, from: Self.callee, to: Self.caller, at: 1010)
    for number in 0..<50 {
      let time = UInt8(number)
      let header: [UInt8] = [0x80, 8, 0, time, 0, 0, time, 0, 1, 2, 3, 4]
      capture.add(
        datagram: header + [UInt8](repeating: 0xd5, count: 160),
        from: CaptureBytes.Endpoint(192, 0, 2, 1, port: 5555),
        to: CaptureBytes.Endpoint(192, 0, 2, 2, port: 4000), at: 2000 + Int64(number) * 20)
    }
    return capture
  }

  /// Sixty-four responses may wait; each further message lets the oldest go on.
  @Test(arguments: [0, 1, 63, 64, 65, 200])
  func `responses that nobody asked for take nothing from the message that they make room for`(
    strays: Int
  ) throws {
    let run = try SensorRun(capture(strays: strays))
    let streams = try run.objects(of: "rtp")
    #expect(!streams.isEmpty)
    for stream in streams {
      #expect(try stream.object("call")["call_id"] as? String == "a84b4c76e66710")
    }
    let call = try #require(try run.objects(of: "call").map { try $0.object("call") }.last)
    #expect(call["code"] as? Int == 200)
  }
}
