import Capture
import Foundation
import Output
import Pipeline
import Report
import Rules
import TestCaptures
import Testing

/// The report on a log is that on the capture which the log was made of.
@Suite struct LogReportTests {
  /// What a log cannot tell, as docs/report.md lists it; everything under such a place may differ.
  static let exempt: Set<String> = [
    // The first packet may have made no event.
    "metadata.start", "metadata.duration",
    "metadata.source", "metadata.inputs", "metadata.events", "metadata.rules", "metadata.rule_sources",
    // Texts say by how many rules.
    "blindness.statements.text",
  ]

  static let rules: CompiledRuleSet? = {
    let shipped = TestFolders.package.appendingPathComponent("rules").path
    return RuleSetLoader.load([shipped]).ruleSet
  }()

  @Test(arguments: ReportSchemaTests.captures)
  func `a log gives the report of its capture`(name: String) throws {
    let rules = try #require(Self.rules)
    let path = TestFolders.package.appendingPathComponent("Fixtures/\(name)").path
    let folder = try TemporaryFolder()
    let log = folder.path("eve.json")
    var configuration = SensorConfiguration()
    configuration.inputNames = [path]
    var reader = try PcapReader([path])
    var sensor = Sensor(
      rules: rules, configuration: configuration, sinks: [try FileSink(path: log, overwrite: true)])
    _ = sensor.run(&reader, stop: StopFlag())
    let direct = try ReportSample.object(ReportSample.report(onFile: path, ruleSet: rules))
    let logged = try ReportSample.object(ReportSample.report(onLog: log))
    let differences = Self.differences(direct, logged, at: "").filter { place in
      !Self.exempt.contains { place == $0 || place.hasPrefix($0 + ".") || place.hasPrefix($0 + ":") }
    }
    #expect(differences == [], "\(name)")
  }

  /// The places at which two values differ, with both of them.
  static func differences(_ left: Any?, _ right: Any?, at place: String) -> [String] {
    switch (left, right) {
    case (let left as [String: Any], let right as [String: Any]):
      return Set(left.keys).union(right.keys).sorted().flatMap { key in
        differences(left[key], right[key], at: place.isEmpty ? key : "\(place).\(key)")
      }
    case (let left as [Any], let right as [Any]) where left.count == right.count:
      return zip(left, right).flatMap { differences($0, $1, at: place) }
    case (let left as NSObject, let right as NSObject) where left == right: return []
    case (let left as Double, let right as Double) where abs(left - right) < 2e-6: return []
    case (nil, nil): return []
    default:
      let words = [left, right].map { value in value.map { "\($0)".prefix(200) } ?? "nothing" }
      return ["\(place): \(words[0]) is \(words[1]) in the log"]
    }
  }
}
