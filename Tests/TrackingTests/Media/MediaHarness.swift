import Packets
import Protocols
import Values

@testable import Tracking

/// Feeds hand-made RTP packets to a flow table and a stream table as the pipeline does.
struct MediaHarness: ~Copyable {
  var flows = FlowTable(capacity: 64, seed: 3)
  var streams: StreamTable
  var started = 0
  var claimed = 0
  var changes: [StreamChange] = []
  var reports: [(seconds: Double, quality: StreamQuality)] = []
  private var number: UInt64 = 0

  init(capacity: Int = 256, seed: UInt64 = 3, reportInterval: Int64? = nil) {
    streams = StreamTable(capacity: capacity, seed: seed, reportInterval: reportInterval)
  }

  /// One RTP packet; defaults are those of the next G.711 packet.
  struct RTP {
    var ssrc: UInt32 = 0x1234_5678
    var sequence: UInt16 = 0
    var timestamp: UInt32 = 0
    var payloadType: UInt8 = 0
    var payload = [UInt8](repeating: 0x55, count: 160)
    var firstByte: UInt8 = 0x80
    var behindHeader: [UInt8] = []

    var bytes: [UInt8] {
      var bytes: [UInt8] = [firstByte, payloadType, UInt8(sequence >> 8), UInt8(sequence & 255)]
      for word in [timestamp, ssrc] {
        for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
      }
      return bytes + behindHeader + payload
    }
  }

  /// Sends a datagram from host 1 to host 2, or back.
  @discardableResult
  mutating func send(
    _ bytes: [UInt8], at milliseconds: Double, isBack: Bool = false, ports: (UInt16, UInt16) = (4000, 5000),
    uncaptured: Int = 0
  ) -> StreamTable.Outcome {
    let packet = packet(at: milliseconds, isBack: isBack, ports: ports, uncaptured: uncaptured)
    streams.expire(at: packet.timestamp)
    for (number, time) in streams.dueReports {
      let seconds = Double(time.nanoseconds - 1_000_000_000_000) / 1e9
      reports.append((seconds, streams.takeReport(of: number, at: time)))
    }
    streams.removeReports()
    let match = flows.add(packet)
    let outcome = streams.add(bytes.span, packet, match, &flows)
    if case .started = outcome { started += 1 }
    switch outcome {
    case .started, .changed: if let change = streams.change { changes.append(change) }
    case .claimed: claimed += 1
    case .counted, .undecided: break
    }
    return outcome
  }

  /// Sends an RTCP datagram and gives the way to the reporter in milliseconds.
  mutating func report(
    _ bytes: [UInt8], at milliseconds: Double, isBack: Bool = false, ports: (UInt16, UInt16) = (4001, 5001)
  ) -> Double? {
    let packet = packet(at: milliseconds, isBack: isBack, ports: ports)
    return streams.addReports(bytes.span, packet).map { Double($0) / 1_000_000 }
  }

  /// Whether a datagram overflows a receiver of faxes.
  mutating func overflowsFax(
    _ bytes: [UInt8], at milliseconds: Double, isBack: Bool = false, uncaptured: Int = 0
  ) -> Bool {
    let packet = packet(at: milliseconds, isBack: isBack, ports: (4000, 5000), uncaptured: uncaptured)
    return streams.fax(bytes.span, packet) == .overflow
  }

  /// Whether an RTCP datagram is encrypted.
  mutating func isSealed(_ bytes: [UInt8], ports: (UInt16, UInt16), uncaptured: Int = 0) -> Bool {
    streams.isSealed(bytes.span, packet(at: 0, isBack: false, ports: ports, uncaptured: uncaptured))
  }

  /// The flow of both hosts agrees on keys by ZRTP.
  mutating func agreeOnKeys() {
    for (type, isBack) in [("Confirm1", false), ("Confirm2", true)] {
      let bytes =
        [0x10, 0, 0, 1] + Array("ZRTP".utf8) + [0, 0, 0, 9, 0x50, 0x5a, 0, 3] + Array(type.utf8) + [
          0, 0, 0, 0,
        ]
      let match = flows.add(packet(at: 0, isBack: isBack, ports: (4000, 5000)))
      if let message = try? ZRTPPacket(parsing: bytes.span), flows.noteHandshake(message, match) {
        streams.noteKeys(match, flows)
      }
    }
  }

  /// A datagram between the host and port of one end and those of the other, or back.
  static func datagram(
    _ number: UInt64, at milliseconds: Double, isBack: Bool, _ left: (host: UInt32, port: UInt16),
    _ right: (host: UInt32, port: UInt16)
  ) -> Packet {
    let (source, destination) = isBack ? (right, left) : (left, right)
    var packet = Packet()
    packet.number = number
    packet.timestamp = Timestamp(nanoseconds: 1_000_000_000_000 + Int64(milliseconds * 1_000_000))
    packet.ipVersion = 4
    packet.transport = .udp
    packet.source = IPAddress(v4: source.host)
    packet.sourcePort = source.port
    packet.destination = IPAddress(v4: destination.host)
    packet.destinationPort = destination.port
    return packet
  }

  private mutating func packet(
    at milliseconds: Double, isBack: Bool, ports: (UInt16, UInt16), uncaptured: Int = 0
  ) -> Packet {
    number += 1
    var packet = Self.datagram(number, at: milliseconds, isBack: isBack, (1, ports.0), (2, ports.1))
    packet.uncapturedLength = uncaptured
    if uncaptured > 0 { packet.traits = .truncated }
    return packet
  }

  /// Sends a run of G.711 packets 20 ms apart.
  mutating func talk(
    _ sequences: some Sequence<UInt16>, ssrc: UInt32 = 0x1234_5678, from milliseconds: Double = 0,
    isBack: Bool = false, ports: (UInt16, UInt16) = (4000, 5000)
  ) {
    for (place, sequence) in sequences.enumerated() {
      let rtp = RTP(ssrc: ssrc, sequence: sequence, timestamp: UInt32(sequence) * 160)
      send(rtp.bytes, at: milliseconds + Double(place) * 20, isBack: isBack, ports: ports)
    }
  }

  /// Says by a session description that a host expects media; host 1 is the caller of the call, and `hop` between
  /// whom it goes.
  mutating func announce(
    _ media: String, by host: UInt32 = 2, ofCall: Bool = false, serial: UInt32 = 7,
    at milliseconds: Double = 0, hop: (UInt32, UInt32)? = nil, isCut: Bool = false
  ) {
    let text = Array(
      "v=0\r\no=- 1 1 IN IP4 0.0.0.2\r\ns=-\r\nc=IN IP4 0.0.0.\(host)\r\nt=0 0\r\n\(media)".utf8)
    let call = CallReference(number: 0, serial: serial)
    var description = SessionDescription()
    description.parse(text.span, ByteRange(0, text.count), isCut: isCut)
    var packet = packet(at: milliseconds, isBack: host == 2, ports: (5060, 5060))
    if let hop { (packet.source, packet.destination) = (IPAddress(v4: hop.0), IPAddress(v4: hop.1)) }
    streams.learn(
      description, in: text.span, owner: ofCall ? MediaOwner(call: call, isCaller: host == 1) : nil, packet)
  }

  /// Ends everything and gives the streams.
  mutating func finish() -> [RTPStream] {
    for number in streams.liveInOrder { streams.finish(number) }
    return streams.ended
  }
}
