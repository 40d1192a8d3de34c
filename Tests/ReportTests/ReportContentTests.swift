import Capture
import Events
import Foundation
import Pipeline
import Report
import Rules
import TestCaptures
import Testing
import Values

/// What a report says of captures whose content is known.
@Suite struct ReportContentTests {
  static let phone = CaptureBytes.Endpoint(203, 0, 113, 66)
  static let proxy = CaptureBytes.Endpoint(192, 0, 2, 10)

  /// A call that is answered after a second and ends two seconds later.
  static func add(call id: String, to capture: inout CaptureBytes, at start: Int64) {
    let branch = "z9hG4bK\(id)"
    let messages: [(SIPText, Bool, Int64)] = [
      (.request("INVITE", callID: id, branch: branch), true, 0),
      (.response(180, "Ringing", to: "INVITE", callID: id, branch: branch), false, 200),
      (.response(200, "OK", to: "INVITE", callID: id, branch: branch), false, 1000),
      (dialog("ACK", id, 1), true, 1010), (dialog("BYE", id, 2), true, 3000),
      (.response(200, "OK", to: "BYE", callID: id, branch: branch + "BYE", cseq: 2), false, 3010),
    ]
    for (message, isRequest, time) in messages {
      capture.add(
        datagram: message.bytes, from: isRequest ? phone : proxy, to: isRequest ? proxy : phone,
        at: start + time)
    }
  }

  private static func dialog(_ method: String, _ id: String, _ cseq: Int) -> SIPText {
    var message = SIPText.request(method, callID: id, branch: "z9hG4bK\(id)\(method)", cseq: cseq)
    let to = SIPText.response(200, "OK", to: method).headers.first { $0.name == "To" }
    message.set("To", to?.value ?? [])
    return message
  }

