public import Packets
public import Values

/// A TURN ChannelData message, RFC 8656 §12.4: a relayed datagram behind a four-byte header.
public struct TURNChannelData: Sendable, Equatable {
  /// The channel, 0x4000–0x4FFF.
  public let channel: UInt16
  /// The relayed datagram.
  public let data: ByteRange

  /// Parses one datagram.
  ///
  /// - Throws: `WireError` for another channel number, when the data is cut off, and when more than the
  ///   padding to a multiple of four follows it.
  public init(parsing bytes: Bytes) throws(WireError) {
    var reader = WireReader(bytes, layer: .turn)
    channel = try reader.uint16(bytes, "channel_number")
    guard 0x4000...0x4fff ~= channel else {
      throw WireError(
        .turn, .invalid, "channel_number", offset: 0, needed: Int(channel), available: bytes.count)
    }
    data = try reader.vector16(bytes, "data")
    guard reader.remaining < 4 else { throw reader.invalid("length", value: data.count) }
  }

  /// How many bytes the message at the start of a stream has, padding included (RFC 8656 §12.5); nil when
  /// its header is not there yet.
  public static func byteCount(atStartOf stream: Bytes) -> Int? {
    stream.count >= 4 ? 4 + (Int(stream.uint16(at: 2)) + 3) / 4 * 4 : nil
  }
}
