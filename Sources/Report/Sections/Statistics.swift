internal import Events
internal import Values

/// Percentiles of a quantity.
struct Percentiles: Sendable {
  let count: Int
  let mean: Double?
  let p50, p90, p95, p99, max: Double?

  init(_ sample: QuantileSample) {
    count = sample.count
    mean = sample.mean
    let values = sample.quantiles([0.5, 0.9, 0.95, 0.99, 1])
    (p50, p90, p95) = (values?[0], values?[1], values?[2])
    (p99, max) = (values?[3], values?[4])
  }

  static let shape = Shape<Percentiles>([
    .count("count", nil, "Values") { $0.count },
    .decimal("mean", nil, "Mean") { $0.mean },
    .decimal("p50", nil, "Median") { $0.p50 },
    .decimal("p90", nil, "90th percentile") { $0.p90 },
    .decimal("p95", nil, "95th percentile") { $0.p95 },
    .decimal("p99", nil, "99th percentile") { $0.p99 },
    .decimal("max", nil, "Highest") { $0.max },
  ])
}

/// The flows of one application protocol.
struct FlowTally: Ranked, Sendable {
  let name: String
  var flows = 0
  var packets = 0
  var bytes = 0
  var oneSided = 0
  var encrypted = 0

  var rank: Int { bytes }

  static let shape = Shape<FlowTally>([
    .text("protocol", "Protocol", "Application protocol by content; failed when not recognised") { $0.name },
    .count("flows", "Flows", "Flows") { $0.flows },
    .count("packets", "Packets", "Packets of both directions") { $0.packets },
    .count("bytes", "Bytes", "Bytes of frames of both directions") { $0.bytes },
    .count("one_sided", "One-sided", "Flows with packets in one direction only") { $0.oneSided },
    .count("encrypted", "Encrypted", "Flows that keys were agreed on for") { $0.encrypted },
  ])
}

/// Gathers the numbers of the section `statistics`.
struct StatisticsGathering: Sendable {
  private(set) var methods = Tally(limit: 64)
  private(set) var codes = Tally(limit: 256)
  private(set) var repeats = Tally(limit: 8)
  private(set) var transports = Tally(limit: 16)
  private(set) var agents = Tally(limit: 512)
  private(set) var causes = Tally(limit: 32)
  private(set) var codecs = Tally(limit: 64)
  private(set) var registrations = Tally(limit: 16)
  private(set) var flows = RankedTable<String, FlowTally>(limit: 64)
  private(set) var requests = 0
  private(set) var responses = 0
  private(set) var started = 0
  private(set) var answered = 0
  private(set) var ended = 0
  private(set) var answeredEnded = 0
  private(set) var networkFailures = 0
  private(set) var oneWay = 0
  private(set) var judgedOneWay = 0
  private var pdd = QuantileSample()
  private var setup = QuantileSample()
  private var talk = QuantileSample()
  private(set) var loss = QuantileSample()
  private(set) var jitter = QuantileSample()
  /// Scores by scale, which do not compare.
  private(set) var mos = (nb: QuantileSample(), wb: QuantileSample(), fb: QuantileSample())
  private(set) var timeline = Timeline()
  private(set) var hours = Array(repeating: 0, count: 168)

  mutating func note(message event: borrowing Event, limit: Int) {
    if event.flag(.sipDuplicate) == true { return repeats.add("duplicate") }
    if event.flag(.sipRetransmission) == true { return repeats.add("retransmission") }
    if event.flag(.sipForwarded) == true { return repeats.add("forwarded") }
    timeline.add(.messages, at: event.timestamp)
    if let transport = event.text(.sipTransport, limit: 16) { transports.add(transport) }
    if event.kind == .sipRequest {
      requests += 1
      methods.add(event.text(.sipMethod, limit: 24) ?? "(none)")
      agents.add(event.text(.sipUserAgent, limit: limit) ?? "(none)")
    } else {
      responses += 1
      codes.add(event.count(.sipCode).map(String.init) ?? "(none)")
    }
  }

