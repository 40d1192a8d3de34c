internal import Packets
internal import Protocols
internal import Values

/// What a description says of keys for a medium.
enum MediaKeys: UInt8, Sendable {
  /// It has none, and a plain profile.
  case absent
  /// It has some beside a plain profile: without those of the other side they mean nothing (RFC 8643 §3.1, RFC 5763 §6.7).
  case offered
  /// Its profile is SRTP.
  case demanded

  /// The keys of a medium.
  init(_ medium: SDPMedia) {
    self = medium.isSecure ? .demanded : medium.isEncrypted ? .offered : .absent
  }
}

/// What both sides of an offer and its answer say of keys for one medium.
///
/// Between the same two signalling hosts: a relay may have keys with one of the parties only.
struct KeyAgreement: Sendable {
  struct Side: Sendable {
    let keys: MediaKeys
    /// Where it receives.
    let place: WideKey
  }

  var caller: Side?
  var callee: Side?

  /// The side of the caller or of the callee.
  subscript(isCaller: Bool) -> Side? {
    get { isCaller ? caller : callee }
    set { if isCaller { caller = newValue } else { callee = newValue } }
  }
}

/// SRTP takes keys of both sides (RFC 4568 §7.1): those of one are void.
extension MediaAddresses {
  /// Notes what a description says of the keys of a medium, once one of the sides has some.
  ///
  /// - Returns: the medium with the exchange that decides of its keys.
  mutating func agree(
    _ media: AnnouncedMedia, _ line: Int, at place: WideKey, _ owner: MediaOwner, _ packet: borrowing Packet
  ) -> AnnouncedMedia {
    guard let keys = media.keys else { return media }
    let exchange = exchange(line, packet)
    let name = agreementKey(exchange, of: owner.call)
    let time = packet.timestamp.nanoseconds
    let known = agreements.value(name, at: time)
    guard keys != .absent || known != nil else { return media }
    var agreement = known ?? KeyAgreement()
    agreement[owner.isCaller] = KeyAgreement.Side(keys: keys, place: place)
    agreements.insert(name, agreement, at: time)
    var media = media
    media.exchange = exchange
    if let other = agreement[!owner.isCaller] { bind(other, to: exchange, of: owner.call, at: time) }
    return media
  }

  /// A place that was described several times, to the branches of a fork or for two media with one port, belongs to the
  /// exchange that was answered last.
  private mutating func bind(
    _ side: KeyAgreement.Side, to exchange: UInt32, of call: CallReference, at time: Int64
  ) {
    guard var media = announced.value(side.place, at: time), media.owner?.call == call,
      media.exchange != exchange || media.keys != side.keys
    else { return }
    media.exchange = exchange
    media.keys = side.keys
    announced.insert(side.place, media, at: time)
  }

  /// Whether packets to a place are SRTP; nil while keys are only offered, and where the capture cut what would tell.
  func isSecure(_ media: AnnouncedMedia, at time: Int64) -> Bool? {
    guard let keys = media.keys else { return nil }
    guard keys != .absent, media.exchange != 0, let owner = media.owner else {
      return keys == .offered ? nil : keys == .demanded
    }
    let agreement = agreements.value(agreementKey(media.exchange, of: owner.call), at: time)
    guard let other = agreement?[!owner.isCaller]?.keys else { return keys == .offered ? nil : true }
    return other != .absent
  }

  /// Whether the media are SRTP whose RTCP a packet is; nil when that is not known.
  func isSecure(controlledBy packet: borrowing Packet) -> Bool? {
    if let media = media(for: packet), media.isDescribed { return media.isSecure }
    let end = MediaEnd(address: packet.destination, port: packet.destinationPort)
    let receiver = media(ofControl: end, at: packet.timestamp)
    guard let media = media(at: key(receiver.address, receiver.port), packet.timestamp), media.isDescribed
    else { return nil }
    return media.isSecure
  }

  /// A number for a medium between two signalling hosts, never 0; on one host the ports tell them apart.
  private func exchange(_ line: Int, _ packet: borrowing Packet) -> UInt32 {
    let ends = FlowKey(packet)
    var hash = SeededHash(seed: seed)
    hash.combine(UInt64(truncatingIfNeeded: line))
    hash.combine(ends.lowerAddress.high)
    hash.combine(ends.lowerAddress.low)
    hash.combine(ends.upperAddress.high)
    hash.combine(ends.upperAddress.low)
    if ends.lowerAddress == ends.upperAddress {
      hash.combine(UInt64(ends.lowerPort) << 16 | UInt64(ends.upperPort))
    }
    return max(1, UInt32(truncatingIfNeeded: hash.value))
  }

  private func agreementKey(_ exchange: UInt32, of call: CallReference) -> WideKey {
    let name = UInt64(UInt32(bitPattern: call.number)) << 32 | UInt64(call.serial)
    var hash = SeededHash(seed: seed)
    hash.combine(name)
    hash.combine(UInt64(exchange))
    return WideKey(high: hash.value, low: name ^ UInt64(exchange) << 16)
  }
}
