import Capture
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

extension Mirrored {
  /// An Ethernet frame with a TCP segment to port 9060.
  static func segment(_ payload: [UInt8], sequence: UInt32, flags: UInt8 = 0x10) -> [UInt8] {
    let tcp =
      word(UInt16(40_000)) + word(UInt16(9060)) + big(sequence) + big(UInt32(1)) + [0x50, flags, 32, 0]
    let total = 40 + payload.count
    let ip = [0x45, 0] + word(UInt16(total)) + [0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 10, 192, 0, 2, 50]
    return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0] + ip + tcp + [0, 0, 0, 0] + payload
  }
}

@Suite struct MirroredPacketTests {
  static let server = CaptureBytes.Endpoint(192, 0, 2, 10, port: 40_000)
  static let collector = CaptureBytes.Endpoint(192, 0, 2, 50, port: 9060)
  static let invite = SIPText.request("INVITE", callID: "mirrored").bytes

  private func run(_ messages: [[UInt8]]) throws -> SensorRun {
    var capture = CaptureBytes()
    for (index, message) in messages.enumerated() {
      capture.add(datagram: message, from: Self.server, to: Self.collector, at: Int64(index) * 100)
    }
    return try SensorRun(capture)
  }

  private func expectOriginal(_ line: [String: Any], transport: String) throws {
    #expect(line["src_ip"] as? String == "203.0.113.5")
    #expect(line["dest_ip"] as? String == "203.0.113.6")
    #expect(line["src_port"] as? Int == 5070)
    #expect(line["dest_port"] as? Int == 5080)
    #expect(line["proto"] as? String == transport.uppercased())
    #expect(line["timestamp"] as? String == "2026-03-01T22:14:00.250000+0000")
    let tunnel = try line.object("tunnel")
    #expect(tunnel["proto"] as? String == "hep")
    #expect(tunnel["src_ip"] as? String == "192.0.2.10")
    #expect(tunnel["dest_ip"] as? String == "192.0.2.50")
    #expect(tunnel["depth"] as? Int == 1)
    let sip = try line.object("sip")
    #expect(sip["call_id"] as? String == "mirrored")
    #expect(sip["transport"] as? String == transport)
  }

  @Test func `a mirrored message is logged as the original with its own time`() throws {
    let run = try run([Mirrored.message(Self.invite)])
    let line = try #require(try run.objects(of: "sip").first)
    try expectOriginal(line, transport: "udp")
    #expect(run.report["decoder.hep"] == 1)
    let flows = try run.objects(of: "flow").compactMap { $0["app_proto"] as? String }
    #expect(flows.sorted() == ["hep", "sip"])
    #expect(!String(decoding: run.log, as: UTF8.self).contains("secret-key"))
  }

