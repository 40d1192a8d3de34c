public import Packets
public import Values

/// A UDPTL packet of T.38 fax, ITU-T T.38 §9.1 (aligned PER): recognised by its structure, not decoded.
public struct UDPTLPacket: Sendable, Equatable {
  /// What the primary packet carries, ITU-T T.38 §7.3.
  public enum Message: UInt8, Sendable {
    /// A T.30 indicator: silence, calling tone, answer tone, preamble, training.
    case indicator
    /// T.30 data: control frames or picture lines.
    case data
  }

  /// How lost packets can be restored.
  public enum Recovery: UInt8, Sendable {
    /// Earlier packets are repeated.
    case redundancy
    /// Parity of earlier packets.
    case parity
  }

  /// Sequence number; it wraps at 65536.
  public let sequence: UInt16
  /// What the primary packet carries.
  public let message: Message
  /// The indicator (0–15) or data type (0–8); nil for one of the later versions of T.38.
  public let kind: UInt8?
  /// The primary packet.
  public let primary: ByteRange
  /// How lost packets can be restored.
  public let recovery: Recovery
  /// Number of repeated packets or parity blocks.
  public let recoveryCount: Int

  /// Parses one datagram, whose every byte must belong to the structure.
  ///
  /// - Throws: `WireError` when it is cut off, when bytes follow it, and when a repeated or primary packet
  ///   does not begin like a T.38 message.
  public init(parsing bytes: Bytes) throws(WireError) {
    var reader = WireReader(bytes, layer: .udptl)
    sequence = try reader.uint16(bytes, "sequence_number")
    primary = try reader.perOctets(bytes, "primary_packet")
    (message, kind) = try Self.header(bytes, primary, reader)
    let choice = try reader.uint8(bytes, "error_recovery")
    switch choice {
    case 0x00: recovery = .redundancy
    case 0x80: recovery = .parity
    default: throw reader.invalid("error_recovery", value: Int(choice))
    }
    if recovery == .parity {
      let width = try reader.uint8(bytes, "parity_packets")
      guard width == 1 else { throw reader.invalid("parity_packets", value: Int(width)) }
      _ = try reader.uint8(bytes, "parity_packets")
    }
    recoveryCount = try reader.perLength(bytes, "recovery_count")
    for _ in 0..<recoveryCount {
      let packet = try reader.perOctets(bytes, "recovery_packet")
      if recovery == .redundancy { _ = try Self.header(bytes, packet, reader) }
    }
    guard reader.isAtEnd else { throw reader.invalid("end", value: reader.remaining) }
  }

  /// The first bits of a message: whether data follows, indicator or data, extension, four bits of kind.
  private static func header(
    _ bytes: Bytes, _ packet: ByteRange, _ reader: WireReader
  ) throws(WireError) -> (Message, UInt8?) {
    guard !packet.isEmpty else { throw reader.invalid("primary_packet", value: 0) }
    let first = bytes[packet.start]
    let hasData = first & 0x80 != 0
    let isExtended = first & 0x20 != 0
    let kind = first >> 1 & 0x0f
    // What follows is aligned to a byte, so the last bit is filling.
    guard isExtended || first & 1 == 0 else { throw reader.invalid("filling", value: Int(first)) }
    if first & 0x40 == 0 {
      guard !hasData, packet.count == (isExtended ? 2 : 1) else {
        throw reader.invalid("indicator", value: Int(first))
      }
      return (.indicator, isExtended ? nil : kind)
    }
    guard isExtended || kind <= 8, hasData || packet.count <= 2 else {
      throw reader.invalid("data", value: Int(first))
    }
    return (.data, isExtended ? nil : kind)
  }
}

extension WireReader {
  /// A length determinant of aligned PER, ITU-T X.691 §11.9, without fragments.
  fileprivate mutating func perLength(_ bytes: Bytes, _ field: StaticString) throws(WireError) -> Int {
    let first = try uint8(bytes, field)
    if first & 0x80 == 0 { return Int(first) }
    guard first & 0x40 == 0 else { throw invalid(field, value: Int(first)) }
    return Int(first & 0x3f) << 8 | Int(try uint8(bytes, field))
  }

  /// Bytes behind such a length.
  fileprivate mutating func perOctets(
    _ bytes: Bytes, _ field: StaticString
  ) throws(WireError) -> ByteRange {
    let count = try perLength(bytes, field)
    return try take(count, field)
  }
}
