import Foundation
import TestCaptures
import Testing

/// `ringwatch report`: one JSON document and one page.
@Suite struct ReportTests {
  private func prepared() throws -> Program {
    let program = try Program.prepared()
    try program.folder.write(Samples.rules, as: "rules.yaml")
    return program
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `both files are written to a folder that is made`() async throws {
    let program = try prepared()
    let run = try await program.run("report", "-r", "a.pcap", "-S", "rules.yaml", "-o", "out/deep")
    #expect(run.status == 0 && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors == "Report: out/deep/ringwatch-report.json, out/deep/ringwatch-report.html\n")
    let json = try String(
      contentsOfFile: program.folder.path("out/deep/ringwatch-report.json"), encoding: .utf8)
    let report = try object(json)
    let metadata = try #require(report["metadata"] as? [String: Any])
    #expect(metadata["packets"] as? Int == 3 && metadata["rules"] as? Int == 1)
    let input = (metadata["inputs"] as? [[String: Any]])?.first
    #expect(input?["name"] as? String == "a.pcap" && (input?["sha256"] as? String)?.count == 64)
    let page = try String(
      contentsOfFile: program.folder.path("out/deep/ringwatch-report.html"), encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(
      program.folder.contents().filter { $0.hasPrefix("out") } == [
        "out", "out/deep", "out/deep/ringwatch-report.html", "out/deep/ringwatch-report.json",
      ])
  }

  @Test func `JSON goes to standard output, and nothing else is written`() async throws {
    let program = try prepared()
    let run = try await program.run("report", "-r", "a.pcap", "-S", "rules.yaml", "--json", "-")
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(try object(run.output).count == 9)
    #expect(program.folder.contents() == ["a.pcap", "rules.yaml"])
  }

  @Test func `a log has its alerts, and other rules decide anew`() async throws {
    let program = try prepared()
    #expect(try await program.runSample("-q", "-r", "a.pcap").status == 0)
    let alerts = { (arguments: [String]) async throws -> Int? in
      let run = try await program.run(["report", "--eve", "logs/eve.json", "--json", "-"] + arguments)
      #expect(run.status == 0, "\(run.errors)")
      return (try object(run.output)["suspicious_activity"] as? [String: Any])?["total"] as? Int
    }
    #expect(try await alerts([]) == 3)
    let twice = Samples.rules.replacingOccurrences(of: "event: sip}", with: "event: sip.response}")
    try program.folder.write(twice, as: "other.yaml")
    #expect(try await alerts(["-S", "other.yaml"]) == 0)
  }

  @Test func `wrong words end with 2, and an input is never replaced`() async throws {
    let program = try prepared()
    #expect(try await program.run("report").status == 2)
    #expect(try await program.run("report", "-r", "a.pcap", "--eve", "b").status == 2)
    #expect(try await program.run("report", "-r", "a.pcap", "-o", "x", "--json", "y").status == 2)
    let missing = try await program.run("report", "-r", "none.pcap", "-S", "rules.yaml")
    #expect(missing.status == 2 && missing.errors.hasPrefix("ringwatch: none.pcap: "))
    let before = try Data(contentsOf: URL(fileURLWithPath: program.folder.path("a.pcap")))
    let same = try await program.run("report", "-r", "a.pcap", "-S", "rules.yaml", "--json", "./a.pcap")
    #expect(same.status == 2)
    #expect(same.errors == "ringwatch: ./a.pcap: the report would replace its input; choose another name\n")
    #expect(try Data(contentsOf: URL(fileURLWithPath: program.folder.path("a.pcap"))) == before)
    let place = try await program.run(
      "report", "-r", "a.pcap", "-S", "rules.yaml", "--html", "no/such/page.html")
    #expect(
      place.status == 2
        && place.errors.hasPrefix("ringwatch: no/such/page.html: the report cannot be written"))
  }

  @Test func `an input that breaks off gives a report that says so, and 1`() async throws {
    let program = try prepared()
    let whole = try Data(contentsOf: URL(fileURLWithPath: program.folder.path("a.pcap")))
    try program.folder.write([UInt8](whole.dropLast(7)), as: "cut.pcap")
    let run = try await program.run("report", "-r", "cut.pcap", "-S", "rules.yaml", "-q", "--json", "-")
    #expect(run.status == 1 && run.errors.contains("cut.pcap"))
    let blindness = try object(run.output)["blindness"] as? [String: Any]
    #expect((blindness?["faults"] as? [String])?.count == 1)
  }
}
