import Events
import Foundation
import Output
import Pipeline
import Rules
import TestCaptures
import Testing

/// What the known readers of EVE logs require of a line, held over a run with something of everything.
@Suite struct EVEContractTests {
  static let rules = """
    rules:
      - id: register-without-end
        sid: 9100001
        title: Password guessing
        event: sip.request
        when: sip.method == "REGISTER"
        threshold: {by: [client.ip, sip.to.user], within: 60s, count: {at_least: 5}}
        suppress: {by: [client.ip], for: 2s, summary: true}
        severity: high
        tags: [brute-force]
        attack: [T1110.001]
        references: ["https://example.com/a"]
        spoofable: 1
      - id: many-users
        sid: 9100002
        title: Many users
        event: sip.request
        threshold: {by: [src_ip], within: 1h, distinct: {of: sip.uri_user, at_least: 2}}
      - id: refused
        sid: 9100003
        title: Refused
        event: sip.response
        when: sip.code in 4xx
      - id: fault
        sid: 9100004
        title: Broken traffic
        event: anomaly
      - id: flow-end
        sid: 9100005
        title: A flow is over
        event: flow.ended
        severity: info

    """

  static let phone = CaptureBytes.Endpoint(192, 0, 2, 101)
  static let proxy = CaptureBytes.Endpoint(192, 0, 2, 10)

  /// Guessing, a call with a session description, broken messages and broken frames.
  static func mixedCapture() -> CaptureBytes {
    var capture = CaptureBytes()
    for number in 0..<12 {
      let (callID, branch) = ("reg-\(number)", "z9hG4bK-\(number)")
      let time = Int64(number) * 1000
      var request = SIPText.request("REGISTER", callID: callID, branch: branch)
      request.set("User-Agent", "Phone \"7\" \\ v1")
      capture.add(datagram: request.bytes, from: phone, to: proxy, at: time)
      let response = SIPText.response(401, "Unauthorized", to: "REGISTER", callID: callID, branch: branch)
      capture.add(datagram: response.bytes, from: proxy, to: phone, at: time + 10)
    }
    var invite = SIPText.request("INVITE", callID: "call", branch: "z9hG4bKcall")
    invite.startLine = "INVITE sip:carol@example.com SIP/2.0"
    invite.set("Content-Type", "application/sdp")
    invite.body = Array(
      """
      v=0\r\no=- 1 1 IN IP4 192.0.2.101\r\ns=-\r\nc=IN IP4 192.0.2.101\r\nt=0 0\r\n\
      m=audio 49170 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\n
      """.utf8)
    capture.add(datagram: invite.bytes, from: phone, to: proxy, at: 13_000)
    capture.add(datagram: invite.bytes, from: phone, to: proxy, at: 13_500)
    var broken = SIPText.request("OPTIONS", callID: "broken", branch: "z9hG4bKbroken")
    broken.set("CSeq", "x OPTIONS")
    capture.add(datagram: broken.bytes, from: phone, to: proxy, at: 14_000)
    capture.add(frame: [1, 2, 3], at: 15_000)
    capture.add(frame: Array(CaptureBytes.frame([65], from: phone, to: proxy).prefix(30)), at: 15_100)
    return capture
  }

  static func mixedRun() throws -> SensorRun {
    try SensorRun(mixedCapture(), rules: .compile(rules))
  }

  /// The same with every real capture that has SIP in it, when they are there.
  static func realRuns() throws -> [SensorRun] {
    let rules = try CompiledRuleSet.compile(rules)
    return try DeterminismTests.names.map { name in
      let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
      return try SensorRun([path], names: [name], rules: rules)
    }
  }

  @Test func `the mixed run has lines of every type that is written`() throws {
    let types = Set(try Self.mixedRun().objects().compactMap { $0["event_type"] as? String })
    #expect(types.isSuperset(of: ["alert", "anomaly", "flow", "sip", "stats"]))
  }

