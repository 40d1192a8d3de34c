/// Compares what a sensor said with what was true.
package struct ScoreCard: Sendable {
  /// One simulated capture with the alerts that it raised.
  package struct Run: Sendable {
    /// Name of the scenario.
    package var scenario: String
    /// Length in nanoseconds, and number of calls; 0 when they are not known.
    package var duration: Int64
    package var calls: Int
    package var labels: [TrueLabel]
    package var alerts: [ScoredAlert]

    /// A run with what is known about it.
    package init(
      scenario: String, duration: Int64, calls: Int, labels: [TrueLabel], alerts: [ScoredAlert]
    ) {
      self.scenario = scenario
      self.duration = duration
      self.calls = calls
      self.labels = labels
      self.alerts = alerts
    }
  }

  /// One line of `labels.jsonl`.
  package struct TrueLabel: Sendable {
    package var name: String
    package var isBenign: Bool
    /// Nanoseconds since the epoch.
    package var start: Int64
    package var end: Int64
    package var entity: [String]
    package var rules: [String]

    /// A label.
    package init(
      name: String, isBenign: Bool, start: Int64, end: Int64, entity: [String], rules: [String]
    ) {
      self.name = name
      self.isBenign = isBenign
      self.start = start
      self.end = end
      self.entity = entity
      self.rules = rules
    }
  }

  /// One alert of the log.
  package struct ScoredAlert: Sendable {
    /// Nanoseconds since the epoch.
    package var time: Int64
    package var rule: String
    /// All texts of the alert: addresses, accounts, numbers.
    package var texts: Set<String>

    /// An alert.
    package init(time: Int64, rule: String, texts: Set<String>) {
      self.time = time
      self.rule = rule
      self.texts = texts
    }

    /// Whether it speaks of any of some entities; of an account also as `account@domain`.
    func concerns(_ entities: [String]) -> Bool {
      entities.isEmpty
        || entities.contains { entity in
          texts.contains { $0 == entity || $0.hasPrefix(entity + "@") || $0.hasPrefix("sip:\(entity)@") }
        }
    }
  }

  /// What became of the attacks of one kind.
  package struct AttackScore: Sendable {
    package var name: String
    package var total = 0
    package var found = 0
    /// Nanoseconds from the first packet to the first right alert, of those that were found.
    package var delays: [Int64] = []
    /// Rules that found one, with how many they found.
    package var rules: [String: Int] = [:]
  }

  /// How often one rule was right.
  package struct RuleScore: Sendable {
    package var name: String
    /// Alerts at an attack or oddity that the rule is meant for.
    package var right = 0
    /// Alerts about who attacked at that time, in a way that the label does not name.
    package var related = 0
    /// Alerts about honest traffic.
    package var wrong = 0
  }

  /// What the runs of one scenario have in common.
  package struct ScenarioScore: Sendable {
    package var name: String
    package var runs = 0
    package var duration: Int64 = 0
    package var calls = 0
    package var attacks = 0
    package var found = 0
    package var alerts = 0
    package var wrong = 0
  }

  package private(set) var attacks: [AttackScore] = []
  package private(set) var rules: [RuleScore] = []
  package private(set) var scenarios: [ScenarioScore] = []
  private let grace: Int64

  /// An empty card.
  ///
  /// - Parameter grace: how long after the end of an attack an alert still belongs to it, in nanoseconds: calls
  ///   and flows are judged at their ends.
  package init(grace: Int64) {
    self.grace = grace
  }

  /// Counts a run.
  package mutating func add(_ run: Run) {
    var scenario = ScenarioScore(name: run.scenario)
    scenario.runs = 1
    scenario.duration = run.duration
    scenario.calls = run.calls
    scenario.alerts = run.alerts.count
    for label in run.labels where !label.isBenign {
      let isFound = score(label, run.alerts)
      scenario.attacks += 1
      scenario.found += isFound ? 1 : 0
    }
    for alert in run.alerts {
      let verdict = judge(alert, run.labels)
      let index = rules.firstIndex { $0.name == alert.rule } ?? rules.count
      if index == rules.count { rules.append(RuleScore(name: alert.rule)) }
      switch verdict {
      case .right: rules[index].right += 1
      case .related: rules[index].related += 1
      case .wrong:
        rules[index].wrong += 1
        scenario.wrong += 1
      }
    }
    add(scenario)
  }

  private enum Verdict { case right, related, wrong }

  private mutating func score(_ label: TrueLabel, _ alerts: [ScoredAlert]) -> Bool {
    let matching = alerts.filter { label.rules.contains($0.rule) && isAbout($0, label) }
    let index = attacks.firstIndex { $0.name == label.name } ?? attacks.count
    if index == attacks.count { attacks.append(AttackScore(name: label.name)) }
    attacks[index].total += 1
    guard let first = matching.map(\.time).min() else { return false }
    attacks[index].found += 1
    attacks[index].delays.append(max(0, first - label.start))
    for rule in Set(matching.map(\.rule)) { attacks[index].rules[rule, default: 0] += 1 }
    return true
  }

  private func isAbout(_ alert: ScoredAlert, _ label: TrueLabel) -> Bool {
    alert.time >= label.start && alert.time <= label.end + grace && alert.concerns(label.entity)
  }

  private func judge(_ alert: ScoredAlert, _ labels: [TrueLabel]) -> Verdict {
    let near = labels.filter { isAbout(alert, $0) }
    if near.contains(where: { $0.rules.contains(alert.rule) }) { return .right }
    return near.contains { !$0.isBenign } ? .related : .wrong
  }

  private mutating func add(_ scenario: ScenarioScore) {
    guard let index = scenarios.firstIndex(where: { $0.name == scenario.name }) else {
      return scenarios.append(scenario)
    }
    scenarios[index].runs += 1
    scenarios[index].duration += scenario.duration
    scenarios[index].calls += scenario.calls
    scenarios[index].attacks += scenario.attacks
    scenarios[index].found += scenario.found
    scenarios[index].alerts += scenario.alerts
    scenarios[index].wrong += scenario.wrong
  }
}
