import Capture
import Events
import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing

/// The RTP streams of real captures are those that another program lists.
@Suite struct StreamCorpusTests {
  /// A stream as both sides know it.
  struct Stream: Hashable, CustomStringConvertible {
    var source: String
    var destination: String
    var ssrc: Int
    var packets: Int

    var name: String { "\(source) > \(destination) \(String(ssrc, radix: 16))" }
    var description: String { "\(name): \(packets)" }
  }

  /// The reference's list.
  struct Truth: Decodable {
    struct RTP: Decodable {
      var streams: [Entry]
    }

    struct Entry: Decodable {
      var src: String
      var sport: Int
      var dst: String
      var dport: Int
      var ssrc: String
      var packets: Int
    }

    var rtp: RTP?

    static func streams(of name: String) throws -> [Stream] {
      let file = "truth/" + name.replacingOccurrences(of: "/", with: "__") + ".json"
      let data = try Data(contentsOf: TestFolders.sharedCaptures.appendingPathComponent(file))
      return (try JSONDecoder().decode(Truth.self, from: data).rtp?.streams ?? []).map { entry in
        Stream(
          source: "\(entry.src):\(entry.sport)", destination: "\(entry.dst):\(entry.dport)",
          ssrc: Int(entry.ssrc.dropFirst(2), radix: 16) ?? -1, packets: entry.packets)
      }
    }
  }

  /// A stream of the reference that we count otherwise, with our number of packets, and why.
  struct Difference {
    let file: String
    let stream: String
    let packets: [Int]
    let reason: String
  }

  /// The reference takes the ports for T.38 from the re-INVITE on and counts no RTP there; the bytes are RTP.
  static let faxReason = "RTP that the reference takes for T.38 once a re-INVITE has offered it"

  static let explained: [Difference] = [
    Difference(
      file: "ajbanjara__Wireshark/SampleCaptures/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", stream: faxStream,
      packets: [3848], reason: faxReason),
    Difference(
      file: "ntop__nDPI/tests/cfgs/default/pcap/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap", stream: faxStream,
      packets: [126, 33], reason: faxReason + "; a silence of more than 30 s makes two streams of it"),
  ]

  private static let faxStream = "10.35.60.100:15580 > 10.23.1.52:16756 eaf0eaf"

  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `streams of ten packets or more are those that the reference lists`() throws {
    var (total, equal) = (0, 0)
    for name in try TestFolders.sharedCaptureNames() {
      let expected = try Truth.streams(of: name).filter { $0.packets >= 10 }
      guard !expected.isEmpty else { continue }
      let counted = try streams(of: name)
      for stream in expected {
        total += 1
        if counted.contains(stream) {
          equal += 1
          continue
        }
        let ours = counted.filter { $0.name == stream.name }.map(\.packets)
        let difference = Self.explained.first { $0.file == name && $0.stream == stream.name }
        #expect(difference?.packets == ours, "\(name) \(stream), not \(ours)")
      }
    }
    #expect(total >= 35 && total - equal == Self.explained.count)
    #expect(equal >= 33, "\(equal) of \(total)")
  }

  private func streams(of name: String) throws -> [Stream] {
    var configuration = SensorConfiguration()
    configuration.loggedTypes = [.rtp]
    configuration.flowLimit = 1 << 14
    configuration.streamLimit = 1 << 12
    configuration.messageMemory = 1 << 12
    let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
    let run = try SensorRun([path], names: [name], rules: .none, configuration: configuration)
    return try run.objects().compactMap { line in
      let rtp = try line.object("rtp")
      guard rtp["event"] as? String == "ended" else { return nil }
      return Stream(
        source: "\(line["src_ip"] as? String ?? ""):\(line["src_port"] as? Int ?? 0)",
        destination: "\(line["dest_ip"] as? String ?? ""):\(line["dest_port"] as? Int ?? 0)",
        ssrc: rtp["ssrc"] as? Int ?? -1, packets: rtp["packets"] as? Int ?? 0)
    }
  }
}
