internal import Packets

/// A statistics summary block, RFC 3611 §4.6; what the sender did not measure is nil.
public struct RTCPStatisticsSummary: Sendable, Equatable {
  /// Least, greatest, mean and standard deviation of a measure.
  public struct Spread<Value: Sendable & Equatable>: Sendable, Equatable {
    /// Least value.
    public let least: Value
    /// Greatest value.
    public let greatest: Value
    /// Mean value.
    public let mean: Value
    /// Standard deviation.
    public let deviation: Value
  }

  /// The source that is reported about.
  public let ssrc: UInt32
  /// First sequence number of the range.
  public let beginSequence: UInt16
  /// One past the last sequence number of the range.
  public let endSequence: UInt16
  /// Packets lost in the range.
  public let lost: UInt32?
  /// Packets in the range that came more than once.
  public let duplicates: UInt32?
  /// Relative transit time between two packets, in ticks of the stream's clock.
  public let jitter: Spread<UInt32>?
  /// Time to live of IPv4 or hop limit of IPv6.
  public let timeToLive: Spread<UInt8>?

  init(_ reader: inout WireReader, _ bytes: Bytes, _ flags: UInt8) throws(WireError) {
    ssrc = try reader.uint32(bytes, "xr_statistics")
    beginSequence = try reader.uint16(bytes, "xr_statistics")
    endSequence = try reader.uint16(bytes, "xr_statistics")
    let lostCount = try reader.uint32(bytes, "xr_statistics")
    let duplicateCount = try reader.uint32(bytes, "xr_statistics")
    let spread = Spread(
      least: try reader.uint32(bytes, "xr_statistics"), greatest: try reader.uint32(bytes, "xr_statistics"),
      mean: try reader.uint32(bytes, "xr_statistics"), deviation: try reader.uint32(bytes, "xr_statistics"))
    let hops = Spread(
      least: try reader.uint8(bytes, "xr_statistics"), greatest: try reader.uint8(bytes, "xr_statistics"),
      mean: try reader.uint8(bytes, "xr_statistics"), deviation: try reader.uint8(bytes, "xr_statistics"))
    lost = flags & 0x80 != 0 ? lostCount : nil
    duplicates = flags & 0x40 != 0 ? duplicateCount : nil
    jitter = flags & 0x20 != 0 ? spread : nil
    timeToLive = flags & 0x18 != 0 ? hops : nil
  }
}

/// A VoIP metrics block, RFC 3611 §4.7: voice quality as an endpoint measures it.
///
/// The value 127 means “not measured” on the wire and is nil here, as are those outside of their range, which must
/// be ignored.
public struct RTCPVoIPMetrics: Sendable, Equatable {
  /// The source that is reported about.
  public let ssrc: UInt32
  /// Share of packets lost in the network since the start, in 256ths.
  public let lossRate: UInt8
  /// Share of packets discarded by the jitter buffer since the start, in 256ths.
  public let discardRate: UInt8
  /// Share of lost or discarded packets within bursts, in 256ths.
  public let burstDensity: UInt8
  /// Share of lost or discarded packets within gaps, in 256ths.
  public let gapDensity: UInt8
  /// Mean length of a burst in milliseconds.
  public let burstDuration: UInt16
  /// Mean length of a gap in milliseconds.
  public let gapDuration: UInt16
  /// Round trip time between the RTP interfaces in milliseconds; 0 when not known.
  public let roundTripDelay: UInt16
  /// Delay inside the end system in milliseconds; 0 when not known.
  public let endSystemDelay: UInt16
  /// Voice signal level relative to 0 dBm, in decibels.
  public let signalLevel: Int8?
  /// Background noise level relative to 0 dBm, in decibels.
  public let noiseLevel: Int8?
  /// Residual echo return loss in decibels.
  public let residualEchoReturnLoss: UInt8?
  /// Received packets that end a burst; 16 is recommended.
  public let minimumGap: UInt8
  /// Conversational quality on the 0–100 scale of ITU-T G.107.
  public let rFactor: UInt8?
  /// The same of another network behind a gateway.
  public let externalRFactor: UInt8?
  /// Estimated listening quality in tenths of MOS, 10–50.
  public let listeningMOSTenths: UInt8?
  /// Estimated conversational quality in tenths of MOS, 10–50.
  public let conversationalMOSTenths: UInt8?
  /// Receiver configuration: concealment (2 bits), jitter buffer kind (2 bits) and rate (4 bits).
  public let receiverConfiguration: UInt8
  /// Nominal delay of the jitter buffer in milliseconds.
  public let jitterBufferNominal: UInt16
  /// Current maximum delay of the jitter buffer in milliseconds.
  public let jitterBufferMaximum: UInt16
  /// Greatest delay that the jitter buffer can reach, in milliseconds.
  public let jitterBufferAbsoluteMaximum: UInt16

  init(_ reader: inout WireReader, _ bytes: Bytes) throws(WireError) {
    guard reader.remaining >= 32 else { throw reader.truncated("xr_voip_metrics", needed: 32) }
    let field: StaticString = "xr_voip_metrics"
    ssrc = try reader.uint32(bytes, field)
    lossRate = try reader.uint8(bytes, field)
    discardRate = try reader.uint8(bytes, field)
    burstDensity = try reader.uint8(bytes, field)
    gapDensity = try reader.uint8(bytes, field)
    burstDuration = try reader.uint16(bytes, field)
    gapDuration = try reader.uint16(bytes, field)
    roundTripDelay = try reader.uint16(bytes, field)
    endSystemDelay = try reader.uint16(bytes, field)
    signalLevel = Self.measured(try reader.uint8(bytes, field)).map { Int8(bitPattern: $0) }
    noiseLevel = Self.measured(try reader.uint8(bytes, field)).map { Int8(bitPattern: $0) }
    residualEchoReturnLoss = Self.measured(try reader.uint8(bytes, field))
    minimumGap = try reader.uint8(bytes, field)
    rFactor = Self.valid(try reader.uint8(bytes, field), in: 0...100)
    externalRFactor = Self.valid(try reader.uint8(bytes, field), in: 0...100)
    listeningMOSTenths = Self.valid(try reader.uint8(bytes, field), in: 10...50)
    conversationalMOSTenths = Self.valid(try reader.uint8(bytes, field), in: 10...50)
    receiverConfiguration = try reader.uint8(bytes, field)
    _ = try reader.uint8(bytes, field)
    jitterBufferNominal = try reader.uint16(bytes, field)
    jitterBufferMaximum = try reader.uint16(bytes, field)
    jitterBufferAbsoluteMaximum = try reader.uint16(bytes, field)
  }

  private static func measured(_ value: UInt8) -> UInt8? { value == 127 ? nil : value }

  /// A value of a scale, on which 127 is never (§4.7.5).
  private static func valid(_ value: UInt8, in scale: ClosedRange<UInt8>) -> UInt8? {
    scale.contains(value) ? value : nil
  }
}
