internal import Protocols
internal import Values

/// An address and a port.
struct MediaEnd: Sendable {
  var address = IPAddress(v4: 0)
  var port: UInt16 = 0
}

/// What the two sides agree on where there are several media: one that a side rejects has no place at the other
/// (RFC 3264 §6).
extension MediaAddresses {
  /// Voids the places of all media that a description rejects, on both sides.
  mutating func reject(
    _ description: borrowing SessionDescription, _ owner: MediaOwner, at time: Timestamp
  ) {
    for line in description.media.indices where description.media[line].isRejected {
      setVoid(true, line, of: owner.call, isCaller: owner.isCaller, at: time)
      setVoid(true, line, of: owner.call, isCaller: !owner.isCaller, at: time)
    }
  }

  /// Remembers the place of a medium; that of the other side is good again, too.
  mutating func accept(_ line: Int, at end: MediaEnd, _ owner: MediaOwner, at time: Timestamp) {
    guard end.port != 0 else { return }
    let medium = mediumKey(line, of: owner.call, isCaller: owner.isCaller)
    described.insert(medium, key(end.address, end.port), at: time.nanoseconds)
    setVoid(false, line, of: owner.call, isCaller: !owner.isCaller, at: time)
  }

  private mutating func setVoid(
    _ isVoid: Bool, _ line: Int, of call: CallReference, isCaller: Bool, at time: Timestamp
  ) {
    let medium = mediumKey(line, of: call, isCaller: isCaller)
    guard let place = described.value(medium, at: time.nanoseconds),
      var media = announced.value(place, at: time.nanoseconds),
      media.isVoid != isVoid, media.owner?.call == call
    else { return }
    media.isVoid = isVoid
    announced.insert(place, media, at: time.nanoseconds)
  }

  private func mediumKey(_ line: Int, of call: CallReference, isCaller: Bool) -> WideKey {
    let name = UInt64(UInt32(bitPattern: call.number)) << 32 | UInt64(call.serial)
    let place = UInt64(truncatingIfNeeded: line) << 1 | (isCaller ? 1 : 0)
    var hash = SeededHash(seed: seed)
    hash.combine(name)
    hash.combine(place)
    return WideKey(high: hash.value, low: name ^ place << 48)
  }
}

/// RTCP at a place of its own (RFC 3605).
extension MediaAddresses {
  /// Remembers where the RTCP of a medium goes when an attribute says so.
  mutating func learnControl(of medium: SDPMedia, at end: MediaEnd, at time: Timestamp) {
    guard let port = medium.rtcpPort, port != 0 else { return }
    let address = medium.rtcpAddress ?? end.address
    guard address != end.address || port != end.port &+ 1 else { return }
    controls.insert(key(address, port), end, at: time.nanoseconds)
  }

  /// Where the media are received whose RTCP a place receives: the port below (RFC 3550 §11) unless a
  /// description says something else.
  func media(ofControl end: MediaEnd, at time: Timestamp) -> MediaEnd {
    controls.value(key(end.address, end.port), at: time.nanoseconds)
      ?? MediaEnd(address: end.address, port: end.port &- 1)
  }
}
