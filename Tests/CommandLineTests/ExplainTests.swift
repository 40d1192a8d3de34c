import Foundation
import TestCaptures
import Testing

/// `ringwatch explain`: why a rule fires, and why not.
@Suite struct ExplainTests {
  static let rules = """
    rules:
      - id: options
        sid: 1
        title: T
        event: sip.request
        when: sip.method == "OPTIONS"
        threshold: {by: [client.ip], within: 10s, count: {at_least: 2}}
      - {id: register, sid: 2, title: T, event: sip.request, when: sip.method == "REGISTER"}
      - {id: signs, sid: 3, title: T, event: alert}

    """

  private func prepared() async throws -> Program {
    let program = try Program.prepared()
    try program.folder.write(Self.rules, as: "rules.yaml")
    #expect(try await program.runSample("-q", "-r", "a.pcap").status == 0)
    return program
  }

  @Test func `a capture and its log are explained alike`() async throws {
    let program = try await prepared()
    let capture = try await program.run("explain", "options", "-S", "rules.yaml", "-r", "a.pcap")
    #expect(capture.status == 0 && capture.errors.isEmpty)
    #expect(capture.output.hasPrefix("Rule options (rules.yaml:2), sip.request: 3 events, 1 alerts\n"))
    #expect(capture.output.contains("       1 counted, and not yet enough\n"))
    #expect(capture.output.contains("       1 silent after an alert\n"))
    #expect(capture.output.contains("    packets  1, 2\n"))
    let log = try await program.run("explain", "options", "-S", "rules.yaml", "--eve", "logs/eve.json")
    #expect(log.output == capture.output)
    let stopped = try await program.run("explain", "register", "-S", "rules.yaml", "-r", "a.pcap")
    #expect(stopped.output.contains("       3 false: sip.method == \"REGISTER\"\n"))
    #expect(program.folder.contents() == ["a.pcap", "logs", "logs/eve.json", "rules.yaml"])
  }

  @Test func `all events and JSON can be asked for`() async throws {
    let program = try await prepared()
    let all = try await program.run("explain", "options", "-S", "rules.yaml", "-r", "a.pcap", "--all")
    #expect(all.output.split(separator: "\n").count { $0.contains(" packet ") } >= 3)
    let json = try await program.run(
      "explain", "options", "-S", "rules.yaml", "-r", "a.pcap", "--format", "json", "--examples", "0")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(object["events"] as? Int == 3)
    #expect((object["alerts"] as? [[String: Any]])?.first?["packets"] as? [Int] == [1, 2])
  }

  @Test func `wrong words end with 2`() async throws {
    let program = try await prepared()
    let nobody = try await program.run("explain", "nobody", "-S", "rules.yaml", "-r", "a.pcap")
    #expect(nobody.status == 2 && nobody.errors.hasPrefix("ringwatch: there is no rule 'nobody'"))
    let alerts = try await program.run("explain", "signs", "-S", "rules.yaml", "-r", "a.pcap")
    #expect(alerts.status == 2)
    #expect(alerts.errors.hasPrefix("ringwatch: 'signs' is about alerts: explain the rules"))
    #expect(try await program.run("explain", "options", "-S", "rules.yaml").status == 2)
    let missing = try await program.run("explain", "options", "-S", "rules.yaml", "-r", "none.pcap")
    #expect(missing.status == 2 && missing.errors.hasPrefix("ringwatch: none.pcap: "))
  }

  @Test func `a test can take a log, which must be whole`() async throws {
    let program = try await prepared()
    let rules = { (log: String) in
      Self.rules.replacingOccurrences(
        of: "count: {at_least: 2}}\n",
        with: "count: {at_least: 2}}\n    tests: [{name: t, eve: \(log), expect: [{at: 500ms, count: 2}]}]\n")
    }
    try program.folder.write(rules("logs/eve.json"), as: "rules.yaml")
    let good = try await program.run("test", "rules.yaml")
    #expect(good.status == 0 && good.output.hasPrefix("1 passed, 0 failed, 0 skipped"), "\(good.output)")
    let log = try String(contentsOfFile: program.folder.path("logs/eve.json"), encoding: .utf8)
    try program.folder.write(log + "{broken\n", as: "broken.json")
    try program.folder.write(rules("broken.json"), as: "rules.yaml")
    let broken = try await program.run("test", "rules.yaml")
    #expect(broken.status == 1)
    #expect(
      broken.output.contains("it is no JSON object (column 2); mend or remove the line"), "\(broken.output)")
  }
}
