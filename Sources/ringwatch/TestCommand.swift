import ArgumentParser
import Foundation
import Pipeline
import Rules
import Simulation

/// `ringwatch test`: do these rules catch what they are meant to catch?
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Runs the tests of rules against their events, captures and simulations.",
    discussion: """
      An alert that a test does not expect fails it. Exits with 1 when a test fails, with 2 when the rules are wrong.

      EXAMPLES:
        ringwatch test rules/
        ringwatch test --only register-bruteforce rules/
        ringwatch test --junit report.xml rules/
        ringwatch test --coverage --shuffle rules/
        ringwatch test --mutate rules/            which mistakes in the rules would their tests not notice?
        ringwatch test --split rules/
      """)

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Configuration file, for the dial plan and the limits.", valueName: "config"))
  var config: String?

  @Option(help: ArgumentHelp("Run the tests of this rule only. Repeatable.", valueName: "rule-id"))
  var only: [String] = []

  @Option(help: ArgumentHelp("Also write the results as JUnit XML.", valueName: "file"))
  var junit: String?

  @Flag(help: "Name the rules that no test makes fire, and those that no test expects to stay silent.")
  var coverage = false

  @Flag(
    help: "Give inline events in a random order, too, as late as rules still count; alerts must not change.")
  var shuffle = false

  @Option(help: ArgumentHelp("Seed of the random order.", valueName: "number"))
  var seed: UInt64?

  @Flag(
    help: "Change the rules a little in every place, one change at a time, and report what no test notices.")
  var mutate = false
  @Flag(
    help: "Run each test once more with the rules loaded again in its middle, which must change nothing.")
  var split = false

  @Option(help: ArgumentHelp("File with overrides of rules. Repeatable.", valueName: "file"))
  var overrides: [String] = []

  @Argument(help: ArgumentHelp("Rule files and folders; the shipped rules without any.", valueName: "path"))
  var paths: [String] = []

  func validate() throws {
    if seed != nil, !shuffle { throw ValidationError("--seed goes with --shuffle") }
    if mutate, shuffle || coverage { throw ValidationError("--mutate goes without --shuffle and --coverage") }
  }

  func run() throws {
    let settings = try SettingsLoading.load(config)
    let paths = try RuleLoading.resolved(
      paths.isEmpty ? settings.rules : paths, overrides: overrides.isEmpty ? settings.overrides : overrides)
    let outcome = RuleSetLoader.load(paths, options: settings.loading)
    guard let rules = outcome.ruleSet else {
      RuleLoading.show(outcome.report, format: .text)
      if let junit { try write(RuleTestReport.renderJUnit(ofUnloaded: outcome.report), to: junit) }
      throw ExitCode(2)
    }
    for id in only where rules.ruleIndex(id: id) == nil {
      Terminal.complain(
        "ringwatch: there is no rule '\(id)'" + Suggestion.phrase(for: id, among: rules.metadata.map(\.id)))
      throw ExitCode(2)
    }
    let replay = FileReplay(
      configuration: settings.sensor, simulator: ScenarioLibrary(ScenarioFolder.all()))
    let reloaded = split ? RuleSetLoader.load(paths, options: settings.loading).ruleSet : nil
    var runner = RuleTestRunner(
      rules, sources: outcome.report.sources, replay: replay,
      shuffleSeed: shuffle ? seed ?? .random(in: 0...999_999_999) : nil, splitBy: reloaded)
    let report = runner.run { only.isEmpty || only.contains($0) }
    print(report.renderText(), terminator: "")
    if !mutate { print(report.renderCoverage(names: coverage), terminator: "") }
    if let junit { try write(report.renderJUnit(), to: junit) }
    if report.failedCount > 0 { throw ExitCode(1) }
    if mutate { try runMutants(of: rules, outcome.report.sources, replay) }
  }

  private func runMutants(
    of rules: CompiledRuleSet, _ sources: SourceFiles, _ replay: FileReplay
  ) throws {
    let runner = RuleMutationRunner(rules, sources: sources, replay: replay)
    let report = runner.run { only.isEmpty || only.contains($0) }
    print(report.renderText(), terminator: "")
    if report.survivorCount > 0 { throw ExitCode(1) }
  }

  private func write(_ text: String, to path: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      Terminal.complain("ringwatch: \(path): the report cannot be written; choose another --junit file")
      throw ExitCode(1)
    }
  }
}
