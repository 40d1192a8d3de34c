/// What became of the mutants of some rules.
public struct RuleMutationReport: Sendable {
  /// Rules that were changed.
  public let ruleCount: Int
  /// Mutants of all rules.
  public let mutantCount: Int
  /// Those that no test noticed, each with the place of what was changed.
  public let survivors: DiagnosticReport

  /// Mutants that no test noticed.
  public var survivorCount: Int { survivors.errorCount }

  /// The survivors, and one line of figures.
  public func renderText() -> String {
    let killed = mutantCount - survivorCount
    return survivors.renderText()
      + "\(mutantCount) mutants of \(ruleCount) rule\(ruleCount == 1 ? "" : "s"): \(killed) killed, \(survivorCount) survived\n"
  }
}

/// Changes rules a little and runs their tests: a change that no test notices is a gap in the tests.
public struct RuleMutationRunner {
  private let ruleSet: CompiledRuleSet
  private let sources: SourceFiles
  private let replay: (any TestReplay)?

  /// A runner.
  ///
  /// - Parameters:
  ///   - sources: the files that the rules came from.
  ///   - replay: runs captures, simulations and logs; without it the tests that need them notice nothing.
  public init(_ ruleSet: CompiledRuleSet, sources: SourceFiles, replay: (any TestReplay)? = nil) {
    self.ruleSet = ruleSet
    self.sources = sources
    self.replay = replay
  }

  /// Runs the tests of all rules that a filter lets through, by their ids, over each of their mutants; not of those whose
  /// numbers an override sets.
  public func run(only isWanted: (String) -> Bool = { _ in true }) -> RuleMutationReport {
    var sink = DiagnosticSink()
    var (rules, mutants) = (0, 0)
    for rule in ruleSet.checked
    where isWanted(rule.declaration.id.value) && rule.declaration.tunedKey == nil {
      rules += 1
      let all = rule.mutants
      mutants += all.count
      for mutant in survivors(of: all, rule) { report(mutant, &sink) }
    }
    return RuleMutationReport(
      ruleCount: rules, mutantCount: mutants, survivors: DiagnosticReport(sink, sources: sources))
  }

  /// The mutants that no test notices; captures, simulations and logs run for those only that inline tests do not notice.
  private func survivors(of mutants: [RuleMutant], _ rule: CheckedRule) -> [RuleMutant] {
    var rest = mutants
    for isInline in [true, false] where !rest.isEmpty {
      let tests = usefulTests(of: rule) { $0.isInline == isInline }
      rest.removeAll { isNoticed($0, by: tests) }
    }
    return rest
  }

  /// The tests that pass when the rule runs alone, as a mutant does; those with few events first.
  private func usefulTests(
    of rule: CheckedRule, where isWanted: (RuleTestDeclaration) -> Bool
  ) -> [RuleTestDeclaration] {
    guard let alone = ruleSet.compile([rule], sources: sources) else { return [] }
    var runner = RuleTestRunner(alone, sources: sources, replay: replay)
    return rule.declaration.tests
      .filter { isWanted($0) && runner.run($0, ofRule: 0).outcome == .passed }
      .sorted { $0.eventCount < $1.eventCount }
  }

  private func isNoticed(_ mutant: RuleMutant, by tests: [RuleTestDeclaration]) -> Bool {
    guard let changed = ruleSet.compile([mutant.value], sources: sources) else { return true }
    var runner = RuleTestRunner(changed, sources: sources, replay: replay)
    return tests.contains { runner.run($0, ofRule: 0).outcome != .passed }
  }

  private func report(_ mutant: RuleMutant, _ sink: inout DiagnosticSink) {
    let rule = mutant.value.declaration.id.value.quoted
    switch mutant.change {
    case .dropped:
      sink.error(.survivingMutant, at: mutant.span, "no test of rule \(rule) notices when this is missing")
    case .nudged(let former, let other):
      sink.error(
        .survivingMutant, at: mutant.span,
        "no test of rule \(rule) notices \(other) in the place of \(former)")
    }
  }
}

extension RuleTestDeclaration {
  /// Whether its events stand in the test.
  var isInline: Bool { if case .events = input { true } else { false } }

  /// Events that stand in it.
  fileprivate var eventCount: Int {
    guard case .events(let events) = input else { return 0 }
    return events.reduce(0) { $0 + $1.repetitions }
  }
}

extension DiagnosticCode {
  static let survivingMutant = DiagnosticCode(rawValue: "surviving-mutant")
}
