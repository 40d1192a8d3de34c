import Packets
import Testing
import Values

@testable import Protocols

/// The nastiest inputs that we know, doubled: twice the bytes may cost twice the work and no more.
struct LinearTimeTests {
  struct Input: Sendable, CustomTestStringConvertible {
    let name: String
    /// Makes an input whose size grows with the number.
    let make: @Sendable (Int) -> String
    var testDescription: String { name }

    init(_ name: String, _ make: @escaping @Sendable (Int) -> String) {
      (self.name, self.make) = (name, make)
    }

    /// A value of a header that repeats a unit.
    static func header(_ name: String, _ unit: String) -> Input {
      Input("\(name): \(unit)") { count in
        "INVITE sip:x@y SIP/2.0\r\n\(name): " + String(repeating: unit, count: count) + "\r\n\r\n"
      }
    }

    /// A message that repeats a unit behind its start line.
    static func lines(_ unit: String) -> Input {
      Input("lines \(unit.debugDescription)") {
        "INVITE sip:x@y SIP/2.0\r\n" + String(repeating: unit, count: $0)
      }
    }
  }

  /// Quotes that only seem to close: each costs a walk to the end unless the parser remembers.
  static let openQuotes: [Input] = ["Via", "Contact", "To", "Authorization", "Content-Type"].flatMap { name in
    [",\"", ";a=\"", "\"", "<,\"", "Digest a=\"", "a/b;a=\""].flatMap { front in
      ["\\\"", "\\\",", "\\\";a=", ",a=\\\"", ";a=\\\""].map { unit in
        Input("\(name): \(front) \(unit)") { count in
          "INVITE sip:x@y SIP/2.0\r\n\(name): \(front)" + String(repeating: unit, count: count) + "\r\n\r\n"
        }
      }
    }
  }

  static let messages: [Input] =
    openQuotes
    + [
      "Via", "From", "To", "Contact", "Route", "Call-ID", "CSeq", "Authorization", "Require", "Accept",
      "Warning",
      "Refer-To", "Replaces", "Session-ID", "Identity", "Content-Type", "Content-Length", "Subject", "Date",
    ].flatMap { name in
      [
        ",", "<", "\"", "\"\\\"", "<,", "\",", ";", "=", ";=\"", "a,", "<a>,", "\\", " ", "@", ":", "[", "%",
        "a;b=\"c",
        "SIP/2.0/UDP h;x,", "é", "\r\n ", "sip:", ";a=", "?", "2:", ".",
      ].map { .header(name, $0) }
    }
    + [
      "a\r\n", "\n ", ":\r\n", "a:b\r", "a:\r\r\n", "a: b\r\n c\r", "X-Y: z\r\n", "v: \"\r\n", "m: <\r\n",
      "\r\n", "INVITE sip:x SIP/2.0\r\n",
      "\t", "x",
    ].map {
      .lines($0)
    } + [
      Input("spaces in the start line") {
        "INVITE" + String(repeating: " ", count: $0) + "sip:x SIP/2.0\r\n\r\n"
      },
      Input("at signs in the Request-URI") {
        "INVITE sip:" + String(repeating: "@", count: $0) + " SIP/2.0\r\n\r\n"
      },
      Input("colons in the Request-URI") {
        "INVITE sip:" + String(repeating: "1:", count: $0) + " SIP/2.0\r\n\r\n"
      },
      Input("slashes in a broken status line") { "SIP/2.0" + String(repeating: "/", count: $0) + "\r\n\r\n" },
      Input("one endless word") { String(repeating: "x", count: $0) },
      Input("line ends only") { String(repeating: "\r\n", count: $0) },
      Input("boundaries") { count in
        "MESSAGE sip:x SIP/2.0\r\nContent-Type: multipart/mixed;boundary=-\r\n\r\n"
          + String(repeating: "---\r\nc: multipart/mixed;boundary=-\r\n\r\n", count: count)
      },
    ]

  private func work(_ body: () -> Void) -> Int { Work.steps(of: body) }

  /// Work for inputs of one, two and four times a size.
  private func expectLinear(_ name: String, _ measure: (Int) -> Int) {
    let (one, two, four) = (measure(1000), measure(2000), measure(4000))
    #expect(two <= 2 * one + one / 4 + 2000, "\(name): \(one) \(two) \(four)")
    #expect(four <= 2 * two + two / 4 + 2000, "\(name): \(one) \(two) \(four)")
  }

  @Test(arguments: messages)
  func `parsing a message takes time that is linear in its length`(input: Input) {
    expectLinear(input.name) { size in
      let bytes = Array(input.make(size).utf8)
      var message = SIPMessage()
      var description = SessionDescription()
      return work {
        message.parse(bytes.span, transport: .datagram)
        if let range = message.sessionDescriptionRange(in: bytes.span) {
          description.parse(bytes.span, range)
        }
        for header in SIPHeaderName.allCases { message.forEachValue(of: header, in: bytes.span) { _ in } }
      }
    }
  }

  @Test(arguments: [
    "a=x\r\n", "m=audio 1 RTP/AVP 0\r\n", "m=audio 1 RTP/AVP" + " 0", " 0", "/", "a=rtpmap:96 x/1\r\n", "=",
    "a=:", "\n",
    "c=IN IP4 1.1.1.1\r\n", "a=candidate:1 1 UDP 1 192.0.2.1 1 typ host\r\n",
  ])
  func `parsing a description takes time that is linear in its length`(unit: String) {
    expectLinear(unit) { size in
      let bytes = Array(("v=0\r\nm=audio 1 RTP/AVP" + String(repeating: unit, count: size)).utf8)
      var description = SessionDescription()
      return work { description.parse(bytes.span, ByteRange(0, bytes.count)) }
    }
  }

  static let streams: [String] = [
    "\r\n", "x", "x\r\n", "INVITE sip:x SIP/2.0\r\n", "INVITE sip:x SIP/2.0\r\n\r\n",
    "SIP/2.0 200 OK\r\n\r\n",
    "INVITE x\r\n", "INVITE x\r\n\r\n", "INVITE sip:x SIP/2.0\r\nl: 5\r\n\r\n", "SIP/2.0 ", "SIP/", "/", " ",
    ":",
    "INVITE sip:x SIP/2.0\r\nl: 99999999\r\n\r\n", "INVITE sip:x SIP/2.0\r\nA: b\r\n", "\u{0}", "BYE \r\n",
  ]

  @Test(arguments: streams, [1, 13, 1400, 1_000_000])
  func `framing a stream takes time that is linear in its length`(unit: String, chunk: Int) {
    expectLinear("\(unit) in chunks of \(chunk)") { size in
      let bytes = Array(("OPTIONS sip:x SIP/2.0\r\n\r\n" + String(repeating: unit, count: size)).utf8)
      var framer = SIPStreamFramer()
      let hidden = work {
        for start in stride(from: 0, to: bytes.count, by: chunk) {
          framer.feed(bytes.span.extracting(start..<min(start + chunk, bytes.count))) { _, _ in }
        }
        framer.finish { _, _ in }
      }
      return hidden + framer.workCount
    }
  }
}
