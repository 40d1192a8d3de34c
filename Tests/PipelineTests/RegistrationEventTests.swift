import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// From packets to `registration` and `transaction` lines and to alerts.
@Suite struct RegistrationEventTests {
  static let phone = CaptureBytes.Endpoint(192, 0, 2, 101, port: 5062)
  static let guesser = CaptureBytes.Endpoint(198, 51, 100, 23)
  static let registrar = CaptureBytes.Endpoint(192, 0, 2, 10)

  /// Messages of one account between a client and the registrar.
  struct Wire {
    var capture = CaptureBytes()

    mutating func ask(
      _ cseq: Int, of client: CaptureBytes.Endpoint = phone, callID: String = "reg", password: Bool = false,
      expires: Int = 60, at milliseconds: Int64
    ) {
      let branch = "z9hG4bK-\(callID)-\(cseq)"
      var request = SIPText.request("REGISTER", callID: callID, branch: branch, cseq: cseq)
      request.set("From", "<sip:bob@example.com>;tag=1928301774")
      let contact = callID.hasPrefix("guess") ? "<sip:bob@198.51.100.23>" : "<sip:bob@192.0.2.101:5062>"
      request.set("Contact", "\(contact);expires=\(expires)")
      request.set("User-Agent", "Phone 7")
      if password {
        request.set(
          "Authorization", #"Digest username="bob", realm="r", nonce="n", uri="sip:e", response="0123""#)
      }
      capture.add(datagram: request.bytes, from: client, to: registrar, at: milliseconds)
    }

    mutating func answer(
      _ code: Int, _ cseq: Int, to client: CaptureBytes.Endpoint = phone, callID: String = "reg",
      challenge: String? = nil, contact: String? = nil, at milliseconds: Int64
    ) {
      var response = SIPText.response(
        code, "Words", to: "REGISTER", callID: callID, branch: "z9hG4bK-\(callID)-\(cseq)", cseq: cseq)
      response.set("From", "<sip:bob@example.com>;tag=1928301774")
      response.headers.removeAll { $0.name == "Contact" }
      if let challenge { response.set("WWW-Authenticate", challenge) }
      if let contact { response.set("Contact", contact) }
      capture.add(datagram: response.bytes, from: registrar, to: client, at: milliseconds)
    }

    /// Something else, so that time passes.
    mutating func tick(at milliseconds: Int64) {
      capture.add(datagram: [0, 0, 0, 0], from: phone, to: registrar, at: milliseconds)
    }

    /// Tries a password that is wrong.
    mutating func guess(_ number: Int, at milliseconds: Int64) {
      let callID = "guess-\(number)"
      ask(1, of: guesser, callID: callID, at: milliseconds)
      answer(401, 1, to: guesser, callID: callID, challenge: Self.challenge, at: milliseconds + 10)
      ask(2, of: guesser, callID: callID, password: true, at: milliseconds + 20)
      answer(401, 2, to: guesser, callID: callID, challenge: Self.challenge, at: milliseconds + 30)
    }

    static let challenge = #"Digest realm="r", nonce="n""#
  }

  /// The outcomes of a run.
  private func outcomes(_ wire: Wire) throws -> [[String: Any]] {
    try SensorRun(wire.capture).objects(of: "registration")
  }

