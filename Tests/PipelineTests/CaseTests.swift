import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// Whole runs: a capture and rules in, exactly this log out (`Fixtures/Cases/README.md`).
@Suite struct CaseTests {
  /// The folders that hold a case, sorted.
  static let names: [String] = {
    let found = try? FileManager.default.contentsOfDirectory(atPath: TestFolders.cases.path)
    return (found ?? []).sorted().filter {
      FileManager.default.fileExists(
        atPath: TestFolders.cases.appendingPathComponent("\($0)/input.pcap").path)
    }
  }()

  static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1"

  @Test(arguments: names)
  func `a case gives the log that it expects`(name: String) throws {
    let folder = TestFolders.cases.appendingPathComponent(name)
    let actual = try log(of: folder)
    let golden = folder.appendingPathComponent("expected.jsonl")
    if Self.isUpdating { try Data(actual.utf8).write(to: golden) }
    let expected = try String(contentsOf: golden, encoding: .utf8)
    guard actual != expected else { return }
    Issue.record("\(name):\n\(LineDifference(expected: expected, actual: actual).text)")
  }

  @Test(.disabled(if: isUpdating, "the logs are being written"))
  func `every folder of the cases explains itself and is complete`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: TestFolders.cases.path)
      .filter { $0 != "README.md" && !$0.hasPrefix(".") }
    let list = try String(contentsOf: TestFolders.cases.appendingPathComponent("README.md"), encoding: .utf8)
    for folder in folders {
      #expect(list.contains("| `\(folder)` |"), "README.md does not list \(folder)")
      for file in ["README.md", "input.pcap", "expected.jsonl"] {
        let path = TestFolders.cases.appendingPathComponent("\(folder)/\(file)").path
        #expect(FileManager.default.fileExists(atPath: path), "\(folder) has no \(file)")
      }
    }
  }

  /// The log of a case; paths in it are relative to the case.
  private func log(of folder: URL) throws -> String {
    let path = { (name: String) in folder.appendingPathComponent(name).path }
    var settings = SensorSettings()
    if FileManager.default.fileExists(atPath: path("ringwatch.yaml")) {
      let (read, report) = SettingsReader.read(path("ringwatch.yaml"))
      settings = try #require(read, "\(report.renderText())")
    } else {
      settings.sensor.loggedTypes.remove(.stats)
    }
    let rulePaths = [path("rules.yaml")].filter(FileManager.default.fileExists(atPath:))
    let outcome = RuleSetLoader.load(rulePaths, options: settings.loading)
    let rules = try #require(outcome.ruleSet, "\(outcome.report.renderText())")
    let run = try SensorRun(
      [path("input.pcap")], names: ["input.pcap"], rules: rules, configuration: settings.sensor)
    #expect(run.report.captureErrors.isEmpty)
    return String(decoding: run.log, as: UTF8.self)
      .replacingOccurrences(of: folder.path + "/", with: "")
  }
}
