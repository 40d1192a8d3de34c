import Foundation
import Pipeline
import TestCaptures
import Testing
import Values

@testable import Rules
@testable import Simulation

/// Rule tests whose packets are simulated.
@Suite struct ScenarioLibraryTests {
  private static let shipped = SimulatedCapture.names.map { name in
    (name: name, path: SimulatedCapture.folder.appendingPathComponent("\(name).yaml").path)
  }

  /// A rule that fires at each password that is wrong, with one test.
  private static func rule(_ test: String) -> String {
    """
    rules:
      - id: wrong-password
        sid: 1
        title: A wrong password
        event: registration.failed
        when: registration.reason == "bad-credentials"
        tests:
          - {name: one, \(test)}

    """
  }

  private static func run(_ test: String, in file: String = "rules.yaml", split: Bool = false) throws
    -> RuleTestReport
  {
    let text = rule(test)
    let outcome = RuleSetLoader.load(texts: [(file, text)])
    let rules = try #require(outcome.ruleSet, "\(outcome.report.renderText())")
    let replay = FileReplay(simulator: ScenarioLibrary(shipped))
    let again = split ? RuleSetLoader.load(texts: [(file, text)]).ruleSet : nil
    var runner = RuleTestRunner(rules, sources: outcome.report.sources, replay: replay, splitBy: again)
    return runner.run()
  }

