import Foundation
import Report
import TestCaptures
import Testing

/// Texts that an attacker chose stay texts.
@Suite struct HostileReportTests {
  static let texts: [String: [UInt8]] = [
    "a script": Array("</td></table><script>alert(1)</script><img src=x onerror=alert(2)>".utf8),
    "the end of the script": Array("</script></style><!--<svg onload=alert(1)>".utf8),
    "quotation marks": Array(#"a" onmouseover="alert(1)' x='`y`"#.utf8),
    "entities": Array("&lt;script&gt;&#60;b&#62;&amp;".utf8),
    "JSON": Array(#""},"threats":{"list":[]},"x":{"y":""#.utf8),
    "turned writing": Array("a\u{202e}gpj.exe\u{2066}b\u{2028}c\u{feff}\u{200b}\u{61c}".utf8),
    "NUL and controls": [0x61, 0, 0x7f, 0x08, 0x0b, 0x0c, 0x1b, 0x5b, 0x32, 0x4a, 0x62],
    "invalid UTF-8": [0x61, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0xf8, 0x88, 0x80, 0xc0, 0xaf, 0x62],
    "five kilobytes": [UInt8](repeating: 0x41, count: 5_120),
    "wide characters": Array(String(repeating: "é€😀", count: 500).utf8),
  ]

  static let rules = """
    rules:
      - {id: every-message, sid: 9100001, title: Message, event: sip, severity: high,
         threshold: {by: [sip.from.display_name, sip.user_agent], within: 60s, count: {at_least: 1}}}

    """

  private static func capture(_ text: [UInt8]) -> CaptureBytes {
    var capture = CaptureBytes()
    for (index, method) in ["INVITE", "REGISTER", "OPTIONS"].enumerated() {
      var message = SIPText.request(method, branch: "z9hG4bK\(index)")
      let name = Array("\"".utf8) + text + Array("\" <sip:".utf8) + text + Array("@example.com>;tag=1".utf8)
      for header in ["From", "To", "Contact"] { message.set(header, name) }
      for header in ["User-Agent", "Call-ID", "Subject", "Content-Type"] { message.set(header, text) }
      message.startLine =
        "\(method) sip:\(String(decoding: text.prefix(200), as: UTF8.self))@example.com SIP/2.0"
      capture.add(
        datagram: message.bytes, from: ReportContentTests.phone, to: ReportContentTests.proxy,
        at: Int64(index) * 100)
      var response = SIPText.response(486, "Busy", to: method, branch: "z9hG4bK\(index)")
      response.startLine = "SIP/2.0 486 " + String(decoding: text.prefix(200), as: UTF8.self)
      for header in ["From", "To", "Contact"] { response.set(header, name) }
      response.set("Call-ID", text)
      capture.add(
        datagram: response.bytes, from: ReportContentTests.proxy, to: ReportContentTests.phone,
        at: Int64(index) * 100 + 50)
    }
    return capture
  }

  @Test(arguments: texts.keys.sorted())
  func `a hostile text is shown and does nothing`(name: String) throws {
    let text = try #require(Self.texts[name])
    let report = try ReportSample.report(on: Self.capture(text), rules: Self.rules)
    #expect(try ReportSample.faults(of: report) == [])
    let (page, json) = (report.renderHTML(), report.renderJSON())
    for scalar in json.unicodeScalars.dropLast() {
      #expect(
        scalar.properties.generalCategory != .control && scalar.value != 0x202e, "\(name): \(scalar.value)")
    }
    #expect(page.components(separatedBy: "<script>").count == 2)
    #expect(!page.contains("<img") && !page.contains("<!--") && !page.contains("<svg onload"))
    #expect(page.utf8.count < 400_000, "texts are cut")
  }

  @Test func `something of the hostile text is there`() throws {
    let report = try ReportSample.report(on: Self.capture(Self.texts["a script"] ?? []), rules: Self.rules)
    #expect(report.renderHTML().contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
  }

  static let torture = TestFolders.package.appendingPathComponent("../shared/messages/rfc4475")
    .standardizedFileURL
  static var hasTorture: Bool { FileManager.default.fileExists(atPath: torture.path) }

  @Test(.enabled(if: hasTorture, "the torture messages are not there"))
  func `the torture messages of RFC 4475 make a valid report`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.torture.path).filter {
      $0.hasSuffix(".dat")
    }.sorted()
    #expect(names.count > 45)
    var capture = CaptureBytes()
    for (index, name) in names.enumerated() {
      let bytes = try [UInt8](Data(contentsOf: Self.torture.appendingPathComponent(name)))
      capture.add(
        datagram: bytes, from: ReportContentTests.phone, to: ReportContentTests.proxy,
        at: Int64(index) * 40_000)
    }
    let report = try ReportSample.report(on: capture, rules: Self.rules)
    #expect(try ReportSample.faults(of: report) == [])
    let object = try ReportSample.object(report)
    #expect(object.list("anomalies.by_name").count > 20)
    #expect((object.count("statistics.requests") ?? 0) + (object.count("statistics.responses") ?? 0) > 40)
  }

  @Test func `seeded damage to a capture gives valid reports`() throws {
    let path = TestFolders.package.appendingPathComponent("Fixtures/mixed.pcap").path
    let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    for seed: UInt64 in 1...8 {
      var state = seed
      var bytes = whole
      for _ in 0..<400 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[24 + Int(state >> 33) % (bytes.count - 24)] = UInt8(truncatingIfNeeded: state >> 20)
      }
      let folder = try TemporaryFolder()
      let path = try folder.write(bytes, as: "damaged.pcap")
      let report = try withExtendedLifetime(folder) {
        try ReportSample.report(onFile: path, rules: Self.rules)
      }
      #expect(try ReportSample.faults(of: report) == [], "seed \(seed)")
    }
  }
}
