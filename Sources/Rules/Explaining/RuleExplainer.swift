public import Events
public import Values

/// Watches one rule over the events of a run and says what it makes of each.
///
/// Run `ruleSet` over the input, which has one rule more than before; whenever that one (`probe`) fires, hand its
/// event to `explain`. The rules themselves run as always.
public final class RuleExplainer {
  private let rules: ExplainedRules
  private let number: Int
  private let exceptions: [String]
  private let schedule: String
  private var engine: RuleEngine
  private var explanation: RuleExplanation
  private let exampleCount: Int
  private let keepsAll: Bool
  private var alerts: [Alert] = []
  private var nearestCount = 0

  /// Nil when there is no such rule.
  ///
  /// - Parameters:
  ///   - rule: the index of the rule to watch.
  ///   - sources: the files that the rules came from.
  ///   - exampleCount: events that are kept of each outcome.
  ///   - keepsAll: keeps each event.
  public init?(
    _ ruleSet: CompiledRuleSet, rule: Int, sources: SourceFiles, limits: EngineLimits = EngineLimits(),
    exampleCount: Int = 3, keepsAll: Bool = false
  ) {
    guard let rules = ExplainedRules(ruleSet, rule: rule, sources: sources) else { return nil }
    self.rules = rules
    number = rule
    let declaration = ruleSet.checked[rule].declaration
    exceptions = declaration.exceptions.map(\.name.value)
    schedule = declaration.schedule?.value ?? ""
    engine = RuleEngine(rules.ruleSet, limits: limits)
    engine.restart(soleRule: rule)
    explanation = RuleExplanation(rule: ruleSet.metadata[rule])
    self.exampleCount = exampleCount
    self.keepsAll = keepsAll
  }

  /// The rules to run.
  public var ruleSet: CompiledRuleSet { rules.ruleSet }
  /// The rule whose alerts bring the events.
  public var probe: Int { rules.probe }

  /// Takes an event.
  public func explain(_ event: borrowing Event) {
    let before = Counts(engine, number)
    engine.process(event, into: &alerts)
    let after = Counts(engine, number)
    let hasFired = alerts.contains { $0.hasEvent && $0.rule == number }
    takeAlerts(event)
    let isOwn = rules.ruleSet.metadata[number].kinds.contains(event.kind.set)
    var observation =
      if !rules.steps.isEmpty { held(event) } else if isOwn { own(event, before, after, hasFired) } else {
        expected(event)
      }
    if hasFired { observation.outcome = .fired }
    note(observation, event)
  }

  /// Ends the input, up to which packets were seen, and gives what came out.
  public func finish(at end: Timestamp?) -> RuleExplanation {
    if let end { engine.advance(to: end, into: &alerts) }
    engine.finish(into: &alerts)
    takeSummaries()
    explanation.pendingCount = engine.counters.pendingAbsences
    explanation.groups.sort { $0.outcome.stage < $1.outcome.stage }
    return explanation
  }

  // MARK: One event

  private typealias Finding = (
    outcome: RuleExplanation.Outcome, values: [(name: String, value: String?)], count: Int
  )

  /// What the counters of the engine say of an event that the rule is about.
  private func own(
    _ event: borrowing Event, _ before: Counts, _ after: Counts, _ hasFired: Bool
  ) -> Finding {
    guard after.matches > before.matches else {
      return firstClause(of: rules.clauses, event) ?? (.stopped(clause: "", isUnknown: false), [], 0)
    }
    if after.offSchedule > before.offSchedule { return (.offSchedule(schedule), [], 0) }
    for index in after.exceptions.indices where after.exceptions[index] > before.exceptions[index] {
      return (.excepted(exceptions[index]), [], 0)
    }
    let key = keyValues(event)
    if after.late > before.late { return (.late, key, 0) }
    if after.missingKeys > before.missingKeys {
      return (.missingKey(key.first { $0.value == nil }?.name ?? "its value"), key, 0)
    }
    if after.suppressed > before.suppressed { return (.suppressed, key, 0) }
    guard !hasFired else { return (.fired, key, 0) }
    if rules.ruleSet.program.rules[number].absence >= 0 { return (.waiting, key, 0) }
    let progress = engine.progress(ofRule: number, for: event, rules.ruleSet.checked[number])
    return (.counted, key + progress.values, progress.count)
  }

