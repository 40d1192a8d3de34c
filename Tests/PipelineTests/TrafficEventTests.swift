import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// What the `flow` lines say of flows that cannot be read.
@Suite struct TrafficEventTests {
  private static let alice = CaptureBytes.Endpoint(192, 0, 2, 101, port: 40_000)
  private static let bob = CaptureBytes.Endpoint(192, 0, 2, 102, port: 40_002)
  private static let phone = CaptureBytes.Endpoint(192, 0, 2, 101)
  private static let server = CaptureBytes.Endpoint(192, 0, 2, 102)

  /// Speech in packets of 20 ms; without a header of RTP unless `hasHeader`.
  private func addSpeech(_ capture: inout CaptureBytes, hasHeader: Bool) {
    for number in 0..<200 {
      let sequence = UInt8(number)
      for (source, destination, ssrc) in [(Self.alice, Self.bob, UInt8(1)), (Self.bob, Self.alice, 2)] {
        let time = Int(number) * 160
        let header: [UInt8] = [
          0x80, 0, 0, sequence, 0, 0, UInt8(time >> 8), UInt8(time & 0xff), 0, 0, 0, ssrc,
        ]
        let other = [UInt8](repeating: 0xf0 ^ sequence, count: 12)
        let payload = (hasHeader ? header : other) + [UInt8](repeating: 0xa5, count: 170)
        capture.add(datagram: payload, from: source, to: destination, at: 1_000 + Int64(number) * 20)
      }
    }
  }

  private func addOffer(_ capture: inout CaptureBytes, profile: String) {
    for (code, source, destination, port) in [
      (0, Self.phone, Self.server, 40_000), (200, Self.server, Self.phone, 40_002),
    ] {
      var message = code == 0 ? SIPText.request("INVITE") : SIPText.response(code, "OK", to: "INVITE")
      message.set("Content-Type", "application/sdp")
      let address = code == 0 ? "192.0.2.101" : "192.0.2.102"
      let crypto =
        profile == "RTP/SAVP"
        ? "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n" : ""
      message.body = Array(
        "v=0\r\no=- 1 1 IN IP4 \(address)\r\ns=-\r\nc=IN IP4 \(address)\r\nt=0 0\r\nm=audio \(port) \(profile) 0\r\n\(crypto)"
          .utf8)
      capture.add(datagram: message.bytes, from: source, to: destination, at: Int64(code))
    }
  }

  /// The `flow` object of the media.
  private func media(_ capture: CaptureBytes) throws -> [String: Any] {
    let flows = try SensorRun(capture).objects(of: "flow")
    let line = try #require(flows.first { ($0["dest_port"] as? Int) == 40_002 })
    return try line.object("flow")
  }

  @Test func `datagrams that nobody can read are measured, whether they are encrypted stays open`() throws {
    var capture = CaptureBytes()
    addSpeech(&capture, hasHeader: false)
    let flow = try media(capture)
    #expect(flow["traffic"] as? String == "voice" && flow["traffic_confidence"] as? Double == 0.95)
    #expect(flow["encrypted"] == nil)
    #expect(flow["mean_size_toserver"] as? Int == 182 && flow["mean_size_toclient"] as? Int == 182)
    #expect(flow["size_deviation_toserver"] as? Int == 0)
    #expect(
      flow["mean_interval_toserver"] as? Double == 0.02 && flow["interval_deviation_toserver"] as? Double == 0
    )
    #expect(flow["paced_toclient"] as? Double == 1)
  }

  @Test func `RTP in the clear is not measured`() throws {
    var capture = CaptureBytes()
    addOffer(&capture, profile: "RTP/AVP")
    addSpeech(&capture, hasHeader: true)
    let flow = try media(capture)
    #expect(flow["encrypted"] as? Bool == false)
    #expect(flow["traffic"] == nil && flow["mean_size_toserver"] == nil)
  }

  @Test func `RTP that nobody announced may be encrypted or not`() throws {
    var capture = CaptureBytes()
    addSpeech(&capture, hasHeader: true)
    let flow = try media(capture)
    #expect(flow["encrypted"] == nil && flow["traffic"] == nil)
  }

  @Test func `media announced as SRTP are encrypted and measured`() throws {
    var capture = CaptureBytes()
    addOffer(&capture, profile: "RTP/SAVP")
    addSpeech(&capture, hasHeader: true)
    let flow = try media(capture)
    #expect(flow["encrypted"] as? Bool == true)
    #expect(flow["traffic"] as? String == "voice" && flow["mean_size_toclient"] as? Int == 182)
  }

  @Test func `rules may ask for what a flow looks like`() throws {
    var capture = CaptureBytes()
    addSpeech(&capture, hasHeader: false)
    let rules = try CompiledRuleSet.compile(
      """
      rules:
        - id: hidden-voice
          sid: 1
          rev: 1
          title: Voice that no signalling announced
          event: flow.ended
          when: flow.traffic == "voice" and flow.traffic_confidence >= 0.8
          severity: medium
      """)
    let run = try SensorRun(capture, rules: rules)
    #expect(try run.objects(of: "alert").count == 1)
  }
}
