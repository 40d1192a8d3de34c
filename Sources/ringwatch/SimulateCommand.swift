import ArgumentParser
import Foundation
import Rules
import Simulation
import Values

/// `ringwatch simulate`: a capture with known attacks in it.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Makes a capture of a company's telephony, with attacks and the truth about them.",
    discussion: """
      Writes capture.pcap, labels.jsonl (who attacked whom in which packets, and which rules are right to fire) and metadata.json.
      The same arguments give the same bytes. Without arguments: ten minutes of a small office with two attacks.

      EXAMPLES:
        ringwatch simulate
        ringwatch simulate --scenario office-day --attack toll-fraud --duration 10m
        ringwatch simulate --scenario my-company.yaml --duration 24h --seed 7 -o monday
        ringwatch simulate --attack options-scan:disguised,rate=300 -o scan.pcapng
        ringwatch simulate --list
      """)

  @Option(help: ArgumentHelp("Name of a shipped scenario, or a scenario file.", valueName: "name|file"))
  var scenario = "small-office"

  @Option(
    help: ArgumentHelp(
      "Attacks by name, with a comma between them; parameters behind a colon: options-scan:start=2m,rate=60. Repeatable.",
      valueName: "name"))
  var attack: [String] = []

  @Flag(help: "No attacks, not even those of the scenario.")
  var benign = false

  @Option(help: ArgumentHelp("How long: 10m, 24h, 2d.", valueName: "duration"))
  var duration = "10m"

  @Option(help: ArgumentHelp("The first instant, with its zone.", valueName: "instant"))
  var start = "2026-03-02T08:00:00+01:00"

  @Option(help: ArgumentHelp("The same seed gives the same capture.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "How much media: none, all, or the first seconds of each stream: 3s.", valueName: "media"))
  var media: String?

  @Option(
    help: ArgumentHelp(
      "pcap, pcap-ns or pcapng; pcapng says in comments what is labelled.", valueName: "format"))
  var format: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Folder to write into, or the capture file.", valueName: "folder|file"))
  var output = "ringwatch-sim"

  @Flag(help: "Lists scenarios and attacks, and does nothing else.")
  var list = false

  func run() throws {
    if list { return Self.printList() }
    var (scenario, options) = (try loadScenario(), try simulatorOptions())
    if benign { scenario.removeAttacks() }
    if let media { try setMedia(media, of: &scenario) }
    if attack.isEmpty, !benign, self.scenario == "small-office" {
      options.attacks = [AttackRequest("register-scan"), AttackRequest("password-guessing")]
    }
    let place = try OutputPlace(output, format: format)
    options.format = place.format
    let simulation = Simulator(scenario, options).begin()
    try Self.write(simulation, to: place)
    print(Self.summary(simulation.result, place), terminator: "")
  }

  private static func write(_ simulation: RunningSimulation, to place: OutputPlace) throws {
    var files = OutputFiles()
    do {
      let capture = try files.open(place.capture)
      while let piece = simulation.nextPiece() { try capture.write(contentsOf: Data(piece)) }
      try capture.close()
      let result = simulation.result
      try files.write(result.labelLines, to: place.path("labels.jsonl"))
      try files.write(result.metadata(version: Ringwatch.version), to: place.path("metadata.json"))
      try files.publish()
    } catch {
      files.discard()
      throw place.complain(error)
    }
  }

  private static func summary(_ result: SimulationResult, _ place: OutputPlace) -> String {
    let counts = result.counts
    var text =
      "\(place.capture): \(counts.packets) packets, \(counts.calls) calls, \(counts.answered) answered, "
    if counts.attackCalls > 0 { text += "\(counts.attackCalls) more calls of attackers, " }
    text += "\(result.attackCount) attacks, \(result.oddityCount) oddities\n"
    for line in result.attackLines.prefix(12) { text += "  \(line)\n" }
    if result.attackCount > 12 {
      text += "  and \(result.attackCount - 12) more in \(place.path("labels.jsonl"))\n"
    }
    return text + "\nWhat does Ringwatch see in it? Try: ringwatch run -r \(place.capture)\n"
  }

  private static func printList() {
    print("SCENARIOS")
    for name in ScenarioFolder.names() { print("  \(name)") }
    print("\nATTACKS")
    let width = AttackCatalogue.names.map(\.count).max() ?? 0
    for (name, summary) in AttackCatalogue.summaries {
      print("  \(name)\(String(repeating: " ", count: width - name.count))  \(summary)")
    }
  }

  private func loadScenario() throws -> Scenario {
    guard let path = ScenarioFolder.path(of: scenario) else {
      let known = ScenarioFolder.names()
      let remedy =
        known.isEmpty
        ? "none was found beside the program: run 'make install', or name a file"
        : "known: \(known.joined(separator: ", ")), or name a file"
      Terminal.complain("ringwatch: there is no scenario '\(scenario)'; \(remedy)")
      throw ExitCode(2)
    }
    let (scenario, report) = ScenarioReader.read(path)
    if report.errorCount > 0 { RuleLoading.show(report, format: .text) }
    guard let scenario else { throw ExitCode(2) }
    return scenario
  }

  private func simulatorOptions() throws -> Simulator.Options {
    var options = Simulator.Options()
    options.seed = seed
    guard let length = NodeDecoder.nanoseconds(duration), length > 0 else {
      throw ValidationError("--duration is a whole number with a unit, such as 10m or 24h, not '\(duration)'")
    }
    options.duration = length
    guard let instant = InstantText.parse(start) else {
      throw ValidationError(
        "--start is an instant with its zone, such as 2026-03-02T08:00:00+01:00, not '\(start)'")
    }
    options.start = instant
    options.attacks = try attack.flatMap { try AttackArgument.parse($0) }
    return options
  }

  private func setMedia(_ word: String, of scenario: inout Scenario) throws {
    guard scenario.setMedia(word) else {
      throw ValidationError("--media is none, all or a duration such as 3s, not '\(word)'")
    }
  }
}

/// Attacks as the command line names them.
enum AttackArgument {
  /// The attacks of `a,b` or `a:rate=60,start=2m`.
  static func parse(_ text: String) throws -> [AttackRequest] {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    guard let first = parts.first else { throw ValidationError("--attack needs a name") }
    guard parts.count == 2 else { return try first.split(separator: ",").map { try named(String($0)) } }
    var request = try named(first)
    for parameter in parts[1].split(separator: ",") {
      let pair = parameter.split(separator: "=", maxSplits: 1).map(String.init)
      guard request.set(pair[0], to: pair.count == 2 ? pair[1] : nil) else {
        throw ValidationError(
          "--attack \(first): '\(parameter)' is no parameter; write start=2m, duration=5m, rate=60 (a minute), count=100, source=198.51.100.7 or disguised"
        )
      }
    }
    return [request]
  }

  private static func named(_ name: String) throws -> AttackRequest {
    guard AttackCatalogue.names.contains(name) else {
      throw ValidationError(
        "there is no attack '\(name)'; known: \(AttackCatalogue.names.joined(separator: ", "))")
    }
    return AttackRequest(name)
  }
}
