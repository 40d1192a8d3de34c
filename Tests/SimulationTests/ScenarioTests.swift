import Foundation
import Rules
import TestCaptures
import Testing

@testable import Simulation

/// Scenario files and what is said about their faults.
@Suite struct ScenarioTests {
  private static let goldens = TestFolders.package.appendingPathComponent("Fixtures/ScenarioDiagnostics")
  private static let goldenNames: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: goldens.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test(arguments: goldenNames)
  func `each faulty scenario draws exactly the diagnostics beside it`(name: String) throws {
    let path = Self.goldens.appendingPathComponent("\(name).yaml").path
    let (scenario, report) = ScenarioReader.read(path)
    #expect(scenario == nil)
    let actual = report.renderText().replacingOccurrences(of: TestFolders.package.path + "/", with: "")
    let golden = Self.goldens.appendingPathComponent("\(name).expected")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try actual.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(actual == (try String(contentsOf: golden, encoding: .utf8)))
  }

  @Test func `there are scenarios and goldens`() {
    #expect(SimulatedCapture.names.count >= 5)
    #expect(Self.goldenNames.count >= 4)
  }

  @Test(arguments: SimulatedCapture.names)
  func `a shipped scenario is right and bears the name of its file`(name: String) throws {
    let scenario = try SimulatedCapture.scenario(name)
    #expect(scenario.name == name)
    #expect(!scenario.title.isEmpty)
  }

  @Test func `a missing file is an error with its path`() {
    let (scenario, report) = ScenarioReader.read("/nowhere/company.yaml")
    #expect(scenario == nil)
    #expect(report.renderText().contains("/nowhere/company.yaml"))
  }

  @Test func `the documentation names every key and every attack`() throws {
    let page = try String(
      contentsOf: TestFolders.package.appendingPathComponent("docs/simulate.md"), encoding: .utf8)
    for name in AttackCatalogue.names { #expect(page.contains("| `\(name)` |"), "\(name)") }
    let keys =
      ScenarioKeys.scenario + ScenarioKeys.network + ScenarioKeys.population + ScenarioKeys.agent
      + ScenarioKeys.queue + ScenarioKeys.calendar + ScenarioKeys.calls + ScenarioKeys.errors
      + ScenarioKeys.media + ScenarioKeys.attack
    for key in Set(keys) { #expect(page.contains("`\(key)`"), "\(key)") }
    for name in SimulatedCapture.names { #expect(page.contains("| `\(name)` |"), "\(name)") }
  }

  @Test func `the example of the documentation is a scenario`() throws {
    let page = try String(
      contentsOf: TestFolders.package.appendingPathComponent("docs/simulate.md"), encoding: .utf8)
    let example = try #require(page.split(separator: "```yaml\n").last?.split(separator: "\n```").first)
    let folder = try TemporaryFolder()
    let path = try folder.write(String(example) + "\n", as: "example.yaml")
    let (scenario, report) = ScenarioReader.read(path)
    #expect(scenario != nil, "\(report.renderText())")
  }
}
