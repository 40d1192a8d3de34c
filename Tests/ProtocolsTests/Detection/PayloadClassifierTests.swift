import Packets
import Testing

@testable import Protocols

struct PayloadClassifierTests {
  static func datagram(
    _ bytes: [UInt8], isSIP: Bool = false, rtp: RTPProbe.Verdict = .undecided
  )
    -> AppProtocol
  {
    PayloadClassifier.datagram(bytes.span, isSIP: isSIP, rtp: rtp)
  }

  static func stream(_ bytes: [UInt8], isSIP: Bool = false) -> AppProtocol {
    PayloadClassifier.stream(bytes.span, isSIP: isSIP)
  }

  @Test(
    arguments: [
      ("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n", .ssdp),
      ("NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\n\r\n", .ssdp),
      ("HTTP/1.1 200 OK\r\nEXT:\r\nST: upnp:rootdevice\r\n\r\n", .ssdp),
      ("HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", .http), ("GET /index.html HTTP/1.1\r\n\r\n", .http),
      ("NOTIFY /a HTTP/1.1\r\n\r\n", .http), ("get / HTTP/1.1\r\n\r\n", .unknown),
      ("OPTIONS rtsp://cam/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n", .rtsp), ("RTSP/1.0 200 OK\r\n\r\n", .rtsp),
      ("GET_PARAMETER rtsp://cam/1 RTSP/2.0\r\n", .rtsp),
      ("RSIP 1218 aaln/0@CP2 MGCP 1.0 NCS\nRM: x\n", .mgcp),
      ("200 1203 OK\r\n", .mgcp), ("400 1218\n", .mgcp), ("2000 1203 OK\r\n", .unknown),
      ("200 OK\r\n", .unknown),
      ("200 1234567890 OK\r\n", .unknown), ("RSIP 1218 aaln/0@CP2 HTTP 1.0\n", .unknown),
      ("MEGACO/1 [192.0.2.1]:2944\nTransaction = 1 {", .megaco), ("!/1 <gw> T=555282713{C=-{}}", .megaco),
      ("OPTIONS sip:a@b SIP/2.0\r\n\r\n", .unknown), ("hello world\r\n", .unknown), ("\r\n\r\n", .unknown),
    ] as [(String, AppProtocol)])
  func `text protocols are told by their first line`(text: String, expected: AppProtocol) {
    #expect(Self.datagram(Array(text.utf8)) == expected)
  }

  @Test func `SIP is what its detector says`() {
    let bytes = Array("M-SEARCH * HTTP/1.1\r\n\r\n".utf8)
    #expect(Self.datagram(bytes, isSIP: true) == .sip)
    #expect(Self.stream(bytes, isSIP: true) == .sip)
  }

  @Test(
    arguments: [
      // A query, the same with another class, a response, a NetBIOS query, multicast DNS.
      ("2100 0100 0001 0000 0000 0000 03777777 00 0001 0001", .dns),
      ("2100 0100 0001 0000 0000 0000 03777777 00 0001 0007", .unknown),
      ("9a01 8180 0001 0001 0000 0000 0161 00 0001 0001 c00c 0001 0001 00000001 0004 c0000201", .dns),
      (
        "0001 0110 0001 0000 0000 0000 20 " + String(repeating: "4143", count: 16) + " 00 0020 0001", .unknown
      ),
      ("0000 8400 0000 0001 0000 0000 0161 00 0001 8001 00000078 0004 c0000201", .dns),
      ("0000 8400 0000 0001 0000 0000 0161 00 0001 8001 00000078 0005 c0000201", .unknown),
      ("2100 0100 0001 0000 0000 0000 03777777 00 0001 0001 00", .unknown),
      ("2100 0140 0001 0000 0000 0000 03777777 00 0001 0001", .unknown),
    ] as [(String, AppProtocol)])
  func `DNS is told by its header, first name and class`(text: String, expected: AppProtocol) {
    #expect(Self.datagram(WireSample.hex(text)) == expected)
  }

  @Test(
    arguments: [
      ("8001 0000 00000000 00 00 06 01 0b02 0002 0600", .iax2), ("8001 0005 00000010 01 01 06 04", .iax2),
      ("8001 0000 00000010 01 01 06 04", .unknown), ("8001 0005 00000010 01 01 06 04 ff01", .unknown),
      ("8001 0000 00000000 00 00 06 01 0602 6162", .unknown), ("8000 0005 00000010 01 01 06 04", .unknown),
    ] as [(String, AppProtocol)])
  func `IAX2 is told by control frames that end with the datagram`(text: String, expected: AppProtocol) {
    #expect(Self.datagram(WireSample.hex(text)) == expected)
  }

  @Test func `media protocols are told by their parsers`() {
    #expect(Self.datagram(STUNSample.request) == .stun)
    #expect(Self.datagram(ZRTPTests.acknowledgement) == .zrtp)
    #expect(Self.datagram(DTLSSample.record(DTLSSample.fragment(1, DTLSSample.hello))) == .dtls)
    #expect(Self.datagram(RTCPSample.compound) == .rtcp)
    #expect(Self.datagram(RTCPSample.compound + [0, 0]) == .rtcp)
    #expect(Self.datagram(RTPHeaderTests.plain) == .unknown)
    #expect(Self.datagram(RTPHeaderTests.plain, rtp: .rtp) == .rtp)
    #expect(Self.datagram(WireSample.hex("c3 00000001 08 0102030405060708 00 00 4400 00000000")) == .quic)
  }