  @Test func `a scenario in a test is the capture that the simulator writes`() throws {
    let capture = try SimulatedCapture("small-office", media: "none") {
      $0.seed = 7
      $0.duration = 120_000_000_000
      $0.start = $0.start.advanced(byNanoseconds: 3_600_000_000_000)
      $0.attacks = [AttackRequest("password-guessing"), AttackRequest("options-scan")]
    }
    let folder = try TemporaryFolder()
    let path = try folder.write(capture.bytes, as: "office.pcap")
    let test =
      "scenario: {name: small-office, attacks: [password-guessing, {name: options-scan}], media: none, duration: 2m, "
      + "start: 2026-03-02T09:00:00+01:00, seed: 7}"
    let fromFile = try Self.traffic("pcap: \(path)")
    let simulated = try Self.traffic(test)
    let rules = try #require(
      RuleSetLoader.load(texts: [("rules.yaml", Self.rule(test + ", expect: 0"))]).ruleSet)
    let replay = FileReplay(simulator: ScenarioLibrary(Self.shipped))
    let expected = try replay.replay(fromFile, ruleFile: "rules.yaml", with: rules, replacedBy: nil)
    let actual = try replay.replay(simulated, ruleFile: "rules.yaml", with: rules, replacedBy: nil)
    #expect(expected.alerts.count > 5)
    #expect(actual.alerts == expected.alerts)
    #expect(actual.start == expected.start)
  }

  private static func traffic(_ test: String) throws -> TestTraffic {
    let text = Array(rule(test + ", expect: 0").utf8)
    let loaded = RuleLoader().load(files: [SourceFile(path: "rules.yaml", bytes: text)])
    guard case .traffic(let traffic)? = loaded.rules.first?.tests.first?.input else {
      throw TestReplayFault("no traffic in \(test)")
    }
    return traffic
  }

  @Test func `attacks, seed and benign decide what comes`() throws {
    let calm = "media: none, duration: 1m, seed: 3"
    #expect(try Self.run("scenario: {name: small-office, \(calm)}, expect: 0").passedCount == 1)
    let attacked = "attacks: [{name: password-guessing, start: 10s, count: 12}], \(calm)"
    let report = try Self.run("scenario: {name: small-office, \(attacked)}, expect: 12")
    #expect(report.passedCount == 1, "\(report.renderText())")
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "name: mine\nattacks: [{name: password-guessing, start: 10s}]\n", as: "mine.yaml")
    let noted = "name: \(path), duration: 1m"
    #expect(try Self.run("scenario: {\(noted)}, expect: 0").failedCount == 1)
    #expect(try Self.run("scenario: {\(noted), benign: true}, expect: 0").passedCount == 1)
  }

  @Test func `a scenario beside the rule file is found, and a reload in its middle changes nothing`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "name: mine\nattacks: [{name: password-guessing, start: 10s, count: 12}]\n", as: "mine.yaml")
    let test = "scenario: {name: mine.yaml, duration: 1m}, expect: 12"
    let report = try Self.run(test, in: folder.path("rules.yaml"), split: true)
    #expect(report.passedCount == 1, "\(report.renderText())")
  }

  @Test(arguments: [
    (
      "scenario: smal-office",
      "rules.yaml:8:31: error: there is no scenario 'smal-office'; did you mean 'small-office'?"
    ),
    (
      "scenario: {name: hotel, attacks: [tol-fraud]}",
      "rules.yaml:8:55: error: unknown attack 'tol-fraud'; did you mean 'toll-fraud'?"
    ),
    (
      "scenario: {name: hotel, attacks: [{name: wangiri, speed: 9}]}",
      "rules.yaml:8:71: error: unknown key 'speed' in this attack"
    ),
    (
      "scenario: {name: hotel, media: some}",
      "rules.yaml:8:52: error: 'media' is none, all or a duration such as 3s, not 'some'"
    ),
    (
      "scenario: nowhere.yaml",
      "no file 'nowhere.yaml' here, beside the rule file or in a folder above it"
    ),
  ])
  func `what is wrong with a scenario fails its test with the place`(_ test: String, _ expected: String)
    throws
  {
    let report = try Self.run("\(test), expect: 0")
    let result = try #require(report.results.first)
    guard case .failed(let lines) = result.outcome else {
      Issue.record("\(report.renderText())")
      return
    }
    #expect(lines.joined(separator: "\n").hasPrefix(expected), "\(lines.joined(separator: "\n"))")
  }

  @Test func `faults of a scenario file are told with their places in it`() throws {
    let folder = try TemporaryFolder()
    try folder.write("name: mine\npopulation: {users: many}\n", as: "mine.yaml")
    let report = try Self.run("scenario: mine.yaml, expect: 0", in: folder.path("rules.yaml"))
    #expect(
      report.renderText().contains("mine.yaml:2:21: error: 'users' must be a whole number, not 'many'\n"))
  }

  @Test func `a capture is simulated once, and kept when it was read to its end`() throws {
    let library = ScenarioLibrary(Self.shipped)
    guard
      case .scenario(let scenario) = try Self.traffic(
        "scenario: {name: small-office, media: all, duration: 5m}")
    else { throw TestReplayFault("no scenario") }
    let first = try library.capture(of: scenario, at: nil)
    _ = first()
    _ = try library.capture(of: scenario, at: nil)
    #expect(library.keptBytes == 0)
    var bytes: [UInt8] = []
    let whole = try library.capture(of: scenario, at: nil)
    while let piece = whole() { bytes += piece }
    #expect(library.keptBytes == bytes.count && bytes.count > 1 << 20)
    var again: [UInt8] = []
    let kept = try library.capture(of: scenario, at: nil)
    while let piece = kept() { again += piece }
    #expect(again == bytes)
    #expect(library.keptBytes == bytes.count)
  }

  @Test func `the rules of the documentation pass their tests with scenarios`() throws {
    let page = try String(
      contentsOf: TestFolders.package.appendingPathComponent("docs/rules.md"), encoding: .utf8)
    let blocks = page.components(separatedBy: "```yaml rules\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }.filter { $0.contains("scenario:") }
    #expect(!blocks.isEmpty)
    for block in blocks {
      let outcome = RuleSetLoader.load(texts: [("docs/rules.md", block + "\n")])
      let rules = try #require(outcome.ruleSet, "\(outcome.report.renderText())")
      let replay = FileReplay(simulator: ScenarioLibrary(Self.shipped))
      var runner = RuleTestRunner(rules, sources: outcome.report.sources, replay: replay)
      let report = runner.run()
      #expect(report.failedCount == 0 && report.skippedCount == 0, "\(report.renderText())")
    }
  }
}