  @Test func `a line begins with a time stamp of six decimals and a numeric offset`() throws {
    let start = /^\{"timestamp":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000","event_type":"[a-z]+"/
    for line in try Self.mixedRun().lines { #expect(line.contains(start), "\(line)") }
  }

  @Test func `no line has a null, an empty text or more than a hundred keys in an object`() throws {
    for object in try Self.mixedRun().objects() { expectPlain(object, at: "") }
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `no line of real captures has a null, an empty text or too many keys`() throws {
    for run in try Self.realRuns() {
      for object in try run.objects() { expectPlain(object, at: "") }
    }
  }

  private func expectPlain(_ value: Any, at path: String) {
    switch value {
    case let object as [String: Any]:
      #expect(!object.isEmpty && object.count <= 100, "\(path) has \(object.count) keys")
      for (key, item) in object { expectPlain(item, at: path + "." + key) }
    case let list as [Any]:
      #expect(!list.isEmpty, "\(path) is an empty list")
      for item in list { expectPlain(item, at: path + "[]") }
    case let text as String: #expect(!text.isEmpty, "\(path) is empty")
    default: #expect(!(value is NSNull), "\(path) is null")
    }
  }

  @Test func `an alert has what EveBox reads, in the types that it reads`() throws {
    let alerts = try Self.mixedRun().objects(of: "alert")
    #expect(Set(alerts.compactMap { ($0["alert"] as? [String: Any])?["signature_id"] as? Int }).count == 5)
    for line in alerts {
      for name in ["src_ip", "dest_ip", "app_proto"] { #expect(line[name] is String, "\(name) in \(line)") }
      let alert = try line.object("alert")
      for name in ["signature", "action", "category"] { #expect(alert[name] is String, "\(name)") }
      for name in ["signature_id", "severity", "gid", "rev"] {
        #expect((alert[name] as? Int).map { $0 >= 0 } == true, "\(name)")
        #expect(!(alert[name] is String), "\(name)")
      }
    }
  }

  @Test func `the metadata of an alert are lists of texts`() throws {
    let alert = try #require(
      try Self.mixedRun().objects(of: "alert").first { line in
        (line["alert"] as? [String: Any])?["signature_id"] as? Int == 9_100_001
      })
    let metadata = try alert.object("alert").object("metadata")
    #expect(metadata["mitre_technique_id"] as? [String] == ["T1110.001"])
    #expect(metadata["tag"] as? [String] == ["brute-force"])
    for (name, value) in metadata { #expect(value is [String], "\(name)") }
  }

  @Test func `an alert carries the five-tuple of the packet that fired`() throws {
    let alert = try #require(
      try Self.mixedRun().objects(of: "alert").first { line in
        (line["alert"] as? [String: Any])?["signature_id"] as? Int == 9_100_003
      })
    #expect(alert["src_ip"] as? String == "192.0.2.10")
    #expect(alert["src_port"] as? Int == 5060)
    #expect(alert["dest_ip"] as? String == "192.0.2.101")
    #expect(alert["dest_port"] as? Int == 5060)
    #expect(alert["proto"] as? String == "UDP")
    #expect(alert["pcap_cnt"] as? Int == 2)
  }

  @Test func `requests have their request line and responses their response line`() throws {
    let messages = try Self.mixedRun().objects(of: "sip").map { try $0.object("sip") }
    #expect(messages.first?["request_line"] as? String == "REGISTER sip:bob@example.com SIP/2.0")
    #expect(messages.dropFirst().first?["response_line"] as? String == "SIP/2.0 401 Unauthorized")
    #expect(messages.dropFirst().first?["code"] as? String == "401")
    for message in messages {
      #expect((message["request_line"] == nil) != (message["response_line"] == nil))
    }
  }

  @Test func `flow ids fit into the numbers of JavaScript and are one for both directions`() throws {
    let lines = try Self.mixedRun().objects(of: "sip")
    let identifiers = Set(lines.compactMap { $0["flow_id"] as? Int })
    #expect(identifiers.count == 1)
    for identifier in identifiers { #expect((1..<1 << 51).contains(identifier)) }
    #expect(Set(lines.compactMap { $0["community_id"] as? String }).count == 1)
  }

  @Test func `no counter's name is that of a group of counters`() throws {
    let names = try SensorRun(CaptureBytes(), rules: .none).report.counters.map(\.name)
    #expect(Set(names).count == names.count)
    let groups = names.flatMap { name in
      name.indices.filter { name[$0] == "." }.map { String(name[..<$0]) }
    }
    #expect(Set(groups).isDisjoint(with: names))
  }

  @Test func `the stats line counts frames, bytes and alerts under Suricata's names`() throws {
    let capture = Self.mixedCapture()
    let run = try Self.mixedRun()
    let lines = try run.objects(of: "stats")
    #expect(lines.count == 1)
    let stats = try #require(lines.first).object("stats")
    #expect(stats["uptime"] as? Int == 15)
    #expect(try stats.object("capture")["kernel_packets"] as? Int == capture.frameCount)
    #expect(try stats.object("capture")["kernel_drops"] as? Int == 0)
    #expect(try stats.object("decoder")["pkts"] as? Int == capture.frameCount)
    #expect(
      try stats.object("decoder")["bytes"] as? Int == capture.bytes.count - 24 - 16 * capture.frameCount)
    #expect(try stats.object("detect")["alert"] as? Int == run.objects(of: "alert").count)
  }
}
