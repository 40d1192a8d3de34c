import Packets
import Values

/// A header name reduced to numbers: its first 24 bytes in small letters, its length and a hash of all.
struct SIPNameDigest: Sendable, Equatable {
  var first: UInt64 = 0
  var second: UInt64 = 0
  var third: UInt64 = 0
  var count = 0
  var hash: UInt64 = 0

  init() {}

  init(_ bytes: Bytes, _ range: ByteRange) {
    count = range.count
    Work.count(count)
    first = bytes.lowercaseWord(at: range.start, width: min(count, 8))
    if count > 8 {
      second = bytes.lowercaseWord(at: range.start + 8, width: min(count - 8, 8))
      if count > 16 { third = bytes.lowercaseWord(at: range.start + 16, width: min(count - 16, 8)) }
    }
    finish(bytes, range.start)
  }

  /// The name of the header line at `start` and the offset of its colon, in one pass over both.
  ///
  /// nil when no colon stands among the first 16 bytes, or white space before it: then the general way
  /// must be taken.
  @inline(__always)
  init?(lineAt start: Int, _ end: Int, in bytes: Bytes, colon: inout Int) {
    guard start < end, bytes.count - start >= 16 else { return nil }
    let head = bytes.littleEndianWord(at: start, width: 8)
    var offset = head.firstByteIndex(of: UInt8(ascii: ":"))
    if offset < 8 {
      first = (head & (1 &<< UInt64(truncatingIfNeeded: offset &* 8) &- 1)).asciiLowercased
    } else {
      let tail = bytes.littleEndianWord(at: start + 8, width: 8)
      offset = tail.firstByteIndex(of: UInt8(ascii: ":"))
      guard offset < 8 else { return nil }
      first = head.asciiLowercased
      second = (tail & (1 &<< UInt64(truncatingIfNeeded: offset &* 8) &- 1)).asciiLowercased
      offset += 8
    }
    guard offset > 0, start + offset < end, !Bytes.isWhitespace(bytes[start + offset - 1]) else { return nil }
    count = offset
    colon = start + offset
    Work.count(offset)
    hash = Self.mix(UInt64(truncatingIfNeeded: count), first ^ (second << 23 | second >> 41))
  }

  /// One multiplication for all the names that matter: the words are set apart by rotating them.
  private mutating func finish(_ bytes: Bytes, _ start: Int) {
    let spread = (second << 23 | second >> 41) ^ (third << 47 | third >> 17)
    hash = Self.mix(UInt64(truncatingIfNeeded: count), first ^ spread)
    var offset = 24
    while offset < count {
      hash = Self.mix(hash, bytes.lowercaseWord(at: start + offset, width: min(count - offset, 8)))
      offset += 8
    }
  }

  /// Without a seed, so that the same name has the same hash in every run; whoever needs certainty
  /// compares the names, as `SIPHeaderKey` does.
  @inline(__always)
  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let (high, low) = (hash ^ 0x9e37_79b9_7f4a_7c15 ^ word)
      .multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
    return high ^ low
  }
}

/// Finds the known header for a name, full or compact: one probe, then an exact comparison.
struct SIPNameTable: Sendable {
  struct Entry: Sendable {
    var digest = SIPNameDigest()
    var name = SIPHeaderName.other
    /// The hash of the full name, also in the entry of the compact form.
    var hash: UInt64 = 0
  }

  static let shared = SIPNameTable()

  private static let slotCount = 1024
  /// Where in `entries` a hash leads; 0 is a free slot. Small, because it must share the cache.
  private let slots: [UInt8]
  private let entries: [Entry]

  private init() {
    var slots = Array(repeating: UInt8(0), count: Self.slotCount)
    var entries = [Entry()]
    func insert(_ spelling: String, _ name: SIPHeaderName, _ hash: UInt64?) -> UInt64 {
      let bytes = Array(spelling.lowercased().utf8)
      let digest = SIPNameDigest(bytes.span, ByteRange(0, bytes.count))
      var slot = Self.slot(digest)
      while slots[slot] != 0 { slot = (slot + 1) % Self.slotCount }
      slots[slot] = UInt8(entries.count)
      entries.append(Entry(digest: digest, name: name, hash: hash ?? digest.hash))
      return digest.hash
    }
    for name in SIPHeaderName.allCases where name != .other {
      let hash = insert(name.name, name, nil)
      if let compact = name.compactForm { _ = insert(String(compact), name, hash) }
    }
    (self.slots, self.entries) = (slots, entries)
  }

  private static func slot(_ digest: SIPNameDigest) -> Int {
    Int(truncatingIfNeeded: digest.hash & UInt64(slotCount - 1))
  }

  /// The known header of a name; for an unknown name `other` with the name's own hash.
  @inline(__always)
  func resolve(_ digest: SIPNameDigest) -> (name: SIPHeaderName, hash: UInt64) {
    var slot = Self.slot(digest)
    // The table is a tenth full, so a free slot ends every probe after a few steps.
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot])]
      if entry.digest == digest { return (entry.name, entry.hash) }
      slot = (slot + 1) & (Self.slotCount - 1)
    }
    return (.other, digest.hash)
  }
}
