import Capture
import Events
import Foundation
import Packets
import Pipeline
import Rules
import TestCaptures
import Testing
import Tracking
import Values

/// The classification of unreadable traffic over real traffic whose nature is known, because it is not
/// encrypted: its flows are measured as if they were.
///
/// The label of a flow is that of the reference's RTP streams, else the protocol that Ringwatch read. A TLS flow
/// has the label that the log gives it. Flows of at least eight packets; columns are what they were taken for:
///
/// ```
/// truth          voice       video  signalling     unknown
/// dns                0           0           0           3
/// dtls               0           0           0           9
/// http               0           0           0          20
/// iax2               2           0           0           0
/// rtcp               0           0           0           4
/// rtsp               0           0           0           9
/// sip                0           0          22           4
/// ssdp               0           0           0           2
/// stun               0           0           0          32
/// tls                0           0           2          99
/// video              0           0           0           1
/// voice             20           0           0           7
/// ```
@Suite struct TrafficCorpusTests {
  @Test(.enabled(if: TestFolders.hasSharedCaptures, "the shared captures are not there"))
  func `voice and signalling are found, and what is neither is not taken for voice or video`() throws {
    var confusion = Confusion()
    for name in try TestFolders.sharedCaptureNames() { try confusion.add(name) }
    let table = confusion.text
    print(table)
    #expect(confusion.missedVoice.allSatisfy { $0 < 25 }, "\(confusion.missedVoice)")
    #expect(confusion.count("voice", as: "voice") >= 20, "\(table)")
    #expect(
      confusion.count("voice", as: "video") + confusion.count("voice", as: "signalling") == 0, "\(table)")
    #expect(confusion.count("sip", as: "signalling") >= 20, "\(table)")
    #expect(confusion.count("sip", as: "voice") + confusion.count("sip", as: "video") == 0, "\(table)")
    for web in ["dns", "http", "ssdp", "stun", "rtcp"] {
      #expect(confusion.count(web, as: "voice") + confusion.count(web, as: "video") == 0, "\(web) \(table)")
      #expect(confusion.count(web, as: "signalling") == 0, "\(web) \(table)")
    }
    #expect(confusion.count("tls", as: "voice") + confusion.count("tls", as: "video") == 0, "\(table)")
  }
}

/// How many flows of a kind were taken for what.
private struct Confusion {
  private var counts: [String: [String: Int]] = [:]
  /// The packets, in the busier direction, of voice that was taken for something else.
  private(set) var missedVoice: [UInt32] = []

  func count(_ truth: String, as label: String) -> Int { counts[truth]?[label] ?? 0 }

  mutating func add(_ name: String) throws {
    let path = TestFolders.sharedCaptures.appendingPathComponent(name).path
    guard let known = try KnownFlows(name, path), var flows = MeasuredFlows(path) else { return }
    let measures = flows.read()
    for (key, measure) in measures {
      guard measure.toServer.packets + measure.toClient.packets >= 8, let truth = known.kind(of: key) else {
        continue
      }
      let verdict = TrafficClassifier.classify(measure)
      counts[truth, default: [:]][Self.text(verdict.label), default: 0] += 1
      if truth == "voice", verdict.label != .voice {
        missedVoice.append(max(measure.toServer.packets, measure.toClient.packets))
      }
    }
    for label in known.tlsLabels { counts["tls", default: [:]][label, default: 0] += 1 }
  }

  private static func text(_ label: TrafficLabel) -> String { String(describing: label) }

  var text: String {
    let columns = ["voice", "video", "signalling", "unknown"]
    let head = "truth".padding(toLength: 8, withPad: " ", startingAt: 0)
    var lines = [head + columns.map { Self.cell($0) }.joined()]
    for (truth, row) in counts.sorted(by: { $0.key < $1.key }) {
      lines.append(
        truth.padding(toLength: 8, withPad: " ", startingAt: 0)
          + columns.map { Self.cell(String(row[$0] ?? 0)) }.joined())
    }
    return lines.joined(separator: "\n")
  }

  private static func cell(_ text: String) -> String { String(repeating: " ", count: 12 - text.count) + text }
}

/// What another program and the log know of a capture's flows.
private struct KnownFlows {
  private var kinds: [FlowKey: String] = [:]
  private(set) var tlsLabels: [String] = []