  @Test func `a message of a stream that a server mirrored needs no segments`() throws {
    let run = try run([Mirrored.message(Self.invite, transport: 6)])
    try expectOriginal(try #require(try run.objects(of: "sip").first), transport: "tcp")
    #expect(run.report["tcp.sessions"] == 0)
  }

  @Test func `a compressed payload is unpacked, a damaged or cut one is not`() throws {
    let packed = Mirrored.stored(Self.invite)
    let run = try run([Mirrored.message(packed, isCompressed: true)])
    try expectOriginal(try #require(try run.objects(of: "sip").first), transport: "udp")
    var damaged = packed
    damaged[40] ^= 1
    for bad in [damaged, Array(packed.dropLast()), [], [0x78], Self.invite] {
      let run = try self.run([Mirrored.message(bad, isCompressed: true)])
      #expect(try run.objects(of: "sip").isEmpty)
      #expect(run.report["decoder.hep"] == 0)
    }
  }

  @Test func `the versions without a magic are read, and STUN is not taken for them`() throws {
    let ends: [UInt8] = Mirrored.word(5070) + Mirrored.word(5080) + [203, 0, 113, 5, 203, 0, 113, 6]
    let clock = Mirrored.big(Mirrored.seconds) + Mirrored.big(250_000) + [0, 1, 0, 0]
    let two = try run([[2, 16, 2, 17] + ends + clock + Self.invite])
    try expectOriginal(try #require(try two.objects(of: "sip").first), transport: "udp")
    let one = try run([[1, 16, 2, 17] + ends + Self.invite])
    let line = try #require(try one.objects(of: "sip").first)
    #expect(line["src_ip"] as? String == "203.0.113.5")
    #expect(line["timestamp"] as? String == "2026-03-01T22:14:07.000000+0000")
    let stun: [UInt8] = [1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42] + Array("abcdefghijkl".utf8)
    #expect(try run([stun, [1, 16, 2, 17] + ends + [0x80, 0, 0, 1]]).report["decoder.hep"] == 0)
  }

  @Test func `HEP within HEP is not followed`() throws {
    let run = try run([Mirrored.message(Mirrored.message(Self.invite))])
    #expect(try run.objects(of: "sip").isEmpty)
    #expect(run.report["decoder.hep"] == 1)
  }

  @Test func `reports that an agent makes itself are no packets`() throws {
    let run = try run([
      Mirrored.message(Array(#"{"ssrc":1}"#.utf8), content: 5), Mirrored.message([], content: 1),
    ])
    #expect(run.report["decoder.hep"] == 0)
    #expect(run.report["flow.total"] == 1)
  }

  @Test func `an agent whose clock is far ahead is not believed`() throws {
    let run = try run([Mirrored.message(Self.invite, seconds: .max)])
    let line = try #require(try run.objects(of: "sip").first)
    #expect(line["timestamp"] as? String == "2026-03-01T22:14:07.000000+0000")
  }

  @Test(arguments: [1, 7, 100, 1000, 5000])
  func `a connection is cut into its messages wherever segments end`(size: Int) throws {
    let stream =
      Mirrored.message(Self.invite, transport: 6)
      + Mirrored.message(Mirrored.stored(Self.invite), transport: 6, isCompressed: true)
      + Mirrored.message(Self.invite, transport: 6)
    var capture = CaptureBytes()
    capture.add(frame: Mirrored.segment([], sequence: 99, flags: 2), at: 0)
    for start in stride(from: 0, to: stream.count, by: size) {
      let part = Array(stream[start..<min(start + size, stream.count)])
      capture.add(frame: Mirrored.segment(part, sequence: 100 + UInt32(start)), at: 1)
    }
    let run = try SensorRun(capture)
    let lines = try run.objects(of: "sip")
    #expect(lines.count == 3)
    for line in lines { try expectOriginal(line, transport: "tcp") }
    #expect(run.report["decoder.hep"] == 3)
  }

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `the messages of a real mirror are found between the original addresses`() throws {
    let name = "sipcapture__hep-wireshark/pcap/hep.pcap"
    let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
    let lines = try SensorRun([path], names: [name], rules: .none).objects(of: "sip")
    #expect(lines.count == 6)
    let ends = Set(lines.compactMap { $0["src_ip"] as? String })
    #expect(ends == ["192.168.1.1", "192.168.1.2"])
  }
}

@Suite struct PayloadInflaterTests {
  @Test func `what unpacks to the limit is taken, one byte more is refused`() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    let packed = Mirrored.stored(bytes)
    let fitting = PayloadInflater(maximumCount: 1000)
    let count = fitting.inflate(packed.span)
    #expect(count == 1000)
    #expect(fitting.bytes == bytes)
    let refused = PayloadInflater(maximumCount: 999).inflate(packed.span)
    #expect(refused == nil)
  }

  @Test func `a payload after a damaged one is unpacked`() {
    let inflater = PayloadInflater(maximumCount: 100)
    for bad in [[1, 2, 3, 4], []] as [[UInt8]] {
      let count = inflater.inflate(bad.span)
      #expect(count == nil)
    }
    let packed = Mirrored.stored([7, 8])
    let count = inflater.inflate(packed.span)
    #expect(count == 2)
    #expect(inflater.bytes.prefix(2) == [7, 8])
  }
}
