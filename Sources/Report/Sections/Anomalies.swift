internal import Events
internal import Values

/// One kind of protocol fault.
struct AnomalyTally: Ranked, Sendable {
  /// One of the first examples.
  struct Example: Sendable {
    let time: Timestamp
    let packet: Int?
    let source, destination, detail: String?

    static let shape = Shape<Example>([
      .time("time", nil, "When") { $0.time },
      .identity("packet", nil, "Number of the packet") { $0.packet },
      .text("source", nil, "Sender") { $0.source },
      .text("destination", nil, "Receiver") { $0.destination },
      .text("detail", nil, "Which header or parameter") { $0.detail },
    ])
  }

  let name, type, layer: String
  var count = 0
  var examples: [Example] = []
  var sources = Tally(limit: 32)

  var rank: Int { count }

  static let exampleLimit = 3

  static let shape = Shape<AnomalyTally>([
    .text("event", "Fault", "Name of the fault, as in anomaly.event") { $0.name },
    .text("type", "Type", "decode, stream or applayer") { $0.type },
    .text("layer", "Layer", "Layer that found it") { $0.layer },
    .count("count", "Count", "How often") { $0.count },
    .rows("examples", "The first ones", Example.shape) { $0.examples },
    .tally("top_sources", "Addresses that sent the most of them") { $0.sources.top(3) },
  ])
}

/// One published score.
struct ScoreEntry: Ranked, Sendable {
  let time: Timestamp
  let type, entity, model: String?
  let window, value: Double?
  let samples: Int?
  let isWarmingUp: Bool?
  let reasons: [String]

  init(_ event: borrowing Event, limit: Int) {
    time = event.timestamp
    type = event.text(.scoreEntityType, limit: limit)
    entity = event.text(.scoreEntity, limit: limit)
    model = event.text(.scoreModel, limit: limit)
    (window, value) = (event.number(.scoreWindow), event.number(.scoreValue))
    samples = event.count(.scoreSamples)
    isWarmingUp = event.flag(.scoreWarmingUp)
    reasons = event.scoreReasons(limit: limit)
  }

  var rank: Int { Int(min(1, max(0, value ?? 0)) * 1e12) }

  static let shape = Shape<ScoreEntry>([
    .time("time", "Time", "End of the window") { $0.time },
    .text("entity_type", "Kind", "source, account or prefix") { $0.type },
    .text("entity", "Entity", "The address, account or prefix") { $0.entity },
    .seconds("window", "Window s", "Window that is scored") { $0.window },
    .share("value", "Score", "Calibrated score") { $0.value },
    .texts("reasons", "Reasons", "What made it: feature, observed, expected, surprise") { $0.reasons },
    .text("model", "Model", "Model that gave it") { $0.model },
    .integer("samples", "Samples", "Samples behind the baseline") { $0.samples },
    .flag("warming_up", "Warming up", "The baseline is still young") { $0.isWarmingUp },
  ])
}

/// Gathers protocol faults and scores.
struct AnomalyGathering: Sendable {
  private var names = RankedTable<String, AnomalyTally>(limit: 512)
  private(set) var total = 0
  private(set) var truncated = 0
  private var scores: RankedList<ScoreEntry>
  private let limit: Int

  init(_ limits: ReportLimits) {
    limit = limits.textLength
    scores = RankedList(limit: limits.scores)
  }

  mutating func note(anomaly event: borrowing Event) {
    total += 1
    let name = event.text(.anomalyEvent, limit: limit) ?? "(unnamed)"
    if name.contains("truncated") { truncated += 1 }
    let new = AnomalyTally(
      name: name, type: event.text(.anomalyType, limit: limit) ?? "",
      layer: event.text(.anomalyLayer, limit: limit) ?? "")
    let example =
      (names[name]?.examples.count ?? 0) < AnomalyTally.exampleLimit
      ? AnomalyTally.Example(
        time: event.timestamp, packet: event.count(.pcapCnt),
        source: event.endpoint(.srcIP, .srcPort)?.description,
        destination: event.endpoint(.destIP, .destPort)?.description,
        detail: event.text(.anomalyDetail, limit: limit)) : nil
    let source = event.address(.srcIP)?.description ?? "(none)"
    names.update(name, default: new) { tally in
      tally.count += 1
      tally.sources.add(source)
      if let example { tally.examples.append(example) }
    }
  }

  mutating func note(score event: borrowing Event) {
    scores.append(ScoreEntry(event, limit: limit))
  }

  func section(_ ranking: Ranking) -> Anomalies {
    Anomalies(
      total: total, byName: names.ranked.map(\.entry),
      scores: Listed(total: scores.total, rows: scores.kept), ranking: ranking)
  }
}

/// The section `anomalies`.
struct Anomalies: Sendable {
  let total: Int
  let byName: [AnomalyTally]
  let scores: Listed<ScoreEntry>
  let ranking: Ranking

  static let shape = Shape<Anomalies>([
    .count("total", nil, "All protocol faults") { $0.total },
    .rows("by_name", "Protocol faults by name, the most frequent first", AnomalyTally.shape) { $0.byName },
    .object(
      "scores", "Statistical scores that were published",
      Listed.shape(ScoreEntry.shape, "Scores in the order of time")
    ) { $0.scores },
    .object("ranking", "Hours of sources beside each other, by an Isolation Forest", Ranking.shape) {
      $0.ranking
    },
  ])
}
