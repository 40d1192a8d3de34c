public import Packets
public import Values

/// One packet of an RTCP compound, RFC 3550 §6.4: its type, its count field and where its body is.
public struct RTCPPacket: Sendable, Equatable {
  /// The registered packet types that are told apart.
  public enum Kind: UInt8, Sendable {
    case senderReport = 200
    case receiverReport = 201
    case sourceDescription = 202
    case goodbye = 203
    case application = 204
    /// RTPFB, RFC 4585 §6.2.
    case transportFeedback = 205
    /// PSFB, RFC 4585 §6.3.
    case payloadFeedback = 206
    /// XR, RFC 3611 §2.
    case extendedReport = 207
  }

  /// Packet type as it stands on the wire, 192–223.
  public let type: UInt8
  /// The five bits behind the padding bit: report count, source count, subtype or feedback message type.
  public let count: UInt8
  /// The whole packet.
  public let range: ByteRange
  /// What follows the four header bytes, without padding.
  public let body: ByteRange

  /// The registered type, or nil for one that is only counted.
  public var kind: Kind? { Kind(rawValue: type) }

  /// The packet at an offset.
  ///
  /// - Throws: `WireError` for another version than 2, a type outside of 192–223 (RFC 5761 §4), bytes that
  ///   end before the packet does, and padding that is not a non-zero multiple of four inside the packet.
  public init(parsing bytes: Bytes, at offset: Int = 0) throws(WireError) {
    let start = min(max(offset, 0), bytes.count)
    var reader = WireReader(bytes, ByteRange(start, bytes.count), layer: .rtcp)
    guard reader.remaining >= 4 else { throw reader.truncated("packet_header", needed: 4) }
    let first = bytes[start]
    guard first & 0xc0 == 0x80 else { throw reader.invalid("version", value: Int(first >> 6)) }
    type = bytes[start + 1]
    guard 192...223 ~= type else { throw reader.invalid("packet_type", value: Int(type)) }
    count = first & 0x1f
    range = try reader.take(4 + 4 * Int(bytes.uint16(at: start + 2)), "packet")
    var end = range.end
    if first & 0x20 != 0 {
      let padding = bytes[end - 1]
      guard padding > 0, padding & 3 == 0, Int(padding) <= range.count - 4 else {
        throw WireError(
          .rtcp, .invalid, "padding", offset: end - 1, needed: Int(padding), available: range.count - 4)
      }
      end -= Int(padding)
    }
    body = ByteRange(start + 4, end)
  }

  /// The SSRC of the packet's sender; nil for a body without one.
  public func senderSSRC(in bytes: Bytes) -> UInt32? {
    guard body.count >= 4, body.end <= bytes.count else { return nil }
    return bytes.uint32(at: body.start)
  }

  /// A reader over the body, once the type is one of those the caller understands.
  func reader(_ bytes: Bytes, for kinds: Kind...) throws(WireError) -> WireReader {
    let reader = WireReader(bytes, body, layer: .rtcp)
    for kind in kinds where kind.rawValue == type { return reader }
    throw reader.invalid("packet_type", value: Int(type))
  }
}