  mutating func note(call event: borrowing Event, _ clock: LocalClock, limit: Int) {
    switch event.kind {
    case .callStarted:
      started += 1
      hours[WeekHour.index(of: event.timestamp, clock)] += 1
      timeline.add(.calls, at: event.timestamp)
    case .callAnswered:
      answered += 1
      codecs.add(event.text(.callCodec, limit: 32) ?? "(unknown)")
    case .callEnded: end(event, limit: limit)
    default: break
    }
  }

  private mutating func end(_ event: borrowing Event, limit: Int) {
    ended += 1
    let cause = event.text(.callCause, limit: limit) ?? "(unknown)"
    causes.add(cause)
    if cause == "answered" { answeredEnded += 1 }
    if cause == "timeout" || (500...599).contains(event.count(.callCode) ?? 0) { networkFailures += 1 }
    if let value = event.number(.callPDD) { pdd.add(value) }
    if let value = event.number(.callSetup) { setup.add(value) }
    if let value = event.number(.callDuration) { talk.add(value) }
    if let isOneWay = event.flag(.callOneWay) {
      judgedOneWay += 1
      if isOneWay { oneWay += 1 }
    }
  }

  mutating func note(stream event: borrowing Event) {
    guard event.kind == .rtpEnded else { return }
    if let value = event.number(.rtpLoss) { loss.add(value) }
    if let value = event.number(.rtpMaxJitter) { jitter.add(value) }
    guard let value = event.number(.rtpMOS) else { return }
    switch event.text(.rtpMOSScale, limit: 4) {
    case "wb": mos.wb.add(value)
    case "fb": mos.fb.add(value)
    default: mos.nb.add(value)
    }
  }

  mutating func note(registration event: borrowing Event) {
    registrations.add(event.text(.registrationEvent, limit: 24) ?? "(none)")
  }

  mutating func note(flow event: borrowing Event) {
    let name = event.text(.appProto, limit: 24) ?? "failed"
    let toServer = event.count(.flowPktsToserver) ?? 0
    let toClient = event.count(.flowPktsToclient) ?? 0
    let bytes = (event.count(.flowBytesToserver) ?? 0) &+ (event.count(.flowBytesToclient) ?? 0)
    let isEncrypted = event.flag(.flowEncrypted) == true
    flows.update(name, default: FlowTally(name: name)) { tally in
      tally.flows += 1
      tally.packets = tally.packets &+ toServer &+ toClient
      tally.bytes = tally.bytes &+ bytes
      if toServer == 0 || toClient == 0 { tally.oneSided += 1 }
      if isEncrypted { tally.encrypted += 1 }
    }
  }

  mutating func count(_ kind: Timeline.Kind, at time: Timestamp) { timeline.add(kind, at: time) }

  /// Calls whose outcome is known.
  var decided: Int { answered + ended - answeredEnded }

  func section(_ parties: [Party], counters: Counters, rows: Int) -> Statistics {
    Statistics(
      gathered: self, pdd: Percentiles(pdd), setup: Percentiles(setup), talk: Percentiles(talk),
      talkers: Self.top(parties) { $0.messages }, callers: Self.top(parties) { $0.calls.attempts },
      carriers: Self.top(parties) { $0.bytes }, layers: counters.layers, rows: rows)
  }

  private static func top(_ parties: [Party], _ figure: (Party) -> Int) -> [Counted] {
    parties.map { Counted(name: $0.name, count: figure($0)) }.filter { $0.count > 0 }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }.prefix(10).map { $0 }
  }
}

/// The section `statistics`.
struct Statistics: Sendable {
  let gathered: StatisticsGathering
  let pdd, setup, talk: Percentiles
  let talkers, callers, carriers, layers: [Counted]
  let rows: Int

  /// Answer-seizure ratio: answered calls over calls whose outcome is known.
  var asr: Double? {
    gathered.decided > 0 ? Double(gathered.answered) / Double(gathered.decided) : nil
  }

  /// Network effectiveness ratio: calls that the network did not fail over calls whose outcome is known.
  var ner: Double? {
    gathered.decided > 0 ? 1 - Double(gathered.networkFailures) / Double(gathered.decided) : nil
  }

