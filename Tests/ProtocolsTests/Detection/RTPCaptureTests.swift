import Packets
import Testing
import Values

@testable import Protocols

/// RTP found by the probe alone, without SDP, against the streams that tshark finds with SDP.
@Suite(.enabled(if: CaptureSample.isAvailable, "the shared captures are not beside the package"))
struct RTPCaptureTests {
  static let files = [
    "MaryLS__Laborator09/sip.pcap", "MichalCab__ISA/sip.pcap",
    "ajbanjara__Wireshark/SampleCaptures/Asterisk_ZFONE_XLITE.pcap",
    "ajbanjara__Wireshark/SampleCaptures/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap",
    "ajbanjara__Wireshark/SampleCaptures/Mobile-Originating-Call(AMR).pcap",
    "ajbanjara__Wireshark/SampleCaptures/SIP_CALL_RTP_G711",
    "ajbanjara__Wireshark/SampleCaptures/SIP_DTMF2.cap", "ajbanjara__Wireshark/SampleCaptures/dunjic.raw",
    "ajbanjara__Wireshark/SampleCaptures/h263-over-rtp.pcap",
    "ajbanjara__Wireshark/SampleCaptures/nb6-telephone.pcap",
    "ajbanjara__Wireshark/SampleCaptures/sip-rtp-g711.pcap",
    "ajbanjara__Wireshark/SampleCaptures/sip-rtp-g722.pcap",
    "ajbanjara__Wireshark/SampleCaptures/sip-rtp-g729a.pcap",
    "ajbanjara__Wireshark/SampleCaptures/sip-rtp-gsm.pcap",
    "ajbanjara__Wireshark/SampleCaptures/sip-rtp-opus.pcap",
    "ntop__nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap",
    "ntop__nDPI/tests/cfgs/default/pcap/skinny.pcap",
  ]
  /// Every capture with UDP in which tshark finds no stream, not even with its RTP heuristic; but one, in
  /// which a call's RTP shares its ports with QUIC and tshark takes all of it for QUIC.
  static var others: [String] {
    CaptureSample.names(with: "udp:").filter { name in
      let rtp = CaptureSample.truth(name)["rtp"] as? [String: Any]
      return rtp?["streams_heuristic_count"] as? Int == 0 && !name.hasSuffix("snapchat_call_v1.pcapng")
    }
  }

  /// Packets of each stream whose flow the probe takes for RTP.
  static func streams(_ file: String) -> [String: Int] {
    var probes: [String: RTPProbe] = [:]
    var counts: [String: Int] = [:]
    for datagram in CaptureSample.datagrams(file) where !datagram.isTCP {
      _ = probes[datagram.flow, default: RTPProbe()].process(datagram.payload.span)
      guard DatagramClass(datagram.payload.span) == .rtp,
        let header = try? RTPHeader(parsing: datagram.payload.span)
      else { continue }
      counts["\(datagram.flow) \(header.ssrc)", default: 0] += 1
    }
    return counts.filter { key, _ in
      probes[key.split(separator: " ").dropLast().joined(separator: " ")]?.verdict == .rtp
    }
  }

  @Test(arguments: files)
  func `the probe finds every stream of ten packets or more`(file: String) throws {
    let found = Self.streams(file)
    let rtp = try #require(CaptureSample.truth(file)["rtp"] as? [String: Any])
    let expected = try #require(rtp["streams"] as? [[String: Any]])
    var missing: [String] = []
    for stream in expected {
      guard let packets = stream["packets"] as? Int, packets >= 10, let source = stream["src"] as? String,
        let destination = stream["dst"] as? String, let sourcePort = stream["sport"] as? Int,
        let destinationPort = stream["dport"] as? Int, let text = stream["ssrc"] as? String,
        let ssrc = UInt32(text.dropFirst(2), radix: 16)
      else { continue }
      let key = "udp \(source) \(sourcePort) \(destination) \(destinationPort) \(ssrc)"
      // After a re-INVITE to T.38 tshark takes the rest of these two streams for T.38; the bytes are RTP.
      let misread = file.contains("FAX-Call") && ssrc == 246_353_583
      if found[key] != packets, !(misread && found[key] ?? 0 > packets) {
        missing.append("\(key): \(packets), found \(found[key] ?? 0)")
      }
    }
    #expect(missing.isEmpty, "\(missing)")
  }

  @Test func `the probe finds no false stream in any other capture`() {
    let others = Self.others
    #expect(others.count > 150)
    for file in others {
      let found = Self.streams(file)
      #expect(found.isEmpty, "\(file): \(found)")
    }
  }
}