  @Test func `channel data must relay media or its set-up`() {
    let relayed = WireSample.hex("4001") + TLSSample.vector16(RTPHeaderTests.plain)
    #expect(Self.datagram(relayed) == .turn)
    // A GTPv2 message has the same header, and its length fits.
    #expect(Self.datagram(WireSample.hex("4820 0010 00000000 4b546200 0100080089674511")) == .unknown)
  }

  @Test func `what begins like DTLS 1.3 is no DTLS by itself`() {
    // An SNMP message and a GTP header begin with the same bits as the short header.
    #expect(
      Self.datagram(WireSample.hex("302902010004067075626c6963") + [UInt8](repeating: 1, count: 40))
        == .unknown)
    #expect(
      Self.datagram(WireSample.hex("30ff0020 00000001") + [UInt8](repeating: 0x45, count: 32)) == .unknown)
  }

  @Test func `streams are told by their first bytes`() {
    #expect(Self.stream(TLSHandshakeAssemblerTests.stream, isSIP: false) == .tls)
    #expect(Self.stream(STUNSample.request, isSIP: false) == .stun)
    #expect(Self.stream(Array("GET / HTTP/1.1\r\n".utf8), isSIP: false) == .http)
    #expect(Self.stream([UInt8](), isSIP: false) == .unknown)
  }

  @Test func `every protocol has its own name`() {
    let names = AppProtocol.allCases.map(\.name.description)
    #expect(Set(names).count == names.count)
  }

  @Test func `mutated payloads never trap`() {
    let texts = [
      "M-SEARCH * HTTP/1.1\r\nST: a\r\n\r\n", "HTTP/1.1 200 OK\r\nUSN: x\r\n\r\n", "RSIP 1 a MGCP 1.0\n",
    ].map { Array($0.utf8) }
    let binary = [
      "2100 0100 0001 0000 0000 0000 03777777 00 0001 0001", "8001 0000 00000000 00 00 06 01 0b02 0002 0600",
      "c3 00000001 08 0102030405060708 00 00 4400 00000000",
    ].map(WireSample.hex)
    let samples =
      texts + binary + STUNSample.all + RTCPSample.all + [UDPTLTests.data, ZRTPTests.acknowledgement]
    feedMutations("classifier", seed: 7983, of: samples) { bytes in
      _ = PayloadClassifier.datagram(bytes, isSIP: false, rtp: .rtp)
      _ = PayloadClassifier.stream(bytes, isSIP: false)
    }
  }
}

@Suite(.enabled(if: CaptureSample.isAvailable, "the shared captures are not beside the package"))
struct PayloadClassifierCaptureTests {
  static func counts(_ file: String) -> [AppProtocol: Int] {
    var counts: [AppProtocol: Int] = [:]
    var probes: [String: RTPProbe] = [:]
    for datagram in CaptureSample.datagrams(file) where !datagram.isTCP {
      let rtp = probes[datagram.flow, default: RTPProbe()].process(datagram.payload.span)
      counts[PayloadClassifier.datagram(datagram.payload.span, isSIP: false, rtp: rtp), default: 0] += 1
    }
    return counts
  }

  @Test(
    arguments: [
      ("ajbanjara__Wireshark/SampleCaptures/aaa.pcap", .dns),
      ("ajbanjara__Wireshark/SampleCaptures/SIP_CALL_RTP_G711", .mgcp),
      ("ajbanjara__Wireshark/SampleCaptures/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", .megaco),
      ("ntop__nDPI/tests/cfgs/default/pcap/wa_video.pcap", .ssdp),
      ("ajbanjara__Wireshark/SampleCaptures/Asterisk_ZFONE_XLITE.pcap", .zrtp),
      ("zeek__zeek/testing/btest/Traces/tls/webrtc-stun.pcap", .dtls),
      ("zeek__zeek/testing/btest/Traces/tls/webrtc-stun.pcap", .stun),
      ("cisco__mercury/unit_tests/pcaps/emix.pcap", .dtls),
    ] as [(String, AppProtocol)])
  func `counts are those of tshark`(file: String, expected: AppProtocol) throws {
    let truth = try #require(CaptureSample.truth(file)["protocol_frames"] as? [String: Int])
    #expect(Self.counts(file)[expected] == truth[expected.name.description])
  }

  @Test func `every HEP datagram is found and nothing else in the file`() {
    #expect(Self.counts("sipcapture__hep-wireshark/pcap/hep.pcap") == [.hep: 8])
  }

  @Test func `GTP is nothing that a VoIP monitor knows`() {
    #expect(Set(Self.counts("ntop__nDPI/tests/cfgs/default/pcap/gtp_c.pcap").keys) == [.unknown])
    #expect(Set(Self.counts("arkime__arkime/tests/pcap/gtp-u.pcap").keys) == [.unknown])
  }
}
