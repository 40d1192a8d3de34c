internal import Packets
internal import Protocols
internal import Values

/// HEP messages that were cut out of TCP streams and wait for the end of the segment that completed them.
///
/// They wait because their packets go the way of all packets, and that is busy with the segment. The limits
/// of TCP reassembly bound what one segment can complete.
struct MirroredPackets {
  private var bytes: [UInt8] = []
  private var entries: [(range: ByteRange, carrier: Packet)] = []

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }

  /// What waits, with the bytes that are kept for it.
  var usage: TableUsage { TableUsage(entries: count, bytes: bytes.count) }

  /// Keeps a message with the packet that completed it.
  mutating func append(_ message: Bytes, carrier: borrowing Packet) {
    let start = bytes.count
    for index in message.indices { bytes.append(message[index]) }
    entries.append((ByteRange(start, bytes.count), copy carrier))
  }

  /// Forgets all messages and keeps the memory.
  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  /// Gives each message with the packet that completed it, in their order.
  func forEach(_ body: (Bytes, Packet) -> Void) {
    for entry in entries { body(bytes.span.extracting(entry.range.range), entry.carrier) }
  }
}

extension HEPMessage {
  /// Whether a datagram with this first byte is worth a look: one comparison for most packets.
  static func mayBegin(_ first: UInt8) -> Bool { first == UInt8(ascii: "H") || first == 1 || first == 2 }

  /// Reads a datagram that is one HEP message; nil when it is none.
  ///
  /// Versions 1 and 2 have no magic: they are believed when they carry text, as SIP is.
  init?(datagram: Bytes) {
    guard datagram.count > 6, let message = try? HEPMessage(parsing: datagram) else { return nil }
    if message.version == 3 {
      // A payload of text may happen to begin so; the length does not happen to fit.
      guard Int(datagram.uint16(at: 4)) == datagram.count || message.chunkCount > 2 else { return nil }
    } else {
      guard message.ipProtocol == 6 || message.ipProtocol == 17 || message.ipProtocol == 132,
        !message.payload.isEmpty, datagram[message.payload.start] | 0x20 >= UInt8(ascii: "a"),
        datagram[message.payload.start] | 0x20 <= UInt8(ascii: "z")
      else { return nil }
    }
    self = message
  }

  /// Whether the payload came from the wire; the other contents are an agent's own reports and log lines.
  var isMirrored: Bool {
    switch content {
    case .rtcpJSON, .fullQualityReport, .shortQualityReport, .sipJSON, .dnsJSON, .log: false
    default: isPacket
    }
  }

  /// How far an agent's clock may be ahead of the capture's. One further ahead is wrong, and believing it
  /// would make all other packets come too late for the rules.
  private static let maximumLead: Int64 = 60_000_000_000

  /// The packet that was mirrored: addresses, ports and time of the original, number and length of the
  /// frame that carried it.
  func packet(in carrier: borrowing Packet, payloadCount: Int) -> Packet {
    var packet = copy carrier
    packet.enterHEP(captureID: captureID ?? 0)
    if let source { packet.source = source }
    if let destination { packet.destination = destination }
    packet.sourcePort = sourcePort ?? 0
    packet.destinationPort = destinationPort ?? 0
    packet.transport = TransportProtocol(rawValue: ipProtocol ?? TransportProtocol.udp.rawValue)
    packet.ipVersion = packet.source.isIPv6 ? 6 : 4
    packet.ipLength = payloadCount + (packet.ipVersion == 4 ? 20 : 40)
    packet.tcpFlags = TCPFlags(rawValue: tcpFlags ?? 0).subtracting([.syn, .fin, .rst])
    packet.vlanCount = (vlan ?? 0) == 0 ? 0 : 1
    packet.outerVLAN = vlan ?? 0
    packet.innerVLAN = 0
    if let time, time.nanoseconds(since: carrier.timestamp) <= Self.maximumLead { packet.timestamp = time }
    return packet
  }
}

extension Packet {
  /// Makes the packet the inner one of itself: the outermost addresses are kept.
  fileprivate mutating func enterHEP(captureID: UInt32) {
    if tunnel.depth == 0 {
      tunnel.source = source
      tunnel.destination = destination
      tunnel.sourcePort = sourcePort
      tunnel.destinationPort = destinationPort
      tunnel.transport = transport
    }
    tunnel.depth = tunnel.depth == .max ? .max : tunnel.depth + 1
    tunnel.kind = .hep
    tunnel.identifier = captureID
    timeToLive = 0
    traits = traits.intersection([.reassembled]).union(.whole)
    tcpSequence = 0
    tcpAcknowledgement = 0
    tcpWindow = 0
    uncapturedLength = 0
  }
}
