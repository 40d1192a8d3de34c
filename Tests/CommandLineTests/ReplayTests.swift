import Foundation
import TestCaptures
import Testing

/// `run --eve`: logs in the place of packets.
@Suite struct ReplayTests {
  /// A folder with the log of three messages.
  private func logged() async throws -> Program {
    let program = try Program.prepared()
    #expect(try await program.runSample("-q", "-r", "a.pcap").status == 0)
    return program
  }

  private func alerts(_ program: Program, _ folder: String) throws -> [String] {
    try String(contentsOfFile: program.folder.path("\(folder)/eve.json"), encoding: .utf8)
      .split(separator: "\n").filter { $0.contains(#""event_type":"alert""#) }.map(String.init)
  }

  private func replay(_ program: Program, _ words: String..., input: String? = nil) async throws
    -> Program.Outcome
  {
    try await program.run(["run", "-S", "rules.yaml", "-l", "again"] + words, input: input)
  }

  @Test func `a log gives the alerts of its packets, and nothing else is logged`() async throws {
    let program = try await logged()
    let outcome = try await replay(program, "--eve", "logs/eve.json")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output.contains("Replayed 4 events of 8 lines from logs/eve.json."))
    #expect(outcome.output.contains("Alerts of the log that were left out: 3."))
    #expect(try alerts(program, "again") == alerts(program, "logs"))
    let types = try program.log("again/eve.json").map { $0["event_type"] as? String }
    #expect(types == ["alert", "alert", "alert", "stats"])
  }

  @Test func `a packed log and one on standard input are read too`() async throws {
    let program = try await logged()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: program.folder.path("logs/eve.json")))
    try program.folder.write(Samples.gzip(Array(bytes)), as: "eve.json.1.gz")
    #expect(try await replay(program, "--eve", "eve.json.1.gz").status == 0)
    #expect(try alerts(program, "again") == alerts(program, "logs"))
    let path = program.folder.path("logs/eve.json")
    #expect(try await replay(program, "--overwrite", "--eve", "-", input: path).status == 0)
    #expect(try alerts(program, "again") == alerts(program, "logs"))
  }

  @Test func `the shell may expand several logs, and events are logged again when asked for`() async throws {
    let program = try await logged()
    try FileManager.default.copyItem(
      atPath: program.folder.path("logs/eve.json"), toPath: program.folder.path("b.json"))
    let outcome = try await replay(program, "--log-events", "--eve", "logs/eve.json", "b.json")
    #expect(outcome.status == 0)
    let types = try program.log("again/eve.json").map { $0["event_type"] as? String }
    #expect(types.count { $0 == "sip" } == 6 && types.count { $0 == "alert" } == 6)
  }

  @Test func `a log that is being written is not read, and what cannot be read ends with 2`() async throws {
    let program = try await logged()
    let own = try await program.runSample("--overwrite", "--eve", "logs/eve.json")
    #expect(own.status == 2)
    #expect(
      own.errors
        == "ringwatch: logs/eve.json: it would be read and written at once; choose another folder with -l DIR\n"
    )
    #expect(try alerts(program, "logs").count == 3)
    let before = program.folder.contents()
    #expect(try await replay(program, "--eve", "none.json").status == 2)
    #expect(try await replay(program, "--eve", "logs/eve.json", "udp").status == 2)
    #expect(try await replay(program, "--eve", "logs/eve.json", "-r", "a.pcap").status == 2)
    #expect(try await program.run("run", "--log-events", "-r", "a.pcap").status == 2)
    #expect(program.folder.contents() == before)
  }

  @Test func `broken lines are named once, and nothing but broken lines is a failure`() async throws {
    let program = try await logged()
    let good = try String(contentsOfFile: program.folder.path("logs/eve.json"), encoding: .utf8)
    try program.folder.write("{}\n" + good + "{broken\n", as: "some.json")
    let some = try await replay(program, "-q", "--eve", "some.json")
    #expect(some.status == 0)
    #expect(
      some.errors
        == "ringwatch: some.json:1: it has no valid 'timestamp'; 2 of 10 lines could not be read\n")
    #expect(try alerts(program, "again").count == 3)
    let none = try await replay(program, "-q", "--eve", "rules.yaml")
    #expect(none.status == 1)
    #expect(none.errors.hasSuffix("no line could be read: is it an EVE log?\n"))
    try program.folder.write("", as: "empty.json")
    #expect(try await replay(program, "-q", "--eve", "empty.json").status == 0)
  }

  @Test func `rules that need more than the log has are named`() async throws {
    let program = try await logged()
    try program.folder.write(
      """
      rules:
        - {id: raw, sid: 1, title: T, event: sip, when: payload contains "x"}
        - {id: ends, sid: 2, title: T, event: transaction}

      """, as: "rules.yaml")
    let outcome = try await replay(program, "-q", "--eve", "logs/eve.json")
    #expect(outcome.status == 0)
    #expect(
      outcome.errors == """
        ringwatch: rule 'raw' (rules.yaml:2) needs payload, which no log has: what it says here is not what it says of packets
        ringwatch: the log has no transaction events, which rule 'ends' needs; a sensor logs them when transaction is in log.types

        """)
  }
}
