import Foundation
import TestCaptures
import Testing

/// `bench` as users run it.
@Suite struct BenchTests {
  @Test func `a capture is measured with this build and another`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.run(
      "bench", "reference", "stages", "-r", "a.pcap", "-S", "rules.yaml", "--rounds", "2", "--json",
      "--against", Program.executable.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let results = try #require(report["results"] as? [[String: Any]])
    let stages = results.filter { $0["work"] as? String == "stages" }
    #expect(stages.count == 12)
    #expect(results.allSatisfy { ($0["runs"] as? [Any])?.count == 2 && ($0["packets"] as? Int ?? 0) > 0 })
  }

  @Test func `the table compares the builds`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.run(
      "bench", "-r", "a.pcap", "-S", "rules.yaml", "--rounds", "1", "--against", Program.executable.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let output: String = outcome.output
    #expect(output.contains("\nreference\n"))
    #expect(outcome.output.contains("  other build"))
  }

  @Test(arguments: [
    (["--rounds", "0"], "--rounds is at least 1"), (["-r", "none.pcap"], "there is no file 'none.pcap'"),
    (["speed"], "The value 'speed' is invalid"), (["--instructions", "many"], "The value 'many' is invalid"),
  ])
  func `wrong words end with 2 and are named`(words: [String], message: String) async throws {
    let outcome = try await Program().run(["bench"] + words)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func `a build that fails is named with its words`() async throws {
    let outcome = try await Program.prepared().run(
      "bench", "-r", "a.pcap", "-S", "rules.yaml", "--rounds", "1", "--against", "/bin/false")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("/bin/false failed with 1: it said nothing"))
  }
}
