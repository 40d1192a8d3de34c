public import Packets
public import Values

/// One header field line: where its name and value are, and which header it is.
public struct SIPHeader: Sendable, Equatable {
  /// The name as written, without white space before the colon.
  public var nameRange: ByteRange
  /// The value without outer white space; a folded value still contains its line ends.
  public var value: ByteRange
  /// Hash of the full name in small letters: equal for every spelling of one header.
  public var nameHash: UInt64
  /// Which known header it is.
  public var name: SIPHeaderName
  /// Whether the value goes on over more than one line (RFC 3261 §7.3.1).
  public var isFolded: Bool
}

/// A header to look for, by any spelling of its name; make it once and use it for every message.
public struct SIPHeaderKey: Sendable, Hashable {
  /// The known header that the name stands for, or `other`.
  public let known: SIPHeaderName
  /// The hash that headers of this name carry.
  public let hash: UInt64
  /// The name in small letters; the full one when a compact form was given.
  public let canonicalName: [UInt8]

  /// The header of a name, whatever its case; `f` is the same as `From`.
  public init(_ name: String) {
    var lower = name.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    let digest = SIPNameDigest(lower.span, ByteRange(0, lower.count))
    let entry = SIPNameTable.shared.resolve(digest)
    if entry.name != .other { lower = Array(entry.name.name.lowercased().utf8) }
    known = entry.name
    hash = entry.name == .other ? digest.hash : entry.hash
    canonicalName = lower
  }

  /// Whether a header of a message has this name; equal hashes are not trusted for unknown names.
  public func matches(_ header: SIPHeader, in bytes: Bytes) -> Bool {
    guard header.nameHash == hash, header.name == known else { return false }
    guard known == .other else { return true }
    guard header.nameRange.count == canonicalName.count else { return false }
    for index in 0..<canonicalName.count {
      let byte = bytes[header.nameRange.start + index]
      guard (byte &- 0x41 < 26 ? byte | 0x20 : byte) == canonicalName[index] else { return false }
    }
    return true
  }
}
