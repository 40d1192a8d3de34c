internal import Events
internal import Values

extension RuleEngine {
  /// Goes on with other rules: each keeps what it remembers as far as that still means the same.
  ///
  /// Quick, since it only exchanges tables, unless full ones must shrink because there are more rules now.
  ///
  /// Events that wait for their turn are lost, unless the rules hold the same ones or `settle` came before.
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
      adoption.tables.exchangeBlock(of: to, in: new, with: from, in: old, &tables)
      guard origin.keepsSilences else { continue }
      adoption.tables.exchangeSilences(of: to, with: from, &tables)
    }
    swap(&tables, &adoption.tables)
    totals.evictions += adoption.tables.evictions
    totals.unknownAbsences += adoption.tables.unknownAbsences
    totals.unknownSequences += adoption.tables.unknownSequences
    if chains, !adoption.keepsPlaces {
      let places = adoption.destinations(ofRules: old.rules.count)
      for index in tables.absences.indices { tables.absences[index].renumberRules(places) }
    }
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
    if !adoption.keepsHeldEvents {
      held.renew(budget: limits.heldBytes(tableCount: program.tableCount))
      restored = nil
    }
    updateChains()
    updateDeadline()
    updateSummary()
  }

  /// Ends what a change of the rules is about to end; call before it.
  ///
  /// Events that wait are looked at, though earlier ones may still come, when the new rules would not
  /// understand them; silences that end are summed up.
  public mutating func settle(before adoption: borrowing RuleAdoption, into alerts: inout [Alert]) {
    if !adoption.keepsHeldEvents {
      held.takeBack()
      chainAll(from: alerts.count, into: &alerts)
    }
    let start = alerts.count
    endSilences(before: adoption, into: &alerts)
    chain(from: start, of: nil, into: &alerts)
  }

  private mutating func endSilences(
    before adoption: borrowing RuleAdoption, into alerts: inout [Alert]
  ) {
    var ends = [Bool](repeating: true, count: ruleSet.ruleCount)
    for origin in adoption.origins where origin.keepsState && origin.keepsSilences {
      if let rule = origin.rule { ends[rule] = false }
    }
    for (rule, compiled) in ruleSet.program.rules.enumerated() where ends[rule] && compiled.suppression >= 0 {
      let index = Int(compiled.suppression)
      guard tables.suppressions[index].hasSummary else { continue }
      while let ended = tables.suppressions[index].removeFirst(dueBy: .max) {
        summarize(ended.silence, ended.group, of: rule, endedBy: .max, into: &alerts)
      }
    }
  }
}
