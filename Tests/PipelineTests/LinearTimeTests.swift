import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing
import Values

/// The nastiest input for the seams between the decoders, doubled, through the whole line.
@Suite struct LinearTimeTests {
  private func steps(_ frames: [[UInt8]], rules: String? = nil) throws -> Int {
    let compiled = try rules.map { try CompiledRuleSet.compile($0) } ?? .none
    var configuration = SensorConfiguration()
    configuration.loggedTypes = []
    return try Work.steps {
      _ = try SensorRun(CaptureBytes(frames: frames), rules: compiled, configuration: configuration)
    }
  }

  /// Streams that come byte by byte.
  static let streams = [
    "GET / HTTP/1.1\r\nA: b\r\n", "HEP3\0\u{6}", "INVITE sip:x SIP/2.0\r\nA: b\r\n", "\r\n", "SIP/2.0 ", "x",
    "\u{16}\u{3}\u{1}\0\u{1}x",
  ]

  @Test(arguments: streams)
  func `a stream byte by byte takes time that is linear in its length`(unit: String) throws {
    try expectLinear(unit.debugDescription, size: 500) { size in
      let bytes = Array(String(repeating: unit, count: size).utf8).prefix(2 * size)
      let segments = bytes.enumerated().map { HostileFrames.tcp([$1], host: 1, sequence: 100 + $0) }
      return try steps(HostileFrames.connection([], host: 1) + segments)
    }
  }

  @Test(arguments: [
    "BYE sip:x SIP/2.0\r\nl: 0\r\n\r\n", "BYE sip:x SIP/2.0\r\nl: 5\r\nA: b\rC: d\r\n\r\nabcde",
    "SIP/2.0 200 OK\r\nl: 0\r\n\r\n",
  ])
  func `many messages in a datagram take time that is linear in their number`(unit: String) throws {
    try expectLinear(unit.debugDescription, size: 200) { size in
      try steps([HostileFrames.udp(Array(String(repeating: unit, count: size).utf8), host: 1)])
    }
  }

  @Test func `many headers of a name that a rule asks for take time that is linear in their number`() throws {
    // As many as are kept, so it is their length that grows.
    try expectLinear("headers", size: 40) { size in
      let line = "X-Test: " + String(repeating: "a", count: size) + "\r\n"
      let text = "BYE sip:x SIP/2.0\r\n" + String(repeating: line, count: 200) + "\r\n"
      return try steps(
        [HostileFrames.udp(Array(text.utf8), host: 1)],
        rules: """
          rules:
            - {id: a, sid: 9100001, title: A, event: sip, when: 'header["X-Test"] == "b"'}

          """)
    }
  }
}
