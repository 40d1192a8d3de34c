internal import Packets
internal import Protocols
internal import Values

/// Whose media an address receives, and how that is known.
public struct MediaOwner: Sendable {
  /// How a stream was found to belong to a call.
  public enum Evidence: UInt8, Sendable {
    /// A description names the receiver.
    case sdp
    /// A candidate of a description, or a STUN check from there to one, names it.
    case ice
    /// The other party's media comes from there: a translated address (NAT).
    case learned

    /// The value of `rtp.correlated_by`.
    public var name: StaticString {
      switch self {
      case .sdp: "sdp"
      case .ice: "ice"
      case .learned: "learned"
      }
    }
  }

  /// The call.
  public let call: CallReference
  /// Whether the caller receives there; the callee does otherwise.
  public let isCaller: Bool
  /// How it is known.
  public let evidence: Evidence

  /// The owner of an address that a description of one of the parties names.
  public init(call: CallReference, isCaller: Bool, evidence: Evidence = .sdp) {
    self.call = call
    self.isCaller = isCaller
    self.evidence = evidence
  }
}

/// A bounded memory of the addresses where session descriptions expect media.
struct MediaAddresses: Sendable, ~Copyable {
  /// A day, longer than calls last; what a stranger fills in is bounded by the capacity.
  private static let lifetime: Int64 = 86_400_000_000_000

  var announced: RecentTable<AnnouncedMedia>
  /// The place of each medium that a side described: the other side may reject it.
  var described: RecentTable<WideKey>
  /// What the two sides say of keys for a medium of which one of them has some.
  var agreements: RecentTable<KeyAgreement>
  /// The ends where media are received whose RTCP goes elsewhere than usual, by where it goes.
  var controls: RecentTable<MediaEnd>
  /// Where fax over UDPTL is expected.
  var faxes: RecentTable<Bool>
  let seed: UInt64
  /// The call that had described one of the places of the last description before; nil when none had.
  private(set) var formerOwner: CallReference?

  /// A memory of a number of addresses.
  init(capacity: Int, seed: UInt64) {
    announced = RecentTable(capacity: capacity, lifetime: Self.lifetime)
    described = RecentTable(capacity: capacity, lifetime: Self.lifetime)
    agreements = RecentTable(capacity: capacity, lifetime: Self.lifetime)
    controls = RecentTable(capacity: capacity / 4, lifetime: Self.lifetime)
    faxes = RecentTable(capacity: capacity / 16, lifetime: Self.lifetime)
    self.seed = seed
  }

  /// How full it is.
  var usage: TableUsage {
    let usage = announced.usage
    return TableUsage(
      entries: usage.entries, limit: usage.limit, bytes: byteCount, evictions: usage.evictions)
  }
  /// Forgets all addresses.
  mutating func removeAll() {
    announced.removeAll()
    described.removeAll()
    agreements.removeAll()
    controls.removeAll()
    faxes.removeAll()
  }

  /// Bytes that the memory takes.
  var byteCount: Int {
    announced.usage.bytes + described.usage.bytes + agreements.usage.bytes + controls.usage.bytes
      + faxes.usage.bytes
  }

  /// Remembers the addresses of all RTP media of a description: the one of its c= and m= lines, and those
  /// of its ICE candidates for RTP.
  ///
  /// - Parameters:
  ///   - owner: whose description it is; nil when its call is unknown.
  ///   - packet: what brought it.
  mutating func learn(
    _ description: borrowing SessionDescription, in bytes: Bytes, owner: MediaOwner?,
    _ packet: borrowing Packet
  ) {
    let time = packet.timestamp
    formerOwner = nil
    if let owner { reject(description, owner, at: time) }
    learnFaxes(description, in: bytes, at: time)
    for (line, medium) in description.media.enumerated()
    where !medium.isRejected && Self.isRTP(medium, in: bytes) {
      var media = AnnouncedMedia(medium, of: description, in: bytes)
      media.owner = owner
      let connection = description.connection(of: medium)
      if let owner {
        let place = key(connection.address ?? IPAddress(v4: 0), medium.port)
        media = agree(media, line, at: place, owner, packet)
      }
      if let address = connection.address, !connection.isUnspecified {
        insert(media, address, medium.port, at: time)
        // A description of one medium is accepted or refused as a whole.
        if let owner, description.media.count > 1 {
          accept(line, at: MediaEnd(address: address, port: medium.port), owner, at: time)
        }
        learnControl(of: medium, at: MediaEnd(address: address, port: medium.port), at: time)
      }
      for index in medium.candidates {
        let candidate = description.candidates[index]
        guard candidate.isUDP, candidate.component == 1, let address = candidate.address else { continue }
        media.owner = owner.map { MediaOwner(call: $0.call, isCaller: $0.isCaller, evidence: .ice) }
        insert(media, address, candidate.port, at: time)
      }
    }
  }

