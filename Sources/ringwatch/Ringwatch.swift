import ArgumentParser

/// The program: one command a file, all of them thin.
@main
struct Ringwatch: ParsableCommand {
  /// The version of the program.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "ringwatch",
    abstract: "Watches VoIP traffic and says what is wrong with it.",
    discussion: """
      Packets come from capture files, network interfaces or SIP servers that send copies; rules written in YAML decide; alerts come out as
      EVE JSON, the format that Suricata users already collect.

      EXAMPLES:
        ringwatch run -r capture.pcap             alerts on the terminal, the log in ./ringwatch-out/eve.json
        ringwatch run -i eth1 udp port 5060       a span port, until Ctrl-C
        ringwatch run --hep udp:0.0.0.0:9060      copies that SIP servers send, until Ctrl-C
        ringwatch check rules/                    are these rules right?
        ringwatch test rules/                     do they catch what they are meant to catch?
        ringwatch explain RULE -r capture.pcap    why does a rule fire, and why not?
        ringwatch fields sip.request              what can a rule ask about a SIP request?
        ringwatch report -r capture.pcap          one page about a capture
        ringwatch simulate                        a sample capture with attacks in it
        ringwatch features -r capture.pcap        what did each address do, hour by hour?
        ringwatch control /run/rw.sock reload     load the rules of a run again

      EXIT CODES:
        0  done
        1  failed: an input broke off, the log could not be written, a test of a rule failed
        2  wrong usage, configuration or rules; nothing was written
        3  alerts of the severity given with --fail-on
      """,
    version: version,
    subcommands: [
      RunCommand.self, CheckCommand.self, TestCommand.self, ExplainCommand.self, FieldsCommand.self,
      ScheduleCommand.self, FormatCommand.self, ImportCommand.self, SimulateCommand.self, ScoreCommand.self,
      ControlCommand.self, ReportCommand.self, FeaturesCommand.self, AnomalyCommand.self, TrainCommand.self,
      BenchCommand.self,
    ],
    defaultSubcommand: nil)

  /// Runs the command line; wrong usage exits with 2, as everything else that the user can mend.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      guard code == .validationFailure else { exit(withError: error) }
      Terminal.complain(fullMessage(for: error))
      exit(withError: ExitCode(2))
    }
  }
}
