internal import Capture
internal import Packets
internal import Values

/// The front of the line: frames come in, packets go on.
struct FrameStage: FrameVisitor, ~Copyable {
  var decoder: PacketDecoder
  var packets: PacketStage
  /// Time of the first frame.
  private(set) var firstTime: Timestamp?
  /// Time of the latest frame.
  private(set) var lastTime: Timestamp?

  init(configuration: SensorConfiguration, packets: consuming PacketStage) {
    decoder = PacketDecoder(fragmentLimits: configuration.fragmentLimits, seed: configuration.hashSeed)
    self.packets = packets
  }

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    advance(to: header.timestamp)
    decoder.decode(frame, header, visitor: &packets)
  }

  mutating func visit(received message: Bytes, _ header: ReceivedHeader) {
    advance(to: header.timestamp)
    packets.visit(received: message, carrier: header.packet(payloadCount: message.count))
  }

  private mutating func advance(to time: Timestamp) {
    if firstTime == nil { firstTime = time }
    lastTime = max(lastTime ?? time, time)
    packets.advance(to: time)
  }
}

extension ReceivedHeader {
  /// The packet that carried a message, as far as the kernel told of it. Of a TCP connection each message
  /// counts as one, since where its segments ended is not known.
  fileprivate func packet(payloadCount: Int) -> Packet {
    var packet = Packet()
    packet.timestamp = timestamp
    packet.number = number
    packet.interface = interface
    packet.linkType = .raw
    packet.source = source
    packet.sourcePort = sourcePort
    packet.destination = destination
    packet.destinationPort = destinationPort
    packet.transport = transport
    packet.ipVersion = source.isIPv6 ? 6 : 4
    if transport == .tcp { packet.tcpFlags = [.psh, .ack] }
    packet.ipLength = payloadCount + (source.isIPv6 ? 40 : 20) + (transport == .tcp ? 20 : 8)
    packet.originalLength = packet.ipLength
    packet.capturedLength = packet.ipLength
    return packet
  }
}
