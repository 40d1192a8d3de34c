internal import Packets
internal import Values

/// The meaning of pcapng blocks (IETF draft-ietf-opsawg-pcapng), without any input or output.
///
/// It keeps what a section and its interface descriptions say and turns packet blocks into frames. A class for
/// the reason that `CaptureBuffer` is one.
final class PcapNGBlocks {
  /// Byte order of the current section.
  private(set) var isBigEndian = false
  private var interfaces: [Interface] = []
  /// The link type of the section's first interface; nil before its description.
  var firstLinkType: LinkType? { interfaces.first?.linkType }
  /// Interfaces of the present section so far.
  var interfaceCount: Int { interfaces.count }
  private var lastTimestamp = Timestamp(nanoseconds: 0)
  /// Packets that the capture lost up to here, as far as the file tells.
  private(set) var lost: UInt64 = 0

  struct Interface: Sendable {
    var linkType: LinkType
    var snapLength: Int
    var resolution = TimestampResolution()
    /// Packets that were lost, as the section's packet blocks and statistics say.
    var lost: UInt64 = 0
  }

  /// One packet block's frame: where its bytes are in the block.
  struct Frame: Sendable {
    var range: ByteRange
    var timestamp: Timestamp
    var originalLength: Int
    var linkType: LinkType
  }

  /// Why a block ends the reading.
  struct Failure: Error, Sendable {
    let cause: String
  }

  static let sectionHeader: UInt32 = 0x0a0d_0d0a
  /// libpcap's and Wireshark's limit too.
  static let largestBlock = 16 * 1024 * 1024 + 4096

  /// The length that a block states, from its first 12 bytes.
  func length(of block: Bytes) throws(Failure) -> Int {
    Work.count(1)
    if block.uint32(at: 0) == Self.sectionHeader {
      switch block.uint32(at: 8) {
      case 0x1a2b_3c4d: isBigEndian = true
      case 0x4d3c_2b1a: isBigEndian = false
      default: throw Failure(cause: "a section header has no byte-order magic")
      }
    }
    let length = Int(uint32(block, at: 4))
    guard length >= 12, length <= Self.largestBlock else {
      throw Failure(cause: "a block states a length of \(length) bytes")
    }
    return (length + 3) & ~3
  }

  /// The frame in a whole block, or nil when it is no packet block.
  func frame(in block: Bytes) throws(Failure) -> Frame? {
    guard block.uint32(at: 0) != Self.sectionHeader else {
      try beginSection(block)
      return nil
    }
    switch uint32(block, at: 0) {
    case 1:
      try describeInterface(block)
      return nil
    case 2: return try packet(block, interface: Int(uint16(block, at: try checked(block, 8, 20))))
    case 3: return try simplePacket(block)
    case 5:
      readStatistics(block)
      return nil
    case 6:
      let index = Int(uint32(block, at: try checked(block, 8, 20)))
      let frame = try packet(block, interface: index)
      readDrops(block, from: (frame.range.end + 3) & ~3, index)
      return frame
    default: return nil
    }
  }

  private func beginSection(_ block: Bytes) throws(Failure) {
    guard block.count >= 28 else { throw Failure(cause: "a section header block is too short") }
    let major = uint16(block, at: 12)
    guard major == 1 else { throw Failure(cause: "pcapng version \(major) is not known") }
    interfaces.removeAll(keepingCapacity: true)
  }

  private func describeInterface(_ block: Bytes) throws(Failure) {
    guard block.count >= 20 else { throw Failure(cause: "an interface description block is too short") }
    guard interfaces.count < 65_536 else { throw Failure(cause: "more than 65536 interfaces") }
    var interface = Interface(
      linkType: LinkType(inFile: UInt32(uint16(block, at: 8))), snapLength: Int(uint32(block, at: 12)))
    readOptions(block, from: 16, into: &interface.resolution)
    interfaces.append(interface)
  }

  private func readOptions(_ block: Bytes, from start: Int, into resolution: inout TimestampResolution) {
    forEachOption(block, from: start) { code, value in
      if code == 9, value.count == 1 { resolution.exponent = block[value.start] }
      if code == 14, value.count == 8 {
        resolution.offsetSeconds = Int64(bitPattern: uint64(block, at: value.start))
      }
    }
  }

  /// Packets lost between an enhanced packet block and the one before it (`epb_dropcount`).
  private func readDrops(_ block: Bytes, from start: Int, _ index: Int) {
    // Most files have no options here.
    guard start + 8 <= block.count else { return }
    var drops: UInt64 = 0
    forEachOption(block, from: start) { code, value in
      if code == 4, value.count == 8 { drops &+= uint64(block, at: value.start) }
    }
    note(lost: interfaces[index].lost.addingReportingOverflow(drops).partialValue, by: index)
  }

  /// Packets lost since the capture began (`isb_ifdrop`, `isb_osdrop`); packet blocks may have told before.
  private func readStatistics(_ block: Bytes) {
    guard block.count >= 24 else { return }
    let index = Int(uint32(block, at: 8))
    guard index < interfaces.count else { return }
    var drops: UInt64 = 0
    forEachOption(block, from: 20) { code, value in
      if code == 5 || code == 7, value.count == 8 { drops &+= uint64(block, at: value.start) }
    }
    note(lost: drops, by: index)
  }

