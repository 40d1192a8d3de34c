internal import Events
internal import Values

/// Runs the tests of rules, each rule alone, against what they expect.
public struct RuleTestRunner {
  private let ruleSet: CompiledRuleSet
  private let sources: SourceFiles
  private let replay: (any PcapReplay)?
  /// The rules loaded once more, which take their own place in the middle of each test.
  private let reloaded: CompiledRuleSet?
  private var engine: RuleEngine
  /// Captures that were replayed, by rule file folder and path.
  private var captures: [String: Result<ReplayedCapture, PcapReplayFault>] = [:]

  /// A runner.
  ///
  /// - Parameters:
  ///   - sources: the files that the rules came from, for the lines of tests.
  ///   - replay: runs captures; without it capture tests are skipped.
  ///   - reloaded: the same rules, loaded once more: each test runs a second time with a reload in its
  ///     middle, which must change nothing.
  public init(
    _ ruleSet: CompiledRuleSet, sources: SourceFiles, replay: (any PcapReplay)? = nil,
    splitBy reloaded: CompiledRuleSet? = nil
  ) {
    self.ruleSet = ruleSet
    self.reloaded = reloaded
    self.sources = sources
    self.replay = replay
    engine = RuleEngine(ruleSet)
  }

  /// Runs the tests of all rules that a filter lets through, by their ids.
  public mutating func run(only isWanted: (String) -> Bool = { _ in true }) -> RuleTestReport {
    var results: [RuleTestResult] = []
    var untested: [String] = []
    for (index, rule) in ruleSet.declarations.enumerated() where isWanted(rule.id.value) {
      if rule.tests.isEmpty { untested.append(rule.id.value) }
      for test in rule.tests { results.append(run(test, ofRule: index)) }
    }
    return RuleTestReport(results: results, untestedRules: untested)
  }

  private mutating func run(_ test: RuleTestDeclaration, ofRule rule: Int) -> RuleTestResult {
    let file = sources[test.span.file]
    var observed: [ObservedAlert] = []
    let outcome: RuleTestResult.Outcome
    switch observe(test, ofRule: rule) {
    case .success(let capture):
      observed = capture.alerts.filter { $0.alert.rule == rule }
      let comparison = AlertComparison(
        rule: ruleSet.metadata[rule], start: capture.start, observed: observed)
      let difference =
        comparison.difference(from: test.expectation)
        + difference(of: observed, whenSplit: test, ofRule: rule)
      outcome = difference.isEmpty ? .passed : .failed(difference)
    case .failure(let fault): outcome = replay == nil ? .skipped(fault.message) : .failed([fault.message])
    }
    return RuleTestResult(
      rule: rule, ruleID: ruleSet.metadata[rule].id, name: test.name.value, file: file.path,
      line: file.location(of: test.span.range.start).line, outcome: outcome, alertCount: observed.count)
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
    case .failure(let fault): return ["with a reload in the middle: \(fault.message)"]
    }
  }

  private mutating func observe(
    _ test: RuleTestDeclaration, ofRule rule: Int, replacedBy reloaded: CompiledRuleSet? = nil
  ) -> Result<ReplayedCapture, PcapReplayFault> {
    switch test.input {
    case .events: return .success(observeEvents(test, ofRule: rule, replacedBy: reloaded))
    case .capture(let path):
      let ruleFile = ruleSet.metadata[rule].file
      let key = "\(reloaded == nil ? "" : "split")\u{0}\(ruleFile)\u{0}\(path.value)"
      if let known = captures[key] { return known }
      let result = replayCapture(path.value, ruleFile, replacedBy: reloaded)
      captures[key] = result
      return result
    }
  }

  private func replayCapture(
    _ path: String, _ ruleFile: String, replacedBy reloaded: CompiledRuleSet?
  ) -> Result<ReplayedCapture, PcapReplayFault> {
    guard let replay else { return .failure(PcapReplayFault("captures cannot be read here")) }
    do throws(PcapReplayFault) {
      return .success(try replay.replay(path, ruleFile: ruleFile, with: ruleSet, replacedBy: reloaded))
    } catch {
      return .failure(error)
    }
  }

  private mutating func observeEvents(
    _ test: RuleTestDeclaration, ofRule rule: Int, replacedBy reloaded: CompiledRuleSet?
  ) -> ReplayedCapture {
    var sink = DiagnosticSink()
    let metadata = ruleSet.metadata[rule]
    let preparation = TestPreparation(
      rule: ruleSet.declarations[rule], kinds: metadata.kinds,
      groupKeys: metadata.groupKeys + metadata.summaryKeys)
    guard let prepared = preparation.prepare(test, &sink) else {
      // The compiler refuses such rules.
      return ReplayedCapture(start: PreparedTest.defaultStart, alerts: [])
    }
    engine.restart(soleRule: rule)
    let stream = TestEventStream(prepared, headerNames: ruleSet.headerNames)
    var number = 0
    var observed: [ObservedAlert] = []
    var alerts: [Alert] = []
    stream.forEach { event in
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
    return ReplayedCapture(start: prepared.start, alerts: observed)
  }
}
