import Foundation
import TestCaptures
import Testing

/// `simulate` and `score` as users run them.
@Suite struct SimulateTests {
  @Test func `without arguments it shows two attacks and says what to do next`() async throws {
    let program = try Program()
    let outcome = try await program.run("simulate", "--media", "none")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("2 attacks"))
    #expect(outcome.output.hasSuffix("Try: ringwatch run -r ringwatch-sim/capture.pcap\n"))
    let files = ["capture.pcap", "labels.jsonl", "metadata.json"].map { "ringwatch-sim/\($0)" }
    #expect(Set(program.folder.contents()).isSuperset(of: files))
  }

  @Test func `what it makes can be watched and scored`() async throws {
    let program = try Program()
    let made = try await program.run(
      "simulate", "--media", "none", "--attack", "register-scan:start=30s", "--duration", "3m", "-o",
      "s.pcapng")
    #expect(made.status == 0)
    let watched = try await program.run("run", "-r", "s.pcapng", "-l", "logs", "-q")
    #expect(watched.status == 0)
    let scored = try await program.run("score", "--labels", "s.labels.jsonl", "--eve", "logs/eve.json")
    #expect(scored.status == 0)
    #expect(scored.output.contains("| register-scan | 1 of 1 | 100 % |"))
    #expect(scored.output.contains("| small-office | 1 |"))
  }

  @Test(arguments: [
    (["--attack", "options-scam"], "there is no attack 'options-scam'"),
    (["--attack", "options-scan:colour=red"], "'colour=red' is no parameter"),
    (["--scenario", "office-night"], "there is no scenario 'office-night'; known: "),
    (["--duration", "ten"], "--duration is a whole number with a unit"),
    (["--start", "yesterday"], "--start is an instant with its zone"),
    (["--media", "some"], "--media is none, all or a duration"),
    (["--format", "pdf"], "--format is one of pcap, pcap-ns, pcapng"),
  ])
  func `wrong words end with 2, are named, and nothing is written`(words: [String], message: String)
    async throws
  {
    let program = try Program()
    let outcome = try await program.run(["simulate"] + words)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(program.folder.contents().isEmpty)
  }

  @Test func `a faulty scenario is shown with its places`() async throws {
    let program = try Program()
    try program.folder.write("name: x\nnetwork: {servr: pbx}\n", as: "x.yaml")
    let outcome = try await program.run("simulate", "--scenario", "x.yaml")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.hasPrefix(
        "x.yaml:2:11: error: unknown key 'servr' in this network; did you mean 'server'?"))
  }
}
