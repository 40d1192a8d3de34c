public import Packets
public import Values

/// A TURN ChannelData message, RFC 8656 §12.4: a relayed datagram behind a four-byte header.
public struct TURNChannelData: Sendable, Equatable {
  /// The channel, 0x4000–0x4FFF.
  public let channel: UInt16
  /// The relayed datagram, as far as it was captured.
  public let data: ByteRange
  /// Bytes of the relayed datagram that were not captured.
  public let uncapturedLength: Int

  /// Parses one datagram.
  ///
  /// - Parameter uncapturedLength: bytes at the datagram's end that a snap length cut off.
  /// - Throws: `WireError` for another channel number, when the data is cut off, and when more than the
  ///   padding to a multiple of four follows it.
  public init(parsing bytes: Bytes, uncapturedLength: Int = 0) throws(WireError) {
    var reader = WireReader(bytes, layer: .turn)
    channel = try reader.uint16(bytes, "channel_number")
    guard 0x4000...0x4fff ~= channel else {
      throw WireError(
        .turn, .invalid, "channel_number", offset: 0, needed: Int(channel), available: bytes.count)
    }
    let length = Int(try reader.uint16(bytes, "length"))
    let missing = min(max(0, uncapturedLength), max(0, length - reader.remaining))
    data = try reader.take(length - missing, "data")
    self.uncapturedLength = missing
    guard reader.remaining + uncapturedLength - missing < 4 else {
      throw reader.invalid("length", value: length)
    }
  }

  /// How many bytes the message at the start of a stream has, padding included (RFC 8656 §12.5); nil when
  /// its header is not there yet.
  public static func byteCount(atStartOf stream: Bytes) -> Int? {
    stream.count >= 4 ? 4 + (Int(stream.uint16(at: 2)) + 3) / 4 * 4 : nil
  }
}
