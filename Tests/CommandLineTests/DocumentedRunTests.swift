import Foundation
import TestCaptures
import Testing

/// What the documentation shows of a run is what the run says.
@Suite struct DocumentedRunTests {
  /// Runs the shipped rules over the shipped capture, as `make run` does.
  private func run(_ program: Program, _ words: [String] = []) async throws -> Program.Outcome {
    for name in ["rules", "Fixtures"] {
      try FileManager.default.createSymbolicLink(
        at: program.folder.url.appendingPathComponent(name),
        withDestinationURL: TestFolders.package.appendingPathComponent(name))
    }
    return try await program.run(
      ["run", "-r", "Fixtures/mixed.pcap", "-S", "rules", "-l", "ringwatch-out"] + words)
  }

  private func text(_ page: String) throws -> String {
    try String(contentsOf: TestFolders.package.appendingPathComponent(page), encoding: .utf8)
  }

  @Test func `the README begins with what the first command shows`() async throws {
    let outcome = try await run(try Program())
    #expect(outcome.status == 0)
    let block = try text("README.md").components(separatedBy: "\n```\n").first { $0.hasPrefix("2026-") }
    #expect(outcome.output.split(separator: "\n") == (block ?? "").split(separator: "\n"))
  }

  @Test func `the lines of the log that are shown are those of the capture`() async throws {
    let program = try Program()
    try program.folder.write(
      "log: {types: [alert, anomaly, call, flow, registration, rtp, sip, transaction]}\n", as: "all.yaml")
    #expect(try await run(program, ["-q", "-c", "all.yaml"]).status == 0)
    let log = try String(contentsOfFile: program.folder.path("ringwatch-out/eve.json"), encoding: .utf8)
    let lines = Set(log.split(separator: "\n"))
    let shown = try text("docs/eve.md").split(separator: "\n").filter {
      $0.hasPrefix("{\"timestamp\"") && $0.contains("\"pcap_filename\":\"Fixtures/mixed.pcap\"")
    }
    #expect(shown.count >= 9)
    let counters = try text("docs/eve.md").split(separator: "\n").filter {
      $0.contains("\"event_type\":\"stats\"")
    }
    let plain = try Program()
    #expect(try await run(plain, ["-q"]).status == 0)
    let whole = try String(contentsOfFile: plain.folder.path("ringwatch-out/eve.json"), encoding: .utf8)
    #expect(counters == whole.split(separator: "\n").suffix(1))
    for line in shown { #expect(lines.contains(line), "docs/eve.md shows another line: \(line.prefix(200))") }
  }
}
