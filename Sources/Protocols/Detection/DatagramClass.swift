public import Packets

/// What a datagram on a media port may be by its first bytes, RFC 7983 §7 and RFC 5761 §4.
///
/// This only chooses a decoder: the decoder (and for RTP the `RTPProbe`) decides whether it is one.
public enum DatagramClass: UInt8, Sendable {
  /// First byte 0–3.
  case stun
  /// First byte 16–19.
  case zrtp
  /// First byte 20–63.
  case dtls
  /// First byte 64–79.
  case turnChannel
  /// First byte 128–191, and no RTCP packet type behind it.
  case rtp
  /// First byte 128–191, second byte 192–223.
  case rtcp
  /// Everything else, and fewer than two bytes.
  case other

  /// The class of a datagram's payload.
  public init(_ bytes: Bytes) {
    guard bytes.count >= 2 else {
      self = .other
      return
    }
    switch bytes[0] {
    case 0...3: self = .stun
    case 16...19: self = .zrtp
    case 20...63: self = .dtls
    case 64...79: self = .turnChannel
    case 128...191: self = 192...223 ~= bytes[1] ? .rtcp : .rtp
    default: self = .other
    }
  }

  /// Whether a datagram is of BACnet/IP (ASHRAE 135, annex J): type 0x81 with the length of the datagram, whose
  /// constants and small changes otherwise look like a stream of payload type 10 with one contributing source. Of
  /// such streams one packet in 65,536 looks like it too.
  public static func isBuildingControl(_ bytes: Bytes) -> Bool {
    bytes.count >= 4 && bytes[0] == 0x81 && bytes[1] <= 0x0c && Int(bytes.uint16(at: 2)) == bytes.count
  }
}
