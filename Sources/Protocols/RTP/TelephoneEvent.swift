public import Packets
public import Values

/// A named telephone event, RFC 4733 §2.3: that one happened and for how long, never which key it was.
///
/// The event code is looked at only to tell keys from line signals and is then forgotten.
public struct TelephoneEvent: Sendable, Equatable {
  /// What kind of event it is.
  public enum Kind: UInt8, Sendable {
    /// A key of the keypad.
    case dtmf
    /// A hook flash, a tone, a modem or line signal.
    case other
  }

  /// Bytes in one event block.
  public static let byteCount = 4

  /// What kind of event it is.
  public let kind: Kind
  /// Whether this packet ends the event.
  public let isEnd: Bool
  /// How long the event has lasted since the packet's timestamp, in ticks of the stream's clock.
  public let duration: UInt16

  /// Parses the first event block of a payload.
  ///
  /// - Throws: `WireError` when the payload has fewer than four bytes.
  public init(parsing bytes: Bytes, payload: ByteRange) throws(WireError) {
    var reader = WireReader(bytes, payload, layer: .rtp)
    guard reader.remaining >= Self.byteCount else {
      throw reader.truncated("telephone_event", needed: Self.byteCount)
    }
    kind = try reader.uint8(bytes, "telephone_event") <= 15 ? .dtmf : .other
    isEnd = try reader.uint8(bytes, "telephone_event") & 0x80 != 0
    duration = try reader.uint16(bytes, "telephone_event")
  }
}