  private func note(lost: UInt64, by index: Int) {
    guard lost > interfaces[index].lost else { return }
    self.lost &+= lost &- interfaces[index].lost
    interfaces[index].lost = lost
  }

  /// Options are type, length, value padded to four bytes; a cut one ends the list.
  private func forEachOption(_ block: Bytes, from start: Int, _ body: (UInt16, ByteRange) -> Void) {
    var offset = start
    let end = block.count - 4
    while offset + 4 <= end {
      Work.count(1)
      let code = uint16(block, at: offset)
      let length = Int(uint16(block, at: offset + 2))
      guard code != 0, offset + 4 + length <= end else { return }
      body(code, ByteRange(offset + 4, offset + 4 + length))
      offset += 4 + (length + 3) & ~3
    }
  }

  /// Enhanced and (obsolete) packet blocks differ in how wide the interface number is.
  private func packet(_ block: Bytes, interface index: Int) throws(Failure) -> Frame {
    guard index < interfaces.count else {
      throw Failure(cause: "a packet block names interface \(index), which is not described")
    }
    let interface = interfaces[index]
    let ticks = UInt64(uint32(block, at: 12)) << 32 | UInt64(uint32(block, at: 16))
    let captured = Int(uint32(block, at: 20))
    guard captured <= block.count - 32 else {
      throw Failure(
        cause: "a packet block states \(captured) captured bytes but is \(block.count) bytes long")
    }
    lastTimestamp = interface.resolution.timestamp(ticks: ticks)
    return Frame(
      range: ByteRange(28, 28 + captured), timestamp: lastTimestamp,
      originalLength: Int(uint32(block, at: 24)), linkType: interface.linkType)
  }

  /// A simple packet block has no time: it gets that of the frame before it.
  private func simplePacket(_ block: Bytes) throws(Failure) -> Frame {
    guard let interface = interfaces.first, block.count >= 16 else {
      throw Failure(cause: "a simple packet block has no interface or is too short")
    }
    let original = Int(uint32(block, at: 8))
    var captured = min(original, block.count - 16)
    if interface.snapLength > 0 { captured = min(captured, interface.snapLength) }
    return Frame(
      range: ByteRange(12, 12 + captured), timestamp: lastTimestamp, originalLength: original,
      linkType: interface.linkType)
  }

  private func checked(_ block: Bytes, _ offset: Int, _ needed: Int) throws(Failure) -> Int {
    guard block.count >= offset + needed + 4 else { throw Failure(cause: "a packet block is too short") }
    return offset
  }

  private func uint16(_ block: Bytes, at offset: Int) -> UInt16 {
    isBigEndian ? block.uint16(at: offset) : block.littleEndianUInt16(at: offset)
  }

  private func uint32(_ block: Bytes, at offset: Int) -> UInt32 {
    isBigEndian ? block.uint32(at: offset) : block.littleEndianUInt32(at: offset)
  }

  private func uint64(_ block: Bytes, at offset: Int) -> UInt64 {
    let value = block.uint64(at: offset)
    return isBigEndian ? value : value.byteSwapped
  }
}

/// How an interface counts time (options `if_tsresol` and `if_tsoffset`).
struct TimestampResolution: Sendable {
  /// A negative power of 10, or of 2 when the top bit is set; 6 means microseconds.
  var exponent: UInt8 = 6
  /// Seconds to add.
  var offsetSeconds: Int64 = 0

  /// The years from 1800 to 2200, in seconds since 1970: far enough from the ends of `Timestamp` for all that is waited for.
  private static let plausible: ClosedRange<Int64> = -5_364_662_400...7_258_118_400

  /// The instant of a count of ticks; one beyond the plausible years is taken for the nearest of them.
  func timestamp(ticks: UInt64) -> Timestamp {
    let power = Int(exponent & 0x7f)
    let (seconds, nanoseconds) = exponent & 0x80 == 0 ? decimal(ticks, power) : binary(ticks, power)
    let sum = Int64(clamping: seconds).addingReportingOverflow(offsetSeconds)
    let whole = sum.overflow ? (offsetSeconds < 0 ? Int64.min : .max) : sum.partialValue
    guard Self.plausible.contains(whole) else {
      let nearest = whole < 0 ? Self.plausible.lowerBound : Self.plausible.upperBound
      return Timestamp(seconds: nearest, nanoseconds: 0)
    }
    return Timestamp(seconds: whole, nanoseconds: Int64(clamping: nanoseconds))
  }

  private func decimal(_ ticks: UInt64, _ power: Int) -> (UInt64, UInt64) {
    guard power <= 19 else { return (0, 0) }
    var unit: UInt64 = 1
    for _ in 0..<power { unit *= 10 }
    let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: unit)
    return (seconds, unit.dividingFullWidth(rest.multipliedFullWidth(by: 1_000_000_000)).quotient)
  }

  private func binary(_ ticks: UInt64, _ power: Int) -> (UInt64, UInt64) {
    guard power < 64 else { return (0, 0) }
    let rest = ticks & (1 << UInt64(power) - 1)
    let product = rest.multipliedFullWidth(by: 1_000_000_000)
    let fraction = power == 0 ? 0 : product.high << UInt64(64 - power) | product.low >> UInt64(power)
    return (ticks >> UInt64(power), fraction)
  }
}
