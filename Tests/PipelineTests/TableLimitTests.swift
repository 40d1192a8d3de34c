import Foundation
import Packets
import Pipeline
import Rules
import TestCaptures
import Testing

/// Hostile input fills every table over its limit; `stats` says so, and the memory stays below its bound.
@Suite struct TableLimitTests {
  /// Limits small enough for a test.
  static var small: SensorConfiguration {
    var configuration = SensorConfiguration()
    configuration.flowLimit = 16
    configuration.streamLimit = 16
    configuration.messageMemory = 16
    configuration.streamBytes = 20_000
    configuration.tcpLimits.streams = 32
    configuration.tcpLimits.bytes = 20_000
    configuration.fragmentLimits.datagrams = 16
    configuration.fragmentLimits.bytes = 100_000
    configuration.engineLimits.totalBytes = 1
    configuration.engineLimits.bytesPerRule = 1
    return configuration
  }

  private func stats(
    _ frames: some Sequence<[UInt8]>, rules: CompiledRuleSet = .none,
    _ configuration: SensorConfiguration = small
  ) throws -> RunReport {
    try SensorRun(CaptureBytes(frames: frames), rules: rules, configuration: configuration).report
  }

  private func expectFull(_ report: RunReport, _ table: String, limit: UInt64? = nil) {
    #expect(report["\(table).evicted"] > 0, "\(table).evicted")
    if let limit { #expect(report["\(table).limit"] == limit, "\(table).limit") }
    #expect(report["\(table).memuse"] > 0, "\(table).memuse")
    let cap = report["\(table).memcap"]
    #expect(cap == 0 || report["\(table).memuse"] <= cap, "\(table).memuse")
    #expect(report["\(table).limit"] == 0 || report["\(table).active"] <= report["\(table).limit"])
  }

  @Test func `flows`() throws {
    let report = try stats((0..<200).map { HostileFrames.udp([0, 1, 2], host: $0) })
    expectFull(report, "flow", limit: 16)
    #expect(report["flow.total"] == 200)
  }

  @Test func `measures of flows that cannot be read`() throws {
    var configuration = Self.small
    configuration.flowLimit = 512
    let frames = (0..<200).flatMap { host in
      (0..<6).map { _ in HostileFrames.udp([0xf0, 1, 2], host: host) }
    }
    let report = try stats(frames, configuration)
    expectFull(report, "flow.measured", limit: 64)
    #expect(report["flow.evicted"] == 0)
  }

  @Test func `packets in the making by their number`() throws {
    let report = try stats(
      (0..<100).map { HostileFrames.ip(17, [1, 2, 3, 4, 5, 6, 7, 8], host: $0, fragmentation: 0x2001) })
    expectFull(report, "defrag", limit: 16)
    #expect(report["defrag.active"] == 16 && report["defrag.evicted"] == 84)
    #expect(report["defrag.ipv4.fragments"] == 100 && report["defrag.ipv6.fragments"] == 0)
  }

  @Test func `packets in the making by their bytes, that grow after they began`() throws {
    let begun = (0..<16).map {
      HostileFrames.ip(17, [1, 2, 3, 4, 5, 6, 7, 8], host: $0, fragmentation: 0x2000)
    }
    let grown = (0..<16).map {
      HostileFrames.ip(17, [1, 2, 3, 4, 5, 6, 7, 8], host: $0, fragmentation: 0x3ff0)
    }
    let report = try stats(begun + grown)
    expectFull(report, "defrag")
    #expect(report["defrag.memcap"] == 100_000)
  }

  @Test func `SCTP fragments and messages`() throws {
    let fragments = try stats((0..<100).map { HostileFrames.sctp(2 * $0, flags: 0) })
    expectFull(fragments, "sctp", limit: 64)
    #expect(fragments["sctp.active"] == 64)
    let messages = try stats((0..<6000).map { HostileFrames.sctp($0, flags: 3) })
    expectFull(messages, "sctp.messages", limit: 4096)
  }

  @Test func `TCP connections`() throws {
    let report = try stats((0..<100).map { HostileFrames.tcp([65], host: $0, sequence: 1) })
    #expect(report["tcp.evicted"] > 0 && report["tcp.limit"] == 32 && report["tcp.memuse"] > 0)
    #expect(report["tcp.active_sessions"] <= 32)
  }

  @Test func `TCP segments that wait for a gap`() throws {
    let segments = (0..<20).flatMap { host in
      HostileFrames.connection([], host: host)
        + (1...4).map {
          HostileFrames.tcp([UInt8](repeating: 7, count: 1000), host: host, sequence: 1000 + 2000 * $0)
        }
    }
    let report = try stats(segments)
    #expect(report["tcp.reassembly_evicted"] > 0 && report["tcp.reassembly_memcap"] == 20_000)
    #expect(report["tcp.reassembly_memuse"] <= 20_000)
  }

  @Test func `messages that streams have begun`() throws {
    let head = Array("INVITE sip:x SIP/2.0\r\nContent-Length: 5000\r\n\r\n".utf8)
    let begun = head + [UInt8](repeating: 65, count: 1200)
    let report = try stats((0..<30).flatMap { HostileFrames.connection(begun, host: $0) })
    #expect(report["app_layer.streams.evicted"] > 0 && report["app_layer.streams.memcap"] == 20_000)
    #expect(report["app_layer.streams.memuse"] <= 20_000)
  }

  @Test func `handshakes of TLS`() throws {
    var configuration = Self.small
    configuration.tcpLimits.streams = 4096
    let hello: [UInt8] = [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3]
    let report = try stats(
      (0..<1100).flatMap { HostileFrames.connection(hello, host: $0, port: 5061) }, configuration)
    #expect(report["tls.handshaking.evicted"] == 76 && report["tls.handshaking.limit"] == 1024)
  }

  @Test func `handshakes of DTLS`() throws {
    let fragment: [UInt8] = [1, 0, 0, 200, 0, 0, 0, 0, 0, 0, 0, 1, 3]
    let record: [UInt8] = [22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13] + fragment
    let report = try stats((0..<40).map { HostileFrames.udp(record, host: $0, to: 5061) })
    expectFull(report, "dtls.fragmented", limit: 16)
    #expect(report["dtls.fragmented.evicted"] == 24)
  }

  private func messages(_ count: Int, _ change: (inout SIPText, Int) -> Void) -> [[UInt8]] {
    (0..<count).map { index in
      var message = SIPText.request("REGISTER", callID: "call-\(index)", branch: "z9hG4bK\(index)")
      change(&message, index)
      return HostileFrames.udp(message.bytes, host: index)
    }
  }

  @Test func `repeats of messages and nonces`() throws {
    let report = try stats(
      messages(300) { message, index in
        message.set(
          "Authorization",
          "Digest username=\"a\", realm=\"b\", nonce=\"n\(index)\", uri=\"sip:b\", response=\"r\", nc=00000001, qop=auth"
        )
      })
    expectFull(report, "sip.repeats")
    expectFull(report, "sip.nonces")
    #expect(report["sip.memory_evicted"] == report["sip.repeats.evicted"] + report["sip.nonces.evicted"])
  }

  @Test func `RTP streams`() throws {
    let report = try stats((0..<60).flatMap { host in (1...12).map { HostileFrames.rtp($0, host: host) } })
    expectFull(report, "rtp", limit: 16)
  }

  @Test func `allocations of relays and their channels`() throws {
    let report = try stats(
      (0..<300).map { HostileFrames.udp(RelayedMediaTests.bind(0x4000), host: $0, to: 3478) })
    expectFull(report, "turn.allocations", limit: 64)
    expectFull(report, "turn.channels", limit: 64)
  }

  @Test func `announced addresses of media`() throws {
    let report = try stats(
      messages(400) { message, index in
        message.set("Content-Type", "application/sdp")
        message.body = Array(
          "v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.1.\(index / 250).\(index % 250)\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
            .utf8)
      })
    expectFull(report, "rtp.announced", limit: 64)
  }

  @Test func `windows and silences of rules`() throws {
    let rules = try CompiledRuleSet.compile(
      """
      rules:
        - id: many
          sid: 9100001
          title: Many
          event: sip
          threshold: {by: [sip.call_id], within: 1h, count: {at_least: 2}}
        - id: silent
          sid: 9100002
          title: Silent
          event: sip
          suppress: {for: 1h, by: [sip.call_id], summary: true}

      """)
    let long = String(repeating: "x", count: 500)
    let report = try stats(
      messages(3000) { message, index in message.set("Call-ID", "\(long)\(index)") }, rules: rules)
    expectFull(report, "detect")
    #expect(report["detect.window_keys"] > 0 && report["detect.memcap"] > 0)
  }
}
