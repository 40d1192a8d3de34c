internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Hands over to the stages that own other state.
extension MessageStage {
  mutating func readMedia(_ datagram: Bytes, _ packet: borrowing Packet, _ match: FlowTable.Match) {
    media.read(datagram, packet, match, &signalling, &flows, &events)
    if media.hasForeignCertificate { raise(.foreignCertificate, protocol: "dtls", packet, match) }
    if media.hasFaxOverflow { raise(.faxOverflow, protocol: "t38", packet, match) }
  }

  mutating func expireMedia(at time: Timestamp, sequence: UInt64) {
    media.expire(at: time, sequence: sequence, &signalling, &events)
  }

  mutating func finishMedia(sequence: UInt64) {
    media.finish(sequence: sequence, &signalling, &events)
  }

  mutating func finishSignalling(sequence: UInt64) {
    signalling.finish(sequence: sequence, &media.streams, &events)
  }

  mutating func expireSignalling(at time: Timestamp, sequence: UInt64) {
    signalling.advance(to: time, sequence: sequence, &media.streams, &events)
  }
}
