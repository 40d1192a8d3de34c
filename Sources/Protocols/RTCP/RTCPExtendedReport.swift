public import Packets
public import Values

/// One block of an extended report, RFC 3611 §4.
public enum RTCPExtendedReport: Sendable {
  /// Which packets of a range arrived, §4.1.
  case lossRuns(RTCPRunLengthReport)
  /// Which packets of a range arrived once only, §4.2.
  case duplicateRuns(RTCPRunLengthReport)
  /// Arrival times: where the times are, §4.3.
  case receiptTimes(ssrc: UInt32, times: ByteRange)
  /// The receiver's clock in NTP format, §4.4.
  case receiverReferenceTime(ntpTimestamp: UInt64)
  /// Delays since that clock was seen, §4.5.
  case delaySinceLastReceiverReport(RTCPDelayReport)
  /// Counts and spreads over a range of packets, §4.6.
  case statisticsSummary(RTCPStatisticsSummary)
  /// Voice quality as the endpoint measures it, §4.7.
  case voipMetrics(RTCPVoIPMetrics)
  /// A block type that is only counted, with its content.
  case other(type: UInt8, content: ByteRange)
}

/// The blocks of an extended report packet in wire order.
public struct RTCPExtendedReports: Sendable {
  /// Who reports.
  public let ssrc: UInt32
  private var reader: WireReader

  /// The blocks of a packet of type 207.
  ///
  /// - Throws: `WireError` for another type and when the SSRC is cut off.
  public init(_ bytes: Bytes, _ packet: RTCPPacket) throws(WireError) {
    reader = try packet.reader(bytes, for: .extendedReport)
    ssrc = try reader.uint32(bytes, "ssrc")
  }

  /// The next block, or nil at the end.
  ///
  /// - Throws: `WireError` when a block is cut off or shorter than its type needs. The iteration goes on
  ///   behind a short block and ends after one that is cut off.
  public mutating func next(in bytes: Bytes) throws(WireError) -> RTCPExtendedReport? {
    guard !reader.isAtEnd else { return nil }
    let content: ByteRange
    let type: UInt8
    let specific: UInt8
    do throws(WireError) {
      type = try reader.uint8(bytes, "xr_block")
      specific = try reader.uint8(bytes, "xr_block")
      let words = try reader.uint16(bytes, "xr_block")
      content = try reader.take(4 * Int(words), "xr_block")
    } catch {
      _ = try? reader.take(reader.remaining, "xr_block")
      throw error
    }
    var block = WireReader(bytes, content, layer: .rtcp)
    switch type {
    case 1: return .lossRuns(try RTCPRunLengthReport(&block, bytes, specific))
    case 2: return .duplicateRuns(try RTCPRunLengthReport(&block, bytes, specific))
    case 3: return .receiptTimes(ssrc: try block.uint32(bytes, "xr_receipt_times"), times: block.rest)
    case 4: return .receiverReferenceTime(ntpTimestamp: try block.uint64(bytes, "xr_reference_time"))
    case 5: return .delaySinceLastReceiverReport(RTCPDelayReport(content))
    case 6: return .statisticsSummary(try RTCPStatisticsSummary(&block, bytes, specific))
    case 7: return .voipMetrics(try RTCPVoIPMetrics(&block, bytes))
    default: return .other(type: type, content: content)
    }
  }
}

/// A run-length encoded trace over a range of sequence numbers, RFC 3611 §4.1 and §4.2.
///
/// In a loss report a one is a packet that arrived; in a duplicate report a zero is one that arrived twice.
public struct RTCPRunLengthReport: Sendable {
  /// How many zeros and ones a trace has.
  public struct Tally: Sendable, Equatable {
    /// Lost packets, or duplicated ones.
    public var zeros = 0
    /// Received packets, or ones without a duplicate.
    public var ones = 0
  }

  /// The source that is reported about.
  public let ssrc: UInt32
  /// Only every 2^thinning-th sequence number is reported, 0–15.
  public let thinning: UInt8
  /// First sequence number of the range.
  public let beginSequence: UInt16
  /// One past the last sequence number of the range; the range may wrap.
  public let endSequence: UInt16
  private let chunks: ByteRange

  init(_ reader: inout WireReader, _ bytes: Bytes, _ specific: UInt8) throws(WireError) {
    thinning = specific & 0x0f
    ssrc = try reader.uint32(bytes, "xr_run_length")
    beginSequence = try reader.uint16(bytes, "xr_run_length")
    endSequence = try reader.uint16(bytes, "xr_run_length")
    chunks = reader.rest
  }

  /// Counts the trace; it never counts more than the sequence numbers of the range.
  public func tally(in bytes: Bytes) -> Tally {
    let step = 1 << Int(thinning)
    var left = (Int(endSequence &- beginSequence) + step - 1) / step
    var tally = Tally()
    var reader = WireReader(bytes, chunks, layer: .rtcp)
    while left > 0, let chunk = try? reader.uint16(bytes, "xr_chunk"), chunk != 0 {
      if chunk & 0x8000 == 0 {
        // A run: one bit for its value, fourteen for its length.
        let length = min(Int(chunk & 0x3fff), left)
        if chunk & 0x4000 == 0 { tally.zeros += length } else { tally.ones += length }
        left -= length
      } else {
        // A bit vector of fifteen; at the range's end the bits behind it are filling.
        let length = min(15, left)
        let ones = ((chunk & 0x7fff) >> UInt16(15 - length)).nonzeroBitCount
        tally.ones += ones
        tally.zeros += length - ones
        left -= length
      }
    }
    return tally
  }
}

/// Delays since the last receiver reference time, RFC 3611 §4.5.
public struct RTCPDelayReport: Sendable {
  /// One receiver's delay.
  public struct Item: Sendable, Equatable {
    /// The receiver.
    public let ssrc: UInt32
    /// Middle 32 bits of its last reference time.
    public let lastReceiverReport: UInt32
    /// Time since that arrived, in 1/65536 seconds.
    public let delay: UInt32
  }

  /// Number of whole items.
  public let count: Int
  private let content: ByteRange

  init(_ content: ByteRange) {
    self.content = content
    count = content.count / 12
  }

  /// One item; nil when the index is not below `count`.
  public func item(_ index: Int, in bytes: Bytes) -> Item? {
    let offset = content.start + 12 * index
    guard index >= 0, index < count, offset + 12 <= bytes.count else { return nil }
    return Item(
      ssrc: bytes.uint32(at: offset), lastReceiverReport: bytes.uint32(at: offset + 4),
      delay: bytes.uint32(at: offset + 8))
  }
}
