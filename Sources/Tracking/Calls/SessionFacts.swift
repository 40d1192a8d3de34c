public import Packets
public import Protocols
internal import Values

/// What a session description means for its call; nothing where a message has none.
public struct SessionFacts: Sendable {
  /// Whether its sender puts the call on hold (RFC 3264 §8.4); nil when the capture cut where it may say so.
  let isHeld: Bool?
  /// Whether its media is to flow in one direction only, or not at all.
  let isOneWay: Bool
  /// Whether all its media is encrypted; nil when the capture cut where it may say so.
  let isEncrypted: Bool?
  /// The first codec of the first audio that is no telephone event, noise or redundancy; nil without audio.
  let codec: MediaFormat?
  /// Stands for the o= line: where two legs have the same, one was made from the other.
  let origin: UInt64
  /// Stands for the session.
  let identity: SessionIdentity
  /// Whether its first audio may have silence suppression or comfort noise.
  let mayPause: Bool
  /// Whether it names places that media may move to without a word (ICE).
  let hasCandidates: Bool
  /// Stands for the address that expects audio; 0 for none.
  let audioPlace: UInt64

  /// The facts of a description.
  ///
  /// - Parameter isWhole: false when the end of the description may be missing.
  public init(
    _ description: borrowing SessionDescription, in bytes: Bytes, isWhole: Bool = true, seed: UInt64
  ) {
    isHeld = description.isHeld || !description.isCut ? description.isHeld : nil
    var hasMedium = false
    var isPlain = false
    var isTwoWay = false
    for medium in description.media where !medium.isRejected {
      hasMedium = true
      if medium.direction == .sendrecv { isTwoWay = true }
      if !medium.isEncrypted { isPlain = true }
    }
    isOneWay = hasMedium && !isTwoWay
    isEncrypted = description.isCut ? nil : hasMedium && !isPlain
    let audio = description.media.first { $0.kind == .audio && !$0.isRejected }
    if let audio {
      codec = Self.codec(of: audio, description, in: bytes)
      audioPlace = Self.place(of: audio, description, seed: seed)
      mayPause = description.formats[audio.formats].contains { Self.mayPause($0, in: bytes) }
    } else {
      (codec, audioPlace, mayPause) = (nil, 0, false)
    }
    let range = description.origin.range
    // `o=- 0 0` and the like say nothing.
    origin = range.count >= 20 ? MessageKeys.key(bytes, range, seed: seed) : 0
    identity = isWhole ? Self.identity(description, in: bytes, seed: seed) : .unknown
    hasCandidates = !description.candidates.isEmpty
  }

  /// Comfort noise (RFC 3389), G.729 unless it says `annexb=no` (RFC 4856 §2.1.9), Opus with `usedtx=1` (RFC 7587 §6.1).
  private static func mayPause(_ format: SDPFormat, in bytes: Bytes) -> Bool {
    if format.silence == .suppressed || format.payloadType == 13 { return true }
    var isG729 = format.payloadType == 18
    if !isG729, 1...4 ~= format.codec.count, format.codec.end <= bytes.count {
      switch bytes.lowercaseWord(at: format.codec.start, width: format.codec.count) {
      // `cn` and `g729`.
      case 0x6e63: return true
      case 0x3932_3767: isG729 = true
      default: break
      }
    }
    return isG729 && format.silence != .sent
  }

  private static func place(
    of audio: SDPMedia, _ description: borrowing SessionDescription, seed: UInt64
  ) -> UInt64 {
    let connection = description.connection(of: audio)
    guard let address = connection.address, !connection.isUnspecified else { return 0 }
    return max(1, MessageKeys.key(address, seed: seed))
  }

  /// A new version, direction or codec is the same session (RFC 8866 §5.2); another place for media is not.
  private static func identity(
    _ description: borrowing SessionDescription, in bytes: Bytes, seed: UInt64
  ) -> SessionIdentity {
    let origin = description.origin
    var hash = SeededHash(seed: seed)
    hash.combine(bytes.extracting(origin.username.range))
    hash.combine(bytes.extracting(origin.sessionID.range))
    hash.combine(bytes.extracting(origin.addressRange.range))
    var places = SeededHash(seed: seed)
    var first: UInt64?
    var isSpread = false
    for medium in description.media {
      hash.combine(UInt64(medium.kind.rawValue) << 16 | UInt64(medium.port))
      let connection = description.connection(of: medium)
      guard !medium.isRejected else { continue }
      var address = connection.address
      // Who says nowhere may name his places by candidates (RFC 8839 §4.2.1.2).
      if connection.isUnspecified {
        guard let candidate = description.candidates[medium.candidates].first else { continue }
        address = candidate.address
      }
      let place =
        address.map { MessageKeys.key($0, seed: seed) }
        ?? MessageKeys.key(bytes, connection.range, seed: seed)
      places.combine(place)
      if let first, first != place { isSpread = true }
      first = first ?? place
    }
    return SessionIdentity(
      content: UInt32(truncatingIfNeeded: hash.value),
      places: UInt32(truncatingIfNeeded: isSpread ? places.value : first ?? 0))
  }

  private static func codec(
    of audio: SDPMedia, _ description: borrowing SessionDescription, in bytes: Bytes
  ) -> MediaFormat? {
    for format in description.formats[audio.formats] {
      guard let media = MediaFormat(format, in: bytes), media.isSound, media.nameCount > 0 else { continue }
      return media
    }
    return nil
  }
}