  /// Responses by the first digit of their code.
  var classes: [Counted] {
    var classes = [String: Int]()
    for code in gathered.codes.top(256) { classes[code.name.prefix(1) + "xx", default: 0] += code.count }
    return classes.filter { $0.key.first?.isNumber ?? false }.map { Counted(name: $0.key, count: $0.value) }
      .sorted { $0.name < $1.name }
  }

  static let shape = Shape<Statistics>([
    .count("requests", nil, "SIP requests, repeats not counted") { $0.gathered.requests },
    .count("responses", nil, "SIP responses, repeats not counted") { $0.gathered.responses },
    .tally("methods", "Requests by method") { $0.gathered.methods.top($0.rows) },
    .tally("status_codes", "Responses by status code") { $0.gathered.codes.top($0.rows) },
    .tally("status_classes", "Responses by class") { $0.classes },
    .tally("repeats", "Messages that were not counted otherwise: seen again or passed on") {
      $0.gathered.repeats.top(8)
    },
    .tally("transports", "Messages by transport") { $0.gathered.transports.top(16) },
    .tally("user_agents", "Requests by user agent") { $0.gathered.agents.top($0.rows) },
    .object("calls", "Calls altogether", calls) { $0 },
    .object("pdd", "Post-dial delay in seconds", Percentiles.shape) { $0.pdd },
    .object("setup", "First INVITE to the answer in seconds", Percentiles.shape) { $0.setup },
    .object("talk_time", "Length of answered calls in seconds", Percentiles.shape) { $0.talk },
    .object("quality", "Quality of the RTP streams", quality) { $0 },
    .tally("codecs", "Answered calls by the first audio codec of the answer") {
      $0.gathered.codecs.top($0.rows)
    },
    .tally("top_talkers", "Sources by SIP messages") { $0.talkers },
    .tally("top_callers", "Sources by calls") { $0.callers },
    .tally("top_carriers", "Sources by bytes of the flows that they began") { $0.carriers },
    .rows("flows", "Flows by application protocol", FlowTally.shape) {
      $0.gathered.flows.ranked.map(\.entry)
    },
    .tally("layers", "Packets by protocol, tunnels and inner headers counted too") { $0.layers },
    .object("timeline", "What happened when", Timeline.shape) { $0.gathered.timeline },
  ])

  private static let calls = Shape<Statistics>([
    .count("started", nil, "Calls that started") { $0.gathered.started },
    .count("decided", nil, "Calls and legs of transfers whose outcome is known: answered or ended") {
      $0.gathered.decided
    },
    .count("answered", nil, "Calls that were answered") { $0.gathered.answered },
    .count("ended", nil, "Calls that ended") { $0.gathered.ended },
    .count("network_failures", nil, "Calls that timed out or ended with 5xx") { $0.gathered.networkFailures },
    .count("one_way", nil, "Calls with media in one direction only") { $0.gathered.oneWay },
    .share("asr", nil, "Answer-seizure ratio: answered over decided") { $0.asr },
    .share("ner", nil, "Network effectiveness ratio: decided without network failures over decided") {
      $0.ner
    },
    .seconds("acd", nil, "Average call duration of answered calls that ended") { $0.talk.mean },
    .tally("causes", "Ended calls by cause") { $0.gathered.causes.top(32) },
  ])

  private static let quality = Shape<Statistics>([
    .object("loss", "Share of packets lost", Percentiles.shape) { Percentiles($0.gathered.loss) },
    .object("max_jitter", "Highest jitter of each stream in seconds", Percentiles.shape) {
      Percentiles($0.gathered.jitter)
    },
    .object("mos_nb", "Opinion score on the narrowband scale", Percentiles.shape) {
      Percentiles($0.gathered.mos.nb)
    },
    .object("mos_wb", "Opinion score on the wideband scale", Percentiles.shape) {
      Percentiles($0.gathered.mos.wb)
    },
    .object("mos_fb", "Opinion score on the fullband scale", Percentiles.shape) {
      Percentiles($0.gathered.mos.fb)
    },
  ])
}
