public import Packets
public import Protocols
internal import Values

/// What a session description means for its call; nothing where a message has none.
public struct SessionFacts: Sendable {
  /// Whether its sender puts the call on hold (RFC 3264 §8.4).
  let isHeld: Bool
  /// Whether all its media is encrypted.
  let isEncrypted: Bool
  /// The first codec of the first audio that is no telephone event; nil without audio.
  let codec: MediaFormat?
  /// Stands for the o= line: where two legs have the same, one was made from the other.
  let origin: UInt64

  /// The facts of a description.
  public init(_ description: borrowing SessionDescription, in bytes: Bytes, seed: UInt64) {
    isHeld = description.isHeld
    var hasMedium = false
    var isPlain = false
    for medium in description.media where !medium.isRejected {
      hasMedium = true
      if !medium.isSecure, !medium.isDTLS, medium.cryptoCount == 0 { isPlain = true }
    }
    isEncrypted = hasMedium && !isPlain
    codec = Self.audioCodec(description, in: bytes)
    let range = description.origin.range
    // `o=- 0 0` and the like say nothing.
    origin = range.count >= 20 ? MessageKeys.key(bytes, range, seed: seed) : 0
  }

  private static func audioCodec(
    _ description: borrowing SessionDescription, in bytes: Bytes
  ) -> MediaFormat? {
    for medium in description.media where medium.kind == .audio && !medium.isRejected {
      for format in description.formats[medium.formats] {
        guard let media = MediaFormat(format, in: bytes), !media.isEvent, media.nameCount > 0 else {
          continue
        }
        return media
      }
      return nil
    }
    return nil
  }
}
