import Capture
import Foundation
import Packets
import Pipeline
import Rules
import TestCaptures
import Testing
import Values

/// Frames of real captures, damaged from a seed, through the whole line.
@Suite struct MutatedCaptureTests {
  /// Mutated frames made of each capture.
  static let framesPerShare = 5000
  static let seed: UInt64 = 0x5249_4e47_5741_5443

  /// One capture for each kind of frame: broken SIP, streams, IPv6, cooked frames, calls with media, a TURN relay, HEP.
  static let names = [
    "malformed.pcap", "sip-tcp.pcapng", "sip-ipv6.pcap", "blacklisted.pcap", "office-morning.pcap",
    "Cases/media-turn/input.pcap", "",
  ]

  @Test(arguments: names)
  func `damaged frames give valid lines and never trap`(name: String) throws {
    let samples = name.isEmpty ? Self.mirrored : try Self.frames(of: name)
    let seed = Self.seed &+ name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) }
    print("\(name.isEmpty ? "HEP" : name): \(Self.framesPerShare) mutated frames from seed \(seed)")
    var source = MutatedFrames(samples, seed: seed, count: Self.framesPerShare)
    let sink = MemorySink()
    var configuration = SensorConfiguration()
    configuration.inputNames = source.inputNames
    configuration.flowLimit = 500
    configuration.messageMemory = 500
    var sensor = Sensor(
      rules: try .compile(EVEContractTests.rules), configuration: configuration, sinks: [sink])
    let report = sensor.run(&source, stop: StopFlag())
    #expect(report["decoder.pkts"] == UInt64(Self.framesPerShare))
    #expect(report["decoder.delivered"] > UInt64(Self.framesPerShare / 4))
    #expect(report["anomaly.total"] > 500)
    try expectObjects(sink.bytes, seed: seed)
  }

  @Test func `each damaged message that a listener receives is read or counted, and never traps`() throws {
    let samples = Self.messages.map { (LinkType.raw, $0) }
    print("received HEP: \(Self.framesPerShare) mutated messages from seed \(Self.seed)")
    var source = MutatedFrames(samples, seed: Self.seed, count: Self.framesPerShare, isReceived: true)
    let sink = MemorySink()
    var configuration = SensorConfiguration()
    configuration.inputNames = source.inputNames
    var sensor = Sensor(
      rules: try .compile(EVEContractTests.rules), configuration: configuration, sinks: [sink])
    let report = sensor.run(&source, stop: StopFlag())
    let outcomes = ["decoder.hep", "decoder.hep_without_packet", "decoder.hep_invalid"].map { report[$0] }
    #expect(outcomes.reduce(0, +) == UInt64(Self.framesPerShare))
    #expect(outcomes.allSatisfy { $0 > 100 }, "\(outcomes)")
    try expectObjects(sink.bytes, seed: Self.seed)
  }

  private func expectObjects(_ log: [UInt8], seed: UInt64) throws {
    var lines = 0
    for line in log.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast() {
      let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      let isKnown = object?["event_type"] is String
      if !isKnown { Issue.record("seed \(seed): \(String(decoding: line, as: UTF8.self))") }
      lines += 1
    }
    #expect(log.last == 0x0a)
    #expect(lines > 1000)
  }

  /// Messages of a mirror.
  static var messages: [[UInt8]] {
    let invite = MirroredPacketTests.invite
    return [
      Mirrored.message(invite), Mirrored.message(invite, transport: 6),
      Mirrored.message(Mirrored.stored(invite), isCompressed: true),
    ]
  }

  /// Datagrams and segments of a mirror; nobody's captures are needed for them.
  static var mirrored: [MutatedFrames.Sample] {
    let datagrams = messages.map {
      CaptureBytes.frame($0, from: MirroredPacketTests.server, to: MirroredPacketTests.collector)
    }
    let segments = messages.enumerated().map { index, message in
      Mirrored.segment(message, sequence: UInt32(100 + index * 500))
    }
    return (datagrams + segments).map { (.ethernet, $0) }
  }

  static func frames(of name: String) throws -> [MutatedFrames.Sample] {
    var collector = FrameCollector()
    var reader = try PcapReader([TestFolders.package.appendingPathComponent("Fixtures/\(name)").path])
    while try reader.read(upTo: 1000, visitor: &collector) != .ended {}
    return collector.samples
  }
}

