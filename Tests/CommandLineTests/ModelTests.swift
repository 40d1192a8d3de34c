import Foundation
import TestCaptures
import Testing

/// Models of what is usual, from captures, logs and tables, and runs that begin with one.
@Suite struct ModelTests {
  @Test func `captures, their log and their table teach the same`() async throws {
    let program = try Program.prepared()
    #expect(try await program.runSample("-r", "a.pcap", "-q").status == 0)
    #expect(try await program.run("features", "-r", "a.pcap", "--csv", "rows.csv").status == 0)
    for (name, words) in [
      ("a", ["-r", "a.pcap"]), ("b", ["--eve", "logs/eve.json"]), ("c", ["--rows", "rows.csv"]),
    ] {
      let outcome = try await program.run(["train", "--model", name] + words)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("less than three days"))
    }
    let models = try ["a", "b", "c"].map {
      try Data(contentsOf: program.folder.url.appendingPathComponent($0))
    }
    // The table has six digits of each figure, so only its length is the same.
    #expect(models[0] == models[1] && models[1].count == models[2].count)
  }

  @Test func `a run begins with a model, says how far it is, and leaves one`() async throws {
    let program = try Program.prepared()
    #expect(try await program.run("train", "-r", "a.pcap", "--model", "m").status == 0)
    let frozen = try await program.runSample(
      "-r", "a.pcap", "--model", "m", "--frozen", "--save-model", "same")
    #expect(frozen.status == 0, "\(frozen.errors)")
    #expect(frozen.output.contains("Mix of sources since the model was trained"))
    let learned = try await program.runSample("-r", "a.pcap", "-q", "--save-model", "first")
    #expect(learned.status == 0, "\(learned.errors)")
    let again = try await program.runSample(
      "-r", "a.pcap", "-q", "--model", "first", "--save-model", "second")
    #expect(again.status == 0, "\(again.errors)")
    let sizes = try ["same", "first", "second"].map {
      try Data(contentsOf: program.folder.url.appendingPathComponent($0)).count
    }
    #expect(sizes.allSatisfy { $0 > 0 })
  }

  @Test(arguments: [
    (["run", "-r", "a.pcap", "--model", "none"], "none: there is no such file"),
    (["run", "-r", "a.pcap", "--model", "a.pcap"], "a.pcap: "),
    (["run", "-r", "a.pcap", "--frozen"], "--frozen goes with --model"),
    (["train", "--model", "m"], "name what to learn from"),
    (["train", "-r", "a.pcap", "--rows", "r.csv", "--model", "m"], "name what to learn from"),
    (["train", "--rows", "missing.csv", "--model", "m"], "missing.csv"),
  ])
  func `wrong words end with 2 and are named`(words: [String], message: String) async throws {
    let outcome = try await Program.prepared().run(words)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
