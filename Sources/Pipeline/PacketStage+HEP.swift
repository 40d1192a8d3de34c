internal import Capture
internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Packets that SIP servers and capture agents mirror in HEP: they go the way of all others, once.
extension PacketStage {
  /// Takes the packet out of a HEP message that a listener received; what came by it is nothing else.
  mutating func visit(received message: Bytes, carrier: borrowing Packet) {
    let match = enter(carrier)
    guard let parsed = HEPMessage(datagram: message) else {
      mirrored.invalid &+= 1
      return
    }
    messages.flows.setAppProtocol(.hep, of: match.number)
    visit(parsed, message, carrier: carrier)
  }

  /// Takes the packet out of a datagram, which is not empty, if it is a HEP message; false when it is none.
  ///
  /// HEP in HEP is not followed: it stays what a mirrored packet carries.
  mutating func read(
    mirrored datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match
  ) -> Bool {
    guard HEPMessage.mayBegin(datagram[0]), packet.tunnel.kind != .hep,
      let message = HEPMessage(datagram: datagram)
    else { return false }
    messages.flows.setAppProtocol(.hep, of: match.number)
    visit(message, datagram, carrier: packet)
    return true
  }

  /// Takes the packets out of the HEP messages that the last segment completed.
  mutating func visitMirrored() {
    guard !messages.mirrored.isEmpty else { return }
    var waiting = MirroredPackets()
    swap(&waiting, &messages.mirrored)
    waiting.forEach { bytes, carrier in
      if let message = try? HEPMessage(parsing: bytes) { visit(message, bytes, carrier: carrier) }
    }
    waiting.removeAll()
    messages.mirrored = waiting
  }

  private mutating func visit(_ message: HEPMessage, _ bytes: Bytes, carrier: borrowing Packet) {
    guard message.isMirrored else {
      mirrored.withoutPacket &+= 1
      return
    }
    let payload = bytes.extracting(message.payload.range)
    guard message.isCompressed else { return visit(message, payload: payload, carrier) }
    let inflater = inflater ?? PayloadInflater(maximumCount: HEPMessage.maximumInflatedCount)
    self.inflater = inflater
    guard let count = inflater.inflate(payload) else {
      mirrored.invalid &+= 1
      return
    }
    let inflated = inflater.bytes
    visit(message, payload: inflated.span.extracting(..<count), carrier)
  }

  private mutating func visit(_ message: HEPMessage, payload: Bytes, _ carrier: borrowing Packet) {
    mirrored.packets &+= 1
    visit(message.packet(in: carrier, payloadCount: payload.count), payload: payload)
  }
}

/// What came of HEP messages.
struct MirroredCounters {
  /// Messages with a packet in them.
  var packets: UInt64 = 0
  /// Reports and keep-alives of an agent itself, and messages without addresses.
  var withoutPacket: UInt64 = 0
  /// Messages that a listener received and that are not HEP after all, and payloads that cannot be unpacked.
  var invalid: UInt64 = 0
}
