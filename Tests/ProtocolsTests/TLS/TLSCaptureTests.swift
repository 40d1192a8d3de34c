import Foundation
import Packets
import Testing
import Values

@testable import Protocols

/// Reads the handshakes of captures, over TCP and over UDP.
struct SampleHandshakes {
  private(set) var clients: [String] = []
  private(set) var servers: [String] = []
  private(set) var serverNames: [String] = []
  private(set) var certificates: [String] = []
  private(set) var profiles: [UInt16] = []
  private var streams: [String: (next: UInt32, assembler: TLSHandshakeAssembler)] = [:]
  private var datagrams: [String: DTLSHandshakeAssembler] = [:]
  private var writer = TLSFingerprintWriter()

  init(_ file: String) {
    for datagram in CaptureSample.datagrams(file) where !datagram.payload.isEmpty {
      if datagram.isTCP { readSegment(datagram) } else { readDatagram(datagram) }
    }
  }

  /// Segments in order only; enough for hellos.
  private mutating func readSegment(_ segment: SampleDatagram) {
    if streams[segment.flow] == nil {
      guard TLSHandshakeAssembler.isPlausibleStart(segment.payload.span) else { return }
      streams[segment.flow] = (segment.tcpSequence, TLSHandshakeAssembler())
    }
    guard var stream = streams[segment.flow], stream.next == segment.tcpSequence else { return }
    stream.next &+= UInt32(segment.payload.count)
    var offset = 0
    while case .message(let type, let body) = stream.assembler.next(in: segment.payload.span, from: &offset) {
      let buffer = stream.assembler.buffer
      read(type, buffer, body, isDTLS: false)
    }
    streams[segment.flow] = stream
  }

  private mutating func readDatagram(_ datagram: SampleDatagram) {
    let bytes = datagram.payload
    guard DatagramClass(bytes.span) == .dtls else { return }
    var records = DTLSRecords()
    while let record = try? records.next(in: bytes.span) {
      var fragments = DTLSHandshakeFragments(record)
      while let fragment = try? fragments.next(in: bytes.span) {
        var assembler = datagrams[datagram.flow] ?? DTLSHandshakeAssembler()
        switch assembler.process(fragment, in: bytes.span) {
        case .whole(let type, let body): read(type, bytes, body, isDTLS: true)
        case .assembled(let type, let body): read(type, assembler.buffer, body, isDTLS: true)
        case .needsMore, .oversized: break
        }
        datagrams[datagram.flow] = assembler
      }
    }
  }

  private mutating func read(_ type: UInt8, _ bytes: [UInt8], _ body: ByteRange, isDTLS: Bool) {
    switch TLSHandshakeType(rawValue: type) {
    case .clientHello:
      guard let hello = try? TLSClientHello(parsing: bytes.span, body: body, isDTLS: isDTLS) else { return }
      writer.writeJA3(hello, in: bytes.span)
      clients.append(String(decoding: writer.text, as: UTF8.self))
      if let name = hello.extensions.serverName {
        serverNames.append(String(decoding: bytes[name.range], as: UTF8.self))
      }
    case .serverHello:
      guard let hello = try? TLSServerHello(parsing: bytes.span, body: body, isDTLS: isDTLS) else { return }
      writer.writeJA3S(hello, in: bytes.span)
      servers.append(String(decoding: writer.text, as: UTF8.self))
      if let profile = hello.srtpProfile(in: bytes.span) { profiles.append(profile) }
    case .certificate:
      guard var list = try? TLSCertificateList(parsing: bytes.span, body: body, isDTLS: isDTLS) else {
        return
      }
      while let range = try? list.next(in: bytes.span) { readCertificate(bytes, range) }
    default: break
    }
  }

  private mutating func readCertificate(_ bytes: [UInt8], _ range: ByteRange) {
    guard let certificate = try? X509Certificate(parsing: bytes.span, range) else { return }
    var parts = [certificate.notBefore, certificate.notAfter].map {
      $0.map { "\($0.nanoseconds / 1_000_000_000)" } ?? "-"
    }
    if let name = certificate.subject.commonName {
      parts.append(String(decoding: bytes[name.range], as: UTF8.self))
    }
    var names = X509AlternativeNames(certificate)
    while let name = names.next(in: bytes.span) {
      if name.kind == .dns { parts.append(String(decoding: bytes[name.value.range], as: UTF8.self)) }
    }
    certificates.append(parts.joined(separator: " "))
  }
}

/// Figures that tshark gives for the same files; handshakes inside of tunnels and QUIC are not read here.
@Suite(.enabled(if: CaptureSample.isAvailable, "the shared captures are not beside the package"))
struct TLSCaptureTests {
  @Test(arguments: [
    ("ntop__nDPI/tests/cfgs/default/pcap/zoom.pcap", 10, 9),
    ("stamparm__maltrail/sensor/tests/corpus/tls_sni.pcap", 2, 0),
    ("cisco__mercury/unit_tests/pcaps/sll_tls.pcap", 1, 0),
    ("cisco__mercury/unit_tests/pcaps/dtls_fragmented_client_hello.pcap", 1, 0),
    ("cisco__mercury/unit_tests/pcaps/dtls_fragmented_client_hello_partial.pcap", 1, 0),
    ("cisco__mercury/unit_tests/pcaps/dtls_interleaved_client_hello.pcap", 1, 0),
    ("ntop__nDPI/tests/cfgs/default/pcap/dtls_certificate_fragments.pcap", 4, 2),
    ("ntop__nDPI/tests/cfgs/default/pcap/dtls2.pcap", 2, 1),
    ("zeek__zeek/testing/btest/Traces/tls/dtls13-wolfssl.pcap", 2, 2),
    ("zeek__zeek/testing/btest/Traces/tls/dtls1_2.pcap", 2, 1),
    ("ajbanjara__Wireshark/SampleCaptures/snakeoil-dtls.pcap", 2, 1),
  ])
  func `hellos are those that tshark counts`(file: String, clients: Int, servers: Int) {
    let found = SampleHandshakes(file)
    #expect(found.clients.count == clients)
    #expect(found.servers.count == servers)
  }

  @Test func `a WebRTC handshake gives its profile, certificates and texts`() {
    let found = SampleHandshakes("zeek__zeek/testing/btest/Traces/tls/webrtc-stun.pcap")
    #expect(found.profiles == [1])
    #expect(found.servers == ["65279,49162,11-14-65281"])
    // 2016-05-16 23:21:54 to 2016-06-16 23:21:54, then 2014-07-30 18:41:44 to 2024-07-27 18:41:44.
    #expect(
      found.certificates == ["1463440914 1466119314 a", "1406745704 1722105704 mantis.tokbox.com"])
  }

  @Test func `a certificate spread over five datagrams gives its names`() {
    let found = SampleHandshakes("ntop__nDPI/tests/cfgs/default/pcap/dtls_certificate_fragments.pcap")
    let names = found.certificates.filter { $0.hasSuffix("*.discord.gg *.discord.gg discord.gg") }
    #expect(names.count == 1)
    #expect(found.profiles == [1])
  }

  @Test func `an older DTLS with version 0x0100 is read`() {
    let found = SampleHandshakes("ajbanjara__Wireshark/SampleCaptures/snakeoil-dtls.pcap")
    #expect(found.servers == ["256,53,"])
    #expect(found.certificates == ["1046882865 1204562865 www.snakeoil.dom"])
  }
}
