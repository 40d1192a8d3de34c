import ArgumentParser
import Capture
import Events
import Foundation
import Output
import Pipeline
import Rules

/// `ringwatch run`: the main job.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Reads packets, asks the rules, writes the log.",
    discussion: """
      Alerts are shown on the terminal and, with everything else, written to DIR/eve.json, one JSON object a line.
      Without -S the shipped rules are used. The trailing words are a filter in the language of tcpdump.

      EXAMPLES:
        ringwatch run -r capture.pcapng
        ringwatch run -r monday.pcap.gz -r tuesday.pcap.gz -S my-rules/ -l logs host 192.0.2.10
        tcpdump -U -w - -i eth1 | ringwatch run -r - -q
        ringwatch run -i eth1 -i eth2 -l /var/log/ringwatch
        sudo ringwatch run -i eth1 --user ringwatch -l /var/log/ringwatch
        ringwatch run --hep udp:0.0.0.0:9060 --hep 'tcp:[::1]:9060'
        ringwatch run -i eth1 -S my-rules/ --watch --control /run/ringwatch/control
        ringwatch run -r sample.pcap --fail-on high && echo clean
        ringwatch run --eve logs/eve.json.1.gz --eve logs/eve.json -S new-rule.yaml -l tried
      """)

  @Option(
    name: [.customShort("r"), .customLong("read")],
    help: ArgumentHelp(
      "Capture file to read, pcap or pcapng, also gzip-compressed; - is standard input. Repeatable.",
      valueName: "file"))
  var files: [String] = []

  @Option(
    name: [.customShort("i"), .customLong("interface")],
    help: ArgumentHelp("Network interface to capture from. Repeatable.", valueName: "iface"))
  var interfaces: [String] = []

  @Option(
    help: ArgumentHelp(
      "Listen here for HEP, which SIP servers and capture agents send: udp:0.0.0.0:9060, tcp:[::1]:9060. Repeatable.",
      valueName: "place"))
  var hep: [String] = []

  @Option(
    help: ArgumentHelp(
      "Log of an earlier run, whose events go through the rules instead of packets; also gzip-compressed; - is standard input. Repeatable.",
      valueName: "file"))
  var eve: [String] = []

  @Flag(help: "With --eve: also log the events again, not only the alerts.")
  var logEvents = false

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Configuration file.", valueName: "config"))
  var config: String?

  @Option(
    name: [.customShort("S"), .customLong("rules")],
    help: ArgumentHelp("Rule file, or folder of rule files. Repeatable.", valueName: "rules"))
  var rules: [String] = []

  @Option(help: ArgumentHelp("File with overrides of rules. Repeatable.", valueName: "file"))
  var overrides: [String] = []

  @Flag(help: "Load rules, lists and overrides again when their files change.")
  var watch = false

  @Option(
    help: ArgumentHelp(
      "Make a Unix socket here for 'ringwatch control', for the own user only.", valueName: "path"))
  var control: String?

  @Option(
    help: ArgumentHelp(
      "Started by root: go on as this user, for good, once interfaces and listeners are open; before files are opened.",
      valueName: "name"))
  var user: String?

  @Option(
    name: [.customShort("l"), .customLong("log-dir")],
    help: ArgumentHelp(
      "Folder of the log; made when it is missing. - writes the log to standard output, and what is for people to standard error.",
      valueName: "dir"))
  var logFolder: String?

  @Flag(help: "Start eve.json anew instead of adding to it.")
  var overwrite = false

  @Flag(name: .shortAndLong, help: "No alerts and no summary on the terminal.")
  var quiet = false

  @Option(
    help: ArgumentHelp("Exit with 3 when an alert of this severity or worse fired.", valueName: "severity"))
  var failOn: SeverityName?

  @Option(
    name: .customLong("geoip"),
    help: ArgumentHelp("MaxMind DB file that tells the countries of addresses.", valueName: "mmdb"))
  var countryDatabase: String?

  @Option(
    help: ArgumentHelp("Score source addresses from what this model knows; see train.", valueName: "file"))
  var model: String?

  @Flag(help: "With --model: learn nothing from this run.")
  var frozen = false

  @Option(
    help: ArgumentHelp("Write what is known of source addresses at the end as a model.", valueName: "file"))
  var saveModel: String?

  @Option(help: ArgumentHelp("Live: kernel buffer for each interface and UDP listener.", valueName: "MiB"))
  var bufferSize: Int?

  @Option(help: ArgumentHelp("Live: bytes to keep of each frame.", valueName: "bytes"))
  var snaplen: Int?

  @Option(
    help: ArgumentHelp(
      "Threads that read and decode: 1 without it, 2 for files of 16 MiB and more where there are two cores. The log is the same.",
      valueName: "number"))
  var lanes: Int?

  @Flag(help: "Live: see only frames for this machine.")
  var noPromiscuous = false

  @Argument(help: ArgumentHelp("Filter in the language of tcpdump (pcap-filter(7)).", valueName: "filter"))
  var filter: [String] = []

  func validate() throws {
    if !files.isEmpty, !interfaces.isEmpty || !hep.isEmpty {
      throw ValidationError("read files (-r) or capture live (-i, --hep), not both")
    }
    if !eve.isEmpty, !files.isEmpty || !interfaces.isEmpty || !hep.isEmpty {
      throw ValidationError("read logs (--eve) or packets (-r, -i, --hep), not both")
    }
    if (files + eve).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input is read once: name - once")
    }
    if let twice = interfaces.first(where: { name in interfaces.count { $0 == name } > 1 }) {
      throw ValidationError("-i \(twice) is there twice: each packet would count twice")
    }
    if frozen, model == nil { throw ValidationError("--frozen goes with --model") }
    if logEvents, eve.isEmpty { throw ValidationError("--log-events goes with --eve") }
    _ = try hepEndpoints()
    if let bufferSize, !(1...2047).contains(bufferSize) {
      throw ValidationError("--buffer-size is 1 to 2047 MiB")
    }
    if let lanes, !SensorConfiguration.laneRange.contains(lanes) {
      throw ValidationError("--lanes is 1 to \(SensorConfiguration.laneRange.upperBound)")
    }
    if let snaplen, !(64...262_144).contains(snaplen) {
      throw ValidationError("--snaplen is 64 to 262144 bytes")
    }
  }

  /// Where to listen, as the command line says.
  func hepEndpoints() throws -> [HEPEndpoint] {
    try hep.map { text throws -> HEPEndpoint in
      do throws(HEPEndpoint.Problem) {
        return try HEPEndpoint(text)
      } catch {
        throw ValidationError("--hep: \(error)")
      }
    }
  }

  func run() throws {
    // Whoever asks for another log or other rules while these are read for the first time has them.
    signal(SIGHUP, SIG_IGN)
    if let saveModel { try ModelPlace.check(saveModel) }
    let setup = try RunSetup(self)
    let outcome = try setup.run()
    if let saveModel { try ModelPlace.write(outcome.report.scoreModel, to: saveModel) }
    if !quiet, setup.logsToOutput {
      Terminal.write(outcome.summary)
    } else if !quiet {
      print(outcome.summary, terminator: "")
    }
    for message in outcome.failures { Terminal.complain("ringwatch: " + message) }
    if !outcome.isWhole { throw ExitCode(1) }
    if let failOn, outcome.hasAlert(atLeast: failOn.severity) { throw ExitCode(3) }
  }
}

/// A severity on the command line.
enum SeverityName: String, ExpressibleByArgument, CaseIterable {
  case high, medium, low, info

  /// What it stands for.
  var severity: Severity {
    switch self {
    case .high: .high
    case .medium: .medium
    case .low: .low
    case .info: .info
    }
  }
}
