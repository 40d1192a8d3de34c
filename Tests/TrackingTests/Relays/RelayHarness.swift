import Packets
import Protocols
import Values

@testable import Tracking

/// Feeds what a TURN client and its relay exchange to the tables, as the pipeline does: the client is host 1, port 4000, the
/// relay host 2, port 3478.
struct RelayHarness: ~Copyable {
  var flows = FlowTable(capacity: 64, seed: 3)
  var streams = StreamTable(capacity: 64, seed: 3)
  var relays: RelayTable
  var changes: [StreamChange] = []
  private var number: UInt64 = 0

  init(capacity: Int = 64) {
    relays = RelayTable(capacity: capacity, seed: 3)
  }

  typealias Attribute = (type: UInt16, value: [UInt8])

  /// A STUN message with attributes of whole words.
  static func message(_ type: UInt16, _ attributes: [Attribute] = []) -> [UInt8] {
    let body = attributes.flatMap { words($0.type) + words(UInt16($0.value.count)) + $0.value }
    return words(type) + words(UInt16(body.count)) + [0x21, 0x12, 0xa4, 0x42]
      + [UInt8](repeating: 7, count: 12) + body
  }

  static func words(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

  /// An address 0.0.0.x under the cookie.
  static func address(_ host: UInt8, _ port: UInt16) -> [UInt8] {
    [0, 1] + words(port ^ 0x2112) + [0x21, 0x12, 0xa4, 0x42 ^ host]
  }

  /// The relay gives the client 0.0.0.`host`:`port`.
  mutating func allocate(_ host: UInt8 = 2, _ port: UInt16 = 50_000) throws {
    try tell(Self.message(0x0103, [(0x16, Self.address(host, port))]), isBack: true)
  }

  /// The client binds a channel to the peer 0.0.0.`host`:`port`.
  mutating func bind(_ channel: UInt16, _ host: UInt8, _ port: UInt16 = 5000) throws {
    let attributes: [Attribute] = [
      (0x0c, Self.words(channel) + [0, 0]), (0x12, Self.address(host, port)),
    ]
    try tell(Self.message(0x0009, attributes), isBack: false)
  }

  /// Takes a message of the client, or of the relay.
  mutating func tell(_ bytes: [UInt8], isBack: Bool, client: UInt32 = 1) throws {
    let packet = packet(at: 0, isBack: isBack, client: client)
    _ = flows.add(packet)
    relays.learn(try STUNMessage(parsing: bytes.span), packet)
  }

  /// How a channel of a client's flow is relayed.
  mutating func path(_ channel: UInt16, isBack: Bool, client: UInt32 = 1) -> RelayPath? {
    let packet = packet(at: 0, isBack: isBack, client: client)
    return relays.path(ofChannel: channel, packet, flowID: flows.add(packet).flowID)
  }

  /// Sends a run of G.711 packets 20 ms apart through a channel.
  mutating func talk(
    _ sequences: some Sequence<UInt16>, ssrc: UInt32 = 1, in channel: UInt16, isBack: Bool = false,
    from milliseconds: Double = 0, client: UInt32 = 1
  ) {
    for (place, sequence) in sequences.enumerated() {
      let rtp = MediaHarness.RTP(ssrc: ssrc, sequence: sequence, timestamp: UInt32(sequence) * 160)
      let packet = packet(at: milliseconds + Double(place) * 20, isBack: isBack, client: client)
      let match = flows.add(packet)
      guard let path = relays.path(ofChannel: channel, packet, flowID: match.flowID) else { continue }
      let outcome = streams.add(
        relayed: rtp.bytes.span, path.relayed(packet, uncapturedLength: 0), over: path, match, &flows)
      switch outcome {
      case .started, .changed: if let change = streams.change { changes.append(change) }
      case .counted, .claimed, .undecided: break
      }
    }
  }

  /// Sends the same beside the relay, between the same two ports.
  mutating func talkPlainly(_ sequences: some Sequence<UInt16>, ssrc: UInt32 = 1) {
    for (place, sequence) in sequences.enumerated() {
      let rtp = MediaHarness.RTP(ssrc: ssrc, sequence: sequence, timestamp: UInt32(sequence) * 160)
      let packet = packet(at: Double(place) * 20, isBack: false)
      _ = streams.add(rtp.bytes.span, packet, flows.add(packet), &flows)
    }
  }

  /// Sends an RTCP datagram through a channel.
  mutating func report(_ bytes: [UInt8], in channel: UInt16, isBack: Bool, at milliseconds: Double) {
    let packet = packet(at: milliseconds, isBack: isBack)
    guard let path = relays.path(ofChannel: channel, packet, flowID: flows.add(packet).flowID) else { return }
    _ = streams.addReports(bytes.span, path.relayed(packet, uncapturedLength: 0), over: path)
  }

  /// Says by a session description that 0.0.0.`host` expects media; the relayed address is the caller's.
  mutating func announce(_ host: UInt32, _ port: UInt16, isCaller: Bool) {
    let text = Array(
      "v=0\r\no=- 1 1 IN IP4 0.0.0.2\r\ns=-\r\nc=IN IP4 0.0.0.\(host)\r\nt=0 0\r\nm=audio \(port) RTP/AVP 0\r\n"
        .utf8
    )
    var description = SessionDescription()
    description.parse(text.span, ByteRange(0, text.count), isCut: false)
    let owner = MediaOwner(call: CallReference(number: 0, serial: 7), isCaller: isCaller)
    streams.learn(description, in: text.span, owner: owner, packet(at: 0, isBack: !isCaller))
  }

  /// Ends everything and gives the streams.
  mutating func finish() -> [RTPStream] {
    for number in streams.liveInOrder { streams.finish(number) }
    return streams.ended
  }

  /// How the streams that ended go, those that are not relayed left out.
  var paths: [RelayPath] {
    var paths: [RelayPath] = []
    for stream in streams.ended {
      if let path = streams.path(of: stream) { paths.append(path) }
    }
    return paths
  }

  mutating func packet(at milliseconds: Double, isBack: Bool, client: UInt32 = 1) -> Packet {
    number += 1
    return MediaHarness.datagram(number, at: milliseconds, isBack: isBack, (client, 4000), (2, 3478))
  }
}
