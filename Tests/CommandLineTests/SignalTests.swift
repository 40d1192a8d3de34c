import Foundation
import TestCaptures
import Testing

/// A run that is stopped ends as cleanly as one that comes to its end.
@Suite struct SignalTests {
  @Test(arguments: [SIGTERM, SIGINT])
  func `a signal ends the reading of a slow pipe with everything flushed`(number: Int32) async throws {
    let program = try Program.prepared()
    let pipe = Pipe()
    let running = try program.start(
      ["run", "-q", "-S", "rules.yaml", "-l", "logs", "-r", "-"], input: pipe.fileHandleForReading)
    // Two frames and a part of the third: the reader waits for the rest.
    pipe.fileHandleForWriting.write(Data(Samples.requests().bytes.dropLast(7)))
    #expect(try await running.waits { (try? program.log(of: "alert").count) == 2 })
    #expect(running.isRunning)
    running.signal(number)
    let outcome = try await running.finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    #expect(try program.log(of: "alert").count == 2)
    #expect(try (program.stats()["decoder"] as? [String: Any])?["pkts"] as? Int == 2)
    try pipe.fileHandleForWriting.close()
  }

  @Test func `a signal before the first byte of a pipe ends the run`() async throws {
    let program = try Program.prepared()
    let pipe = Pipe()
    let running = try program.start(
      ["run", "-q", "-S", "rules.yaml", "-l", "logs", "-r", "-"], input: pipe.fileHandleForReading)
    #expect(try await running.waits { running.handles(SIGTERM) })
    running.signal(SIGTERM)
    let outcome = try await running.finish()
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty && outcome.output.isEmpty)
    #expect(program.folder.contents() == ["a.pcap", "rules.yaml"])
    try pipe.fileHandleForWriting.close()
  }
}
