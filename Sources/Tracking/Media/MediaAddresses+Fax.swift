public import Packets
internal import Protocols
internal import Values

/// Where descriptions expect fax over UDPTL (ITU-T T.38, annex D).
extension MediaAddresses {
  /// Remembers the places of the fax media of a description.
  mutating func learnFaxes(_ description: borrowing SessionDescription, in bytes: Bytes, at time: Timestamp) {
    for medium in description.media where !medium.isRejected && Self.isFax(medium, in: bytes) {
      guard let address = description.connection(of: medium).address else { continue }
      faxes.insert(key(address, medium.port), true, at: time.nanoseconds)
    }
  }

  /// A place where RTP is expected now is no longer one of a fax.
  mutating func noteNoFax(at place: WideKey, _ time: Timestamp) {
    guard !faxes.isEmpty, faxes.value(place, at: time.nanoseconds) == true else { return }
    faxes.insert(place, false, at: time.nanoseconds)
  }

  /// Whether the receiver of a packet expects a fax.
  func expectsFax(_ packet: borrowing Packet) -> Bool {
    faxes.value(key(packet.destination, packet.destinationPort), at: packet.timestamp.nanoseconds) == true
  }

  /// `udptl`, without DTLS.
  private static func isFax(_ medium: SDPMedia, in bytes: Bytes) -> Bool {
    let range = medium.transport.range
    guard range.count == 5, range.upperBound <= bytes.count else { return false }
    return bytes.lowercaseWord(at: range.lowerBound, width: 5) == 0x6c_7470_6475
  }
}

extension StreamTable {
  /// Bytes that no datagram of a fax has: what receivers announce as T38FaxMaxDatagram fits into one frame.
  private static var faxLimit: Int { 1500 }
  /// Packets that a sender repeats, or blocks of parity, at the most: receivers keep sixteen.
  private static var faxRecoveryLimit: Int { 15 }

  /// What a datagram is to a receiver that expects a fax; nil where none is expected, and for what is no packet of one.
  public func fax(_ datagram: Bytes, _ packet: borrowing Packet) -> FaxDatagram? {
    guard !addresses.faxes.isEmpty, addresses.expectsFax(packet) else { return nil }
    if datagram.count + packet.uncapturedLength > Self.faxLimit { return .overflow }
    guard let fax = try? UDPTLPacket(parsing: datagram) else { return nil }
    return fax.recoveryCount > Self.faxRecoveryLimit ? .overflow : .packet
  }
}

/// A datagram to where a fax is expected.
public enum FaxDatagram: Sendable {
  /// A packet of it.
  case packet
  /// It is longer than any, or restores more packets than receivers keep.
  case overflow
}
