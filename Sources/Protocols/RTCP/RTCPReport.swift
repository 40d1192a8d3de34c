public import Packets
public import Values

/// A sender or receiver report, RFC 3550 §6.4.1 and §6.4.2.
public struct RTCPReport: Sendable {
  /// Who reports.
  public let ssrc: UInt32
  /// What the reporter has sent; nil in a receiver report.
  public let sender: RTCPSenderInfo?
  /// Number of report blocks that are really there, 0–31.
  public let blockCount: Int
  /// Whether the count field announces more blocks than there are.
  public let isTruncated: Bool
  private let blocks: ByteRange

  /// Parses a packet of type 200 or 201.
  ///
  /// - Throws: `WireError` for another type and when the fixed part is cut off.
  public init(parsing bytes: Bytes, _ packet: RTCPPacket) throws(WireError) {
    var reader = try packet.reader(bytes, for: .senderReport, .receiverReport)
    ssrc = try reader.uint32(bytes, "ssrc")
    sender = packet.kind == .senderReport ? try RTCPSenderInfo(&reader, bytes) : nil
    blocks = reader.rest
    blockCount = min(Int(packet.count), blocks.count / RTCPReportBlock.byteCount)
    isTruncated = blockCount < Int(packet.count)
  }

  /// One report block; nil when the index is not below `blockCount`.
  public func block(_ index: Int, in bytes: Bytes) -> RTCPReportBlock? {
    guard index >= 0, index < blockCount else { return nil }
    let start = blocks.start + RTCPReportBlock.byteCount * index
    guard start + RTCPReportBlock.byteCount <= bytes.count else { return nil }
    return RTCPReportBlock(bytes, at: start)
  }
}

/// The sender information of a sender report, RFC 3550 §6.4.1.
public struct RTCPSenderInfo: Sendable, Equatable {
  /// Wall clock of the sender in NTP format: seconds since 1900 in the upper 32 bits; 0 when it has none.
  public let ntpTimestamp: UInt64
  /// The same instant in ticks of the stream's clock.
  public let rtpTimestamp: UInt32
  /// RTP packets sent since the start; it wraps at 2^32.
  public let packetCount: UInt32
  /// Payload bytes sent since the start, headers and padding not counted; it wraps at 2^32.
  public let octetCount: UInt32

  init(_ reader: inout WireReader, _ bytes: Bytes) throws(WireError) {
    ntpTimestamp = try reader.uint64(bytes, "ntp_timestamp")
    rtpTimestamp = try reader.uint32(bytes, "rtp_timestamp")
    packetCount = try reader.uint32(bytes, "packet_count")
    octetCount = try reader.uint32(bytes, "octet_count")
  }

  /// The sender's wall clock; nil when it has none. A clear top bit means the era after 2036 (RFC 4330 §3).
  public var time: Timestamp? {
    guard ntpTimestamp != 0 else { return nil }
    let era: Int64 = ntpTimestamp >> 63 == 1 ? 0 : 1 << 32
    let seconds = Int64(ntpTimestamp >> 32) + era - 2_208_988_800
    let fraction = Int64(((ntpTimestamp & 0xffff_ffff) * 1_000_000_000) >> 32)
    return Timestamp(seconds: seconds, nanoseconds: fraction)
  }
}

/// A reception report block, RFC 3550 §6.4.1.
public struct RTCPReportBlock: Sendable, Equatable {
  static let byteCount = 24

  /// The source that is reported about.
  public let ssrc: UInt32
  /// Share of packets lost since the previous report, in 256ths.
  public let fractionLost: UInt8
  /// Packets lost since the start; negative when duplicates outnumber losses.
  public let cumulativeLost: Int32
  /// Highest sequence number received, with the number of wraps in the upper 16 bits.
  public let extendedHighestSequence: UInt32
  /// Interarrival jitter in ticks of the stream's clock.
  public let jitter: UInt32
  /// Middle 32 bits of the NTP timestamp of the last sender report; 0 when there was none.
  public let lastSenderReport: UInt32
  /// Time since that report arrived, in 1/65536 seconds.
  public let delaySinceLastSenderReport: UInt32

  /// The caller has checked that the 24 bytes are there.
  init(_ bytes: Bytes, at start: Int) {
    ssrc = bytes.uint32(at: start)
    let loss = bytes.uint32(at: start + 4)
    fractionLost = UInt8(truncatingIfNeeded: loss >> 24)
    // The shift pair extends the sign of the 24-bit number.
    cumulativeLost = Int32(bitPattern: loss << 8) >> 8
    extendedHighestSequence = bytes.uint32(at: start + 8)
    jitter = bytes.uint32(at: start + 12)
    lastSenderReport = bytes.uint32(at: start + 16)
    delaySinceLastSenderReport = bytes.uint32(at: start + 20)
  }
}
