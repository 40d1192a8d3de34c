import Foundation
import Report
import TestCaptures
import Testing

/// Every report is as its schema says, and every page is well-formed.
@Suite struct ReportSchemaTests {
  static let captures: [String] = {
    let fixtures = TestFolders.package.appendingPathComponent("Fixtures")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []
    let cases = (try? FileManager.default.contentsOfDirectory(atPath: TestFolders.cases.path)) ?? []
    return names.filter { $0.contains(".pcap") }.sorted()
      + cases.sorted().map { "Cases/\($0)/input.pcap" }.filter {
        FileManager.default.fileExists(atPath: fixtures.appendingPathComponent($0).path)
      }
  }()

  static let rules = """
    rules:
      - {id: any-request, sid: 9100001, title: A request, event: sip.request, severity: high, spoofable: 3,
         threshold: {by: [client.ip, sip.from.user], within: 60s, count: {at_least: 3}}}

    """

  @Test func `there are captures to try`() { #expect(Self.captures.count > 80) }

  @Test(arguments: captures)
  func `a report is valid and its page well-formed`(name: String) throws {
    let path = TestFolders.package.appendingPathComponent("Fixtures/\(name)").path
    let report = try ReportSample.report(onFile: path, rules: Self.rules)
    #expect(try ReportSample.faults(of: report) == [])
  }

  @Test func `the nine sections stand in their order`() throws {
    let path = TestFolders.package.appendingPathComponent("Fixtures/mixed.pcap").path
    let text = try ReportSample.report(onFile: path).renderJSON()
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let names = [
      "metadata", "sessions", "rtp_streams", "suspicious_activity", "statistics", "anomalies", "patterns",
      "threats",
      "blindness",
    ]
    #expect(Set(object.keys) == Set(names))
    let places = names.map { text.range(of: "\"\($0)\":{")?.lowerBound }
    #expect(places.compactMap { $0 }.count == names.count)
    let schema = try SchemaWalker(Data(CaptureReport.schema.utf8)).schema
    #expect(schema["required"] as? [String] == names)
  }

  @Test func `the committed schema is that of the program`() throws {
    let file = TestFolders.package.appendingPathComponent("docs/schema/report.schema.json")
    #expect(try String(contentsOf: file, encoding: .utf8) == CaptureReport.schema, "run 'make docs'")
  }

  @Test func `a report on nothing is a report`() throws {
    let report = ReportBuilder().finish(ReportedRun())
    #expect(try ReportSample.faults(of: report) == [])
    #expect(report.renderHTML().contains("There was nothing to read."))
    let statements = try ReportSample.object(report).list("blindness.statements")
    #expect(statements.first?["text"] as? String == "No alerts, in 0 events, by 0 rules.")
  }

  @Test func `the same capture gives the same bytes`() throws {
    let path = TestFolders.package.appendingPathComponent("Fixtures/mixed.pcap").path
    let (first, second) = (
      try ReportSample.report(onFile: path, rules: Self.rules),
      try ReportSample.report(onFile: path, rules: Self.rules)
    )
    #expect(first.renderJSON() == second.renderJSON())
    #expect(first.renderHTML() == second.renderHTML())
  }

  @Test func `the page allows its own style and script and nothing else`() throws {
    let page = ReportBuilder().finish(ReportedRun()).renderHTML()
    let policy = try #require(page.firstMatch(of: #/Content-Security-Policy" content="([^"]*)"/#)).1
    #expect(policy.contains("default-src 'none'; style-src 'sha256-"))
    #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
    for word in [
      "http:", "https:", "@import", "url(", "javascript:", "eval(", "innerHTML", " style=\"", "src=",
    ] {
      #expect(!page.contains(word), "\(word)")
    }
  }
}