  /// What an event is to a rule that looks at it later: taken for a step, or what kept it from each.
  private func held(_ event: borrowing Event) -> Finding {
    var stopped: Finding?
    for step in rules.steps where step.kinds.contains(event.kind.set) {
      guard let finding = firstClause(of: step.clauses, event) else {
        guard !step.name.isEmpty else { return (.counted, keyValues(event), 0) }
        return (.counted, [(name: "step", value: step.name)], 0)
      }
      stopped = stopped ?? finding
    }
    return stopped ?? (.expected, [], 0)
  }

  /// What an event is that a match could wait for.
  private func expected(_ event: borrowing Event) -> Finding {
    firstClause(of: rules.expectedClauses, event) ?? (.expected, keyValues(event), 0)
  }

  /// The first clause that is not true, with what it saw.
  private func firstClause(of clauses: [ExplainedRules.Clause], _ event: borrowing Event) -> Finding? {
    for clause in clauses where !engine.holds(clause.holds, event) {
      let isFalse = engine.holds(clause.fails, event)
      return (
        .stopped(clause: clause.text, isUnknown: !isFalse), engine.values(ofRule: clause.holds, for: event), 0
      )
    }
    return nil
  }

  private func keyValues(_ event: borrowing Event) -> [(name: String, value: String?)] {
    engine.values(ofRule: number, for: event)
  }

  private func note(_ finding: Finding, _ event: borrowing Event) {
    let observation = RuleExplanation.Observation(
      time: event.timestamp, packet: event.integer(.pcapCnt), outcome: finding.outcome, values: finding.values
    )
    if finding.count > nearestCount {
      nearestCount = finding.count
      explanation.nearest = observation
    }
    explanation.eventCount += 1
    if keepsAll { explanation.observations.append(observation) }
    let place =
      explanation.groups.firstIndex { $0.outcome == finding.outcome } ?? explanation.groups.count
    if place == explanation.groups.count {
      explanation.groups.append(RuleExplanation.Group(outcome: finding.outcome))
    }
    explanation.groups[place].count += 1
    if explanation.groups[place].examples.count < exampleCount {
      explanation.groups[place].examples.append(observation)
    }
  }

  // MARK: Alerts

  private func takeAlerts(_ event: borrowing Event) {
    guard !alerts.isEmpty else { return }
    for alert in alerts where alert.hasEvent && alert.rule == number {
      keep(alert, engine.group(of: alert, for: event))
    }
    alerts.removeAll { $0.hasEvent }
    takeSummaries()
  }

  /// Alerts that passing time raised.
  private func takeSummaries() {
    for alert in alerts where alert.rule == number { keep(alert, alert.group) }
    alerts.removeAll(keepingCapacity: true)
  }

  private func keep(_ alert: Alert, _ group: [String]) {
    let names = rules.ruleSet.metadata[number].keys(of: alert.reason)
    explanation.alerts.append(
      RuleExplanation.FiredAlert(alert: alert, group: zip(names, group).map { ($0, $1) }))
  }
}

/// What the engine counted for a rule before and after an event.
private struct Counts {
  var matches: UInt64
  var missingKeys: UInt64
  var late: UInt64
  var suppressed: UInt64
  var offSchedule: UInt64
  var exceptions: [UInt64]

  init(_ engine: borrowing RuleEngine, _ rule: Int) {
    let counters = engine.ruleCounters[rule]
    matches = counters.matches
    missingKeys = counters.missingKeys
    late = counters.late
    suppressed = counters.suppressed
    offSchedule = engine.totals.offSchedule
    exceptions = engine.exceptionHits(ofRule: rule)
  }
}

extension RuleExplanation.Outcome {
  /// The order in which a rule goes about an event.
  fileprivate var stage: Int {
    switch self {
    case .stopped: 0
    case .offSchedule: 1
    case .excepted: 2
    case .late: 3
    case .missingKey: 4
    case .expected: 5
    case .waiting: 6
    case .counted: 7
    case .suppressed: 8
    case .fired: 9
    }
  }
}