  @Test func `a call is listed with its ladder and its figures`() throws {
    var capture = CaptureBytes()
    Self.add(call: "one", to: &capture, at: 0)
    let report = try ReportSample.object(ReportSample.report(on: capture))
    let call = try #require(report.list("sessions.calls.list").first)
    #expect(call["cause"] as? String == "answered")
    #expect(call["pdd"] as? Double == 0.2)
    #expect(call["setup"] as? Double == 1)
    #expect(call["duration"] as? Double == 2)
    #expect(call["source"] as? String == "203.0.113.66:5060")
    let messages = call.list("ladder.messages")
    #expect(
      messages.map { $0["label"] as? String } == ["INVITE", "180 Ringing", "200 OK", "ACK", "BYE", "200 OK"])
    #expect(messages.map { $0["packet"] as? Int } == [1, 2, 3, 4, 5, 6])
    #expect(messages[1]["offset"] as? Double == 0.2)
    #expect(messages[1]["from"] as? String == "192.0.2.10:5060")
    #expect(report.count("statistics.calls.answered") == 1)
    #expect(report.at("statistics.calls.asr") as? Double == 1)
    #expect(report.at("statistics.pdd.p50") as? Double == 0.2)
    #expect(report.tally("statistics.methods") == ["INVITE": 1, "ACK": 1, "BYE": 1])
    #expect(report.tally("statistics.status_classes") == ["1xx": 1, "2xx": 2])
  }

  @Test func `the hours of the week are those of UTC`() throws {
    // 2026-03-01T22:14:07Z was a Sunday.
    var capture = CaptureBytes()
    Self.add(call: "one", to: &capture, at: 0)
    Self.add(call: "two", to: &capture, at: 2 * 3_600_000)
    let report = try ReportSample.object(ReportSample.report(on: capture))
    let days = try #require(report.at("patterns.hour_by_weekday") as? [[Int]])
    #expect(days[6][22] == 1 && days[0][0] == 1)
    #expect(days.flatMap { $0 }.reduce(0, +) == 2)
    let caller = try #require(report.list("patterns.sources.list").first)
    #expect(caller["attempts"] as? Int == 2 && caller["peak_hour_calls"] as? Int == 1)
    #expect(caller["mean_gap"] as? Double == 7200)
  }

  @Test func `packets that the sensor passed over are a blind spot`() throws {
    var run = ReportedRun()
    run.counters = [
      ("capture.kernel_packets", 1000), ("capture.kernel_drops", 24), ("capture.sensor_drops", 50),
      ("decoder.pkts", 950),
    ]
    let spots = try ReportSample.object(ReportBuilder().finish(run)).list("blindness.spots")
    let spot = try #require(spots.first { $0["name"] as? String == "left unread" })
    #expect(spot["count"] as? Int == 50 && spot["of"] as? Int == 1000 && spot["share"] as? Double == 0.05)
    let lost = try #require(spots.first { $0["name"] as? String == "dropped" })
    #expect(lost["count"] as? Int == 24 && lost["of"] as? Int == 1024)
  }

  @Test func `alerts are counted by rule, with evidence, and held against who asked`() throws {
    var capture = CaptureBytes()
    for number in 0..<5 {
      let message = SIPText.request("OPTIONS", callID: "c\(number)", branch: "z9hG4bK\(number)")
      capture.add(datagram: message.bytes, from: Self.phone, to: Self.proxy, at: Int64(number) * 100)
    }
    let report = try ReportSample.object(ReportSample.report(on: capture, rules: ReportSchemaTests.rules))
    let alert = try #require(report.list("suspicious_activity.list").first)
    #expect(alert["rule"] as? String == "any-request" && alert["severity"] as? String == "high")
    #expect(alert["evidence"] as? [Int] == [1, 2, 3])
    #expect(alert["entity"] as? String == "203.0.113.66")
    #expect(
      report.tally("suspicious_activity.by_severity")["high"] == report.count("suspicious_activity.total"))
    let threat = try #require(report.list("threats.list").first)
    #expect(threat["entity"] as? String == "203.0.113.66")
    #expect((threat["reasons"] as? [String])?.first?.contains("any-request") == true)
    #expect(threat["proven"] as? Bool == false)
  }

  @Test func `calls and accounts of a log know of their alerts`() throws {
    var capture = CaptureBytes()
    for number in 0..<4 { Self.add(call: "call\(number)", to: &capture, at: Int64(number) * 10_000) }
    let folder = try TemporaryFolder()
    let path = try folder.write(capture.bytes, as: "a.pcap")
    let rules = try #require(RuleSetLoader.load(texts: [("rules.yaml", ReportSchemaTests.rules)]).ruleSet)
    let log = try ReportSample.log(ofFile: path, rules, in: folder)
    let logged = try ReportSample.object(ReportSample.report(onLog: log))
    #expect(logged.count("metadata.packets") == 24)
    #expect(logged.count("sessions.calls.total") == 4)
    #expect((logged.count("suspicious_activity.total") ?? 0) > 0)
    #expect(logged.list("sessions.calls.list").contains { $0["rules"] as? [String] == ["any-request"] })
    #expect((logged.list("patterns.accounts.list").first?["alerts"] as? Int ?? 0) > 0)
    #expect(logged.at("blindness.has_counters") as? Bool == true)
    let found = try #require(logged.list("blindness.statements").first?["text"] as? String)
    #expect(found.hasSuffix(" events of the log."))
  }

  @Test func `who calls whom, when and where is in numbers`() throws {
    // 2026-03-01T22:14:07Z was a Sunday; each call begins ten minutes after the one before.
    var capture = CaptureBytes()
    for number in 0..<12 { Self.add(call: "call\(number)", to: &capture, at: Int64(number) * 600_000) }
    let report = try ReportSample.object(ReportSample.report(on: capture))
    for list in ["patterns.sources.list", "patterns.accounts.list"] {
      let party = try #require(report.list(list).first)
      #expect(party["attempts"] as? Int == 12 && party["peak_hour_calls"] as? Int == 6)
      // 22:14 to 22:54, 23:04 to 23:54, 00:04.
      #expect(party["calls_per_hour"] as? Double == 4)
      #expect(party["mean_gap"] as? Double == 600 && party["gap_variation"] as? Double == 0)
      #expect(party["night_share"] as? Double == 1)
      #expect(party["weekend_share"] as? Double == 0.916667)
      #expect(party["callees"] as? Int == 1 && party["callee_share"] as? Double == 0.083333)
      #expect(party["international_share"] as? Double == 0)
    }
    #expect(report.at("patterns.zone") as? String == "UTC")
    #expect(report.tally("patterns.night_calls_sources") == ["203.0.113.66": 12])
    #expect(report.list("patterns.multi_destination").isEmpty)
  }

  @Test func `what is beyond the limits is counted and said`() throws {
    var capture = CaptureBytes()
    for number in 0..<30 { Self.add(call: "call\(number)", to: &capture, at: Int64(number) * 4000) }
    var limits = ReportLimits()
    (limits.calls, limits.ladderMessages, limits.alerts) = (5, 2, 3)
    let made = try ReportSample.report(on: capture, rules: ReportSchemaTests.rules, limits: limits)
    #expect(try ReportSample.faults(of: made) == [])
    let report = try ReportSample.object(made)
    #expect(report.count("sessions.calls.total") == 30)
    #expect(report.count("sessions.calls.shown") == 5)
    #expect(report.count("sessions.calls.left_out") == 25)
    #expect(report.list("sessions.calls.list").first?.count("ladder.left_out") == 4)
    #expect(
      report.list("suspicious_activity.list").count == min(3, report.count("suspicious_activity.total") ?? 0))
    #expect(report.count("statistics.calls.started") == 30)
    let left = report.list("blindness.spots").first { $0["name"] as? String == "left out of the lists" }
    #expect((left?["count"] as? Int ?? 0) >= 25)
    #expect(made.renderHTML().contains("25 more calls are not listed, but counted in all sums."))
  }

  @Test func `an answered call with an alert stays when a flood of others comes`() throws {
    var capture = CaptureBytes()
    Self.add(call: "good", to: &capture, at: 0)
    for number in 0..<200 {
      let message = SIPText.request("INVITE", callID: "flood\(number)", branch: "z9hG4bKf\(number)")
      capture.add(datagram: message.bytes, from: Self.phone, to: Self.proxy, at: 5000 + Int64(number))
    }
    var limits = ReportLimits()
    limits.calls = 4
    let report = try ReportSample.object(ReportSample.report(on: capture, limits: limits))
    #expect(report.list("sessions.calls.list").contains { $0["call_id"] as? String == "good" })
    #expect(report.count("sessions.calls.total") == 201)
  }
}