  @Test func `an outcome is about the packet of the response, with client and server`() throws {
    var wire = Wire()
    wire.ask(1, at: 0)
    wire.answer(401, 1, challenge: Wire.challenge, at: 10)
    wire.ask(2, password: true, at: 20)
    wire.answer(200, 2, contact: "<sip:bob@192.0.2.101:5062>;expires=45", at: 30)
    let lines = try outcomes(wire)
    #expect(lines.count == 2)
    let line = try #require(lines.last)
    #expect(line["timestamp"] as? String == "2026-03-01T22:14:07.030000+0000")
    #expect(line["src_ip"] as? String == "192.0.2.10" && line["dest_ip"] as? String == "192.0.2.101")
    #expect(line["dest_port"] as? Int == 5062 && line["pcap_cnt"] as? Int == 4)
    #expect(line["app_proto"] as? String == "sip" && line["flow_id"] is Int)
    #expect(try line.object("client")["ip"] as? String == "192.0.2.101")
    #expect(try line.object("server")["ip"] as? String == "192.0.2.10")
    let registration = try line.object("registration")
    #expect(registration["event"] as? String == "registered")
    #expect(registration["aor"] as? String == "bob@example.com")
    #expect(registration["contact"] as? String == "sip:bob@192.0.2.101:5062")
    #expect(registration["expires"] as? Int == 45 && registration["attempts"] as? Int == 2)
    #expect(registration["user_agent"] as? String == "Phone 7")
    #expect(registration["auth_user"] as? String == "bob" && registration["code"] as? Int == 200)
    #expect(registration["call_id"] as? String == "reg")
    #expect(registration["third_party"] as? Bool == false)
    for absent in ["reason", "source_changed", "contact_changed", "previous_source"] {
      #expect(registration[absent] == nil, "\(absent)")
    }
  }

  @Test func `401, 423 and a stale nonce are no failures`() throws {
    var wire = Wire()
    wire.ask(1, password: true, at: 0)
    wire.answer(401, 1, challenge: Wire.challenge + ", stale=true", at: 10)
    wire.ask(2, password: true, expires: 5, at: 20)
    wire.answer(423, 2, at: 30)
    wire.ask(3, password: true, at: 40)
    wire.answer(200, 3, at: 50)
    let events = try outcomes(wire).map { try $0.object("registration")["event"] as? String }
    #expect(events == ["challenged", "registered"])
  }

  @Test func `silence has the addresses of the last REGISTER and the time of its deadline`() throws {
    var wire = Wire()
    wire.ask(1, at: 0)
    wire.answer(200, 1, at: 100)
    wire.ask(1, of: Self.guesser, callID: "other", at: 200)
    wire.answer(401, 1, to: Self.guesser, callID: "other", challenge: Wire.challenge, at: 300)
    wire.tick(at: 31_000)
    wire.tick(at: 90_000)
    let lines = try outcomes(wire)
    #expect(lines.count == 4)
    let (unanswered, expired) = (lines[2], lines[3])
    #expect(unanswered["timestamp"] as? String == "2026-03-01T22:14:39.300000+0000")
    #expect(unanswered["src_ip"] as? String == "198.51.100.23" && unanswered["flow_id"] is Int)
    #expect(try unanswered.object("registration")["reason"] as? String == "challenge-unanswered")
    #expect(expired["timestamp"] as? String == "2026-03-01T22:15:07.100000+0000")
    #expect(expired["src_ip"] as? String == "192.0.2.101" && expired["dest_port"] as? Int == 5060)
    #expect(expired["proto"] as? String == "UDP" && expired["direction"] as? String == "to_server")
    #expect(try expired.object("registration")["event"] as? String == "expired")
    #expect(try expired.object("client")["port"] as? Int == 5062)
  }

  @Test func `the end of the input is no time-out`() throws {
    var wire = Wire()
    wire.ask(1, at: 0)
    wire.answer(200, 1, at: 100)
    wire.ask(1, of: Self.guesser, callID: "other", at: 200)
    #expect(try outcomes(wire).count == 1)
    var configuration = SensorConfiguration()
    configuration.loggedTypes = [.transaction]
    let run = try SensorRun(wire.capture, configuration: configuration)
    #expect(try run.objects(of: "transaction").count == 1)
  }

