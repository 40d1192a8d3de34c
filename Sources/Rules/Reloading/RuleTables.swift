/// What the rules of an engine remember: the tables of each kind, by their indices in the program.
struct RuleTables: Sendable {
  var windows: [WindowTable]
  var novelties: [NoveltyTable]
  var absences: [AbsenceTable]
  var sequences: [SequenceTable]
  var gauges: [GaugeTable]
  var suppressions: [SuppressionTable]

  /// Empty tables.
  init(_ program: RuleProgram, limits: EngineLimits) {
    let budget = limits.bytesPerTable(tableCount: program.tableCount)
    let lateness = limits.lateness
    windows = program.windows.map { WindowTable($0, budget: budget, lateness: lateness) }
    novelties = program.novelties.map { NoveltyTable($0, budget: budget, lateness: lateness) }
    absences = program.absences.map { AbsenceTable($0, budget: budget, lateness: lateness) }
    sequences = program.sequences.map { SequenceTable($0, budget: budget) }
    gauges = program.gauges.map { GaugeTable($0, budget: budget) }
    suppressions = program.suppressions.map { SuppressionTable($0, budget: budget, lateness: lateness) }
  }
}

extension RuleEngine {
  /// Exchanges the tables of a rule's block with those that it has in another program.
  ///
  /// - Parameter budget: bytes for each table from now on, when they are not the same as before.
  mutating func exchangeBlock(
    of old: CompiledRule, with new: CompiledRule, _ program: RuleProgram, _ tables: inout RuleTables,
    budget: Int?
  ) {
    for (from, to) in zip(ruleSet.program.windows(of: old), program.windows(of: new)) {
      swap(&windows[from], &tables.windows[to])
      if let budget { tables.windows[to].fit(program.windows[to], budget: budget) }
    }
    if old.novelty >= 0, new.novelty >= 0 {
      swap(&novelties[Int(old.novelty)], &tables.novelties[Int(new.novelty)])
      if let budget { tables.novelties[Int(new.novelty)].fit(budget: budget) }
    }
    if old.absence >= 0, new.absence >= 0 {
      swap(&absences[Int(old.absence)], &tables.absences[Int(new.absence)])
      if let budget { tables.absences[Int(new.absence)].fit(budget: budget) }
    }
    if old.sequence >= 0, new.sequence >= 0 {
      let index = Int(new.sequence)
      swap(&sequences[Int(old.sequence)], &tables.sequences[index])
      tables.sequences[index].adopt(program.sequences[index], budget: budget)
    }
    if old.gauge >= 0, new.gauge >= 0 {
      let index = Int(new.gauge)
      swap(&gauges[Int(old.gauge)], &tables.gauges[index])
      if let budget { tables.gauges[index].fit(program.gauges[index], budget: budget) }
    }
  }

  /// Exchanges the silences of a rule with those that it has in another program.
  mutating func exchangeSilences(
    of old: CompiledRule, with new: CompiledRule, _ tables: inout RuleTables, budget: Int?
  ) {
    guard old.suppression >= 0, new.suppression >= 0 else { return }
    swap(&suppressions[Int(old.suppression)], &tables.suppressions[Int(new.suppression)])
    if let budget { tables.suppressions[Int(new.suppression)].fit(budget: budget) }
  }

  /// Exchanges all tables.
  mutating func exchange(_ tables: inout RuleTables) {
    swap(&windows, &tables.windows)
    swap(&novelties, &tables.novelties)
    swap(&absences, &tables.absences)
    swap(&sequences, &tables.sequences)
    swap(&gauges, &tables.gauges)
    swap(&suppressions, &tables.suppressions)
  }
}

extension RuleTables {
  /// Keys that were given up for want of room.
  var evictions: UInt64 {
    windows.reduce(0) { $0 + $1.evictions } + novelties.reduce(0) { $0 + $1.evictions }
      + absences.reduce(0) { $0 + $1.evictions } + suppressions.reduce(0) { $0 + $1.evictions }
      + sequences.reduce(0) { $0 + $1.evictions } + gauges.reduce(0) { $0 + $1.evictions }
  }

  /// Matches of which a gap hides what followed.
  var unknownAbsences: UInt64 { absences.reduce(0) { $0 + $1.unknown } }

  /// Keys whose chains were given up because nothing is known of some time.
  var unknownSequences: UInt64 { sequences.reduce(0) { $0 + $1.unknown } }
}
