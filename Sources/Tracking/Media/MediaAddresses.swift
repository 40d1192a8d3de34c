internal import Packets
internal import Protocols
internal import Values

/// A bounded memory of the addresses where session descriptions expect media.
struct MediaAddresses: Sendable {
  /// A call's first packet may come long after its description; an hour bounds what a stranger fills in.
  private static let lifetime: Int64 = 3_600_000_000_000

  private var announced: RecentSet<AnnouncedMedia>
  private let seed: UInt64

  /// A memory of a number of addresses.
  init(capacity: Int, seed: UInt64) {
    announced = RecentSet(capacity: capacity, lifetime: Self.lifetime, empty: AnnouncedMedia())
    self.seed = seed
  }

  /// How full it is.
  var usage: TableUsage { announced.usage }
  /// Bytes that the memory takes.
  var byteCount: Int { announced.byteCount }

  /// Remembers the addresses of all RTP media of a description: the one of its c= and m= lines, and those
  /// of its ICE candidates for RTP.
  mutating func learn(_ description: borrowing SessionDescription, in bytes: Bytes, at time: Timestamp) {
    for medium in description.media where !medium.isRejected && Self.isRTP(medium, in: bytes) {
      let media = AnnouncedMedia(medium, of: description, in: bytes)
      let connection = description.connection(of: medium)
      if let address = connection.address, !connection.isUnspecified {
        insert(media, address, medium.port, at: time)
      }
      for index in medium.candidates {
        let candidate = description.candidates[index]
        guard candidate.isUDP, candidate.component == 1, let address = candidate.address else { continue }
        insert(media, address, candidate.port, at: time)
      }
    }
  }

  /// What a description says of the receiver of a packet; nil when none named it.
  func media(for packet: borrowing Packet) -> AnnouncedMedia? {
    let (high, low) = key(packet.destination, packet.destinationPort)
    return announced.value(high, low, at: packet.timestamp.nanoseconds)
  }

  private mutating func insert(
    _ media: AnnouncedMedia, _ address: IPAddress, _ port: UInt16, at time: Timestamp
  ) {
    guard port != 0 else { return }
    let (high, low) = key(address, port)
    announced.insert(high, low, media, at: time.nanoseconds)
  }

  private func key(_ address: IPAddress, _ port: UInt16) -> (high: UInt64, low: UInt64) {
    var hash = SeededHash(seed: seed)
    hash.combine(address.high)
    hash.combine(address.low)
    hash.combine(UInt64(port) << 1 | (address.isIPv6 ? 1 : 0))
    var other = SeededHash(seed: ~seed)
    other.combine(hash.value)
    other.combine(address.low ^ UInt64(port) << 48)
    return (hash.value, other.value)
  }

  /// `RTP/AVP`, `RTP/SAVPF`, `UDP/TLS/RTP/SAVPF`: the word stands somewhere in the transport.
  private static func isRTP(_ medium: SDPMedia, in bytes: Bytes) -> Bool {
    let range = medium.transport.range
    guard range.upperBound <= bytes.count, range.count >= 3 else { return false }
    for start in range.lowerBound...range.upperBound - 3 {
      let word = bytes.lowercaseWord(at: start, width: 3)
      // "rtp", the first letter lowest.
      if word == 0x70_7472 { return true }
    }
    return false
  }
}
