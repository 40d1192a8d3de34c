import Foundation
import TestCaptures
import Testing

/// What the program says to words that it does not understand, and its exit codes.
@Suite struct UsageTests {
  @Test func `without words the program explains itself`() async throws {
    let outcome = try await Program().run()
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("OVERVIEW: Watches VoIP traffic and says what is wrong with it.\n"))
    #expect(outcome.output.contains("EXIT CODES:"))
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: ["run", "check", "test", "fields"])
  func `every command has help with examples`(command: String) async throws {
    let outcome = try await Program().run(command, "--help")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("EXAMPLES:"))
  }

  @Test func `the version is one line`() async throws {
    let outcome = try await Program().run("--version")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains(/^\d+\.\d+\.\d+\n$/))
  }

  static let wrong: [(words: [String], message: String)] = [
    (["bogus"], "Unexpected argument 'bogus'"),
    (["run", "--frobnicate"], "Unknown option '--frobnicate'"),
    (
      ["run", "-S", "rules.yaml"],
      "nothing to read: name a capture file with -r, an interface with -i, a place to listen with --hep or a log with --eve"
    ),
    (
      ["run", "-r", "a.pcap", "--eve", "e.json"],
      "read logs (--eve) or packets (-r, -i, --hep), not both"
    ),
    (["run", "-r", "a.pcap", "-i", "lo"], "read files (-r) or capture live (-i, --hep), not both"),
    (
      ["run", "-r", "a.pcap", "--hep", "udp:0.0.0.0:9060"],
      "read files (-r) or capture live (-i, --hep), not both"
    ),
    (
      ["run", "--hep", "udp:localhost:9060"],
      "--hep: 'localhost' is no IP address; write an address of this machine, or 0.0.0.0 or [::] for all"
    ),
    (["run", "--hep", "0.0.0.0:9060"], "--hep: '0.0.0.0:9060' does not begin with udp: or tcp:"),
    (
      ["run", "--hep", "udp:192.0.2.1:9060", "-S", "rules.yaml"],
      "ringwatch: udp:192.0.2.1:9060: Cannot assign requested address; choose an address of this machine"
    ),
    (
      ["run", "-r", "a.pcap", "--fail-on", "never"], "The value 'never' is invalid for '--fail-on <severity>'"
    ),
    (["run", "-r", "-", "-r", "-"], "standard input is read once: name - once"),
    (["run", "--eve", "-", "--eve", "-"], "standard input is read once: name - once"),
    (["run", "-i", "lo", "-i", "any", "-i", "lo"], "-i lo is there twice: each packet would count twice"),
    (["run", "-i", "lo", "--snaplen", "1"], "--snaplen is 64 to 262144 bytes"),
    (["run", "-i", "lo", "--buffer-size", "0"], "--buffer-size is 1 to 2047 MiB"),
    (["fields", "sips"], "no event and no field is named 'sips'; did you mean 'sip'?"),
    (["fields", "sip.requst"], "no event and no field is named 'sip.requst'; did you mean 'sip.request'?"),
    (["fields", "useragent"], "no event and no field is named 'useragent'"),
    (["fields", "--format", "xml"], "The value 'xml' is invalid for '--format <format>'"),
    (["check", "--format", "xml"], "The value 'xml' is invalid for '--format <format>'"),
  ]

  @Test(arguments: wrong.indices)
  func `wrong usage says what is wrong, ends with 2 and writes nothing`(index: Int) async throws {
    let program = try Program.prepared()
    let before = program.folder.contents()
    let outcome = try await program.run(Self.wrong[index].words)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(Self.wrong[index].message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    #expect(program.folder.contents() == before)
  }

  @Test(arguments: [("high", 0), ("medium", 3), ("low", 3), ("info", 3)])
  func `alerts as bad as asked for end with 3`(severity: String, status: Int32) async throws {
    let outcome = try await Program.prepared().runSample("-r", "a.pcap", "-q", "--fail-on", severity)
    #expect(outcome.status == status)
    #expect(outcome.errors.isEmpty)
  }

  @Test func `an unknown event shows how the command is used`() async throws {
    let outcome = try await Program().run("fields", "nonsense")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("Usage: ringwatch fields"), "\(outcome.errors)")
  }
}
