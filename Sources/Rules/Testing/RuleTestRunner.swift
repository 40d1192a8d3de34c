internal import Events
internal import Values

/// Runs the tests of rules, each rule alone, against what they expect.
public struct RuleTestRunner: ~Copyable {
  private let ruleSet: CompiledRuleSet
  private let sources: SourceFiles
  private let replay: (any TestReplay)?
  private let limits: EngineLimits
  /// The rules loaded once more, which take their own place in the middle of each test.
  private let reloaded: CompiledRuleSet?
  private var engine: RuleEngine
  /// Seed of the order of inline events; nil for the order of time.
  private let shuffleSeed: UInt64?
  /// Traffic that was replayed, by the rule file and what stands there.
  private var replayed: [String: Result<ReplayedInput, TestReplayFault>] = [:]

  /// A runner.
  ///
  /// - Parameters:
  ///   - sources: the files that the rules came from, for the lines of tests.
  ///   - replay: runs captures, simulations and logs; without it their tests are skipped.
  ///   - shuffleSeed: inline events also come in a random order of this seed, each late by less than an engine
  ///     still counts; the alerts must be the same.
  ///   - reloaded: the same rules, loaded once more: each test runs a second time with a reload in its
  ///     middle, which must change nothing.
  public init(
    _ ruleSet: CompiledRuleSet, sources: SourceFiles, replay: (any TestReplay)? = nil,
    shuffleSeed: UInt64? = nil, splitBy reloaded: CompiledRuleSet? = nil
  ) {
    self.ruleSet = ruleSet
    self.reloaded = reloaded
    self.sources = sources
    self.replay = replay
    self.shuffleSeed = shuffleSeed
    limits = EngineLimits()
    engine = RuleEngine(ruleSet, limits: limits)
  }

  /// Runs the tests of all rules that a filter lets through, by their ids.
  public mutating func run(only isWanted: (String) -> Bool = { _ in true }) -> RuleTestReport {
    var results: [RuleTestResult] = []
    var untested: [String] = []
    var rules: [String] = []
    for (index, rule) in ruleSet.checked.map(\.declaration).enumerated() where isWanted(rule.id.value) {
      rules.append(rule.id.value)
      if rule.tests.isEmpty { untested.append(rule.id.value) }
      for test in rule.tests { results.append(run(test, ofRule: index)) }
    }
    return RuleTestReport(results: results, untestedRules: untested, rules: rules, shuffleSeed: shuffleSeed)
  }

  mutating func run(_ test: RuleTestDeclaration, ofRule rule: Int) -> RuleTestResult {
    var observed: [ObservedAlert] = []
    let outcome: RuleTestResult.Outcome
    switch observe(test, ofRule: rule) {
    case .success(let capture):
      observed = capture.alerts.filter { $0.alert.rule == rule }
      let comparison = AlertComparison(
        rule: ruleSet.metadata[rule], start: capture.start, observed: observed)
      var difference =
        comparison.difference(from: test.expectation)
        + difference(of: observed, whenSplit: test, ofRule: rule)
      if difference.isEmpty, test.isInline, let shuffleSeed {
        difference = shuffled(test, ofRule: rule, by: shuffleSeed, comparison)
      }
      if let key = ruleSet.checked[rule].declaration.tunedKey, !difference.isEmpty {
        outcome = .skipped("it does not hold with the override of '\(key)', and is about the rule without it")
      } else {
        outcome = difference.isEmpty ? .passed : .failed(difference)
      }
    case .failure(let fault):
      let reasons = fault.lines(in: sources)
      outcome = replay == nil ? .skipped(reasons.joined(separator: "; ")) : .failed(reasons)
    }
    return result(of: test, ofRule: rule, outcome, observed)
  }

  private func result(
    of test: RuleTestDeclaration, ofRule rule: Int, _ outcome: RuleTestResult.Outcome,
    _ observed: [ObservedAlert]
  ) -> RuleTestResult {
    let file = sources[test.span.file]
    return RuleTestResult(
      rule: rule, ruleID: ruleSet.metadata[rule].id, name: test.name.value, file: file.path,
      line: file.location(of: test.span.range.start).line, outcome: outcome, alertCount: observed.count)
  }

  /// What a random order of the events changes.
  private mutating func shuffled(
    _ test: RuleTestDeclaration, ofRule rule: Int, by seed: UInt64, _ ordered: AlertComparison
  ) -> [String] {
    let order = TestEventOrder(seed: seed, lateness: limits.lateness)
    let alerts = observeEvents(test, ofRule: rule, shuffledBy: order).alerts
    let tolerance = ruleSet.hasState(rule: rule) ? limits.lateness : 0
    let changes = ordered.changes(in: alerts, within: tolerance)
    return changes.isEmpty ? [] : ["events in the order of seed \(seed) change the alerts"] + changes
  }

