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

  @Test func `what attackers call is said beside what people call`() async throws {
    let program = try Program()
    let words = ["simulate", "--media", "none", "--duration", "2m"]
    let benign = try await program.run(words + ["--benign"])
    #expect(benign.output.contains(" answered, 0 attacks"))
    let attack = "invite-flood:start=30s,count=50"
    let flooded = try await program.run(words + ["--attack", attack, "-o", "f.pcap"])
    #expect(flooded.output.contains(" answered, 50 more calls of attackers, 1 attacks"), "\(flooded.output)")
    let metadata = try String(contentsOfFile: program.folder.path("f.metadata.json"), encoding: .utf8)
    #expect(metadata.contains("\n  \"attack_calls\": 50,\n"))
  }

  @Test func `where a capture finds no room, what was there stays and nothing half is left`() async throws {
    let program = try Program()
    let words = ["simulate", "--media", "none", "--duration", "2m", "-o"]
    try program.folder.write("old", as: "a/capture.pcap")
    try program.folder.write("file", as: "b")
    // No file may grow beyond 512 KiB, of which the thread sanitizer needs a part for itself.
    let launcher = ["/bin/sh", "-c", "trap '' XFSZ; ulimit -f 1024; exec \"$@\"", "sh"]
    let large = try await program.start(words + ["a"], launcher: launcher).finish()
    #expect(large.status == 1 && large.output.isEmpty)
    #expect(
      large.errors
        == "ringwatch: a/capture.pcap: cannot be written: File too large; make room, choose another place with -o, or make less with --duration or --media none\n"
    )
    let nowhere = try await program.run(words + ["b/c"])
    #expect(
      nowhere.status == 1 && nowhere.errors.hasPrefix("ringwatch: b/c/capture.pcap: cannot be written: "))
    #expect(Set(program.folder.contents()).isSubset(of: ["a", "b", "a/capture.pcap"]))
    #expect(try String(contentsOfFile: program.folder.path("a/capture.pcap"), encoding: .utf8) == "old")
    let written = try await program.run(words + ["a"])
    #expect(written.status == 0)
    #expect(program.folder.contents().allSatisfy { !$0.hasSuffix(".partial") })
  }

  @Test func `a file that cannot be written is named, and none takes its place`() async throws {
    let program = try Program()
    try program.folder.write("old", as: "e.pcap")
    try program.folder.write("", as: "e.labels.jsonl/keep")
    let outcome = try await program.run(
      "simulate", "--media", "none", "--duration", "2m", "-o", "e.pcap")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("e.labels.jsonl: cannot be written: Is a directory"))
    #expect(try String(contentsOfFile: program.folder.path("e.pcap"), encoding: .utf8) == "old")
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
