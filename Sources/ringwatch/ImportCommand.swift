import ArgumentParser
import Foundation
import Rules

/// `ringwatch import`: rules of Suricata and Snort as ours.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Translates SIP rules of Suricata and Snort.",
    discussion: """
      Writes a rule file that 'ringwatch check' takes, and says line by line what could not be translated and what
      does not do quite the same. Rules that are not about SIP are among what is not translated.

      Exits with 1 when a rule could not be translated, with 2 when the file cannot be read or nothing can be
      written.

      EXAMPLES:
        ringwatch import sip.rules -o imported.yaml
        ringwatch import sip.rules --var HOME_NET=192.0.2.0/24 --var SIP_PORTS=[5060,5080] > imported.yaml
        ringwatch import sip.rules -o imported.yaml --report json > report.json
      """)

  /// How the report is printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: ArgumentHelp("File with rules of Suricata or Snort.", valueName: "file"))
  var file: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Rule file to write; standard output without it.", valueName: "rules.yaml"))
  var output: String?

  @Option(
    name: .customLong("var"),
    help: ArgumentHelp(
      "Value of a variable, for example HOME_NET=192.0.2.0/24. Repeatable.", valueName: "name=value"))
  var variables: [String] = []

  @Option(help: "text or json; text goes to standard error, JSON to standard output or, without -o, error.")
  var report = Format.text

  func validate() throws {
    for variable in variables where Self.parts(variable) == nil {
      throw ValidationError("--var is NAME=VALUE, not '\(variable)'")
    }
  }

  private static func parts(_ variable: String) -> (name: String, value: String)? {
    let parts = variable.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    return (parts[0].hasPrefix("$") ? String(parts[0].dropFirst()) : parts[0], parts[1])
  }

  func run() throws {
    var importer = RuleImporter()
    for (name, value) in variables.compactMap(Self.parts) { importer.variables[name] = value }
    let (outcome, diagnostics) = importer.load(file)
    guard let outcome else {
      RuleLoading.show(diagnostics, format: .text)
      throw ExitCode(2)
    }
    if let yaml = outcome.yaml { try write(yaml) }
    let text = report == .text ? outcome.report.renderText() : outcome.report.renderJSON()
    if report == .json, output != nil {
      print(text, terminator: "")
    } else {
      FileHandle.standardError.write(Data(text.utf8))
    }
    if outcome.report.refusedCount > 0 { throw ExitCode(1) }
  }

  private func write(_ yaml: String) throws {
    guard let output else {
      print(yaml, terminator: "")
      return
    }
    do {
      try Data(yaml.utf8).write(to: URL(fileURLWithPath: output), options: .atomic)
    } catch {
      Terminal.complain("ringwatch: \(output): the rules cannot be written; choose another file with -o")
      throw ExitCode(2)
    }
  }
}
