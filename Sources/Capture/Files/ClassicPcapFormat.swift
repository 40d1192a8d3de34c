internal import Packets
internal import Values

/// What the header of a classic pcap file says (draft-ietf-opsawg-pcap), and what stands before each frame,
/// without any input or output.
///
/// These are the files that everybody writes: version 2.4, seconds with micro- or nanoseconds, in either
/// byte order. Times and lengths are unsigned in both orders.
struct ClassicPcapFormat: Sendable {
  /// The link type of all frames.
  let linkType: LinkType
  /// What is kept of a frame, in bytes; always positive.
  let snapLength: Int
  private let isBigEndian: Bool
  private let nanosecondsPerTick: Int64

  /// What stands before a frame.
  struct Record: Sendable {
    var timestamp: Timestamp
    /// Bytes of the frame in the file.
    var capturedLength: Int
    /// Bytes of the frame on the wire.
    var originalLength: Int
  }

  static let headerLength = 24
  static let recordLength = 16
  /// The longest frame that is believed, in bytes; libpcap's limit too.
  static let largestFrame = 262_144

  /// Whether a file with these first four bytes may be such a file.
  static func mayBe(_ firstBytes: [UInt8]) -> Bool {
    firstBytes.count >= 4 && clock(firstBytes.span) != nil
  }

  /// The format of a file from its first bytes; nil for all that libpcap shall judge: other versions, whose
  /// lengths may be exchanged, other magic numbers, a header that is cut, and some link types.
  init?(_ header: Bytes) {
    guard header.count >= Self.headerLength, let clock = Self.clock(header) else { return nil }
    (isBigEndian, nanosecondsPerTick) = clock
    let version = isBigEndian ? header.uint32(at: 4) : header.littleEndianUInt32(at: 4)
    guard version == (isBigEndian ? 0x0002_0004 : 0x0004_0002) else { return nil }
    let snapLength = isBigEndian ? header.uint32(at: 16) : header.littleEndianUInt32(at: 16)
    // None, and what is negative as a signed number, mean as much as there is.
    let isStated = snapLength > 0 && snapLength <= Int32.max
    self.snapLength = isStated ? Int(snapLength) : Self.largestFrame
    let link = isBigEndian ? header.uint32(at: 20) : header.littleEndianUInt32(at: 20)
    // The upper six bits tell of a frame check sequence, which the layers above find by the IP length.
    linkType = LinkType(inFile: link & 0x03ff_ffff)
    guard !Self.isLeftToLibpcap(linkType) else { return nil }
  }

  /// Byte order and unit of the time by the magic number.
  private static func clock(_ header: Bytes) -> (isBigEndian: Bool, nanosecondsPerTick: Int64)? {
    switch header.uint32(at: 0) {
    case 0xa1b2_c3d4: (true, 1000)
    case 0xd4c3_b2a1: (false, 1000)
    case 0xa1b2_3c4d: (true, 1)
    case 0x4d3c_b2a1: (false, 1)
    default: nil
    }
  }

  /// Link types of which libpcap mends the bytes or lengths of frames (PFLOG, USB of Linux twice, NFLOG), or
  /// takes larger frames (D-Bus, USBPcap, EBHSCR).
  private static func isLeftToLibpcap(_ linkType: LinkType) -> Bool {
    [117, 189, 220, 239, 231, 249, 279].contains(linkType.rawValue)
  }

  /// Reads what stands before a frame: `recordLength` bytes.
  @inline(__always)
  func record(_ bytes: Bytes) -> Record {
    let seconds = number(bytes, at: 0)
    let ticks = number(bytes, at: 4)
    // 2^32 seconds and as many microseconds are far from the largest number of nanoseconds.
    let time = Int64(seconds) &* 1_000_000_000 &+ Int64(ticks) &* nanosecondsPerTick
    return Record(
      timestamp: Timestamp(nanoseconds: time), capturedLength: Int(number(bytes, at: 8)),
      originalLength: Int(number(bytes, at: 12)))
  }

  @inline(__always)
  private func number(_ bytes: Bytes, at offset: Int) -> UInt32 {
    isBigEndian ? bytes.uint32(at: offset) : bytes.littleEndianUInt32(at: offset)
  }
}
