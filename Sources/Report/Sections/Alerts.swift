internal import Events
internal import Values

/// One alert.
struct AlertEntry: Ranked, Sendable {
  let time: Timestamp
  let rule, title, category, ruleFile, clause: String
  let sid, severity: Int
  let source, destination: Endpoint?
  /// Who is held to account for it.
  let offender: IPAddress?
  let account, callID, what: String?
  let group: [String]
  let count, distinct, suppressed: Int?
  let measured: [(name: String, value: Double)]
  let windowStart, windowEnd: Timestamp?
  let evidence: [Int]
  let packet: Int?
  let techniques, tags, chainedFrom: [String]
  let spoofable: Int?
  /// How many alerts of this rule came before.
  let order: Int

  init(_ event: borrowing Event, limit: Int, order: Int) {
    time = event.timestamp
    rule = event.text(.alertContextRule, limit: limit) ?? "sid-\(event.count(.alertSignatureID) ?? 0)"
    title = event.text(.alertSignature, limit: limit) ?? ""
    category = event.text(.alertCategory, limit: limit) ?? ""
    ruleFile = event.text(.alertContextRuleFile, limit: limit) ?? ""
    clause = event.text(.alertContextClause, limit: 2 * limit) ?? ""
    sid = event.count(.alertSignatureID) ?? 0
    severity = min(4, max(1, event.count(.alertSeverity) ?? 4))
    source = event.endpoint(.srcIP, .srcPort)
    destination = event.endpoint(.destIP, .destPort)
    account = event.text(.accountName, limit: limit)
    callID = event.text(.callCallID, limit: limit) ?? event.text(.sipCallID, limit: limit)
    what = event.text(.sipRequestLine, limit: limit) ?? event.text(.sipResponseLine, limit: limit)
    let pairs = event.texts(.alertContextGroup, limit: limit)
    let places = stride(from: 0, to: pairs.count - 1, by: 2)
    group = places.map { "\(pairs[$0]) = \(pairs[$0 + 1])" }
    // A summary and an absence have no packet, but perhaps the address that they count by.
    let keys = Dictionary(places.map { (pairs[$0], pairs[$0 + 1]) }) { first, _ in first }
    offender = event.offender ?? (keys["client.ip"] ?? keys["src_ip"]).flatMap { IPAddress($0) }
    count = event.count(.alertContextCount)
    distinct = event.count(.alertContextDistinct)
    suppressed = event.count(.alertContextSuppressed)
    measured = event.numbers(.alertContextMeasured, limit: limit)
    (windowStart, windowEnd) = (event.time(.alertContextWindowStart), event.time(.alertContextWindowEnd))
    evidence = event.integers(.alertContextEvidence)
    packet = event.count(.pcapCnt)
    techniques = event.texts(.alertMetadataTechnique, limit: limit)
    tags = event.texts(.alertMetadataTag, limit: limit)
    chainedFrom = event.texts(.alertMetadataChainedFrom, limit: limit)
    spoofable = event.texts(.alertMetadataSpoofable, limit: 1).first.flatMap { Int($0) }
    self.order = order
  }

  /// The first alerts of each rule before more of the same, and of these the worse ones.
  var rank: Int { (order < 20 ? 8 : order < 200 ? 4 : 0) + 4 - severity }

  /// The address that it is held against.
  var entity: String? { offender?.description }

  /// The word for the severity.
  var severityName: String { Severity(rawValue: severity)?.name ?? "info" }

  static let shape = Shape<AlertEntry>([
    .time("time", "Time", "Time of the event that fired it") { $0.time },
    .text("severity", "Severity", "high, medium, low or info") { $0.severityName },
    .text("title", "Alert", "Title of the rule") { $0.title },
    .text("rule", "Rule", "Id of the rule") { $0.rule },
    .text("entity", "Entity", "Address that asked, else that sent, else that it counts by") { $0.entity },
    .text("account", "Account", "Account in From") { $0.account },
    .text("source", "From", "Sender of the packet") { $0.source?.description },
    .text("destination", "To", "Receiver of the packet") { $0.destination?.description },
    .integer("count", "Count", "Matches in the window") { $0.count },
    .integer("distinct", "Distinct", "Distinct values in the window") { $0.distinct },
    .identity("packet", "Packet", "Number of the packet that fired it") { $0.packet },
    .identity("sid", nil, "Number of the rule") { $0.sid },
    .text("category", nil, "Category of the rule") { $0.category },
    .text("rule_file", nil, "File and line of the rule") { $0.ruleFile },
    .text("clause", nil, "The condition that held") { $0.clause },
    .texts("group", nil, "The fields that it counts by, with their values") { $0.group },
    .integer("suppressed", nil, "Matches that suppression swallowed since the alert before") {
      $0.suppressed
    },
    .rows("measured", "What was measured", Measured.shape) { entry in
      entry.measured.map { Measured(name: $0.name, value: $0.value) }
    },
    .time("window_start", nil, "First match in the window") { $0.windowStart },
    .time("window_end", nil, "Match that fired") { $0.windowEnd },
    .integers("evidence", nil, "Numbers of the packets behind it, the latest ones") { $0.evidence },
    .text("call_id", nil, "Call-ID of the message or call") { $0.callID },
    .text("line", nil, "Request or status line that fired it") { $0.what },
    .texts("techniques", nil, "MITRE ATT&CK techniques") { $0.techniques },
    .texts("tags", nil, "Tags of the rule") { $0.tags },
    .texts("chained_from", nil, "Rules whose alerts led to it") { $0.chainedFrom },
    .identity("spoofable", nil, "0 (proof) to 3 (a UDP source address proves nothing)") { $0.spoofable },
  ])

