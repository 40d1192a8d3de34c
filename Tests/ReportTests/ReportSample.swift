import Capture
import Events
import Foundation
import Output
import Pipeline
import Report
import Rules
import TestCaptures
import Testing
import Values

/// Reports that tests make.
enum ReportSample {
  /// The report on a capture file.
  static func report(
    onFile path: String, rules: String = "rules: []\n", limits: ReportLimits = ReportLimits()
  ) throws -> CaptureReport {
    let ruleSet = try #require(RuleSetLoader.load(texts: [("rules.yaml", rules)]).ruleSet)
    return try report(onFile: path, ruleSet: ruleSet, limits: limits)
  }

  /// The report on a capture file by rules that are loaded.
  static func report(
    onFile path: String, ruleSet: CompiledRuleSet, limits: ReportLimits = ReportLimits()
  ) throws -> CaptureReport {
    var configuration = SensorConfiguration()
    configuration.loggedTypes = []
    configuration.inputNames = [path]
    var reader = try PcapReader([path])
    var builder = ReportBuilder(limits: limits)
    let listener = EventListener(ReportBuilder.kinds) { builder.note($0) }
    var sensor = Sensor(
      rules: ruleSet, configuration: configuration, sinks: [], onEvent: listener,
      onHour: { builder.note(hourOf: $1) })
    let run = sensor.run(&reader, stop: StopFlag())
    return builder.finish(facts(run, path, isReplay: false))
  }

  /// The report on a capture.
  static func report(
    on capture: CaptureBytes, rules: String = "rules: []\n", limits: ReportLimits = ReportLimits()
  ) throws -> CaptureReport {
    let folder = try TemporaryFolder()
    let path = try folder.write(capture.bytes, as: "a.pcap")
    // The folder lives as long as its owner.
    return try withExtendedLifetime(folder) { try report(onFile: path, rules: rules, limits: limits) }
  }

  /// Writes the log of a capture file into a folder; its path.
  static func log(ofFile path: String, _ rules: CompiledRuleSet, in folder: TemporaryFolder) throws -> String
  {
    let log = folder.path("eve.json")
    var configuration = SensorConfiguration()
    configuration.inputNames = [path]
    var reader = try PcapReader([path])
    var sensor = Sensor(
      rules: rules, configuration: configuration, sinks: [try FileSink(path: log, overwrite: true)])
    _ = sensor.run(&reader, stop: StopFlag())
    return log
  }

  /// The report on a log.
  static func report(onLog path: String) throws -> CaptureReport {
    let ruleSet = try #require(RuleSetLoader.load(texts: []).ruleSet)
    var configuration = SensorConfiguration()
    configuration.loggedTypes = []
    var source = try LoggedEvents([path])
    var builder = ReportBuilder()
    let listener = EventListener(ReportBuilder.kinds) { builder.note($0) }
    var replay = LogReplay(
      rules: ruleSet, configuration: configuration, sinks: [], onEvent: listener,
      onHour: { builder.note(hourOf: $1) })
    let run = replay.run(&source, stop: StopFlag())
    return builder.finish(facts(run, path, isReplay: true))
  }

  private static func facts(_ run: RunReport, _ path: String, isReplay: Bool) -> ReportedRun {
    var facts = ReportedRun()
    facts.isReplay = isReplay
    facts.inputs = [ReportInput(name: path, size: nil, digest: nil)]
    facts.counters = run.replay?.loggedCounters ?? run.counters
    facts.ruleCount = run.rules.count
    (facts.start, facts.end, facts.version) = (run.start, run.end, "0")
    return facts
  }

  /// The JSON of a report, parsed.
  static func object(_ report: CaptureReport) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(report.renderJSON().utf8)) as? [String: Any])
  }

  /// What is wrong with the JSON and with the page; empty when nothing is.
  static func faults(of report: CaptureReport) throws -> [String] {
    let walker = try SchemaWalker(Data(CaptureReport.schema.utf8))
    return walker.faults(in: try object(report)) + MarkupCheck.faults(in: report.renderHTML())
  }
}

extension [String: Any] {
  /// What stands at a dotted path.
  func at(_ path: String) -> Any? {
    var value: Any? = self
    for name in path.split(separator: ".") { value = (value as? [String: Any])?[String(name)] }
    return value
  }

  /// A whole number at a dotted path.
  func count(_ path: String) -> Int? { at(path) as? Int }
  /// A list of objects at a dotted path.
  func list(_ path: String) -> [[String: Any]] { at(path) as? [[String: Any]] ?? [] }
  /// Names with counts at a dotted path.
  func tally(_ path: String) -> [String: Int] {
    [String: Int](
      list(path).compactMap { row in
        (row["name"] as? String).flatMap { name in (row["count"] as? Int).map { (name, $0) } }
      }
    ) { $1 }
  }
}
