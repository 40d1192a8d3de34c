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
      + "\(mutantCount) mutants of \(ruleCount) rules: \(killed) killed, \(survivorCount) survived\n"
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
  ///   - replay: runs captures and logs; without it the tests that need them notice nothing.
  public init(_ ruleSet: CompiledRuleSet, sources: SourceFiles, replay: (any TestReplay)? = nil) {
    self.ruleSet = ruleSet
    self.sources = sources
    self.replay = replay
  }

  /// Runs the tests of all rules that a filter lets through, by their ids, over each of their mutants.
  public func run(only isWanted: (String) -> Bool = { _ in true }) -> RuleMutationReport {
    var sink = DiagnosticSink()
    var (rules, mutants) = (0, 0)
    for rule in ruleSet.checked where isWanted(rule.declaration.id.value) {
      rules += 1
      let tests = usefulTests(of: rule)
      for mutant in rule.mutants {
        guard let changed = ruleSet.compile([mutant.value], sources: sources) else { continue }
        mutants += 1
        if !isNoticed(changed, by: tests) { report(mutant, &sink) }
      }
    }
    return RuleMutationReport(
      ruleCount: rules, mutantCount: mutants, survivors: DiagnosticReport(sink, sources: sources))
  }

  /// The tests that pass when the rule runs alone, as a mutant does; quick ones first.
  private func usefulTests(of rule: CheckedRule) -> [RuleTestDeclaration] {
    guard let alone = ruleSet.compile([rule], sources: sources) else { return [] }
    var runner = RuleTestRunner(alone, sources: sources, replay: replay)
    let tests = rule.declaration.tests.filter { runner.run($0, ofRule: 0).outcome == .passed }
    return tests.filter(\.isInline) + tests.filter { !$0.isInline }
  }

  private func isNoticed(_ mutant: CompiledRuleSet, by tests: [RuleTestDeclaration]) -> Bool {
    var runner = RuleTestRunner(mutant, sources: sources, replay: replay)
    return tests.contains { runner.run($0, ofRule: 0).outcome != .passed }
  }

  private func report(_ mutant: RuleMutant, _ sink: inout DiagnosticSink) {
    let rule = mutant.value.declaration.id.value.quoted
    switch mutant.change {
    case .dropped:
      sink.error(.survivingMutant, at: mutant.span, "no test of rule \(rule) notices when this is missing")
    case .nudged(let former, let other):
      sink.error(
        .survivingMutant, at: mutant.span, "no test of rule \(rule) notices \(other) in the place of \(former)")
    }
  }
}

extension RuleTestDeclaration {
  /// Whether its events stand in the test.
  var isInline: Bool { if case .events = input { true } else { false } }
}

extension DiagnosticCode {
  static let survivingMutant = DiagnosticCode(rawValue: "surviving-mutant")
}