  /// A measured value.
  struct Measured: Sendable {
    let name: String
    let value: Double

    static let shape = Shape<Measured>([
      .text("name", nil, "Name in the rule") { $0.name },
      .decimal("value", nil, "Value; durations in seconds") { $0.value },
    ])
  }
}

extension Event {
  /// Who is held to account for what the event tells: who asked, else who sent.
  var offender: IPAddress? { address(.clientIP) ?? address(.srcIP) }
}

/// All alerts of one rule.
struct RuleTally: Ranked, Sendable {
  let rule, title: String
  let sid, severity: Int
  var count = 0
  let first: Timestamp
  var last: Timestamp
  var entities = Tally(limit: 64)

  var rank: Int { (4 - severity) << 40 + count }

  static let shape = Shape<RuleTally>([
    .text("severity", "Severity", "high, medium, low or info") { Severity(rawValue: $0.severity)?.name },
    .text("title", "Alert", "Title of the rule") { $0.title },
    .text("rule", "Rule", "Id of the rule") { $0.rule },
    .identity("sid", "Sid", "Number of the rule") { $0.sid },
    .count("count", "Alerts", "Alerts of this rule") { $0.count },
    .count("entities", "Entities", "Different addresses, up to 128") { $0.entities.distinct },
    .time("first", "First", "First alert") { $0.first },
    .time("last", "Last", "Last alert") { $0.last },
    .tally("top_entities", "Addresses with the most alerts") { $0.entities.top(5) },
  ])
}

/// Gathers alerts.
struct AlertGathering: Sendable {
  private(set) var rules: RankedTable<String, RuleTally>
  private(set) var list: RankedList<AlertEntry>
  private(set) var severities = [0, 0, 0, 0]
  private let limit: Int

  init(_ limits: ReportLimits) {
    rules = RankedTable(limit: 1024)
    list = RankedList(limit: limits.alerts)
    limit = limits.textLength
  }

  /// Takes note of an alert and gives it back.
  mutating func note(_ event: borrowing Event) -> AlertEntry {
    let id = event.text(.alertContextRule, limit: limit) ?? "sid-\(event.count(.alertSignatureID) ?? 0)"
    let entry = AlertEntry(event, limit: limit, order: rules[id]?.count ?? 0)
    severities[entry.severity - 1] += 1
    let new = RuleTally(
      rule: entry.rule, title: entry.title, sid: entry.sid, severity: entry.severity, first: entry.time,
      last: entry.time)
    rules.update(id, default: new) { tally in
      tally.count += 1
      tally.last = max(tally.last, entry.time)
      tally.entities.add(entry.entity ?? "(none)")
    }
    list.append(entry)
    return entry
  }

  var section: SuspiciousActivity {
    SuspiciousActivity(
      severities: severities, rules: rules.ranked.map(\.entry),
      alerts: Listed(total: list.total, rows: list.kept.sorted { ($0.time, $0.sid) < ($1.time, $1.sid) }))
  }
}

/// The section `suspicious_activity`.
struct SuspiciousActivity: Sendable {
  /// Alerts by severity, high first.
  let severities: [Int]
  let rules: [RuleTally]
  let alerts: Listed<AlertEntry>

  static let shape = Shape<SuspiciousActivity>([
    .count("total", nil, "All alerts") { $0.alerts.total },
    .count("shown", nil, "Those in the list") { $0.alerts.rows.count },
    .count("left_out", nil, "Those beyond the limits of the report") { $0.alerts.leftOut },
    .tally("by_severity", "Alerts by severity") { section in
      zip(Severity.allCases, section.severities).map { Counted(name: $0.name, count: $1) }
    },
    .rows("by_rule", "Alerts by rule, the worst first", RuleTally.shape) { $0.rules },
    .rows("list", "Alerts in the order of time", AlertEntry.shape) { $0.alerts.rows },
  ])
}
