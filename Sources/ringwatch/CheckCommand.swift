import ArgumentParser
import Foundation
import Pipeline
import Rules

/// `ringwatch check`: are these rules right?
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks rules and configuration and says all that is wrong with them.",
    discussion: """
      Prints every error and warning of every file, then how each rule is indexed and the memory it may take.
      Exits with 2 when there is an error, with --strict also with 1 when there is a warning.
      With -c, the configuration and the files that it names are checked, too; interfaces, sockets and the log are not opened.

      EXAMPLES:
        ringwatch check rules/
        ringwatch check -c ringwatch.yaml
        ringwatch check --strict -q rules/
        ringwatch check --format sarif rules/ > rules.sarif
      """)

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Configuration file to check, with the rules it names.", valueName: "config"))
  var config: String?

  @Option(help: "text, json or sarif.")
  var format = RuleLoading.Format.text

  @Flag(name: .shortAndLong, help: "Say nothing of rules that are right.")
  var quiet = false

  @Flag(help: "Exit with 1 when there is a warning.")
  var strict = false

  @Option(help: ArgumentHelp("File with overrides of rules. Repeatable.", valueName: "file"))
  var overrides: [String] = []

  @Argument(help: ArgumentHelp("Rule files and folders; the shipped rules without any.", valueName: "path"))
  var paths: [String] = []

  func run() throws {
    let settings = try SettingsLoading.load(config)
    var lint = LintOptions()
    lint.today = CalendarDate(daysSinceEpoch: Int(Date().timeIntervalSince1970) / 86_400)
    let outcome = RuleSetLoader.load(
      try RuleLoading.resolved(
        paths.isEmpty ? settings.rules : paths, overrides: overrides.isEmpty ? settings.overrides : overrides),
      options: settings.loading, lint: lint)
    RuleLoading.show(outcome.report, format: format)
    let faults = config == nil ? [] : SettingsCheck.faults(of: settings)
    for fault in faults { Terminal.complain("ringwatch: \(fault)") }
    guard let rules = outcome.ruleSet, faults.isEmpty else { throw ExitCode(2) }
    if format == .text, !quiet {
      print(Self.table(of: rules, limits: settings.sensor.engineLimits), terminator: "")
      print("\(Self.count(rules.ruleCount, "rule")), \(Self.count(outcome.report.warningCount, "warning"))")
    }
    if strict, outcome.report.warningCount > 0 { throw ExitCode(1) }
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// One line a rule: its name, how events find it, the memory it may take.
  private static func table(of rules: CompiledRuleSet, limits: EngineLimits) -> String {
    let width = rules.metadata.map(\.id.count).max() ?? 0
    var text = ""
    for (index, rule) in rules.metadata.enumerated() {
      let name = rule.id + String(repeating: " ", count: width - rule.id.count)
      let bytes = rules.memoryBound(ofRule: index, limits)
      let memory = bytes == 0 ? "no state" : "at most \((bytes + 1023) / 1024) KiB"
      let overridden =
        rule.overriddenKeys.isEmpty ? "" : "; overridden: " + rule.overriddenKeys.joined(separator: ", ")
      text += "\(name)  \(rules.accesses[index]); \(memory)\(overridden)\n"
    }
    let held = rules.heldMemoryBound(limits)
    guard held > 0 else { return text }
    return text
      + "events that wait for their turn in sequences and gauges, all rules together: at most \((held + 1023) / 1024) KiB\n"
  }
}
