import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// Texts that an attacker chose cannot break a line, a terminal or a page.
@Suite struct HostileTextTests {
  static let rules = """
    rules:
      - {id: every-message, sid: 9100001, title: Message, event: sip}

    """

  /// Texts that are tried in several headers.
  static let texts: [String: [UInt8]] = [
    "terminal escapes": Array("a\u{1b}[2J\u{1b}]0;owned\u{7}b".utf8),
    "C1 controls": Array("a\u{9b}31mb\u{85}".utf8),
    "invalid UTF-8": [
      0x61, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf8, 0x88, 0x80, 0x80, 0x80, 0xc0, 0xaf, 0x62,
    ],
    "quotation marks": Array(#"a"b\"c\\"d\"#.utf8),
    "JSON": Array(#""},"event_type":"alert","alert":{"severity":1},"x":{"y":""#.utf8),
    "a page": Array("<script>alert(1)</script>&amp;'".utf8),
    "turned writing": Array("a\u{202e}gpj.exe\u{2066}b\u{2028}c\u{feff}".utf8),
    "NUL and DEL": [0x61, 0, 0x7f, 0x08, 0x0b, 0x0c, 0x62],
    "ten kilobytes": [UInt8](repeating: 0x41, count: 10_240),
    "ten kilobytes of wide characters": Array(String(repeating: "é€", count: 2_048).utf8),
  ]

  static func message(_ text: [UInt8]) -> SIPText {
    var message = SIPText.request("INVITE")
    message.set(
      "From", Array("\"".utf8) + text + Array("\" <sip:".utf8) + text + Array("@example.com>;tag=1".utf8))
    message.set("User-Agent", text)
    message.set("Call-ID", text)
    message.set("Subject", text)
    return message
  }

  static func run(_ message: SIPText, _ configuration: SensorConfiguration = SensorConfiguration()) throws
    -> SensorRun
  {
    var capture = CaptureBytes()
    capture.add(
      datagram: message.bytes, from: EVEContractTests.phone, to: EVEContractTests.proxy, at: 0)
    return try SensorRun(capture, rules: .compile(rules), configuration: configuration)
  }

  @Test(arguments: texts.keys.sorted())
  func `a hostile text gives valid lines without a raw control character`(name: String) throws {
    let run = try Self.run(Self.message(try #require(Self.texts[name])))
    #expect(try run.objects(of: "sip").count == 1)
    #expect(try run.objects(of: "alert").count == 1)
    #expect(try run.objects().count == run.lines.count)
    for bytes in [run.log, run.terminal] {
      #expect(String(validating: bytes, as: UTF8.self) != nil, "\(name) is no UTF-8")
      let text = String(decoding: bytes, as: UTF8.self)
      let raw = text.unicodeScalars.filter { scalar in
        scalar != "\n" && (scalar.properties.generalCategory == .control || Self.turners.contains(scalar))
      }
      #expect(raw.isEmpty, "\(name): \(raw.map(\.value))")
    }
    #expect(run.terminal.filter { $0 == 0x0a }.count == 1)
  }

  private static let turners: Set<Unicode.Scalar> = [
    "\u{202a}", "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}", "\u{2028}", "\u{2029}", "\u{2066}",
    "\u{2067}", "\u{2068}", "\u{2069}", "\u{feff}",
  ]

  @Test func `an empty media line is no empty text in the log`() throws {
    var message = SIPText.request("INVITE")
    message.set("Content-Type", "application/sdp")
    message.body = Array(
      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4 RTP/AVP 0\r\nm=\r\n".utf8)
    let run = try Self.run(message)
    let sip = try #require(try run.objects(of: "sip").first).object("sip")
    let media = try sip.object("sdp")["media_descriptions"] as? [[String: String]]
    #expect(media == [["media": "audio 4 RTP/AVP 0"]])
    #expect(!String(decoding: run.log, as: UTF8.self).contains("\"\""))
  }

  @Test func `a long text is cut and the cut is marked with what is missing`() throws {
    let message = Self.message(try #require(Self.texts["ten kilobytes"]))
    let sip = try #require(try Self.run(message).objects(of: "sip").first).object("sip")
    let expected = String(repeating: "A", count: 1024) + "…(+9216 bytes)"
    #expect(sip["user_agent"] as? String == expected)
    #expect(sip["call_id"] as? String == expected)
    #expect(try sip.object("from")["user"] as? String == expected)
  }

  @Test func `a cut never splits a character`() throws {
    let message = Self.message(try #require(Self.texts["ten kilobytes of wide characters"]))
    for limit in 16...21 {
      var configuration = SensorConfiguration()
      configuration.textLimit = limit
      let sip = try #require(try Self.run(message, configuration).objects(of: "sip").first).object("sip")
      let agent = try #require(sip["user_agent"] as? String)
      #expect(agent.contains("…(+") && !agent.contains("\u{FFFD}"), "\(limit): \(agent)")
    }
  }

  @Test func `invalid UTF-8 becomes the replacement character`() throws {
    let message = Self.message(try #require(Self.texts["invalid UTF-8"]))
    let sip = try #require(try Self.run(message).objects(of: "sip").first).object("sip")
    let bytes = try #require(Self.texts["invalid UTF-8"])
    #expect(sip["user_agent"] as? String == String(decoding: bytes, as: UTF8.self))
  }

  @Test func `a rule's title reaches the terminal without its control characters`() throws {
    let rules = try CompiledRuleSet.compile(
      #"rules: [{id: a, sid: 1, title: "Title \e[31mred", event: sip}]"# + "\n")
    var capture = CaptureBytes()
    capture.add(
      datagram: SIPText.request("INVITE").bytes, from: EVEContractTests.phone, to: EVEContractTests.proxy,
      at: 0)
    let run = try SensorRun(capture, rules: rules)
    #expect(run.terminal.allSatisfy { $0 == 0x0a || $0 >= 0x20 })
  }
}
