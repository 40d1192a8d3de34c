import ArgumentParser
import Capture
import Foundation
import Geography
import Pipeline
import Report
import Rules

/// Reads captures or logs for a report.
struct ReportRun {
  /// What went wrong on the way, without making the report impossible.
  struct Outcome {
    let failures: [String]
  }

  private let options: ReportCommand
  private let settings: SensorSettings
  private let rules: CompiledRuleSet
  private let rulePaths: [String]
  private let configuration: SensorConfiguration

  init(_ options: ReportCommand) throws {
    self.options = options
    settings = try SettingsLoading.load(options.config)
    // A log has its alerts already.
    guard options.input.eve.isEmpty || !options.rules.isEmpty else {
      (rules, rulePaths) = (.none, [])
      configuration = try Self.configuration(options, settings)
      return
    }
    rulePaths = try RuleLoading.resolved(
      options.rules.isEmpty ? settings.rules : options.rules, overrides: settings.overrides)
    rules = try RuleLoading.load(rulePaths, options: settings.loading).rules
    configuration = try Self.configuration(options, settings)
  }

  private static func configuration(
    _ options: ReportCommand, _ settings: SensorSettings
  ) throws -> SensorConfiguration {
    try ReportPlace(options).check()
    var configuration = settings.sensor
    configuration.loggedTypes = []
    configuration.isOffline = true
    configuration.inputNames = options.inputs
    configuration.countries = try CountryLoading.open(options.countryDatabase ?? settings.countryDatabase)
    return configuration
  }

  /// Reads everything.
  func read() throws -> (report: CaptureReport, outcome: Outcome) {
    do throws(CaptureError) {
      return try options.input.eve.isEmpty ? readCaptures() : readLogs()
    } catch {
      throw Terminal.fail(error)
    }
  }

  private func readCaptures() throws(CaptureError) -> (CaptureReport, Outcome) {
    var reader = try PcapReader(options.inputs)
    var builder = ReportBuilder()
    builder.clock = configuration.scores.clock
    let listener = EventListener(ReportBuilder.kinds) { builder.note($0) }
    var sensor = Sensor(
      rules: rules, configuration: configuration, sinks: [], onEvent: listener,
      onHour: { builder.note(hourOf: $1) })
    let run = sensor.run(&reader, stop: StopFlag()) { if !options.quiet { Terminal.showProgress($0) } }
    if !options.quiet { Terminal.clearProgress() }
    return finish(builder, run)
  }

  private func readLogs() throws(CaptureError) -> (CaptureReport, Outcome) {
    var source = try LoggedEvents(options.inputs)
    var builder = ReportBuilder()
    builder.clock = configuration.scores.clock
    let listener = EventListener(ReportBuilder.kinds) { builder.note($0) }
    // The scores of a log came of a baseline that its events alone need not give.
    var configuration = configuration
    configuration.scores.isEnabled = false
    var replay = LogReplay(
      rules: rules, configuration: configuration, sinks: [], onEvent: listener,
      onHour: { builder.note(hourOf: $1) })
    let run = replay.run(&source, stop: StopFlag()) { if !options.quiet { Terminal.showProgress($0) } }
    if !options.quiet { Terminal.clearProgress() }
    return finish(builder, run)
  }

  private func finish(_ builder: ReportBuilder, _ run: RunReport) -> (CaptureReport, Outcome) {
    var facts = ReportedRun()
    facts.isReplay = run.replay != nil
    facts.inputs = options.inputs.map { name in
      let digest = name == "-" ? nil : InputDigest.sha256(ofFile: name)
      return ReportInput(name: name, size: digest?.size, digest: digest?.digest)
    }
    facts.counters = run.replay?.loggedCounters ?? run.counters
    facts.ruleCount = run.rules.filter(\.isEnabled).count
    facts.ruleSources = rulePaths
    (facts.start, facts.end) = (run.start, run.end)
    facts.version = Ringwatch.version
    facts.settings = settings.sensor.namedLimits
    facts.faults = run.captureErrors.map(\.description) + (run.replay?.firstFault.map { ["\($0)"] } ?? [])
    let failures = run.captureErrors.map(\.description) + [run.replay?.failure].compactMap { $0 }
    return (builder.finish(facts), Outcome(failures: failures))
  }
}
