import ArgumentParser
import Capture
import Events
import Pipeline
import Rules

/// `ringwatch explain`: why does a rule fire, and why not?
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says what a rule makes of each event of a capture or a log.",
    discussion: """
      For events that did not fire: the first clause that was not true with the values that it saw, the schedule, the
      exception, the missing part of the key, how many are counted so far, or the silence. For alerts: window, count, key
      and packets. Events with one outcome are counted together, with some examples.

      EXAMPLES:
        ringwatch explain register-bruteforce -r capture.pcap
        ringwatch explain my-rule -S my-rules/ --eve logs/eve.json --all
        ringwatch explain my-rule -S my-rules/ -r capture.pcap --format json | jq .alerts
      """)

  /// How to print.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: ArgumentHelp("The id of the rule.", valueName: "rule-id"))
  var rule: String

  @OptionGroup var input: RecordedInput

  @Option(
    name: [.customShort("S"), .customLong("rules")],
    help: ArgumentHelp("Rule file, or folder of rule files. Repeatable.", valueName: "rules"))
  var rules: [String] = []

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("Configuration file.", valueName: "config"))
  var config: String?

  @Flag(help: "Also say it of each event.")
  var all = false

  @Option(help: ArgumentHelp("Events to show of each outcome.", valueName: "number"))
  var examples = 3

  @Option(help: "text or json.")
  var format = Format.text

  func validate() throws {
    try input.requireOneKind()
    guard (0...1_000_000).contains(examples) else { throw ValidationError("--examples is 0 to 1000000") }
  }

  func run() throws {
    let settings = try SettingsLoading.load(config)
    let outcome = RuleSetLoader.load(
      try RuleLoading.resolved(rules.isEmpty ? settings.rules : rules), options: settings.loading)
    guard let ruleSet = outcome.ruleSet else {
      RuleLoading.show(outcome.report, format: .text)
      throw ExitCode(2)
    }
    guard let number = ruleSet.ruleIndex(id: rule),
      let explainer = RuleExplainer(
        ruleSet, rule: number, sources: outcome.report.sources, limits: settings.sensor.engineLimits,
        exampleCount: examples, keepsAll: all)
    else {
      Terminal.complain(
        "ringwatch: there is no rule '\(rule)'"
          + Suggestion.phrase(for: rule, among: ruleSet.metadata.map(\.id)))
      throw ExitCode(2)
    }
    guard !ruleSet.metadata[number].kinds.contains(EventKind.alert.set) else {
      Terminal.complain("ringwatch: '\(rule)' is about alerts: explain the rules whose alerts it looks at")
      throw ExitCode(2)
    }
    let (explanation, errors) = try explain(explainer, settings.sensor)
    print(format == .text ? explanation.renderText() : explanation.renderJSON(), terminator: "")
    for error in errors { Terminal.complain("ringwatch: \(error)") }
    if !errors.isEmpty { throw ExitCode(1) }
  }

  private func explain(
    _ explainer: RuleExplainer, _ configuration: SensorConfiguration
  ) throws -> (RuleExplanation, [CaptureError]) {
    var run = ExplanationRun(explainer, configuration: configuration)
    let report = try input.read(
      captures: { paths throws(CaptureError) in try run.read(captures: paths) },
      logs: { paths throws(CaptureError) in try run.read(logs: paths) })
    return (run.finish(report), report.captureErrors)
  }
}