  @Test func `rules count failures, and a success behind them says how many tries it took`() throws {
    var wire = Wire()
    wire.ask(1, at: 0)
    wire.answer(200, 1, at: 10)
    for number in 0..<6 { wire.guess(number, at: Int64(number) * 1000 + 1000) }
    wire.ask(3, of: Self.guesser, callID: "guess-6", password: true, at: 10_000)
    wire.answer(200, 3, to: Self.guesser, callID: "guess-6", at: 10_010)
    let rules = try CompiledRuleSet.compile(
      """
      rules:
        - id: wrong-passwords
          sid: 9200001
          title: Wrong passwords
          event: registration.failed
          when: registration.reason == "bad-credentials"
          threshold: {by: [client.ip, registration.aor], within: 60s, count: {at_least: 5}}
          suppress: {by: [client.ip], for: 10m}
        - id: cracked
          sid: 9200002
          title: The right password after many wrong ones
          event: registration.registered
          when: registration.attempts > 10 and registration.source_changed
        - id: slow
          sid: 9200003
          title: A transaction failed
          event: transaction
          when: transaction.method == "REGISTER" and transaction.code == 401 and transaction.duration < 1s
          suppress: {by: [client.ip], for: 10m}

      """)
    let run = try SensorRun(wire.capture, rules: rules)
    let alerts = try run.objects(of: "alert")
    let sids = try alerts.map { try $0.object("alert")["signature_id"] as? Int }
    #expect(sids.sorted { ($0 ?? 0) < ($1 ?? 0) } == [9_200_001, 9_200_002, 9_200_003])
    for alert in alerts {
      #expect(alert["src_ip"] is String && alert["app_proto"] as? String == "sip")
    }
    let cracked = try #require(
      try alerts.first { try $0.object("alert")["signature_id"] as? Int == 9_200_002 })
    let registration = try cracked.object("registration")
    #expect(registration["attempts"] as? Int == 13)
    #expect(registration["previous_source"] as? String == "192.0.2.101")
    #expect(run.report["registrations.failed"] == 6)
    #expect(run.report["registrations.limit"] == 65_536)
    #expect(run.report["registrations.memuse"] > 0)
    #expect(run.report["transactions.total"] == 14 && run.report["transactions.finished"] == 14)
  }

  @Test func `transactions are followed only where somebody asks for them`() throws {
    var wire = Wire()
    wire.ask(1, at: 0)
    wire.ask(1, at: 500)
    wire.answer(200, 1, at: 1500)
    let silent = try SensorRun(wire.capture)
    #expect(try silent.objects(of: "transaction").isEmpty)
    #expect(silent.report["transactions.total"] == 0)
    var configuration = SensorConfiguration()
    configuration.loggedTypes = [.transaction]
    let lines = try SensorRun(wire.capture, configuration: configuration).objects(of: "transaction")
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(line["src_ip"] as? String == "192.0.2.101" && line["dest_ip"] as? String == "192.0.2.10")
    #expect(line["timestamp"] as? String == "2026-03-01T22:14:08.500000+0000")
    let transaction = try line.object("transaction")
    #expect(transaction["method"] as? String == "REGISTER" && transaction["code"] as? Int == 200)
    #expect(transaction["duration"] as? Double == 1.5 && transaction["timed_out"] as? Bool == false)
    #expect(transaction["retransmissions"] as? Int == 1 && transaction["call_id"] as? String == "reg")
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `a scan that found a password tells its story`() throws {
    let name = "CESNET__ipfixprobe/tests/functional/inputs/sip.pcap"
    let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
    let run = try SensorRun([path], names: [name], rules: .none)
    let events = try run.objects(of: "registration").map { try $0.object("registration") }
    let failed = events.filter { $0["event"] as? String == "failed" }
    #expect(!failed.isEmpty)
    #expect(failed.allSatisfy { $0["reason"] as? String == "bad-credentials" })
    #expect(events.contains { $0["event"] as? String == "registered" })
  }

  @Test func `requests whose answers nobody could see are forgotten, once`() throws {
    var wire = Wire()
    wire.ask(1, at: 0)
    // Another host lets time pass; the phone asks again under the same Call-ID.
    wire.ask(1, of: Self.guesser, callID: "guess", at: 40_000)
    wire.ask(2, at: 41_000)
    wire.ask(2, of: Self.guesser, callID: "guess", at: 80_000)
    wire.answer(403, 2, to: Self.guesser, callID: "guess", at: 80_100)
    wire.ask(3, of: Self.guesser, callID: "guess", at: 120_000)
    wire.answer(403, 3, to: Self.guesser, callID: "guess", at: 120_100)
    let run = try SensorRun(wire.capture)
    #expect(run.report["registrations.pending"] == 0)
    #expect(run.report["registrations.failed"] == 2)
  }
}
