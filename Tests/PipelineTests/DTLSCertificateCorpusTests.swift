import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// The certificates of real DTLS handshakes are those that another program finds.
@Suite struct DTLSCertificateCorpusTests {
  /// The frame that completes each certificate, and the beginning of its SHA-1, both by the other program.
  static let certificates: [(String, [String])] = [
    ("ajbanjara__Wireshark/SampleCaptures/snakeoil-dtls.pcap", ["4 10991099"]),
    ("ntop__nDPI/tests/cfgs/default/pcap/dtls2.pcap", ["4 ab590e11"]),
    (
      "ntop__nDPI/tests/cfgs/default/pcap/dtls_certificate_fragments.pcap",
      ["5 2f5f3393", "24 0ca245e6", "25 ec8e9941"]
    ),
    ("ntop__nDPI/tests/cfgs/default/pcap/stun.pcap", ["166 6cd09a70", "167 656f2719"]),
    ("ntop__nDPI/tests/cfgs/default/pcap/stun_dtls_rtp.pcapng", ["4 afddbff5", "6 20192148", "10 20192148"]),
    ("zeek__zeek/testing/btest/Traces/tls/dtls1_0.pcap", ["6 fa6d7806"]),
    ("zeek__zeek/testing/btest/Traces/tls/dtls1_2.pcap", ["10 1cb43b5f"]),
    ("zeek__zeek/testing/btest/Traces/tls/webrtc-stun.pcap", ["11 62ccdfe9", "13 309a2a98"]),
  ]

  @Test(
    .enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"), arguments: certificates)
  func `certificates come out of the same frames with the same digest`(
    name: String, expected: [String]
  ) throws {
    let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
    let run = try SensorRun([path], names: [name], rules: .none)
    let found = try run.objects(of: "dtls").compactMap { line -> String? in
      let dtls = try line.object("dtls")
      guard dtls["handshake"] as? String == "certificate" else { return nil }
      let digest = (dtls["fingerprint"] as? String ?? "").replacing(":", with: "")
      return "\(line["pcap_cnt"] as? Int ?? 0) \(digest.prefix(8))"
    }
    #expect(found == expected)
  }
}
