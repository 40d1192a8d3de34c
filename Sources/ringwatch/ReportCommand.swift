import ArgumentParser
import Foundation
import Report

/// `ringwatch report`: everything about a capture in one JSON document and one page.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a report on captures or logs: one JSON document, one HTML page.",
    discussion: """
      The page needs nothing else: no server, no network. It shows who called whom, never what was said. Without --json
      and --html both are written to DIR. Of a log the report has the alerts that are in it; with -S the rules decide anew.

      EXAMPLES:
        ringwatch report -r capture.pcap
        ringwatch report -r monday.pcap.gz -r tuesday.pcap.gz -S my-rules/ -o monday
        ringwatch report --eve logs/eve.json --html report.html
        ringwatch report -r capture.pcap --json - | jq .threats
      """)

  @OptionGroup var input: RecordedInput

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Configuration file.", valueName: "config"))
  var config: String?

  @Option(
    name: [.customShort("S"), .customLong("rules")],
    help: ArgumentHelp("Rule file, or folder of rule files. Repeatable.", valueName: "rules"))
  var rules: [String] = []

  @Option(
    name: .customLong("geoip"),
    help: ArgumentHelp("MaxMind DB file that tells the countries of addresses.", valueName: "mmdb"))
  var countryDatabase: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "Folder for ringwatch-report.json and ringwatch-report.html; made when it is missing.",
      valueName: "dir"))
  var folder: String?

  @Option(help: ArgumentHelp("Write the JSON document here; - is standard output.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write the page here; - is standard output.", valueName: "file"))
  var html: String?

  @Flag(name: .shortAndLong, help: "No progress and no summary on the terminal.")
  var quiet = false

  @Argument(help: ArgumentHelp("More inputs, as shells make of -r *.pcap.", valueName: "file"))
  var more: [String] = []

  func validate() throws {
    try input.requireOneKind()
    if folder != nil, json != nil || html != nil {
      throw ValidationError("name a folder with -o, or files with --json and --html, not both")
    }
    if json == "-", html == "-" { throw ValidationError("--json - and --html - cannot both be") }
  }

  func run() throws {
    let run = try ReportRun(self)
    let (report, outcome) = try run.read()
    let place = ReportPlace(self)
    try place.write(report)
    if !quiet, let words = place.words { Terminal.complain(words) }
    for fault in outcome.failures { Terminal.complain("ringwatch: " + fault) }
    if !outcome.failures.isEmpty { throw ExitCode(1) }
  }

  /// All inputs of the kind that was chosen.
  var inputs: [String] { (input.files.isEmpty ? input.eve : input.files) + more }
}

/// Where a report is written.
struct ReportPlace {
  private let json: String?
  private let html: String?
  private let folder: String?
  private let inputs: [String]

  init(_ options: ReportCommand) {
    let isNamed = options.json != nil || options.html != nil
    folder = isNamed ? nil : options.folder ?? "."
    json = isNamed ? options.json : folder.map { $0 + "/ringwatch-report.json" }
    html = isNamed ? options.html : folder.map { $0 + "/ringwatch-report.html" }
    inputs = options.inputs
  }

  /// Writes both, each whole or not at all.
  func write(_ report: CaptureReport) throws {
    if let folder {
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw complain(folder, "the folder cannot be made; choose another one with -o DIR")
      }
    }
    let texts = (json.map { _ in report.renderJSON() }, html.map { _ in report.renderHTML() })
    if let json, let text = texts.0 { try write(text, to: json) }
    if let html, let text = texts.1 { try write(text, to: html) }
  }

  private func write(_ text: String, to path: String) throws {
    do {
      if path == "-" {
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
      } else {
        // The file takes its name when it is whole.
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      }
    } catch {
      throw complain(path, "the report cannot be written; is there room, and may you write there?")
    }
  }

  /// Refuses to replace an input by the report on it.
  func check() throws {
    for path in [json, html].compactMap({ $0 })
    where inputs.contains(where: { FileIdentity.isSame($0, path) }) {
      throw complain(path, "the report would replace its input; choose another name")
    }
  }

  private func complain(_ path: String, _ fault: String) -> ExitCode {
    Terminal.complain("ringwatch: \(path): \(fault)")
    return ExitCode(2)
  }

  /// Where the reader finds it; nil when standard output has it.
  var words: String? {
    let paths = [json, html].compactMap { $0 }.filter { $0 != "-" }
    return paths.isEmpty ? nil : "Report: " + paths.joined(separator: ", ")
  }
}