  private struct Truth: Decodable {
    struct Stream: Decodable {
      var src: String
      var sport: UInt16
      var dst: String
      var dport: UInt16
      var payload: String
    }
    struct RTP: Decodable { var streams: [Stream] }
    var rtp: RTP
  }

  /// Nil for a file that cannot be opened.
  init?(_ name: String, _ path: String) throws {
    var configuration = SensorConfiguration()
    configuration.loggedTypes = [.flow]
    configuration.flowLimit = 1 << 14
    configuration.messageMemory = 1 << 12
    guard let run = try? SensorRun([path], names: [name], rules: .none, configuration: configuration) else {
      return nil
    }
    for line in try run.objects() { try read(line) }
    let file = "truth/" + name.replacingOccurrences(of: "/", with: "__") + ".json"
    let data = try Data(contentsOf: TestFolders.sharedCaptures.appendingPathComponent(file))
    for stream in try JSONDecoder().decode(Truth.self, from: data).rtp.streams {
      guard let key = Self.key(stream.src, stream.sport, stream.dst, stream.dport, .udp) else { continue }
      kinds[key] = stream.payload.contains("h263") ? "video" : "voice"
    }
  }

  func kind(of key: FlowKey) -> String? { kinds[key] }

  private mutating func read(_ line: [String: Any]) throws {
    guard let proto = line["proto"] as? String, proto == "UDP" || proto == "TCP",
      let source = line["src_ip"] as? String, let destination = line["dest_ip"] as? String,
      let sourcePort = line["src_port"] as? Int, let destinationPort = line["dest_port"] as? Int,
      let key = Self.key(
        source, UInt16(sourcePort), destination, UInt16(destinationPort), proto == "UDP" ? .udp : .tcp),
      let kind = line["app_proto"] as? String
    else { return }
    if kind == "tls" {
      if let label = try line.object("flow")["traffic"] as? String { tlsLabels.append(label) }
    } else if kind != "failed", kind != "rtp" {
      // RTP that the reference does not call so has no label, nor has what nobody can read.
      kinds[key] = kind
    }
  }

  private static func key(
    _ source: String, _ sourcePort: UInt16, _ destination: String, _ destinationPort: UInt16,
    _ transport: TransportProtocol
  ) -> FlowKey? {
    guard let from = IPAddress(source), let to = IPAddress(destination) else { return nil }
    var packet = Packet()
    (packet.source, packet.destination) = (from, to)
    (packet.sourcePort, packet.destinationPort) = (sourcePort, destinationPort)
    packet.transport = transport
    return FlowKey(packet)
  }
}

/// Measures all flows of a capture, readable or not.
private struct MeasuredFlows: ~Copyable {
  private var reader: PcapReader

  init?(_ path: String) {
    guard let reader = try? PcapReader([path]) else { return nil }
    self.reader = reader
  }

  mutating func read() -> [(FlowKey, TrafficMeasure)] {
    var collector = Collector()
    while let state = try? reader.read(upTo: 4_096, visitor: &collector), state == .more {}
    return collector.packets.order.compactMap { key in
      collector.packets.measures[key].map { (key, $0.measure) }
    }
  }

  struct Collector: FrameVisitor, ~Copyable {
    private var decoder = PacketDecoder()
    var packets = Payloads()

    mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
      decoder.decode(frame, header, visitor: &packets)
    }
  }

  struct Payloads: PacketVisitor {
    var measures: [FlowKey: (measure: TrafficMeasure, isForward: Bool)] = [:]
    var order: [FlowKey] = []

    mutating func visit(_ packet: borrowing Packet, payload: Bytes) {
      let transport = packet.transport
      guard transport == .udp || transport == .tcp, !packet.isFragment, !payload.isEmpty else { return }
      var plain = copy packet
      (plain.outerVLAN, plain.innerVLAN, plain.vlanCount) = (0, 0, 0)
      let key = FlowKey(plain)
      let isForward = FlowKey.isForward(plain)
      var flow =
        measures[key] ?? (TrafficMeasure(carrier: transport == .udp ? .datagrams : .stream), isForward)
      if measures[key] == nil { order.append(key) }
      flow.measure.add(
        byteCount: payload.count + packet.uncapturedLength, toServer: flow.isForward == isForward,
        at: packet.timestamp)
      measures[key] = flow
    }

    mutating func visit(_ fault: DecodeFault, packet: borrowing Packet) {}
  }
}
