import Anomaly
import Capture
import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// Scores on their way through rules and log.
@Suite struct ScoreEventTests {
  static let phone = CaptureBytes.Endpoint(192, 0, 2, 101)
  static let proxy = CaptureBytes.Endpoint(192, 0, 2, 10)

  /// A request every half an hour, beginning at 22:14:07, which is repeated and never answered.
  private func capture(_ count: Int) -> CaptureBytes {
    var capture = CaptureBytes()
    for number in 0..<count {
      let request = SIPText.request("REGISTER", callID: "reg-\(number)", branch: "z9hG4bK-\(number)")
      for delay in [0, 500] as [Int64] {
        let time = Int64(number) * 1_800_000 + delay
        capture.add(datagram: request.bytes, from: Self.phone, to: Self.proxy, at: time)
      }
    }
    return capture
  }

  private var everything: SensorConfiguration {
    var configuration = SensorConfiguration()
    configuration.scores.publishedFrom = 0
    configuration.scores.publishesWarmUp = true
    return configuration
  }

  @Test func `a short capture says nothing, for it has no baseline`() throws {
    let run = try SensorRun(capture(6))
    #expect(try run.objects(of: "score").isEmpty)
    let stats = try #require(run.objects(of: "stats").last).object("stats").object("scores")
    #expect(stats["hours"] as? Int == 3)
    #expect(stats["rows"] as? Int == 9)
    #expect(stats["warming_up"] as? Int == 9)
    #expect(stats["published"] as? Int == 0)
  }

  @Test func `at the end of each hour its score is an event`() throws {
    let run = try SensorRun(capture(4), configuration: everything)
    let lines = try run.objects(of: "score")
    // 22:14 and 22:44, 23:14 and 23:44; a source, the account of From and the address of record.
    #expect(lines.count == 6)
    let first = try #require(lines.first)
    #expect(first["src_ip"] as? String == "192.0.2.101")
    #expect((first["timestamp"] as? String)?.hasPrefix("2026-03-01T22:44:") == true)
    let score = try first.object("score")
    #expect(score["entity_type"] as? String == "source")
    #expect(score["entity"] as? String == "192.0.2.101")
    #expect(score["window"] as? Double == 3600)
    #expect(score["warming_up"] as? Bool == true)
    #expect(score["model"] as? String == "surprise")
    let account = try lines[1].object("score")
    #expect(account["entity_type"] as? String == "account")
    #expect(lines[1]["src_ip"] == nil)
    #expect((lines[3]["timestamp"] as? String)?.hasPrefix("2026-03-01T23:44:") == true)
  }

  @Test func `rules see scores`() throws {
    let rules = try CompiledRuleSet.compile(
      """
      rules:
        - id: scored
          sid: 1
          title: Scored
          event: score
          when: score.warming_up and score.entity_type == "source"
          suppress: {by: [src_ip], for: 1s}

      """)
    let run = try SensorRun(capture(4), rules: rules, configuration: everything)
    #expect(try run.objects(of: "alert").count == 2)
    #expect(try run.objects(of: "alert").first?["src_ip"] as? String == "192.0.2.101")
  }

  @Test func `what is off costs nothing and says nothing`() throws {
    var configuration = everything
    configuration.scores.isEnabled = false
    let run = try SensorRun(capture(4), configuration: configuration)
    #expect(try run.objects(of: "score").isEmpty)
    let stats = try #require(run.objects(of: "stats").last).object("stats")
    #expect(try stats.object("scores")["rows"] as? Int == 0)
    #expect(try stats.object("features").object("sources")["active"] as? Int == 0)
  }

  @Test(arguments: ["office-morning.pcap", "night-calls.pcap", "mixed.pcap"])
  func `a log gives the features of its packets`(_ name: String) throws {
    let path = TestFolders.package.appendingPathComponent("Fixtures/\(name)").path
    let folder = try TemporaryFolder()
    let run = try SensorRun([path], names: [name], rules: .none)
    let log = try folder.write(run.log, as: "eve.json")
    var (ofPackets, ofLog): ([String], [String]) = ([], [])
    _ = try FeatureRun(SensorConfiguration()).read(captures: [path]) { hour, entities in
      ofPackets += entities.map { "\(hour) \($0.type) \($0.entity) \($0.row.values) \($0.further.values)" }
    }
    _ = try FeatureRun(SensorConfiguration()).read(logs: [log]) { hour, entities in
      ofLog += entities.map { "\(hour) \($0.type) \($0.entity) \($0.row.values) \($0.further.values)" }
    }
    #expect(!ofPackets.isEmpty)
    #expect(ofPackets.sorted() == ofLog.sorted())
  }
}