  /// Takes the sender of a packet for the place where its party also receives, unless somebody announced it.
  mutating func learnSender(
    _ packet: borrowing Packet, receiver: MediaOwner, _ evidence: MediaOwner.Evidence
  ) {
    let time = packet.timestamp.nanoseconds
    let place = key(packet.destination, packet.destinationPort)
    // The first sender is taken for the party; whoever sends there later may be anybody, but for the same one at another port
    // (a translation that was made anew).
    let peer = UInt32(truncatingIfNeeded: key(packet.source, 0).high) | 1
    guard var receiving = announced.value(place, at: time), receiving.peer == 0 || receiving.peer == peer
    else { return }
    if receiving.peer == 0 {
      receiving.peer = peer
      announced.insert(place, receiving, at: time)
    }
    let origin = MediaEnd(address: packet.source, port: packet.sourcePort)
    learn(origin, ofPeerOf: receiver, receiving, evidence, at: packet.timestamp)
  }

  /// Takes a place for one where the other party of a call receives, unless somebody announced it.
  ///
  /// - Parameter media: what the first party receives, which tells what the other one does.
  mutating func learn(
    _ end: MediaEnd, ofPeerOf receiver: MediaOwner, _ media: AnnouncedMedia,
    _ evidence: MediaOwner.Evidence, at time: Timestamp
  ) {
    let place = key(end.address, end.port)
    if let known = announced.value(place, at: time.nanoseconds), known.owner != nil { return }
    let owner = MediaOwner(call: receiver.call, isCaller: !receiver.isCaller, evidence: evidence)
    announced.insert(place, AnnouncedMedia(likeThatOf: media, owner: owner), at: time.nanoseconds)
  }

  /// What a description says of the receiver of a packet; nil when none named it.
  func media(for packet: borrowing Packet) -> AnnouncedMedia? {
    media(at: key(packet.destination, packet.destinationPort), packet.timestamp)
  }

  /// What a description says of the place that a packet comes from; nil when none named it.
  func media(from packet: borrowing Packet) -> AnnouncedMedia? {
    media(at: key(packet.source, packet.sourcePort), packet.timestamp)
  }

  /// What a description says of a place; nil when none named it.
  func media(at place: WideKey, _ time: Timestamp) -> AnnouncedMedia? {
    guard var media = announced.value(place, at: time.nanoseconds), !media.isVoid else { return nil }
    media.isSecure = isSecure(media, at: time.nanoseconds)
    return media
  }

  private mutating func insert(
    _ media: AnnouncedMedia, _ address: IPAddress, _ port: UInt16, at time: Timestamp
  ) {
    guard port != 0 else { return }
    let place = key(address, port)
    if let former = announced.value(place, at: time.nanoseconds), former.isDescribed,
      let owner = former.owner, owner.call != media.owner?.call
    {
      formerOwner = owner.call
    }
    announced.insert(place, media, at: time.nanoseconds)
    noteNoFax(at: place, time)
  }

  func key(_ address: IPAddress, _ port: UInt16) -> WideKey {
    var hash = SeededHash(seed: seed)
    hash.combine(address.high)
    hash.combine(address.low)
    hash.combine(UInt64(port) << 1 | (address.isIPv6 ? 1 : 0))
    var other = SeededHash(seed: ~seed)
    other.combine(hash.value)
    other.combine(address.low ^ UInt64(port) << 48)
    return WideKey(high: hash.value, low: other.value)
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
