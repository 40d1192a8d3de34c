import Packets
import Testing

@testable import Protocols

@Suite(.enabled(if: CaptureSample.isAvailable, "the shared captures are not beside the package"))
struct RTCPCaptureTests {
  /// Packets by type out of all datagrams that the classifier takes for RTCP.
  static func types(_ file: String) -> [String: Int] {
    var types: [String: Int] = [:]
    for datagram in CaptureSample.datagrams(file) where !datagram.isTCP {
      let bytes = datagram.payload
      guard PayloadClassifier.datagram(bytes.span, isSIP: false) == .rtcp,
        var compound = try? RTCPCompound(parsing: bytes.span)
      else { continue }
      // Of an encrypted one only the first type can be read, here and by tshark.
      if compound.protection == .encrypted { types["\(compound.firstType)", default: 0] += 1 }
      while let packet = compound.next(in: bytes.span) { types["\(packet.type)", default: 0] += 1 }
    }
    return types
  }

  @Test(arguments: [
    "MaryLS__Laborator09/sip.pcap", "ajbanjara__Wireshark/SampleCaptures/Asterisk_ZFONE_XLITE.pcap",
    "ajbanjara__Wireshark/SampleCaptures/Mobile-Originating-Call(AMR).pcap",
    "ajbanjara__Wireshark/SampleCaptures/aaa.pcap", "ajbanjara__Wireshark/SampleCaptures/dunjic.raw",
    "dotpcap__packetnet/Test/CaptureFiles/ipv6_rtcp1.pcap",
    "dotpcap__packetnet/Test/CaptureFiles/ipv6_rtcp2.pcap",
    "ntop__nDPI/tests/cfgs/default/pcap/rtcp_multiple_pkts_in_the_same_datagram.pcap",
    "ajbanjara__Wireshark/SampleCaptures/SIP_CALL_RTP_G711",
  ])
  func `packet types are those that tshark counts`(file: String) throws {
    let rtp = try #require(CaptureSample.truth(file)["rtp"] as? [String: Any])
    var expected = try #require(rtp["rtcp_packet_types"] as? [String: Int])
    // Two compounds of a second leg, on ports that no SDP names, are only data to tshark.
    if file.hasSuffix("SIP_CALL_RTP_G711") { expected = expected.mapValues { $0 + 2 } }
    #expect(Self.types(file) == expected)
  }

  @Test(arguments: [
    "ntop__nDPI/tests/cfgs/default/pcap/stun_signal.pcapng",
    "ntop__nDPI/tests/cfgs/default/pcap/lru_ipv6_caches.pcapng",
    "ntop__nDPI/tests/cfgs/default/pcap/snapchat_call.pcapng",
  ])
  func `encrypted reports give no packets`(file: String) {
    let reports = CaptureSample.datagrams(file).filter {
      DatagramClass($0.payload.span) == .rtcp && !$0.isTCP
    }
    let compounds = reports.compactMap { try? RTCPCompound(parsing: $0.payload.span) }
    #expect(compounds.count >= 20)
    #expect(compounds.filter { $0.protection != .encrypted }.count == 0)
  }
}
