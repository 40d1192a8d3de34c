/// Writes frames as a capture file.
package struct CaptureWriter {
  /// The kinds of capture files.
  package enum Format: String, CaseIterable, Sendable {
    /// Classic pcap with microseconds.
    case pcap
    /// Classic pcap with nanoseconds.
    case pcapNanoseconds = "pcap-ns"
    /// pcapng with nanoseconds and comments.
    case pcapng
  }

  /// Bytes that are written and not yet taken.
  package private(set) var pending: [UInt8] = []
  private let format: Format

  /// Begins a file of Ethernet frames.
  init(_ format: Format) {
    self.format = format
    pending.reserveCapacity(1 << 20)
    switch format {
    case .pcap: beginClassic(magic: 0xa1b2_c3d4)
    case .pcapNanoseconds: beginClassic(magic: 0xa1b2_3c4d)
    case .pcapng: beginBlocks()
    }
  }

  /// Adds a frame captured at a time in nanoseconds since the epoch; comments are for pcapng alone.
  mutating func add(_ frame: [UInt8], at time: Int64, comment: String?) {
    switch format {
    case .pcap: addClassic(frame, time / 1_000_000_000, time % 1_000_000_000 / 1000)
    case .pcapNanoseconds: addClassic(frame, time / 1_000_000_000, time % 1_000_000_000)
    case .pcapng: addBlock(frame, time, comment)
    }
  }

  /// What was written since the last time.
  mutating func takePending() -> [UInt8] {
    let taken = pending
    pending = []
    pending.reserveCapacity(1 << 20)
    return taken
  }

  private mutating func beginClassic(magic: UInt32) {
    append32(magic)
    append16(2)
    append16(4)
    append32(0)
    append32(0)
    append32(262_144)
    append32(1)
  }

  private mutating func addClassic(_ frame: [UInt8], _ seconds: Int64, _ fraction: Int64) {
    append32(UInt32(truncatingIfNeeded: seconds))
    append32(UInt32(truncatingIfNeeded: fraction))
    append32(UInt32(frame.count))
    append32(UInt32(frame.count))
    pending.append(contentsOf: frame)
  }

  /// Section header and one interface whose time stamps are nanoseconds (`if_tsresol` 9).
  private mutating func beginBlocks() {
    append32(0x0a0d_0d0a)
    append32(28)
    append32(0x1a2b_3c4d)
    append16(1)
    append16(0)
    append32(.max)
    append32(.max)
    append32(28)
    append32(1)
    append32(32)
    append16(1)
    append16(0)
    append32(262_144)
    append16(9)
    append16(1)
    append32(9)
    append32(0)
    append32(32)
  }

  /// An enhanced packet block, with a comment option when there is something to say.
  private mutating func addBlock(_ frame: [UInt8], _ time: Int64, _ comment: String?) {
    let padded = (frame.count + 3) & ~3
    let text = comment.map { Array($0.utf8) } ?? []
    let options = text.isEmpty ? 0 : 8 + (text.count + 3) & ~3
    let length = UInt32(32 + padded + options)
    append32(6)
    append32(length)
    append32(0)
    append32(UInt32(truncatingIfNeeded: time >> 32))
    append32(UInt32(truncatingIfNeeded: time))
    append32(UInt32(frame.count))
    append32(UInt32(frame.count))
    appendPadded(frame)
    if !text.isEmpty {
      append16(1)
      append16(UInt16(truncatingIfNeeded: text.count))
      appendPadded(text)
      append32(0)
    }
    append32(length)
  }

  private mutating func appendPadded(_ bytes: [UInt8]) {
    pending.append(contentsOf: bytes)
    for _ in 0..<((4 - bytes.count & 3) & 3) { pending.append(0) }
  }

  private mutating func append16(_ value: UInt16) {
    pending.append(UInt8(truncatingIfNeeded: value))
    pending.append(UInt8(value >> 8))
  }

  private mutating func append32(_ value: UInt32) {
    append16(UInt16(truncatingIfNeeded: value))
    append16(UInt16(value >> 16))
  }
}
