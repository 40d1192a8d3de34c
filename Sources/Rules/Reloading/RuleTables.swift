/// What the rules of an engine remember: the tables of each kind, by their indices in the program.
struct RuleTables: Sendable {
  var windows: [WindowTable]
  var novelties: [NoveltyTable]
  var absences: [AbsenceTable]
  var suppressions: [SuppressionTable]

  /// Empty tables.
  init(_ program: RuleProgram, limits: EngineLimits) {
    let budget = limits.bytesPerTable(tableCount: program.tableCount)
    let lateness = limits.lateness
    windows = program.windows.map { WindowTable($0, budget: budget, lateness: lateness) }
    novelties = program.novelties.map { NoveltyTable($0, budget: budget, lateness: lateness) }
    absences = program.absences.map { AbsenceTable($0, budget: budget, lateness: lateness) }
    suppressions = program.suppressions.map { SuppressionTable($0, budget: budget) }
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
    swap(&suppressions, &tables.suppressions)
  }
}

extension RuleTables {
  /// Keys that were given up for want of room.
  var evictions: UInt64 {
    windows.reduce(0) { $0 + $1.evictions } + novelties.reduce(0) { $0 + $1.evictions }
      + absences.reduce(0) { $0 + $1.evictions } + suppressions.reduce(0) { $0 + $1.evictions }
  }

  /// Matches of which a gap hides what followed.
  var unknownAbsences: UInt64 { absences.reduce(0) { $0 + $1.unknown } }
}