  /// What changes when the rules are loaded again in the middle of a test; nothing may.
  private mutating func difference(
    of observed: [ObservedAlert], whenSplit test: RuleTestDeclaration, ofRule rule: Int
  ) -> [String] {
    guard let reloaded else { return [] }
    switch observe(test, ofRule: rule, replacedBy: reloaded) {
    case .success(let capture):
      let alerts = capture.alerts.filter { $0.alert.rule == rule }
      guard alerts != observed else { return [] }
      return ["with a reload in the middle: \(alerts.count) alerts instead of \(observed.count)"]
    case .failure(let fault): return ["with a reload in the middle:"] + fault.lines(in: sources)
    }
  }

  private mutating func observe(
    _ test: RuleTestDeclaration, ofRule rule: Int, replacedBy reloaded: CompiledRuleSet? = nil
  ) -> Result<ReplayedInput, TestReplayFault> {
    switch test.input {
    case .events: return .success(observeEvents(test, ofRule: rule, replacedBy: reloaded))
    case .traffic(let traffic):
      let ruleFile = ruleSet.metadata[rule].file
      let isEnabled = ruleSet.checked[rule].declaration.isEnabled
      let rules = isEnabled ? ruleSet : enabledRules
      let other = isEnabled ? reloaded : reloaded == nil ? nil : enabledRules
      let way = "\(other == nil ? "whole" : "split")\u{0}\(isEnabled)"
      let key = "\(way)\u{0}\(traffic.key)\u{0}\(ruleFile)\u{0}\(sources.text(at: traffic.span))"
      if let known = replayed[key] { return known }
      let result = replay(traffic, ruleFile, rules, replacedBy: other)
      replayed[key] = result
      return result
    }
  }

  /// The rules with all of them switched on: also a disabled rule runs in its own tests.
  private var enabledRules: CompiledRuleSet {
    let rules = ruleSet.checked.map { rule in
      var rule = rule
      rule.declaration.isEnabled = true
      return rule
    }
    return ruleSet.compile(rules, sources: sources) ?? ruleSet
  }

  private func replay(
    _ traffic: TestTraffic, _ ruleFile: String, _ rules: CompiledRuleSet,
    replacedBy reloaded: CompiledRuleSet?
  ) -> Result<ReplayedInput, TestReplayFault> {
    guard let replay else { return .failure(TestReplayFault("files cannot be read here")) }
    do throws(TestReplayFault) {
      return .success(try replay.replay(traffic, ruleFile: ruleFile, with: rules, replacedBy: reloaded))
    } catch {
      return .failure(error)
    }
  }

  private mutating func observeEvents(
    _ test: RuleTestDeclaration, ofRule rule: Int, shuffledBy shuffle: TestEventOrder? = nil,
    replacedBy reloaded: CompiledRuleSet? = nil
  ) -> ReplayedInput {
    var sink = DiagnosticSink()
    let metadata = ruleSet.metadata[rule]
    let preparation = TestPreparation(
      rule: ruleSet.checked[rule].declaration, kinds: metadata.kinds,
      groupKeys: metadata.groupKeys + metadata.summaryKeys)
    guard let prepared = preparation.prepare(test, &sink) else {
      // The compiler refuses such rules.
      return ReplayedInput(start: PreparedTest.defaultStart, alerts: [])
    }
    engine.restart(soleRule: rule)
    let stream = TestEventStream(prepared, headerNames: ruleSet.headerNames)
    var number = 0
    var observed: [ObservedAlert] = []
    var alerts: [Alert] = []
    stream.forEach(shuffledBy: shuffle) { event in
      if let reloaded, number == stream.count / 2 {
        var adoption = RuleAdoption(reloaded, replacing: engine.ruleSet, limits: engine.limits)
        engine.adopt(&adoption)
      }
      number += 1
      engine.process(event, into: &alerts)
      for alert in alerts {
        observed.append(ObservedAlert(alert, group: engine.group(of: alert, for: event)))
      }
      alerts.removeAll(keepingCapacity: true)
    }
    engine.finish(into: &alerts)
    observed += alerts.map { ObservedAlert($0, group: $0.group) }
    return ReplayedInput(start: prepared.start, alerts: observed)
  }
}
