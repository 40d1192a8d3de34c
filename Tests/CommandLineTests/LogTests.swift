import Foundation
import TestCaptures
import Testing

/// Where the log goes.
@Suite struct LogTests {
  @Test func `a log grows from run to run and is started anew only when asked`() async throws {
    let program = try Program.prepared()
    for count in [1, 2] {
      #expect(try await program.runSample("-q", "-r", "a.pcap").status == 0)
      #expect(try program.log(of: "stats").count == count)
    }
    #expect(try await program.runSample("-q", "-r", "a.pcap", "--overwrite").status == 0)
    #expect(try program.log(of: "stats").count == 1)
  }

  @Test func `the log of a file ends in one stats line that counts its packets`() async throws {
    let program = try Program.prepared()
    #expect(try await program.runSample("-q", "-r", "a.pcap").status == 0)
    #expect(try program.log(of: "stats").count == 1)
    #expect(try (program.stats()["decoder"] as? [String: Any])?["pkts"] as? Int == 3)
  }

  @Test func `a quiet run says nothing`() async throws {
    let outcome = try await Program.prepared().runSample("-q", "-r", "a.pcap")
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
  }

  @Test func `no progress bar goes into a pipe`() async throws {
    let outcome = try await Program.prepared().runSample("-r", "a.pcap")
    #expect(!outcome.output.contains("\u{1b}") && !outcome.output.contains("\r"))
    #expect(outcome.errors.isEmpty)
  }

  @Test func `a log on standard output is the one of the file, and people read standard error`() async throws
  {
    let program = try Program.prepared()
    #expect(try await program.runSample("-q", "-r", "a.pcap").status == 0)
    let file = try String(contentsOfFile: program.folder.path("logs/eve.json"), encoding: .utf8)
    let sample = ["run", "-r", "a.pcap", "-S", "rules.yaml", "-l", "-"]
    let outcome = try await program.run(sample)
    #expect(outcome.status == 0)
    #expect(outcome.output == file)
    #expect(outcome.errors.contains("Read 3 packets") && !outcome.errors.contains("Log:"))
    let quiet = try await program.run(sample + ["-q"])
    #expect(quiet.output == file && quiet.errors.isEmpty)
    #expect(!program.folder.contents().contains("-/eve.json"))
  }

  @Test func `the folder of the log is made, with the folders above it`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.run(
      "run", "-q", "-r", "a.pcap", "-S", "rules.yaml", "-l", "deep/er/logs")
    #expect(outcome.status == 0)
    #expect(program.folder.contents().contains("deep/er/logs/eve.json"))
  }

  @Test func `a folder that cannot be made is an error of usage`() async throws {
    let program = try Program.prepared()
    let outcome = try await program.run(
      "run", "-r", "a.pcap", "-S", "rules.yaml", "-l", "a.pcap/logs")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors
        == "ringwatch: a.pcap/logs: the log folder cannot be made: Not a directory; choose another one with -l DIR\n"
    )
  }

  @Test func `a full disk ends the run with 1 and says what to do`() async throws {
    let program = try Program.prepared()
    try FileManager.default.createDirectory(
      atPath: program.folder.path("logs"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: program.folder.path("logs/eve.json"), withDestinationPath: "/dev/full")
    let outcome = try await program.runSample("-q", "-r", "a.pcap")
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasPrefix("ringwatch: logs/eve.json: No space left on device; "))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func `a reader of the terminal that goes away does not end the log`() async throws {
    let program = try Program.prepared()
    let gone = Pipe()
    try gone.fileHandleForReading.close()
    let running = try program.start(
      ["run", "-r", "a.pcap", "-S", "rules.yaml", "-l", "logs"], output: gone.fileHandleForWriting)
    try gone.fileHandleForWriting.close()
    let outcome = try await running.finish()
    #expect(outcome.status == 0)
    #expect(
      outcome.errors
        == "ringwatch: standard output: Broken pipe; nothing reads it any more, so no more is written to it\n"
    )
    #expect(try program.log(of: "alert").count == 3)
    #expect(try program.log(of: "stats").count == 1)
  }

  @Test func `two runs of one capture write identical bytes`() async throws {
    let program = try Program.prepared()
    for folder in ["first", "second"] {
      _ = try await program.run("run", "-q", "-r", "a.pcap", "-S", "rules.yaml", "-l", folder)
    }
    let logs = try ["first", "second"].map {
      try Data(contentsOf: program.folder.url.appendingPathComponent("\($0)/eve.json"))
    }
    #expect(logs[0] == logs[1])
    #expect(!logs[0].isEmpty)
  }
}
