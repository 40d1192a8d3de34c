import Pipeline
import Rules
import TestCaptures
import Testing

/// Segments that come twice, the second time with another text.
struct StreamCopyTests {
  /// Conflicts of a connection whose client sends two texts for the same place.
  private func conflicts(_ first: [UInt8], _ second: [UInt8], isAcknowledged: Bool = false) throws -> UInt64 {
    var frames = HostileFrames.connection(first, host: 1)
    if isAcknowledged {
      var answer = HostileFrames.tcp([], host: 1, sequence: 1, isAnswer: true)
      answer.replaceSubrange(42..<46, with: HostileFrames.big(100 + first.count, 4))
      frames.append(answer)
    }
    frames.append(HostileFrames.tcp(second, host: 1, sequence: 100))
    return try SensorRun(CaptureBytes(frames: frames), rules: .none).report["tcp.overlap_diff_data"]
  }

  private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func request(_ method: String) -> [UInt8] {
    text(
      "\(method) sip:pbx.example SIP/2.0\r\nVia: SIP/2.0/TCP 10.0.0.1;branch=z9hG4bK1\r\nContent-Length: 0\r\n\r\n"
    )
  }

  @Test func `a harmless message in front of the real one is a conflict`() throws {
    #expect(try conflicts(request("OPTIONS"), request("INVITES")) == 1)
    #expect(try conflicts(request("OPTIONS"), request("OPTIONS")) == 0)
    #expect(try conflicts(request("OPTIONS"), request("INVITES"), isAcknowledged: true) == 0)
  }

  @Test func `the beginning of a message is compared before it is known to be SIP`() throws {
    #expect(try conflicts(text("OPT"), text("INV")) == 1)
  }

  @Test func `connections that do not carry SIP are not compared`() throws {
    #expect(
      try conflicts(text("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"), text("GET /b HTTP/1.1\r\nHost: a\r\n\r\n"))
        == 0)
    let hello: [UInt8] = [22, 3, 1, 1, 0, 1, 0, 0, 252, 3, 3] + [UInt8](repeating: 1, count: 32)
    #expect(try conflicts(hello, hello.map { $0 == 1 ? 2 : $0 }) == 0)
  }
}
