import Pipeline
import TestCaptures
import Testing

/// Credentials that were used before: by whom, and whether they are the very same.
@Suite struct CredentialReuseTests {
  private func request(
    _ callID: String, user: String = "alice", count: Int? = 1, response: String = "r1", cseq: Int = 1
  ) -> SIPText {
    var message = SIPText.request(
      "REGISTER", callID: callID, branch: "z9hG4bK\(callID)\(response)\(cseq)", cseq: cseq)
    let number = count.map { ", qop=auth, nc=0000000\($0), cnonce=\"c\"" } ?? ""
    message.set(
      "Authorization",
      "Digest username=\"\(user)\", realm=\"x\", nonce=\"n1\", uri=\"sip:x\", response=\"\(response)\""
        + number)
    return message
  }

  /// What the log says of the last message: the field, and whether there is a fault.
  private func verdict(_ messages: SIPText...) throws -> (isReused: Bool?, isReplayed: Bool) {
    try verdict(of: CaptureBytes(frames: messages.map { HostileFrames.udp($0.bytes, host: 1) }))
  }

  private func verdict(of capture: CaptureBytes) throws -> (isReused: Bool?, isReplayed: Bool) {
    let run = try SensorRun(capture)
    let last = try #require(try run.objects(of: "sip").last).object("sip")
    let faults = try run.objects(of: "anomaly").map { try $0.object("anomaly")["event"] as? String }
    let auth = try last.object("auth")
    return (auth["nonce_reused"] as? Bool, faults.contains("sip.replayed_credentials"))
  }

  @Test func `the same credentials in two requests are replayed`() throws {
    #expect(try verdict(request("1"), request("2")) == (true, true))
    #expect(try verdict(request("1"), request("1", cseq: 2)) == (true, true))
  }

  @Test func `one nonce for several users is what servers do`() throws {
    #expect(try verdict(request("1"), request("2", user: "bob", response: "r2")) == (false, false))
  }

  @Test func `another response to the same nonce and count is a reuse and no replay`() throws {
    #expect(try verdict(request("1"), request("2", response: "r2")) == (true, false))
    #expect(
      try verdict(request("1"), request("2", response: "r2"), request("3", response: "r2")) == (true, true))
    #expect(try verdict(request("1"), request("2", response: "r2"), request("3")) == (true, true))
  }

  @Test func `credentials that count on, and those without a count, are fine`() throws {
    #expect(try verdict(request("1"), request("2", count: 2, response: "r2")) == (false, false))
    #expect(try verdict(request("1", count: nil), request("2", count: nil)) == (nil, false))
  }

  @Test func `a retransmission is not judged`() throws {
    #expect(try verdict(request("1"), request("1")) == (nil, false))
  }

  /// A phone's REGISTER to a border controller, and one with its credentials under another Call-ID.
  @Test(arguments: [
    ("from the controller itself", UInt8(250), Int64(20), false),
    ("from it, once another registrar has not answered", 250, 31_000, false),
    ("from it, much later", 250, 33_000, true),
    ("from its inner address", 10, 400, false),
    ("from anywhere, later", 10, 600, true),
    ("from the phone", 1, 20, true),
  ])
  func `who passes a request on to another server replays nothing`(
    _: String, host: UInt8, delay: Int64, isReplayed: Bool
  )
    throws
  {
    var capture = CaptureBytes()
    capture.add(
      datagram: request("1").bytes, from: .init(10, 0, 0, 1), to: .init(10, 0, 0, 250), at: 0)
    capture.add(
      datagram: request("2").bytes, from: .init(10, 0, 0, host), to: .init(10, 0, 0, 20), at: delay)
    #expect(try verdict(of: capture) == (isReplayed, isReplayed))
  }

  @Test func `who sends it to the same server replays it, however soon`() throws {
    var capture = CaptureBytes()
    for (host, delay) in [(UInt8(1), Int64(0)), (66, 20)] {
      capture.add(
        datagram: request("\(host)").bytes, from: .init(10, 0, 0, host), to: .init(10, 0, 0, 250), at: delay)
    }
    #expect(try verdict(of: capture) == (true, true))
  }
}
