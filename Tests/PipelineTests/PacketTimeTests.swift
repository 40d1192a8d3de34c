import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// Time stamps that cannot be true, clocks that are set and pauses, over whole runs.
@Suite struct PacketTimeTests {
  private static let rules = """
    rules:
      - id: flood
        sid: 1
        title: Flood
        event: sip.request
        when: sip.method == "OPTIONS"
        threshold: {by: [client.ip], within: 60s, count: {at_least: 40}}
        suppress: {by: [client.ip], for: 0s}
    """
  private static let attacker = CaptureBytes.Endpoint(198, 51, 100, 7)
  private static let bystander = CaptureBytes.Endpoint(192, 0, 2, 101)
  private static let server = CaptureBytes.Endpoint(192, 0, 2, 10)
  private static let hour: Int64 = 3_600_000
  private static let day: Int64 = 86_400_000

  /// Requests at milliseconds since the start.
  private func run(
    _ times: [Int64], from source: CaptureBytes.Endpoint = attacker, rules: String = rules
  ) throws -> SensorRun {
    var capture = CaptureBytes()
    for (number, time) in times.enumerated() {
      let message = SIPText.request("OPTIONS", callID: "c\(number)", branch: "z9hG4bK\(number)")
      capture.add(datagram: message.bytes, from: source, to: Self.server, at: time)
    }
    return try SensorRun(capture, rules: try CompiledRuleSet.compile(rules))
  }

