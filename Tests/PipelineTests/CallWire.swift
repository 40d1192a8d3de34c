import TestCaptures

/// A call of alice with bob over a registrar that relays its media, message by message and packet by packet.
struct CallWire {
  static let phone = CaptureBytes.Endpoint(192, 0, 2, 101)
  static let server = CaptureBytes.Endpoint(192, 0, 2, 10)

  var capture = CaptureBytes()

  /// A REGISTER of alice that is challenged, and what its credentials are answered with.
  mutating func register(
    from client: CaptureBytes.Endpoint, callID: String = "reg", account: String = "alice",
    registrar: CaptureBytes.Endpoint = server, _ code: Int = 200, cseq: Int = 1, at milliseconds: Int64
  ) {
    for (step, answer) in [401, code].enumerated() {
      let branch = "z9hG4bK-\(callID)-\(cseq + step)"
      let time = milliseconds + Int64(step) * 20
      var request = SIPText.request("REGISTER", callID: callID, branch: branch, cseq: cseq + step)
      var response = SIPText.response(
        answer, "Words", to: "REGISTER", callID: callID, branch: branch, cseq: cseq + step)
      for (name, value) in [("From", ";tag=1928301774"), ("To", "")] {
        request.set(name, "<sip:\(account)@example.com>\(value)")
      }
      response.set("From", "<sip:\(account)@example.com>;tag=1928301774")
      response.set("To", "<sip:\(account)@example.com>;tag=a6c85cf")
      if step == 1 {
        request.set(
          "Authorization", #"Digest username="alice", realm="r", nonce="n", uri="sip:e", response="0123""#)
      }
      if answer == 401 { response.set("WWW-Authenticate", #"Digest realm="r", nonce="n""#) }
      request.set("Expires", "600")
      response.set("Expires", "600")
      capture.add(datagram: request.bytes, from: client, to: registrar, at: time)
      capture.add(datagram: response.bytes, from: registrar, to: client, at: time + 5)
    }
  }

  /// INVITE, 200 and ACK; the caller's media are those of its port 4000, the callee's those of port 20000 of the server.
  mutating func answer(at milliseconds: Int64) {
    var invite = SIPText.request("INVITE", branch: "z9hG4bK-invite")
    invite.set("Content-Type", "application/sdp")
    invite.body = Self.description("192.0.2.101", 4000)
    capture.add(datagram: invite.bytes, from: Self.phone, to: Self.server, at: milliseconds)
    var ok = SIPText.response(200, "OK", to: "INVITE", branch: "z9hG4bK-invite")
    ok.set("Content-Type", "application/sdp")
    ok.body = Self.description("192.0.2.10", 20_000)
    capture.add(datagram: ok.bytes, from: Self.server, to: Self.phone, at: milliseconds + 10)
    within("ACK", cseq: 1, at: milliseconds + 20)
  }

  /// BYE of the callee, and the 200 to it.
  mutating func hangUp(at milliseconds: Int64) {
    var bye = SIPText.request("BYE", branch: "z9hG4bK-bye", cseq: 7)
    bye.set("From", "Bob <sip:bob@example.com>;tag=a6c85cf")
    bye.set("To", "Alice <sip:alice@example.com>;tag=1928301774")
    capture.add(datagram: bye.bytes, from: Self.server, to: Self.phone, at: milliseconds)
    var ok = SIPText.response(200, "OK", to: "BYE", branch: "z9hG4bK-bye", cseq: 7)
    ok.set("From", "Bob <sip:bob@example.com>;tag=a6c85cf")
    ok.set("To", "Alice <sip:alice@example.com>;tag=1928301774")
    capture.add(datagram: ok.bytes, from: Self.phone, to: Self.server, at: milliseconds + 10)
  }

  private mutating func within(_ method: String, cseq: Int, at milliseconds: Int64) {
    var request = SIPText.request(method, branch: "z9hG4bK-\(method)", cseq: cseq)
    request.set("To", "Bob <sip:bob@example.com>;tag=a6c85cf")
    capture.add(datagram: request.bytes, from: Self.phone, to: Self.server, at: milliseconds)
  }

  /// Packets of G.711 that go between two places in a second and more, both ways where an SSRC says so.
  mutating func talk(
    _ here: CaptureBytes.Endpoint, _ there: CaptureBytes.Endpoint, ssrc: UInt8?, back: UInt8?,
    from start: Int64, to end: Int64
  ) {
    for (place, time) in stride(from: start, to: end, by: 20).enumerated() {
      if let ssrc { capture.add(datagram: Self.rtp(place, ssrc), from: here, to: there, at: time) }
      if let back { capture.add(datagram: Self.rtp(place, back), from: there, to: here, at: time + 1) }
    }
  }

  private static func rtp(_ place: Int, _ ssrc: UInt8) -> [UInt8] {
    let numbers = HostileFrames.big(place) + HostileFrames.big(place * 160, 4)
    return [0x80, 0] + numbers + [0, 0, 0, ssrc] + [UInt8](repeating: UInt8(place & 0x7f), count: 160)
  }

  private static func description(_ address: String, _ port: Int) -> [UInt8] {
    Array(
      """
      v=0\r
      o=- 1 1 IN IP4 \(address)\r
      s=-\r
      c=IN IP4 \(address)\r
      t=0 0\r
      m=audio \(port) RTP/AVP 0\r

      """.utf8)
  }
}
