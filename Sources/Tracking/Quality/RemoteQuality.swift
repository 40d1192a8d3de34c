internal import Protocols

/// What RTCP says of a stream: the last reports of its receiver, and the ways to both ends.
///
/// Nothing proves who sent a report; none of this enters what the sensor counts itself, but the delay enters
/// the opinion score, which says so.
struct RemoteQuality: Sendable {
  /// The last report block about the stream; nil before the first.
  private(set) var block: RTCPReportBlock?
  /// Packets that the stream had been expected to have when that block came.
  private var expected: Int64 = 0
  /// From the sensor to the stream's receiver and back, in nanoseconds.
  var receiverWay: Int64?
  /// From the sensor to the stream's sender and back, in nanoseconds.
  var senderWay: Int64?
  /// The whole round trip in nanoseconds as an extended report gives it.
  private var reportedTrip: Int64?
  /// Listening quality of the last extended report, in tenths.
  private(set) var opinionTenths: UInt8?

  /// Round trip between sender and receiver in nanoseconds: what an end measured, or else the ways from the
  /// sensor to both ends. One way alone is nil: it may be any part of the trip.
  var roundTrip: Int64? {
    if let reportedTrip { return reportedTrip }
    guard let receiverWay, let senderWay else { return nil }
    return receiverWay &+ senderWay
  }

  /// Share of packets that the receiver lost between its last two reports.
  var recentLoss: Double? { block.map { Double($0.fractionLost) / 256 } }

  /// Share of packets that the receiver lost up to its last report; nil when it counted a longer stream than
  /// the sensor saw.
  var loss: Double? {
    guard let block, expected > 0, Int64(block.cumulativeLost) <= expected else { return nil }
    return max(0, Double(block.cumulativeLost) / Double(expected))
  }

  /// Takes a report block about the stream, of which so many packets were expected so far.
  mutating func take(_ block: RTCPReportBlock, expected: Int64) {
    self.block = block
    self.expected = expected
  }

  /// Takes the VoIP metrics of an extended report about the stream.
  mutating func take(_ metrics: RTCPVoIPMetrics) {
    if metrics.roundTripDelay > 0 { reportedTrip = Int64(metrics.roundTripDelay) * 1_000_000 }
    if let tenths = metrics.listeningMOSTenths, 10...50 ~= tenths { opinionTenths = tenths }
  }
}
