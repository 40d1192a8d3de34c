import Capture
import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// Logged events give the same alerts as the packets that they were made of.
@Suite struct LogReplayTests {
  /// Every capture that is shipped.
  static let captures: [String] = {
    let fixtures = TestFolders.package.appendingPathComponent("Fixtures")
    let found = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path)) ?? []
    let plain = found.filter { $0.contains(".pcap") }.sorted()
    return plain + CaseTests.names.map { "Cases/\($0)/input.pcap" }
  }()

  /// Rules of many shapes, over all types that are logged, besides the shipped ones.
  static let broadRules = """
    rules:
      - {id: each-call, sid: 8000001, title: T, event: call, suppress: {for: 0s}}
      - {id: each-registration, sid: 8000002, title: T, event: registration, suppress: {for: 0s}}
      - {id: each-stream, sid: 8000003, title: T, event: rtp, suppress: {for: 0s}}
      - {id: each-transaction, sid: 8000004, title: T, event: transaction, suppress: {for: 0s}}
      - {id: each-flow, sid: 8000005, title: T, event: flow.ended, suppress: {for: 0s}}
      - {id: each-anomaly, sid: 8000006, title: T, event: anomaly, suppress: {for: 0s}}
      - {id: handshakes, sid: 8000007, title: T, event: tls, suppress: {for: 0s}}
      - {id: data-handshakes, sid: 8000008, title: T, event: dtls, suppress: {for: 0s}}
      - {id: bindings, sid: 8000009, title: T, event: stun, suppress: {for: 0s}}
      - {id: reports, sid: 8000010, title: T, event: rtcp, suppress: {for: 0s}}
      - id: each-message
        sid: 8000011
        title: T
        event: sip
        when: sip.size > 0 and not sip.retransmission
        suppress: {for: 0s}
      - id: talkers
        sid: 8000012
        title: T
        event: sip
        threshold: {by: [client.ip, sip.method], within: 10s, count: {at_least: 3}}
        suppress: {by: [client.ip], for: 5s, summary: true}
      - id: users
        sid: 8000013
        title: T
        event: sip.request
        threshold: {by: [src_ip], within: 1h, distinct: {of: sip.to.user, at_least: 2}}
      - id: share-of-failures
        sid: 8000014
        title: T
        event: sip.response
        measure:
          by: [client.ip]
          within: 60s
          values: {total: {count: true}, bad: {count_if: sip.code in 4xx}}
        having: total >= 2 and bad / total > 0.3
      - id: no-answer
        sid: 8000015
        title: T
        event: sip.request
        when: sip.method == "INVITE" and not sip.retransmission
        absence: {by: [sip.call_id], within: 2s, expect: {event: sip.response, when: sip.code in 200..299}}
      - id: new-agent
        sid: 8000016
        title: T
        event: sip
        when: exists(sip.user_agent)
        first_seen: {of: sip.user_agent, by: [src_ip], memory: 1d, warmup: 0s}
      - id: bad-repute
        sid: 8000017
        title: T
        event: sip
        when: source.messages > 3 or account.invites > 1 or source.faults > 0
        suppress: {for: 0s}

    """

  /// Alerts of these are not compared.
  ///
  /// - `blocked-address-contacted` fires at `flow.started`, which no log has.
  static let exceptedRules: Set<String> = ["blocked-address-contacted"]

  /// Captures with time stamps finer than the microseconds of the log. The reasons of a reputation stand in the
  /// order of time, so that those of one microsecond may change places.
  static let finerCaptures: Set<String> = ["invite-flood.pcap"]

  /// An alert line with the reasons of its reputations in the order of the alphabet.
  static func sortingReasons(_ line: String) -> String {
    var parts = line.components(separatedBy: #""reputation_reasons":["#)
    for index in parts.indices.dropFirst() {
      guard let end = parts[index].firstIndex(of: "]") else { continue }
      let sorted = parts[index][..<end].split(separator: ",").sorted().joined(separator: ",")
      parts[index] = sorted + parts[index][end...]
    }
    return parts.joined(separator: #""reputation_reasons":["#)
  }

  static func rules() throws -> CompiledRuleSet {
    let shipped = TestFolders.package.appendingPathComponent("rules").path
    let folder = try TemporaryFolder()
    let broad = try folder.write(broadRules, as: "broad.yaml")
    // It looks for bytes of messages, which no log has, and its alerts move reputations.
    let off = try folder.write("overrides: {overflow-attempt: {enabled: false}}\n", as: "off.yaml")
    let outcome = RuleSetLoader.load([shipped, broad, off])
    return try #require(outcome.ruleSet, "\(outcome.report.renderText())")
  }

  static func allTypes() -> SensorConfiguration {
    var configuration = SensorConfiguration()
    configuration.loggedTypes = Set(EventType.allCases).subtracting([.packet])
    return configuration
  }

  /// The alert lines of a log that can be compared, sorted within what silence and absence raise, since these are
  /// written when the next packet, or the next event, lets their time pass.
  private func alerts(_ log: [UInt8], of capture: String) -> [String] {
    let lines = log.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self) }
      .filter { $0.contains(#""event_type":"alert""#) }
      .filter { line in
        !Self.exceptedRules.contains { line.contains("\"rule\":\"\($0)\"") }
      }
      .map { Self.finerCaptures.contains(capture) ? Self.sortingReasons($0) : $0 }
    let timed = lines.filter { !$0.contains("\"pcap_cnt\"") }.sorted()
    return lines.filter { $0.contains("\"pcap_cnt\"") } + timed
  }

  @Test(arguments: captures)
  func `logged events give the alerts that their packets gave`(capture: String) throws {
    let rules = try Self.rules()
    let path = TestFolders.package.appendingPathComponent("Fixtures/\(capture)").path
    let first = try SensorRun([path], names: [capture], rules: rules, configuration: Self.allTypes())
    let replay = try ReplayRun([first.log], rules: rules)
    let (expected, actual) = (alerts(first.log, of: capture), alerts(replay.log, of: capture))
    #expect(replay.report.replay?.broken == 0)
    #expect(replay.report.replay?.unreadableValues == 0)
    guard expected != actual else { return }
    let difference = LineDifference(
      expected: expected.joined(separator: "\n"), actual: actual.joined(separator: "\n"))
    Issue.record("\(capture):\n\(difference.text)")
  }

  @Test func `the captures make the rules fire`() throws {
    var fired: Set<String> = []
    let rules = try Self.rules()
    for capture in Self.captures {
      let path = TestFolders.package.appendingPathComponent("Fixtures/\(capture)").path
      let run = try SensorRun([path], names: [capture], rules: rules, configuration: Self.allTypes())
      for (rule, count) in zip(rules.metadata, run.report.alertsByRule) where count > 0 {
        fired.insert(rule.id)
      }
    }
    #expect(fired.count > 30, "\(fired.sorted())")
    let silent = rules.metadata.map(\.id).filter { !fired.contains($0) }
    print("rules without an alert over the shipped captures: \(silent.joined(separator: ", "))")
  }

  @Test func `events that are logged again are the same lines`() throws {
    let path = TestFolders.package.appendingPathComponent("Fixtures/mixed.pcap").path
    let first = try SensorRun([path], names: ["mixed.pcap"], rules: .none, configuration: Self.allTypes())
    let replay = try ReplayRun([first.log], rules: .none, configuration: Self.allTypes())
    let isEvent = { (line: Substring) in !line.contains(#""event_type":"stats""#) }
    let before = String(decoding: first.log, as: UTF8.self).split(separator: "\n").filter(isEvent)
    let after = String(decoding: replay.log, as: UTF8.self).split(separator: "\n").filter(isEvent)
    #expect(before.count > 200)
    #expect(before == after)
  }

  // MARK: Several logs

  private func call(_ id: String, at second: Int) -> String {
    let time = "2026-03-01T22:00:\(second < 10 ? "0" : "")\(second).000000+0000"
    return #"{"timestamp":"\#(time)","event_type":"call","call":{"event":"started","id":"\#(id)"}}"#
  }

  private func ids(_ run: ReplayRun) throws -> [String] {
    try run.objects(of: "alert").compactMap { try $0.object("call")["id"] as? String }
  }

  @Test func `several logs are merged by time and keep the order of each`() throws {
    let rules = try CompiledRuleSet.compile(
      "rules:\n  - {id: a, sid: 1, title: T, event: call.started, suppress: {for: 0s}}\n")
    let first = [call("a1", at: 1), call("a5", at: 5), call("a4", at: 4), call("a9", at: 9)]
    let second = [call("b1", at: 1), call("b6", at: 6)]
    let run = try ReplayRun(
      [first, second].map { Array($0.joined(separator: "\n").utf8) }, rules: rules)
    #expect(try ids(run) == ["a1", "b1", "a5", "a4", "b6", "a9"])
  }

  @Test func `broken lines are counted, the first is named, and the others are read`() throws {
    let rules = try CompiledRuleSet.compile(
      "rules:\n  - {id: a, sid: 1, title: T, event: call.started, suppress: {for: 0s}}\n")
    let long = "{\"x\":\"" + String(repeating: "y", count: LineFile.maximumLength) + "\"}"
    let lines = [
      call("1", at: 1), "{broken", "", long, call("2", at: 2), #"{"timestamp":"x"}"#, call("3", at: 3),
    ]
    let run = try ReplayRun([Array(lines.joined(separator: "\r\n").utf8)], rules: rules)
    #expect(try ids(run) == ["1", "2", "3"])
    let counts = try #require(run.report.replay)
    #expect(counts.broken == 3 && counts.events == 3 && counts.lines == 6)
    #expect(counts.firstFault?.description.hasSuffix("/0.json:2: it is no JSON object (column 2)") == true)
  }

  // MARK: Alerts

  private func alert(sid: Int) -> String {
    #"{"timestamp":"2026-03-01T22:00:01.000000+0000","event_type":"alert","#
      + #""alert":{"signature_id":\#(sid),"severity":1,"context":{"group":{"src_ip":"192.0.2.1"}}}}"#
  }

  @Test func `logged alerts reach rules over alerts, unless their rules run and make them anew`() throws {
    let chain =
      "  - {id: chain, sid: 2, title: T, event: alert, when: alert.severity == 1, suppress: {for: 0s}}\n"
    let own = "  - {id: own, sid: 1, title: T, event: call.started, suppress: {for: 0s}}\n"
    let log = Array([alert(sid: 1), alert(sid: 7)].joined(separator: "\n").utf8)
    let alone = try ReplayRun([log], rules: .compile("rules:\n" + chain))
    #expect(alone.report.alertCount == 2)
    let logged = try alone.objects(of: "alert").compactMap { try $0.object("alert")["signature_id"] as? Int }
    #expect(logged == [2, 2])
    let both = try ReplayRun([log], rules: .compile("rules:\n" + own + chain))
    #expect(both.report.alertCount == 1)
    #expect(both.report.replay?.alerts == 1)
    let neither = try ReplayRun([log], rules: .compile("rules:\n" + own))
    #expect(neither.report.alertCount == 0)
    #expect(neither.report.replay?.alerts == 2)
  }

  // MARK: What logs lack

  @Test func `rules that need more than a log has are named with what they need`() throws {
    let rules = try CompiledRuleSet.compile(
      """
      rules:
        - {id: fine, sid: 1, title: T, event: call}
        - {id: starts, sid: 2, title: T, event: flow}
        - id: headers
          sid: 3
          title: T
          event: sip.request
          when: header["X-A"] == "b" and payload contains "c"
        - id: sizes
          sid: 4
          title: T
          event: sip
          threshold: {by: ['header["X-B"]'], within: 1s, distinct: {of: pkt_len, at_least: 2}}
        - {id: off, sid: 5, title: T, event: packet, enabled: false}
        - id: expects
          sid: 6
          title: T
          event: call.started
          absence: {by: [src_ip], within: 1s, expect: {event: packet}}

      """)
    let needs = rules.unloggedInputs.map { [rules.metadata[$0.rule].id] + $0.kinds + $0.fields }
    #expect(
      needs == [
        ["starts", "flow.started"], ["headers", "payload", "header[\"x-a\"]"],
        ["sizes", "header[\"x-b\"]", "pkt_len"], ["expects", "packet"],
      ])
  }
}

/// One replay of logs, in this process.
struct ReplayRun {
  let log: [UInt8]
  let report: RunReport

  /// Logs named `0.json`, `1.json` …
  init(
    _ logs: [[UInt8]], rules: CompiledRuleSet, configuration: SensorConfiguration? = nil
  ) throws {
    let folder = try TemporaryFolder()
    let paths = try logs.enumerated().map { try folder.write($0.element, as: "\($0.offset).json") }
    var configuration = configuration ?? SensorConfiguration()
    if configuration.loggedTypes == SensorConfiguration().loggedTypes {
      configuration.loggedTypes = [.alert, .stats]
    }
    var source = try LoggedEvents(paths)
    let sink = MemorySink()
    var replay = LogReplay(rules: rules, configuration: configuration, sinks: [sink])
    report = replay.run(&source, stop: StopFlag())
    log = sink.bytes
  }

  /// The parsed lines of one type.
  func objects(of type: String) throws -> [[String: Any]] {
    try log.split(separator: 0x0a).compactMap {
      try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any]
    }.filter { $0["event_type"] as? String == type }
  }
}
