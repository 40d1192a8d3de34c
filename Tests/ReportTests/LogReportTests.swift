import Capture
import Foundation
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
    "metadata.source", "metadata.inputs", "metadata.rules", "metadata.rule_sources",
    // Texts say by how many rules.
    "blindness.statements.text",
    // A long request line is cut in the log, and its end again in the report.
    "suspicious_activity.list.line",
  ]

  /// With time stamps finer than the microseconds of the log, calls of one microsecond may change places.
  static let exemptWhenFiner: Set<String> = [
    "sessions.calls.list", "patterns.accounts.list.gap_variation", "patterns.sources.list.gap_variation",
  ]
  static let finerCaptures: Set<String> = ["invite-flood.pcap"]

  static let rules: CompiledRuleSet? = {
    let shipped = TestFolders.package.appendingPathComponent("rules").path
    return RuleSetLoader.load([shipped]).ruleSet
  }()

  @Test(arguments: ReportSchemaTests.captures)
  func `a log gives the report of its capture`(name: String) throws {
    try compare(name, try #require(Self.rules))
  }

  /// Alerts on events of each type, on a silence that is over, and on what did not happen.
  static let broadRules = """
    rules:
      - {id: each-call, sid: 8000001, title: T, event: call, suppress: {for: 0s}}
      - {id: each-registration, sid: 8000002, title: T, event: registration, suppress: {for: 0s}}
      - {id: each-stream, sid: 8000003, title: T, event: rtp, spoofable: 3, suppress: {for: 0s}}
      - {id: each-flow, sid: 8000004, title: T, event: flow.ended, suppress: {for: 0s}}
      - {id: each-anomaly, sid: 8000005, title: T, event: anomaly, severity: low, suppress: {for: 0s}}
      - id: talkers
        sid: 8000006
        title: T
        event: sip
        threshold: {by: [client.ip, sip.method], within: 10s, count: {at_least: 3}}
        suppress: {by: [client.ip], for: 5s, summary: true}
      - id: senders
        sid: 8000007
        title: T
        event: sip
        suppress: {by: [src_ip], for: 5s, summary: true}
      - id: no-answer
        sid: 8000008
        title: T
        event: sip.request
        when: sip.method == "INVITE" and not sip.retransmission
        absence: {by: [sip.call_id], within: 2s, expect: {event: sip.response, when: sip.code in 200..299}}
      - {id: over-alerts, sid: 8000009, title: T, event: alert, when: alert.rule == "each-call", suppress: {for: 0s}}

    """

  @Test(arguments: ["mixed.pcap", "register-bruteforce.pcap", "lab-toll-fraud.pcap", "malformed.pcap"])
  func `so it does for alerts of any kind`(name: String) throws {
    let loaded = RuleSetLoader.load(texts: [("rules.yaml", Self.broadRules)])
    try compare(name, try #require(loaded.ruleSet, "\(loaded.report.renderText())"))
  }

  private func compare(_ name: String, _ rules: CompiledRuleSet) throws {
    let path = TestFolders.package.appendingPathComponent("Fixtures/\(name)").path
    let folder = try TemporaryFolder()
    let log = try ReportSample.log(ofFile: path, rules, in: folder)
    let direct = try ReportSample.object(ReportSample.report(onFile: path, ruleSet: rules))
    let logged = try ReportSample.object(ReportSample.report(onLog: log))
    let exempt = Self.exempt.union(Self.finerCaptures.contains(name) ? Self.exemptWhenFiner : [])
    let differences = Self.differences(direct, logged, at: "").filter { place in
      !exempt.contains { place.hasPrefix($0 + ".") || place.hasPrefix($0 + ":") }
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
