internal import Values

/// How bad a threat is.
enum ThreatLevel: String, CaseIterable, Sendable {
  case low, elevated, high, severe

  /// The level of a score from 0 to 100.
  init(score: Int) {
    switch score {
    case ..<25: self = .low
    case ..<50: self = .elevated
    case ..<75: self = .high
    default: self = .severe
    }
  }
}

/// What is held against one source address, and what that comes to.
///
/// Each piece of evidence has a weight between 0 and 1; the score is 100 · (1 − Π(1 − weight)), so that independent
/// pieces add up and none alone reaches 100. Weights and levels are in docs/report.md.
struct Threat: Sendable {
  let party: Party
  let score: Int
  let reasons: [String]

  var level: ThreatLevel { ThreatLevel(score: score) }

  /// Whether it did something that a forged address cannot.
  var isProven: Bool {
    Party.figures.firstIndex { $0.name == "registrations" }.map { party.figures[$0] > 0 } ?? false
      || party.calls.answered > 0
  }

  init(_ party: Party) {
    self.party = party
    var pieces = party.alerts.map { Self.piece($0) }
    if let reputation = party.reputation, reputation < 49.95 {
      let weight = (50 - reputation) / 50 * 0.3
      pieces.append((weight, "reputation \(NumberText.decimal(reputation, digits: 1)) of 100"))
    }
    if let score = party.highestScore, score > 0.99 {
      pieces.append((0.3, "statistical score \(NumberText.decimal(score, digits: 4))"))
    }
    let remainder = pieces.reduce(1.0) { $0 * (1 - $1.weight) }
    score = Int((100 * (1 - remainder)).rounded())
    reasons = pieces.sorted { ($1.weight, $0.reason) < ($0.weight, $1.reason) }.map(\.reason)
  }

  private static func piece(_ count: Party.RuleCount) -> (weight: Double, reason: String) {
    let base = [0.65, 0.3, 0.1, 0][count.severity - 1]
    let certainty = [1, 0.9, 0.75, 0.5][min(3, max(0, count.spoofable ?? 1))]
    // Each doubling of the number of alerts counts like one more alert.
    var rounds = 1
    while count.count >> rounds > 0 { rounds += 1 }
    var remainder = 1.0
    for _ in 0..<rounds { remainder *= 1 - base * certainty }
    let word = ["high", "medium", "low", "info"][count.severity - 1]
    let times = count.count == 1 ? "1 alert" : "\(count.count) alerts"
    return (1 - remainder, "\(times) of severity \(word): \(count.rule)")
  }

  static let shape = Shape<Threat>([
    .text("entity", "Source", "The address") { $0.party.name },
    .count("score", "Score", "0 (nothing) to 100") { $0.score },
    .text("level", "Level", "low, elevated, high or severe") { $0.level.rawValue },
    .texts("reasons", "Reasons", "What it rests on, the weightiest first") { $0.reasons },
    .count("alerts", "Alerts", "Alerts against it") { $0.party.alertCount },
    .decimal("reputation", "Reputation", "0 (bad) to 100 (good), 50 at first") { $0.party.reputation },
    .flag("proven", "Answered", "It took part in a dialogue that a forged address cannot have") { $0.isProven },
    .time("first_seen", "First seen", "First event") { $0.party.first },
    .time("last_seen", "Last seen", "Last event") { $0.party.last },
    .texts("reputation_reasons", nil, "What moved the reputation lately") { $0.party.reasons },
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
      Counted(name: level.rawValue, count: threats.count { $0.level == level })
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
