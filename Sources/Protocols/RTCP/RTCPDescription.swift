public import Packets
public import Values

/// One item of a source description, RFC 3550 §6.5.
public struct RTCPDescriptionItem: Sendable, Equatable {
  /// The registered item types.
  public enum Kind: UInt8, Sendable {
    case cname = 1
    case name = 2
    case email = 3
    case phone = 4
    case location = 5
    case tool = 6
    case note = 7
    case privateExtension = 8
    /// Media identification of a bundle, RFC 9143 §15.1.
    case mediaID = 15
  }

  /// The source that the item describes.
  public let ssrc: UInt32
  /// Item type as it stands on the wire.
  public let type: UInt8
  /// Where its text is: UTF-8 chosen by the sender.
  public let value: ByteRange

  /// The registered type, or nil.
  public var kind: Kind? { Kind(rawValue: type) }
}

/// The items of all chunks of a source description in wire order.
public struct RTCPDescriptionItems: Sendable {
  private var reader: WireReader
  private var chunksLeft: UInt8
  private var ssrc: UInt32 = 0
  private var isInsideChunk = false
  private let start: Int

  /// The items of a packet of type 202.
  ///
  /// - Throws: `WireError` for another type.
  public init(_ bytes: Bytes, _ packet: RTCPPacket) throws(WireError) {
    reader = try packet.reader(bytes, for: .sourceDescription)
    chunksLeft = packet.count
    start = reader.offset
  }

  /// The next item, or nil at the end.
  ///
  /// - Throws: `WireError` when a chunk or an item is cut off; nothing follows then.
  public mutating func next(in bytes: Bytes) throws(WireError) -> RTCPDescriptionItem? {
    while true {
      if !isInsideChunk {
        guard chunksLeft > 0 else { return nil }
        chunksLeft -= 1
        ssrc = try fieldOrStop { (reader) throws(WireError) in try reader.uint32(bytes, "sdes_chunk") }
        isInsideChunk = true
      }
      let type = try fieldOrStop { (reader) throws(WireError) in try reader.uint8(bytes, "sdes_item") }
      if type != 0 {
        let value = try fieldOrStop { (reader) throws(WireError) in
          try reader.vector8(bytes, "sdes_item")
        }
        return RTCPDescriptionItem(ssrc: ssrc, type: type, value: value)
      }
      isInsideChunk = false
      // A chunk ends with null bytes up to the next 32-bit boundary.
      let padding = (4 - (reader.offset - start) % 4) % 4
      _ = try? reader.take(min(padding, reader.remaining), "sdes_chunk")
    }
  }

  /// Ends the iteration together with the error, so that a caller that goes on cannot loop.
  private mutating func fieldOrStop<Value>(
    _ read: (inout WireReader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    do throws(WireError) {
      return try read(&reader)
    } catch {
      chunksLeft = 0
      isInsideChunk = false
      throw error
    }
  }
}

/// A goodbye packet, RFC 3550 §6.6.
public struct RTCPGoodbye: Sendable {
  /// Number of sources that leave, 0–31.
  public let sourceCount: Int
  /// Where the reason text is; empty when none is given.
  public let reason: ByteRange
  private let sources: ByteRange

  /// Parses a packet of type 203.
  ///
  /// - Throws: `WireError` for another type and when the sources or the reason are cut off.
  public init(parsing bytes: Bytes, _ packet: RTCPPacket) throws(WireError) {
    var reader = try packet.reader(bytes, for: .goodbye)
    sourceCount = Int(packet.count)
    sources = try reader.take(4 * sourceCount, "bye_sources")
    reason = reader.isAtEnd ? reader.rest : try reader.vector8(bytes, "bye_reason")
  }

  /// One leaving source; nil when the index is not below `sourceCount`.
  public func source(_ index: Int, in bytes: Bytes) -> UInt32? {
    let offset = sources.start + 4 * index
    guard index >= 0, index < sourceCount, offset + 4 <= bytes.count else { return nil }
    return bytes.uint32(at: offset)
  }
}

/// An application-defined packet, RFC 3550 §6.7.
public struct RTCPApplication: Sendable {
  /// Who sends it.
  public let ssrc: UInt32
  /// Subtype, 0–31.
  public let subtype: UInt8
  /// Four ASCII letters as a big-endian number.
  public let name: UInt32
  /// Where the application's data is.
  public let data: ByteRange

  /// Parses a packet of type 204.
  ///
  /// - Throws: `WireError` for another type and when the fixed part is cut off.
  public init(parsing bytes: Bytes, _ packet: RTCPPacket) throws(WireError) {
    var reader = try packet.reader(bytes, for: .application)
    ssrc = try reader.uint32(bytes, "ssrc")
    subtype = packet.count
    name = try reader.uint32(bytes, "app_name")
    data = reader.rest
  }
}
