internal import Events
internal import Values

extension RuleEngine {
  /// Goes on with other rules: each keeps what it remembers as far as that still means the same.
  ///
  /// Quick, since it only exchanges tables, unless full ones must shrink because there are more rules now.
  ///
  /// - Parameter adoption: made for the engine's rules and limits; holds what the engine let go afterwards.
  public mutating func adopt(_ adoption: inout RuleAdoption) {
    let (old, new) = (ruleSet.program, adoption.ruleSet.program)
    var counters = [RuleCounters](repeating: RuleCounters(), count: new.rules.count)
    var hits = [UInt64](repeating: 0, count: new.exceptions.count)
    for (number, origin) in adoption.origins.enumerated() {
      guard let place = origin.rule else { continue }
      let (from, to) = (old.rules[place], new.rules[number])
      for (offset, exception) in origin.exceptions.enumerated() {
        guard let exception else { continue }
        hits[Int(to.firstException) + offset] = exceptionHits[Int(from.firstException) + exception]
      }
      guard origin.keepsState else { continue }
      counters[number] = ruleCounters[place]
      exchangeBlock(of: from, with: to, new, &adoption.tables, budget: adoption.budget)
      guard origin.keepsSilences else { continue }
      exchangeSilences(of: from, with: to, &adoption.tables, budget: adoption.budget)
    }
    exchange(&adoption.tables)
    totals.evictions += adoption.tables.evictions
    totals.unknownAbsences += adoption.tables.unknownAbsences
    ruleCounters = counters
    exceptionHits = hits
    take(&adoption)
  }

  /// Exchanges the rule sets, and looks anew at what is due.
  private mutating func take(_ adoption: inout RuleAdoption) {
    soleRule = soleRule.flatMap { sole in adoption.origins.firstIndex { $0.rule == sole } }
    swap(&ruleSet, &adoption.ruleSet)
    let program = ruleSet.program
    evaluator = PredicateEvaluator(program)
    candidates = CandidateSet(ruleCount: program.candidateCount)
    cursors = Array(repeating: ScheduleCursor(), count: program.schedules.count)
    updateDeadline()
    updateSummary()
  }

  /// Sums up the silences that a change of the rules is about to end; call before it.
  public mutating func endSilences(before adoption: borrowing RuleAdoption, into alerts: inout [Alert]) {
    var ends = [Bool](repeating: true, count: ruleSet.ruleCount)
    for origin in adoption.origins where origin.keepsState && origin.keepsSilences {
      if let rule = origin.rule { ends[rule] = false }
    }
    for (rule, compiled) in ruleSet.program.rules.enumerated() where ends[rule] && compiled.suppression >= 0 {
      let index = Int(compiled.suppression)
      guard suppressions[index].hasSummary else { continue }
      while let ended = suppressions[index].removeFirst(endedBy: .max) {
        summarize(ended.silence, ended.group, of: rule, endedBy: .max, into: &alerts)
      }
    }
  }
}
