internal import Events
internal import Values

/// The figures of one interval of a stream.
struct StreamReport: Sendable {
  let time: Timestamp
  let packets: Int
  let loss, jitter, mos: Double?

  static let shape = Shape<StreamReport>([
    .time("time", nil, "End of the interval") { $0.time },
    .count("packets", nil, "Packets received") { $0.packets },
    .share("loss", nil, "Share lost") { $0.loss },
    .seconds("jitter", nil, "Interarrival jitter at its end") { $0.jitter },
    .decimal("mos", nil, "Mean opinion score") { $0.mos },
  ])
}

/// One RTP stream.
struct StreamEntry: Ranked, Sendable {
  let source, destination: Endpoint?
  let ssrc: Int?
  let start, end: Timestamp
  let codec, callID, correlatedBy, mosSource, mosScale, delaySource: String?
  let payloadType, packets, bytes, expected, lost, duplicates, reordered, dtmfEvents: Int?
  let loss, burstRatio, jitter, maxJitter, maxDelta, duration, mos, silence, roundTrip: Double?
  let remoteLoss, remoteMOS: Double?
  let srtp: Bool?
  var reports: [StreamReport] = []

  init(_ event: borrowing Event, limit: Int) {
    source = event.endpoint(.srcIP, .srcPort)
    destination = event.endpoint(.destIP, .destPort)
    ssrc = event.count(.rtpSSRC)
    let length = event.number(.rtpDuration) ?? 0
    end = event.timestamp
    start = event.timestamp.advanced(byNanoseconds: -Int64(max(0, min(length, 1e9)) * 1_000_000_000))
    codec = event.text(.rtpCodec, limit: limit)
    callID = event.text(.rtpCallID, limit: limit)
    correlatedBy = event.text(.rtpCorrelatedBy, limit: limit)
    mosSource = event.text(.rtpMOSSource, limit: limit)
    mosScale = event.text(.rtpMOSScale, limit: limit)
    delaySource = event.text(.rtpDelaySource, limit: limit)
    payloadType = event.count(.rtpPayloadType)
    (packets, bytes) = (event.count(.rtpPackets), event.count(.rtpBytes))
    (expected, lost) = (event.count(.rtpExpected), event.count(.rtpLost))
    (duplicates, reordered) = (event.count(.rtpDuplicates), event.count(.rtpReordered))
    dtmfEvents = event.count(.rtpDTMFEvents)
    (loss, burstRatio) = (event.number(.rtpLoss), event.number(.rtpBurstRatio))
    (jitter, maxJitter) = (event.number(.rtpJitter), event.number(.rtpMaxJitter))
    (maxDelta, duration) = (event.number(.rtpMaxDelta), event.number(.rtpDuration))
    (mos, silence) = (event.number(.rtpMOS), event.number(.rtpSilence))
    roundTrip = event.number(.rtpRoundTrip)
    (remoteLoss, remoteMOS) = (event.number(.rtpRemoteLoss), event.number(.rtpRemoteMOS))
    srtp = event.flag(.rtpSRTP)
  }

  /// Poor ones matter most, then long ones.
  var rank: Int {
    let isPoor = (mos ?? 5) < 3.6 || (loss ?? 0) > 0.03
    return (isPoor ? 1 << 48 : 0) + min(packets ?? 0, 1 << 40)
  }

  static let shape = Shape<StreamEntry>([
    .time("start", "Start", "First packet") { $0.start },
    .text("source", "From", "Sender") { $0.source?.description },
    .text("destination", "To", "Receiver") { $0.destination?.description },
    .identity("ssrc", "SSRC", "Synchronisation source") { $0.ssrc },
    .text("codec", "Codec", "Codec by session description or static payload type") { $0.codec },
    .identity("payload_type", "PT", "Payload type") { $0.payloadType },
    .integer("packets", "Packets", "Packets received") { $0.packets },
    .seconds("duration", "Length s", "First to last packet") { $0.duration },
    .integer("lost", "Lost", "Expected less received") { $0.lost },
    .share("loss", "Loss", "Share lost") { $0.loss },
    .milliseconds("jitter", "Jitter ms", "Interarrival jitter at the end") { $0.jitter },
    .milliseconds("max_jitter", "Max jitter ms", "Highest interarrival jitter") { $0.maxJitter },
    .milliseconds("max_delta", "Max gap ms", "Longest gap between packets") { $0.maxDelta },
    .decimal("mos", "MOS", "Mean opinion score by the E-model") { $0.mos },
    .text("mos_scale", "Scale", "nb, wb or fb; scores of two scales do not compare") { $0.mosScale },
    .text("mos_source", "Basis", "How well founded: published, proxy or assumed") { $0.mosSource },
    .text("delay_source", nil, "Which delay is in the score") { $0.delaySource },
    .flag("srtp", "SRTP", "Payload is encrypted") { $0.srtp },
    .text("correlated_by", "Found by", "sdp, ice, learned or none") { $0.correlatedBy },
    .text("call_id", nil, "Call-ID of its call") { $0.callID },
    .integer("expected", nil, "Packets expected from sequence numbers") { $0.expected },
    .decimal("burst_ratio", nil, "Length of the runs of losses over that of random losses") { $0.burstRatio },
    .integer("duplicates", nil, "Packets seen twice") { $0.duplicates },
    .integer("reordered", nil, "Packets out of order") { $0.reordered },
    .integer("bytes", nil, "Payload bytes received") { $0.bytes },
    .integer("dtmf_events", nil, "Telephone events; never which digit") { $0.dtmfEvents },
    .share("silence", nil, "Share of the time in which the sender paused") { $0.silence },
    .seconds("round_trip", nil, "Round trip by RTCP") { $0.roundTrip },
    .share("remote_loss", nil, "Share lost by the receiver's own report") { $0.remoteLoss },
    .decimal("remote_mos", nil, "Listening quality by the receiver's own report") { $0.remoteMOS },
    .time("end", nil, "When it was over") { $0.end },
    .rows("reports", "Its intervals", StreamReport.shape) { $0.reports },
  ])
}

