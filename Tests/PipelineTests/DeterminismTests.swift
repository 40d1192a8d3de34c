import Capture
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// The same packets give the same bytes, whatever else differs.
@Suite struct DeterminismTests {
  /// Captures with much state: many flows, fragments, tunnels, repeats, several calls.
  static let names = [
    "CESNET__ipfixprobe/tests/functional/inputs/sip.pcap",
    "MaryLS__Laborator09/sip.pcap",
    "ntop__nDPI/tests/cfgs/default/pcap/fuzz-2006-06-26-2594.pcap",
    "irontec__sngrep/tests/ipip.pcap",
    "dotpcap__packetnet/Test/CaptureFiles/udp-ip-fragmented.pcap",
    "ajbanjara__Wireshark/SampleCaptures/DTMFsipinfo.pcap",
  ]

  static let rules = """
    rules:
      - id: any-request
        sid: 9100001
        title: Requests of one client
        event: sip.request
        threshold: {by: [client.ip], within: 60s, count: {at_least: 3}}
        suppress: {by: [client.ip], for: 10s, summary: true}
      - id: many-users
        sid: 9100002
        title: Many called users
        event: sip.request
        threshold: {by: [src_ip], within: 1h, distinct: {of: sip.uri_user, at_least: 2}}
      - id: failures
        sid: 9100003
        title: A request failed
        event: sip.response
        when: sip.code in 4xx

    """

  private func run(seed: UInt64? = nil) throws -> SensorRun {
    var configuration = SensorConfiguration()
    if let seed { configuration.hashSeed = seed }
    let paths = Self.names.map { TestFolders.sharedCaptures.appendingPathComponent($0).path }
    return try SensorRun(
      paths, names: Self.names, rules: .compile(Self.rules), configuration: configuration)
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `two runs over the same captures give identical bytes`() throws {
    let first = try run()
    #expect(first.report.alertCount > 10)
    #expect(first.report["sip.requests"] > 50)
    let second = try run()
    #expect(first.log == second.log)
    #expect(first.terminal == second.terminal)
  }

  @Test(
    .enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"),
    arguments: [0, 1, 0x8000_0000_0000_0000, UInt64.max])
  func `the seed of the hash tables changes only how full they are while nothing is evicted`(seed: UInt64)
    throws
  {
    let reference = try run()
    for counter in ["flow.evicted", "sip.memory_evicted", "detect.evicted"] {
      #expect(reference.report[counter] == 0, "\(counter)")
    }
    #expect(Self.withoutFilling(try run(seed: seed).log) == Self.withoutFilling(reference.log))
  }

  /// A log without what its `stats` say of the filling of tables: where keys meet decides when a table grows, and
  /// until it does, what is over makes room.
  private static func withoutFilling(_ log: [UInt8]) -> String {
    String(decoding: log, as: UTF8.self).replacing(#/"(memuse|active)":[0-9]+/#, with: "")
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `runs side by side give the same bytes as one alone`() async throws {
    let reference = try run().log
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<3 { group.addTask { try run().log } }
      for try await log in group { #expect(log == reference) }
    }
  }
}
