public import Packets
public import Values

/// A DTLS record, RFC 6347 §4.1 and RFC 9147 §4.
public struct DTLSRecord: Sendable, Equatable {
  /// What a record carries.
  public enum Content: Sendable, Equatable {
    case changeCipherSpec, alert, handshake, applicationData
    /// Acknowledgement of DTLS 1.3.
    case acknowledgement
    /// Encrypted with the short header of DTLS 1.3: nothing but its length is known.
    case ciphertext
  }

  /// What it carries.
  public let content: Content
  /// Version field: 0xFEFF is 1.0, 0xFEFD is 1.2 and, in the first records, 1.3; 0 for the short header.
  public let version: UInt16
  /// Key epoch; from 1 on the fragment is encrypted. For the short header its lowest two bits.
  public let epoch: UInt16
  /// Sequence number within the epoch; 0 for the short header, where it is encrypted.
  public let sequence: UInt64
  /// Where its content is.
  public let fragment: ByteRange

  /// Whether the content cannot be read.
  public var isEncrypted: Bool { epoch > 0 || content == .ciphertext }
}

/// The records of one datagram.
public struct DTLSRecords: Sendable {
  /// Bytes in the long header.
  static let headerCount = 13
  private var offset = 0

  /// Starts at the first record.
  public init() {}

  /// The next record, or nil at the end of the datagram.
  ///
  /// - Throws: `WireError` when the bytes are no record or end inside one; nothing follows then.
  public mutating func next(in bytes: Bytes) throws(WireError) -> DTLSRecord? {
    guard offset < bytes.count else { return nil }
    let start = offset
    // Whatever happens, a fault ends the datagram: behind it there is no boundary to find.
    offset = bytes.count
    let first = bytes[start]
    let record =
      first & 0xe0 == 0x20 ? try Self.short(bytes, start, first) : try Self.long(bytes, start, first)
    offset = record.fragment.end
    return record
  }

  /// DTLS 1.3, RFC 9147 §4: `001CSLEE`, where a connection identifier (C) has a length known only to the ends.
  private static func short(_ bytes: Bytes, _ start: Int, _ first: UInt8) throws(WireError) -> DTLSRecord {
    var reader = WireReader(bytes, ByteRange(start + 1, bytes.count), layer: .dtls)
    var fragment = ByteRange(start, bytes.count)
    if first & 0x10 == 0 {
      _ = try reader.take(first & 0x08 != 0 ? 2 : 1, "sequence_number")
      fragment = first & 0x04 != 0 ? try reader.vector16(bytes, "record") : reader.rest
      // A sealed record has at least its content type and a tag (RFC 9147 §4.2.3 samples 16 bytes).
      guard fragment.count >= 16 else { throw reader.invalid("record", value: fragment.count) }
    }
    return DTLSRecord(
      content: .ciphertext, version: 0, epoch: UInt16(first & 3), sequence: 0, fragment: fragment)
  }

  private static func long(_ bytes: Bytes, _ start: Int, _ first: UInt8) throws(WireError) -> DTLSRecord {
    var reader = WireReader(bytes, ByteRange(start, bytes.count), layer: .dtls)
    guard reader.remaining >= headerCount else {
      throw reader.truncated("record_header", needed: headerCount)
    }
    let content: DTLSRecord.Content =
      switch first {
      case 20: .changeCipherSpec
      case 21: .alert
      case 22: .handshake
      case 23: .applicationData
      // Behind a header with a connection identifier (RFC 9146) of unknown length.
      case 25: .ciphertext
      case 26: .acknowledgement
      default: throw reader.invalid("content_type", value: Int(first))
      }
    let version = bytes.uint16(at: start + 1)
    // 0x0100 is what OpenSSL called DTLS before RFC 4347.
    guard version >> 8 == 0xfe || version == 0x0100 else {
      throw reader.invalid("version", value: Int(version))
    }
    let numbers = bytes.uint64(at: start + 3)
    let epoch = UInt16(truncatingIfNeeded: numbers >> 48)
    if first == 25 {
      return DTLSRecord(
        content: content, version: version, epoch: epoch, sequence: numbers & 0xffff_ffff_ffff,
        fragment: ByteRange(start + 11, bytes.count))
    }
    _ = try reader.take(11, "record_header")
    return DTLSRecord(
      content: content, version: version, epoch: epoch, sequence: numbers & 0xffff_ffff_ffff,
      fragment: try reader.vector16(bytes, "record"))
  }
}

/// A handshake message or a part of one, RFC 6347 §4.2.2.
public struct DTLSHandshakeFragment: Sendable, Equatable {
  /// Message type.
  public let type: UInt8
  /// Length of the whole message's body, up to 2^24 - 1.
  public let messageCount: Int
  /// Which message of the sender it is; a repetition has the same number.
  public let messageSequence: UInt16
  /// Where this part begins in the body.
  public let offset: Int
  /// Where this part is in the datagram.
  public let data: ByteRange

  /// Whether it is the whole message.
  public var isWhole: Bool { data.count == messageCount }
}

/// The handshake fragments of one record.
public struct DTLSHandshakeFragments: Sendable {
  private var reader: WireReader

  /// The fragments of a record that carries a handshake in the clear; none for another record.
  public init(_ record: DTLSRecord) {
    let isReadable = record.content == .handshake && !record.isEncrypted
    reader = WireReader(inside: isReadable ? record.fragment : ByteRange(), layer: .dtls)
  }

  /// The next fragment, or nil at the end of the record.
  ///
  /// - Throws: `WireError` when a fragment is cut off or lies outside of its message; nothing follows then.
  public mutating func next(in bytes: Bytes) throws(WireError) -> DTLSHandshakeFragment? {
    guard !reader.isAtEnd, reader.end <= bytes.count else { return nil }
    do throws(WireError) {
      let type = try reader.uint8(bytes, "handshake_header")
      let messageCount = try reader.uint24(bytes, "handshake_header")
      let sequence = try reader.uint16(bytes, "handshake_header")
      let offset = try reader.uint24(bytes, "handshake_header")
      let data = try reader.vector24(bytes, "handshake_fragment")
      guard offset + data.count <= messageCount else {
        throw reader.invalid("fragment_offset", value: offset)
      }
      return DTLSHandshakeFragment(
        type: type, messageCount: messageCount, messageSequence: sequence, offset: offset, data: data)
    } catch {
      _ = try? reader.take(reader.remaining, "handshake_header")
      throw error
    }
  }
}

/// A HelloVerifyRequest, RFC 6347 §4.2.1.
public struct DTLSHelloVerifyRequest: Sendable {
  /// The server's version.
  public let version: UInt16
  /// The cookie that the client has to send back.
  public let cookie: ByteRange

  /// Parses the body of a handshake message of type 3.
  ///
  /// - Throws: `WireError` when it is cut off.
  public init(parsing bytes: Bytes, body: ByteRange) throws(WireError) {
    var reader = WireReader(bytes, body, layer: .dtls)
    version = try reader.uint16(bytes, "server_version")
    cookie = try reader.vector8(bytes, "cookie")
  }
}