/// Gathers the streams and their intervals.
struct StreamGathering: Sendable {
  /// Intervals of a stream that has not ended.
  private struct Series: Ranked, Sendable {
    var reports: [StreamReport] = []
    var rank: Int { reports.count }
  }

  private struct Key: Hashable, Comparable, Sendable {
    let source, destination: Endpoint
    let ssrc: Int

    static func < (left: Key, right: Key) -> Bool {
      (left.source, left.destination, left.ssrc) < (right.source, right.destination, right.ssrc)
    }
  }

  private var open: RankedTable<Key, Series>
  private var ended: RankedList<StreamEntry>
  private let limits: ReportLimits
  /// Intervals of one stream at the most; of longer ones each second interval is kept, then each fourth.
  private static let reportLimit = 120
  private(set) var started = 0
  private(set) var encrypted = 0
  private(set) var uncorrelated = 0
  private(set) var codecs = Tally(limit: 64)

  init(_ limits: ReportLimits) {
    self.limits = limits
    open = RankedTable(limit: limits.streams)
    ended = RankedList(limit: limits.streams)
  }

  mutating func note(_ event: borrowing Event) {
    switch event.kind {
    case .rtpStarted: started += 1
    case .rtpReport: report(event)
    case .rtpEnded: end(event)
    default: break
    }
  }

  private static func key(_ event: borrowing Event) -> Key? {
    guard let source = event.endpoint(.srcIP, .srcPort), let ssrc = event.count(.rtpSSRC),
      let destination = event.endpoint(.destIP, .destPort)
    else { return nil }
    return Key(source: source, destination: destination, ssrc: ssrc)
  }

  private mutating func report(_ event: borrowing Event) {
    guard let key = Self.key(event) else { return }
    let report = StreamReport(
      time: event.timestamp, packets: event.count(.rtpPackets) ?? 0, loss: event.number(.rtpLoss),
      jitter: event.number(.rtpJitter), mos: event.number(.rtpMOS))
    open.update(key, default: Series()) { series in
      series.reports.append(report)
      guard series.reports.count > 2 * Self.reportLimit else { return }
      series.reports = stride(from: 0, to: series.reports.count, by: 2).map { series.reports[$0] }
    }
  }

  private mutating func end(_ event: borrowing Event) {
    var entry = StreamEntry(event, limit: limits.textLength)
    if let key = Self.key(event) {
      entry.reports = open[key]?.reports ?? []
      open.change(key) { $0.reports = [] }
    }
    if entry.srtp == true { encrypted += 1 }
    if entry.correlatedBy == "none" { uncorrelated += 1 }
    codecs.add(entry.codec ?? "(unknown)")
    ended.append(entry)
  }

  /// The section of the report.
  var section: Streams {
    let rows = ended.kept.sorted {
      ($0.start.nanoseconds, $0.source?.description ?? "", $0.ssrc ?? 0)
        < ($1.start.nanoseconds, $1.source?.description ?? "", $1.ssrc ?? 0)
    }
    return Streams(
      list: Listed(total: ended.total, rows: rows), started: started, encrypted: encrypted,
      uncorrelated: uncorrelated, codecs: codecs.top(limits.rows))
  }
}

/// The section `rtp_streams`.
struct Streams: Sendable {
  let list: Listed<StreamEntry>
  let started, encrypted, uncorrelated: Int
  let codecs: [Counted]

  static let shape = Shape<Streams>([
    .count("total", nil, "Streams that ended, at the latest with the input") { $0.list.total },
    .count("shown", nil, "Those in the list") { $0.list.rows.count },
    .count("left_out", nil, "Those beyond the limits of the report") { $0.list.leftOut },
    .count("encrypted", nil, "Streams whose payload is encrypted") { $0.encrypted },
    .count("without_call", nil, "Streams that no call announced") { $0.uncorrelated },
    .tally("codecs", "Streams by codec") { $0.codecs },
    .rows("list", "Streams by their start", StreamEntry.shape) { $0.list.rows },
  ])
}