/// Keeps copies of frames.
private struct FrameCollector: FrameVisitor {
  var samples: [MutatedFrames.Sample] = []

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    samples.append((header.linkType, frame.indices.map { frame[$0] }))
  }
}

/// A source of damaged frames; about every fourth is left whole, so that what frames build up goes on.
struct MutatedFrames: FrameSource {
  typealias Sample = (linkType: LinkType, bytes: [UInt8])

  let inputNames = ["mutated.pcap"]
  let fractionRead: Double? = nil
  var statistics: CaptureStatistics { CaptureStatistics() }
  private let samples: [Sample]
  private let count: Int
  private let isReceived: Bool
  private var random: SplitMix
  private var number = 0
  private var time = Timestamp(seconds: 1_772_403_247, nanoseconds: 0)

  /// - Parameter isReceived: whether the samples are messages that a listener received.
  init(_ samples: [Sample], seed: UInt64, count: Int, isReceived: Bool = false) {
    self.samples = samples
    self.isReceived = isReceived
    self.count = count
    random = SplitMix(state: seed)
  }

  mutating func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, visitor: inout V
  ) throws(CaptureError) -> FrameSourceState {
    for _ in 0..<min(limit, count - number) {
      var sample = samples[number % samples.count]
      number += 1
      if random.below(4) != 0 {
        for _ in 0...random.below(4) { damage(&sample.bytes) }
      }
      // Clocks jump now and then, and seldom backward.
      let step = random.below(500) == 0 ? Int64(random.below(400)) - 100 : 0
      time = time.advanced(byNanoseconds: step * 1_000_000_000 + 1_000_000)
      if isReceived {
        visitor.visit(received: sample.bytes.span, receivedHeader)
        continue
      }
      let isCut = random.below(20) == 0
      let header = FrameHeader(
        timestamp: time, number: UInt64(number),
        originalLength: sample.bytes.count + (isCut ? random.below(200) : 0), linkType: sample.linkType)
      visitor.visit(sample.bytes.span, header)
    }
    return number < count ? .more : .ended
  }

  private var receivedHeader: ReceivedHeader {
    ReceivedHeader(
      timestamp: time, number: UInt64(number), transport: number % 2 == 0 ? .udp : .tcp,
      source: IPAddress(v4: 0xc000_020a), sourcePort: 40_000, destination: IPAddress(v4: 0xc000_0232),
      destinationPort: 9060)
  }

  /// Most damage is done to headers, where a byte decides more than in a body.
  private mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = random.below(random.below(2) == 0 ? min(bytes.count, 64) : bytes.count)
    let byte = UInt8(truncatingIfNeeded: random.next())
    switch random.below(7) {
    case 0: bytes[place] = byte
    case 1: bytes[place] ^= 1 << (byte & 7)
    case 2: bytes[place] = [0, 0xff, 0x7f, 0x80, 0x0d, 0x0a, 0x22, 0x5c][Int(byte & 7)]
    case 3: bytes.removeLast(random.below(bytes.count) / 2)
    case 4: bytes.removeSubrange(place..<min(bytes.count, place + 1 + Int(byte & 7)))
    case 5: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + Int(byte & 31))], at: place)
    default:
      let other = samples[random.below(samples.count)].bytes
      if place < other.count { bytes.replaceSubrange(place..., with: other[place...]) }
    }
  }
}

/// SplitMix64: the same numbers from the same seed on every machine.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
