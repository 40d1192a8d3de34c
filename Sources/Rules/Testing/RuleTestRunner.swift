internal import Events
internal import Values

/// Runs the tests of rules, each rule alone, against what they expect.
public struct RuleTestRunner {
  private let ruleSet: CompiledRuleSet
  private let sources: SourceFiles
  private let replay: (any TestReplay)?
  private let limits: EngineLimits
  private var engine: RuleEngine
  /// Seed of the order of inline events; nil for the order of time.
  private let shuffleSeed: UInt64?
  /// Files that were replayed, by kind, rule file and path.
  private var files: [String: Result<ReplayedInput, TestReplayFault>] = [:]

  /// A runner.
  ///
  /// - Parameters:
  ///   - sources: the files that the rules came from, for the lines of tests.
  ///   - replay: runs captures and logs; without it their tests are skipped.
  ///   - shuffleSeed: inline events also come in a random order of this seed, each late by less than an engine
  ///     still counts; the alerts must be the same.
  public init(
    _ ruleSet: CompiledRuleSet, sources: SourceFiles, replay: (any TestReplay)? = nil,
    shuffleSeed: UInt64? = nil
  ) {
    self.ruleSet = ruleSet
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
    let file = sources[test.span.file]
    var observed: [ObservedAlert] = []
    let outcome: RuleTestResult.Outcome
    switch observe(test, ofRule: rule) {
    case .success(let capture):
      observed = capture.alerts.filter { $0.alert.rule == rule }
      let comparison = AlertComparison(
        rule: ruleSet.metadata[rule], start: capture.start, observed: observed)
      var difference = comparison.difference(from: test.expectation)
      if difference.isEmpty, test.isInline, let shuffleSeed {
        difference = shuffled(test, ofRule: rule, by: shuffleSeed, comparison)
      }
      outcome = difference.isEmpty ? .passed : .failed(difference)
    case .failure(let fault): outcome = replay == nil ? .skipped(fault.message) : .failed([fault.message])
    }
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

  private mutating func observe(
    _ test: RuleTestDeclaration, ofRule rule: Int
  ) -> Result<ReplayedInput, TestReplayFault> {
    switch test.input {
    case .events: return .success(observeEvents(test, ofRule: rule))
    case .file(let kind, let path):
      let ruleFile = ruleSet.metadata[rule].file
      let key = "\(kind)\u{0}\(ruleFile)\u{0}\(path.value)"
      if let known = files[key] { return known }
      let result = replayFile(kind, path.value, ruleFile)
      files[key] = result
      return result
    }
  }

  private func replayFile(
    _ kind: TestInputFile, _ path: String, _ ruleFile: String
  ) -> Result<ReplayedInput, TestReplayFault> {
    guard let replay else { return .failure(TestReplayFault("files cannot be read here")) }
    do throws(TestReplayFault) {
      return .success(try replay.replay(kind, path, ruleFile: ruleFile, with: ruleSet))
    } catch {
      return .failure(error)
    }
  }

  private mutating func observeEvents(
    _ test: RuleTestDeclaration, ofRule rule: Int, shuffledBy shuffle: TestEventOrder? = nil
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
    var observed: [ObservedAlert] = []
    var alerts: [Alert] = []
    TestEventStream(prepared, headerNames: ruleSet.headerNames).forEach(shuffledBy: shuffle) { event in
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
