public import Packets
public import Values

/// The RTP fixed header with its CSRC list and extension, RFC 3550 §5.1.
///
/// A plain value: lists and payload are ranges into the bytes it was parsed from.
public struct RTPHeader: Sendable {
  /// The padding that the P bit announces.
  public enum Padding: Sendable, Equatable {
    /// The P bit is clear.
    case none
    /// The last `count` bytes of the packet are padding, the count byte included.
    case bytes(UInt8)
    /// The count is zero or larger than what follows the header; the payload then keeps all bytes.
    case invalid
    /// The P bit is set, but the count is encrypted or was not captured.
    case unreadable
  }

  /// Bytes in a header without CSRC list and extension.
  public static let minimumCount = 12

  /// Payload type, 0–127.
  public let payloadType: UInt8
  /// Whether the marker bit is set.
  public let hasMarker: Bool
  /// Sequence number; it wraps at 65536.
  public let sequence: UInt16
  /// Sampling instant in ticks of the codec's clock; it wraps at 2^32.
  public let timestamp: UInt32
  /// Synchronisation source.
  public let ssrc: UInt32
  /// Number of contributing sources, 0–15.
  public let csrcCount: UInt8
  /// Whether a header extension follows the CSRC list.
  public let hasExtension: Bool
  /// The 16 bits defined by the extension's profile; 0 without an extension.
  public let extensionProfile: UInt16
  /// Where the extension's content is, without its four header bytes.
  public let extensionData: ByteRange
  /// What the P bit announces.
  public let padding: Padding
  /// Where the payload is, without padding; for SRTP it includes the authentication tag.
  public let payload: ByteRange

  /// Parses the header at the start of a datagram.
  ///
  /// - Parameter isPaddingReadable: false for SRTP, where the count is encrypted (RFC 3711 §3.1), and for
  ///   a packet that the capture cut off.
  /// - Throws: `WireError` for another version than 2, and when the bytes end inside the header.
  public init(parsing bytes: Bytes, isPaddingReadable: Bool = true) throws(WireError) {
    guard bytes.count >= Self.minimumCount else {
      throw WireError(
        .rtp, .truncated, "fixed_header", offset: 0, needed: Self.minimumCount, available: bytes.count)
    }
    let first = bytes[0]
    guard first & 0xc0 == 0x80 else {
      throw WireError(.rtp, .invalid, "version", offset: 0, needed: Int(first >> 6), available: bytes.count)
    }
    let second = bytes[1]
    payloadType = second & 0x7f
    hasMarker = second & 0x80 != 0
    sequence = bytes.uint16(at: 2)
    timestamp = bytes.uint32(at: 4)
    ssrc = bytes.uint32(at: 8)
    csrcCount = first & 0x0f
    hasExtension = first & 0x10 != 0
    var end = Self.minimumCount + 4 * Int(csrcCount)
    guard end <= bytes.count else {
      throw WireError(
        .rtp, .truncated, "csrc", offset: Self.minimumCount, needed: 4 * Int(csrcCount),
        available: bytes.count - Self.minimumCount)
    }
    if hasExtension {
      let data = try Self.extensionData(bytes, at: end)
      extensionProfile = bytes.uint16(at: end)
      extensionData = data
      end = data.end
    } else {
      extensionProfile = 0
      extensionData = ByteRange(end, end)
    }
    let isPadded = first & 0x20 != 0
    padding = isPadded ? Self.padding(bytes, after: end, isReadable: isPaddingReadable) : .none
    if case .bytes(let count) = padding {
      payload = ByteRange(end, bytes.count - Int(count))
    } else {
      payload = ByteRange(end, bytes.count)
    }
  }

  private static func extensionData(_ bytes: Bytes, at offset: Int) throws(WireError) -> ByteRange {
    let available = bytes.count - offset
    guard available >= 4 else {
      throw WireError(
        .rtp, .truncated, "extension_header", offset: offset, needed: 4, available: available)
    }
    let needed = 4 + 4 * Int(bytes.uint16(at: offset + 2))
    guard available >= needed else {
      throw WireError(
        .rtp, .truncated, "extension", offset: offset, needed: needed, available: available)
    }
    return ByteRange(offset + 4, offset + needed)
  }

  private static func padding(_ bytes: Bytes, after header: Int, isReadable: Bool) -> Padding {
    guard isReadable else { return .unreadable }
    guard header < bytes.count else { return .invalid }
    let count = bytes[bytes.count - 1]
    return count > 0 && Int(count) <= bytes.count - header ? .bytes(count) : .invalid
  }

  /// One contributing source; nil when the index is not below `csrcCount`.
  public func csrc(_ index: Int, in bytes: Bytes) -> UInt32? {
    let offset = Self.minimumCount + 4 * index
    guard index >= 0, index < Int(csrcCount), offset + 4 <= bytes.count else { return nil }
    return bytes.uint32(at: offset)
  }
}