  /// The numbers of the packets that fired alerts.
  private func alerts(_ run: SensorRun) throws -> [Int] {
    try run.objects(of: "alert").map { try #require($0["pcap_cnt"] as? Int) }
  }

  private func anomalies(_ run: SensorRun) throws -> [String] {
    try run.objects(of: "anomaly").map { try #require(try $0.object("anomaly")["event"] as? String) }
  }

  /// Forty times, a second apart, with one more at some place.
  private func attack(_ stray: Int64, at place: Int, from start: Int64 = 0) -> [Int64] {
    var times = (0..<40).map { start + $0 * 1000 }
    times.insert(stray, at: place)
    return times
  }

  @Test(arguments: [0, 1, 20, 38])
  func `one packet from the future does not hide an attack`(place: Int) throws {
    let run = try run(attack(3 * Self.day, at: place + 1))
    #expect(try alerts(run) == [40, 41], "the stray counts as what it is: one more request")
    #expect(try anomalies(run) == ["capture.time_stray"])
    #expect(run.report["capture.time_strays"] == 1)
    #expect(run.report["detect.late"] == 0)
    let stray = try #require(try run.objects(of: "sip").first { $0["pcap_cnt"] as? Int == place + 2 })
    let before = try #require(try run.objects(of: "sip").first { $0["pcap_cnt"] as? Int == place + 1 })
    #expect(stray["timestamp"] as? String == before["timestamp"] as? String)
  }

  @Test func `a run of packets from the future does not hide an attack`() throws {
    var times = (0..<40).map { Int64($0) * 1000 }
    times.insert(contentsOf: (0..<20).map { Self.day + Int64($0) }, at: 10)
    let run = try run(times)
    #expect(try alerts(run).first == 40)
    #expect(try anomalies(run) == ["capture.time_stray"], "one report a minute")
    #expect(run.report["capture.time_strays"] == 20)
  }

  @Test(arguments: [1, 20, 39])
  func `one packet from the past is late and resets nothing`(place: Int) throws {
    let run = try run(attack(-Self.day, at: place))
    #expect(try alerts(run) == [41])
    #expect(try anomalies(run) == [])
    #expect(run.report["capture.late"] == 1)
    #expect(run.report["detect.late"] == 1)
  }

  @Test func `jitter inside of the lateness bound counts where it belongs`() throws {
    let times = (0..<40).map { Int64($0) * 1000 - ($0 % 2 == 1 ? 900 : 0) }
    let run = try run(times)
    #expect(try alerts(run) == [40])
    #expect(run.report["capture.late"] == 0)
    #expect(try anomalies(run) == [])
  }

  @Test func `a clock that was set back a day begins anew`() throws {
    // Thirty-nine requests before and thirty-nine after are no forty; the fortieth after is.
    let before = (0..<39).map { Int64($0) * 1000 }
    let after = (0..<40).map { Int64($0) * 1000 - Self.day }
    let run = try run(before + after)
    #expect(try alerts(run) == [79])
    #expect(try anomalies(run) == ["capture.time_set_back"])
    #expect(run.report["capture.time_set_back"] == 1)
    #expect(run.report["detect.late"] == 0, "the run that decided counts too")
    #expect(run.report["flow.total"] == 2)
    #expect(run.report["sip.retransmissions"] == 0)
    #expect(run.report["uptime"] == 38 + 39)
  }

  @Test func `captures that are joined in the wrong order are read one after the other`() throws {
    let part = { (day: Int64) in (0..<50).map { Int64($0) * 1000 + day * Self.day } }
    let run = try run(part(2) + part(1) + part(0))
    #expect(run.report["capture.time_set_back"] == 2)
    #expect(try alerts(run) == [40, 50 + 40, 100 + 40].flatMap { Array($0...($0 + 10)) })
    #expect(try anomalies(run) == ["capture.time_set_back", "capture.time_set_back"])
  }

  @Test func `the same messages again, of a clock that was set back, are no retransmissions`() throws {
    var capture = CaptureBytes()
    for part in [0, -Self.day] {
      for number in 0..<40 {
        let message = SIPText.request("OPTIONS", callID: "c\(number)", branch: "z9hG4bK\(number)")
        capture.add(
          datagram: message.bytes, from: Self.attacker, to: Self.server, at: part + Int64(number) * 100)
      }
    }
    let run = try SensorRun(capture)
    #expect(run.report["capture.time_set_back"] == 1)
    #expect(run.report["sip.retransmissions"] == 0)
  }

  @Test func `a pause keeps what a long window still holds`() throws {
    let rules = Self.rules.replacing("60s", with: "24h")
    let times = (0..<39).map { Int64($0) * 1000 } + [2 * Self.hour]
    let run = try run(times, rules: rules)
    #expect(try alerts(run) == [40])
    #expect(try anomalies(run) == ["capture.time_pause"])
    #expect(run.report["capture.time_pauses"] == 1)
  }

  @Test func `a pause ends what a short window held`() throws {
    let times = (0..<39).map { Int64($0) * 1000 } + (0..<39).map { 2 * Self.hour + Int64($0) * 1000 }
    let run = try run(times)
    #expect(try alerts(run) == [])
    #expect(try anomalies(run) == ["capture.time_pause"])
    #expect(run.report["flow.total"] == 2)
  }

  @Test func `packets hours apart are read in their order and time`() throws {
    let times = (0..<100).map { Int64($0) * 2 * Self.hour }
    let run = try run(times)
    #expect(run.report["capture.time_pauses"] == 99)
    #expect(run.report["capture.time_strays"] == 0)
    #expect(run.report["decoder.pkts"] == 100)
    let stamps = try run.objects(of: "sip").compactMap { $0["timestamp"] as? String }
    #expect(stamps == stamps.sorted())
    #expect(Set(stamps).count == 100)
  }

  @Test func `time that goes back with every packet stays within its bounds`() throws {
    let times = (0..<1000).map { -Int64($0) * 5000 }
    let run = try run(times)
    #expect(run.report["decoder.pkts"] == 1000, "no packet is lost")
    #expect(run.report["capture.time_set_back"] <= 1000 / 32 + 32)
  }

  @Test func `a packet from the future holds back no expiry`() throws {
    var times = (0..<40).map { Int64($0) * 1000 }
    times.insert(30 * Self.day, at: 20)
    times.append(400_000)
    times.append(401_000)
    let run = try run(times)
    // The one-sided flow is over 30 s after its last packet, not in a month.
    #expect(run.report["flow.total"] == 2)
    let flows = try run.objects(of: "flow").map { try #require(try $0.object("flow")["reason"] as? String) }
    #expect(flows == ["timeout", "shutdown"])
  }
}
