import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// Rules over alerts, over whole runs; the golden log is `Fixtures/Cases/alerts-chained`.
@Suite struct ChainedAlertTests {
  private static let folder = TestFolders.cases.appendingPathComponent("alerts-chained")

  private func run(_ rules: String? = nil) throws -> SensorRun {
    let text =
      try rules ?? String(contentsOf: Self.folder.appendingPathComponent("rules.yaml"), encoding: .utf8)
    return try SensorRun(
      [Self.folder.appendingPathComponent("input.pcap").path], names: ["input.pcap"],
      rules: try CompiledRuleSet.compile(text))
  }

  @Test func `the terminal shows what a measure measured`() throws {
    let shown = String(decoding: try run().terminal, as: UTF8.self)
    #expect(shown.contains("Most of it is refused [1:3:1]"))
    #expect(shown.contains(" count=2 total=2 refused=2\n"))
  }

  @Test func `stats count the alerts that rules met`() throws {
    // Seven alerts, the summary and the chained ones among them.
    let run = try run()
    #expect(run.report["detect.alert"] == 7)
    #expect(run.report["detect.alerts_chained"] == 7)
  }

  @Test func `without a rule over alerts nothing is chained`() throws {
    let run = try run("rules:\n  - {id: one, sid: 1, title: One, event: sip.request}\n")
    #expect(run.report["detect.alert"] > 0)
    #expect(run.report["detect.alerts_chained"] == 0)
    #expect(!String(decoding: run.log, as: UTF8.self).contains("chained_from"))
  }

  @Test func `whoever is reported by a chained alert is the client of the first cause`() throws {
    for line in try run().objects(of: "alert") {
      let alert = try line.object("alert")
      guard alert["signature_id"] as? Int ?? 0 >= 4 else { continue }
      #expect(try line.object("client")["ip"] as? String == "10.20.0.101")
      #expect(line["pcap_cnt"] as? Int == 4)
      #expect(try line.object("sip")["code"] as? String == "401")
    }
  }
}
