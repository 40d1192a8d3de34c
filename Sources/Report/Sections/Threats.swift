internal import Events
internal import Tracking
internal import Values

/// What is held against one source address, and what that comes to: the lowest reputation that it had.
struct Threat: Sendable {
  let party: Party
  /// 0 (nothing) to 100.
  let score: Int
  let level: ThreatLevel
  let reasons: [String]

  init(_ party: Party) {
    self.party = party
    let reputation = party.lowestReputation ?? 50
    score = Int(max(0, min(100, 100 - 2 * reputation)).rounded())
    level = ThreatLevel(reputation: reputation)
    let alerts = party.alerts.sorted { ($0.severity, $1.count, $0.rule) < ($1.severity, $0.count, $1.rule) }
    // Those of alerts are said with the ids of the rules.
    let others = party.reasons.filter { !$0.hasPrefix("alert-") }.map(Self.readable)
    let said = alerts.map(Self.reason) + others
    reasons = said.isEmpty && score > 0 ? Self.behaviour(party) : said
  }

  private static func reason(_ alerts: Party.RuleCount) -> String {
    let times = alerts.count == 1 ? "1 alert" : "\(alerts.count) alerts"
    return "\(times) of severity \(Severity(rawValue: alerts.severity)?.name ?? "info"): \(alerts.rule)"
  }

  /// `not-found 16x -20` as `not-found 16x (−20 points)`; what came to nothing has no points.
  private static func readable(_ reason: String) -> String {
    guard let gap = reason.lastIndex(of: " ") else { return reason }
    let (what, points) = (reason[..<gap], reason[gap...].dropFirst())
    let figure = points.dropFirst()
    guard figure != "0" else { return String(what) }
    return "\(what) (\(points.hasPrefix("-") ? "−" : "+")\(figure) points)"
  }

  /// What moved the reputation of a source that has no alert, whose reasons nobody tells.
  private static func behaviour(_ party: Party) -> [String] {
    let names: Set = ["failures", "auth_failures", "failed_registrations", "faults"]
    return zip(Party.figures, party.figures).filter { names.contains($0.name) && $1 > 0 }
      .map { "\($0.name.replacing("_", with: " ")) \($1)x" }
  }

  /// Whether it did something that a forged address cannot.
  var isProven: Bool {
    party.figures[Party.place(of: "registrations")] > 0 || party.calls.answered > 0
  }

  static let shape = Shape<Threat>([
    .text("entity", "Source", "The address") { $0.party.name },
    .count("score", "Score", "0 (nothing) to 100") { $0.score },
    .text("level", "Level", "low, elevated, high or severe") { "\($0.level.name)" },
    .texts("reasons", "Reasons", "The alerts against it, the worst first, and what else moved its reputation")
    { $0.reasons },
    .count("alerts", "Alerts", "Alerts against it") { $0.party.alertCount },
    .decimal("lowest_reputation", "Lowest rep.", "Lowest reputation, 0 (bad) to 100 (good), 50 at first") {
      $0.party.lowestReputation
    },
    .decimal("reputation", "Last rep.", "Reputation at its last event") { $0.party.reputation },
    .flag("proven", "Answered", "It took part in a dialogue that a forged address cannot have") {
      $0.isProven
    },
    .time("first_seen", "First seen", "First event") { $0.party.first },
    .time("last_seen", "Last seen", "Last event") { $0.party.last },
    .texts("reputation_reasons", nil, "What moved its reputation up to its last alert") { $0.party.reasons },
  ])
}

/// The section `threats`.
struct Threats: Sendable {
  /// Sources that were assessed.
  let assessed: Int
  let list: Listed<Threat>
  let levels: [Counted]

  init(_ parties: [Party], rows: Int) {
    let threats = parties.map { Threat($0) }
    assessed = threats.count
    levels = ThreatLevel.allCases.map { level in
      Counted(name: "\(level.name)", count: threats.count { $0.level == level })
    }
    let worst = threats.filter { $0.score > 0 }.sorted {
      ($1.score, $0.party.name) < ($0.score, $1.party.name)
    }
    list = Listed(total: worst.count, rows: Array(worst.prefix(rows)))
  }

  static let shape = Shape<Threats>([
    .count("assessed", nil, "Sources that were assessed") { $0.assessed },
    .tally("levels", "Sources by level") { $0.levels },
    .count("total", nil, "Sources with a score above 0") { $0.list.total },
    .count("left_out", nil, "Those beyond the limits of the report") { $0.list.leftOut },
    .rows("list", "Sources, the worst first", Threat.shape) { $0.list.rows },
  ])
}
