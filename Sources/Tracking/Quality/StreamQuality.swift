internal import Protocols
public import Values

/// How good a stream was, over an interval or over its whole life, as far as the sensor saw it.
public struct StreamQuality: Sendable {
  /// An estimate of what a listener would say.
  public struct Opinion: Sendable {
    /// Mean opinion score, 1–4.5 on `scale`.
    public let score: Double
    /// Which of the three E-models it is of; scores of two scales must not be compared.
    public let scale: EModel.Scale
    /// How well founded the codec's figures are.
    public let source: CodecImpairment.Source
    /// Whether the delay of RTCP reports is in it; without, it is one of listening, not of talking.
    public let hasDelay: Bool

    /// The score with two decimals: the model is not better than that.
    var shownScore: Double { (score * 100).rounded() / 100 }
  }

  /// Packets, duplicates included.
  public let packets: UInt64
  /// Payload bytes.
  public let bytes: UInt64
  /// Packets that were sent as far as the sequence numbers tell (RFC 3550 §A.3).
  public let expected: Int64
  /// Expected packets that did not come.
  public let lost: Int64
  /// Packets that came again.
  public let duplicates: UInt64
  /// Packets that came behind a later one.
  public let reordered: UInt64
  /// Packets that conflict with those of the sender, as if two sent.
  public let conflicting: UInt64
  /// Keys that were pressed.
  public let keyEvents: UInt64
  /// Mean length of the runs of losses over that of random ones (ITU-T G.107 §3.5); nil without losses.
  public let burstRatio: Double?
  /// Interarrival jitter at the end, in nanoseconds; nil while the clock is unknown.
  public let jitter: Double?
  /// Highest interarrival jitter, in nanoseconds; nil while the clock is unknown.
  public let maximumJitter: Double?
  /// Longest time between two packets, in nanoseconds.
  public let maximumDelta: Int64
  /// Nanoseconds that the figures cover.
  public let duration: Int64
  /// Share of the time in which the sender kept silent, 0–1; nil when that cannot be known.
  public let silence: Double?
  /// What a listener would say; nil when nothing honest can be said.
  public let opinion: Opinion?
  /// Share that the receiver lost by its last RTCP report: since the one before in an interval's figures,
  /// in all in those of the whole stream; nil without reports.
  public let remoteLoss: Double?
  /// Interarrival jitter in nanoseconds by the receiver's last RTCP report.
  public let remoteJitter: Double?
  /// Listening quality by the receiver's last extended report, 1–5.
  public let remoteScore: Double?
  /// Round trip between sender and receiver in nanoseconds, by RTCP.
  public let roundTrip: Int64?
  /// When the last packet was captured.
  public let last: Timestamp

  /// Share lost, 0–1; nil when no packet was expected.
  public var loss: Double? { expected > 0 ? Double(lost) / Double(expected) : nil }
}

extension RTPStream {
  /// Packets below which a score would be chance; about half a second of speech.
  private static let scoredPackets = 25
  /// Bytes of the authentication tag that SRTP usually adds (RFC 3711 §5.2).
  static let tagCount = 10

  /// How good the stream was from its first packet to its last one.
  public func quality(isConcealed: Bool = true) -> StreamQuality {
    quality(
      of: totals, jitter: max(jitter.maximum, earlierMaximumJitter, jitterBeforeAnswer),
      delta: max(maximumDelta, earlierMaximumDelta), duration: last.nanoseconds(since: start),
      remoteLoss: remote.loss, isConcealed: isConcealed)
  }

  /// How good the stream was since its call was answered.
  func qualitySinceAnswer(isConcealed: Bool) -> StreamQuality {
    quality(
      of: totals.since(beforeAnswer), jitter: max(jitter.maximum, earlierMaximumJitter),
      delta: max(maximumDelta, earlierMaximumDelta), duration: last.nanoseconds(since: start),
      remoteLoss: remote.loss, isConcealed: isConcealed)
  }

  /// How good the stream was since its last report.
  func quality(sinceReportAt time: Timestamp, isConcealed: Bool) -> StreamQuality {
    quality(
      of: totals.since(reported), jitter: max(jitter.maximum, reportedJitter), delta: maximumDelta,
      duration: max(0, time.nanoseconds(since: reportedAt)), remoteLoss: remote.recentLoss,
      isConcealed: isConcealed)
  }

  private func quality(
    of totals: StreamTotals, jitter maximumJitter: Double, delta: Int64, duration: Int64,
    remoteLoss: Double?, isConcealed: Bool
  ) -> StreamQuality {
    let isMeasured = jitter.isMeasured && totals.packets > 0
    var silence: Double?
    if pauses.isKnown, duration > 0, totals.packets > 0 {
      silence = min(1, Double(totals.silence) / Double(duration))
    }
    let burstRatio = Self.burstRatio(of: totals)
    return StreamQuality(
      packets: totals.packets, bytes: totals.bytes, expected: totals.expected, lost: totals.lost,
      duplicates: totals.duplicates, reordered: totals.reordered, conflicting: totals.conflicting,
      keyEvents: totals.keyEvents,
      burstRatio: burstRatio, jitter: isMeasured ? jitter.value : nil,
      maximumJitter: isMeasured ? maximumJitter : nil, maximumDelta: delta, duration: duration,
      silence: silence, opinion: opinion(of: totals, burstRatio, isConcealed: isConcealed),
      remoteLoss: remoteLoss, remoteJitter: remoteJitter,
      remoteScore: remote.opinionTenths.map { Double($0) / 10 }, roundTrip: remote.roundTrip, last: last)
  }

  private var remoteJitter: Double? {
    guard let block = remote.block, jitter.hasClock else { return nil }
    return Double(block.jitter) * jitter.tick
  }

  /// Runs of random losses are `1 / (1 − p)` long in the mean.
  private static func burstRatio(of totals: StreamTotals) -> Double? {
    guard totals.lost > 0, totals.lossRuns > 0, totals.expected > 0 else { return nil }
    let loss = Double(totals.lost) / Double(totals.expected)
    return Double(totals.lost) / Double(totals.lossRuns) * (1 - loss)
  }

  private func opinion(
    of totals: StreamTotals, _ burstRatio: Double?, isConcealed: Bool
  ) -> StreamQuality.Opinion? {
    guard totals.expected >= Self.scoredPackets, !format.isEvent else { return nil }
    let usage = CodecTable.Usage(
      size: soundSize(of: totals), hasPauses: pauses.silence > 0, isConcealed: isConcealed)
    guard let codec = CodecTable.impairment(of: CodecName(format), usage) else { return nil }
    let loss = Double(totals.lost) / Double(totals.expected)
    let rating = EModel.rating(of: codec, loss: loss, burstRatio: burstRatio ?? 1, delay: oneWayDelay)
    return StreamQuality.Opinion(
      score: EModel.opinionScore(rating: rating, scale: codec.scale), scale: codec.scale,
      source: codec.source(loss: loss), hasDelay: oneWayDelay != nil)
  }

  /// Mean bytes that 20 ms of sound take; packets of noise tell nothing of a codec's rate.
  private func soundSize(of totals: StreamTotals) -> Double? {
    let (packets, noise) = (totals.packets, UInt64(totals.noisePackets))
    guard pauses.isKnown, packets > noise, clockRate > 0 else { return nil }
    let bytes = Double(totals.bytes) - Double(totals.noiseBytes)
    let payload = bytes / Double(packets - noise) - Double(isSecure == true ? Self.tagCount : 0)
    return payload * Double(clockRate) / 50 / Double(pauses.frame)
  }
}
