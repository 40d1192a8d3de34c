public import Packets
public import Values

/// A ZRTP packet, RFC 6189 §5: key agreement inside the media path. Nothing of the keys is read.
public struct ZRTPPacket: Sendable, Equatable {
  /// The registered message types, RFC 6189 §5.
  public enum Message: UInt8, Sendable {
    case hello, helloAck, commit, dhPart1, dhPart2, confirm1, confirm2, conf2Ack, error, errorAck, goClear
    case clearAck, sasRelay, relayAck, ping, pingAck
    /// A type that is in no registry.
    case unknown
  }

  /// “ZRTP” where RTP has its timestamp.
  public static let magic: UInt32 = 0x5a52_5450
  /// Bytes in front of the message: header, magic and SSRC.
  static let headerCount = 12
  /// Preamble, length and type of a message, and the check value behind it.
  static let minimumCount = headerCount + 12 + 4

  /// Sequence number of the packet; it wraps at 65536.
  public let sequence: UInt16
  /// The media stream that the keys are for.
  public let ssrc: UInt32
  /// Which message it is.
  public let message: Message
  /// Where the message is, without the check value.
  public let body: ByteRange
  /// Whether the CRC-32C at the end is right.
  public let isChecksumValid: Bool

  /// Parses one datagram.
  ///
  /// - Throws: `WireError` when the first byte, the magic, the preamble or the length is not ZRTP's, and when
  ///   the packet is cut off.
  public init(parsing bytes: Bytes) throws(WireError) {
    guard bytes.count >= Self.minimumCount else {
      throw WireError(
        .zrtp, .truncated, "packet", offset: 0, needed: Self.minimumCount, available: bytes.count)
    }
    // Version 0 of RTP with the X bit (RFC 6189 §5); the lower bits are not used.
    try Self.check(bytes[0] >> 4 == 1, "version", 0, Int(bytes[0]), bytes)
    try Self.check(bytes.uint32(at: 4) == Self.magic, "magic", 4, Int(bytes.uint32(at: 4)), bytes)
    let preamble = Int(bytes.uint16(at: Self.headerCount))
    try Self.check(preamble == 0x505a, "preamble", Self.headerCount, preamble, bytes)
    let words = Int(bytes.uint16(at: Self.headerCount + 2))
    try Self.check(words >= 3, "message_length", Self.headerCount + 2, words, bytes)
    let end = Self.headerCount + 4 * words
    guard bytes.count - end >= 4 else {
      throw WireError(
        .zrtp, .truncated, "message", offset: Self.headerCount, needed: 4 * words + 4,
        available: bytes.count - Self.headerCount)
    }
    sequence = bytes.uint16(at: 2)
    ssrc = bytes.uint32(at: 8)
    body = ByteRange(Self.headerCount, end)
    message = Message(bytes, at: Self.headerCount + 4)
    // The check value goes out with its least significant byte first, as in SCTP (RFC 9260 Appendix A).
    let checksum = CyclicRedundancyCheck.castagnoli.checksum(bytes, count: end)
    isChecksumValid = checksum.byteSwapped == bytes.uint32(at: end)
  }

  private static func check(
    _ isRight: Bool, _ field: StaticString, _ offset: Int, _ value: Int, _ bytes: Bytes
  ) throws(WireError) {
    guard !isRight else { return }
    throw WireError(
      .zrtp, .invalid, field, offset: offset, needed: value, available: bytes.count - offset)
  }
}

extension ZRTPPacket.Message {
  private static let names: [(String, Self)] = [
    ("Hello   ", .hello), ("HelloACK", .helloAck), ("Commit  ", .commit), ("DHPart1 ", .dhPart1),
    ("DHPart2 ", .dhPart2), ("Confirm1", .confirm1), ("Confirm2", .confirm2), ("Conf2ACK", .conf2Ack),
    ("Error   ", .error), ("ErrorACK", .errorAck), ("GoClear ", .goClear), ("ClearACK", .clearAck),
    ("SASrelay", .sasRelay), ("RelayACK", .relayAck), ("Ping    ", .ping), ("PingACK ", .pingAck),
  ]

  /// The message of an eight-letter type block; its bytes are there.
  fileprivate init(_ bytes: Bytes, at offset: Int) {
    for (name, message) in Self.names where bytes.spells(name, at: offset) {
      self = message
      return
    }
    self = .unknown
  }
}
