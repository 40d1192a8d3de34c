/// What the rules of an engine remember: the tables of each kind, by their indices in the program.
struct RuleTables: Sendable {
  var windows: [WindowTable]
  var novelties: [NoveltyTable]
  var absences: [AbsenceTable]
  var sequences: [SequenceTable]
  var gauges: [GaugeTable]
  var suppressions: [SuppressionTable]
  /// What each of them may take.
  private var shares: MemoryShares

  /// Empty tables.
  init(_ program: RuleProgram, limits: EngineLimits) {
    shares = MemoryShares(limits, program)
    let budget = shares.least
    let lateness = limits.lateness
    windows = program.windows.map { WindowTable($0, budget: budget, lateness: lateness) }
    novelties = program.novelties.map { NoveltyTable($0, budget: budget, lateness: lateness) }
    absences = program.absences.map { AbsenceTable($0, budget: budget, lateness: lateness) }
    sequences = program.sequences.map { SequenceTable($0, budget: budget) }
    gauges = program.gauges.map { GaugeTable($0, budget: budget) }
    suppressions = program.suppressions.map { SuppressionTable($0, budget: budget, lateness: lateness) }
  }
}

// MARK: - Growth

extension RuleTables {
  /// Gives a window more memory when it is nearly full and there is some; call after a match.
  mutating func widenWindow(_ index: Int, _ program: RuleProgram) {
    guard windows[index].isNearlyFull, let budget = shares.more(than: windows[index].budget) else { return }
    windows[index].fit(program.windows[index], budget: budget)
  }

  /// The same for known values.
  mutating func widenNovelty(_ index: Int) {
    guard novelties[index].isNearlyFull, let budget = shares.more(than: novelties[index].budget) else {
      return
    }
    novelties[index].fit(budget: budget)
  }

  /// The same for matches that wait.
  mutating func widenAbsence(_ index: Int) {
    guard absences[index].isNearlyFull, let budget = shares.more(than: absences[index].budget) else { return }
    absences[index].fit(budget: budget)
  }

  /// The same for chains.
  mutating func widenSequence(_ index: Int) {
    guard sequences[index].isNearlyFull, let budget = shares.more(than: sequences[index].budget) else {
      return
    }
    sequences[index].fit(budget: budget)
  }

  /// The same for what is live.
  mutating func widenGauge(_ index: Int, _ program: RuleProgram) {
    guard gauges[index].isNearlyFull, let budget = shares.more(than: gauges[index].budget) else { return }
    gauges[index].fit(program.gauges[index], budget: budget)
  }

  /// The same for silences.
  mutating func widenSuppression(_ index: Int) {
    guard suppressions[index].isNearlyFull, let budget = shares.more(than: suppressions[index].budget)
    else { return }
    suppressions[index].fit(budget: budget)
  }
}

// MARK: - Exchange

extension RuleTables {
  /// Exchanges the tables of a rule's block with those of the block that it was in another program; they shrink
  /// when there is less memory for them here.
  ///
  /// - Parameter former: the rule in the other program, whose tables are `others`.
  mutating func exchangeBlock(
    of rule: CompiledRule, in program: RuleProgram, with former: CompiledRule, in other: RuleProgram,
    _ others: inout RuleTables
  ) {
    for (from, to) in zip(other.windows(of: former), program.windows(of: rule)) {
      swap(&others.windows[from], &windows[to])
      if let budget = change(windows[to].budget) { windows[to].fit(program.windows[to], budget: budget) }
    }
    if former.novelty >= 0, rule.novelty >= 0 {
      let index = Int(rule.novelty)
      swap(&others.novelties[Int(former.novelty)], &novelties[index])
      if let budget = change(novelties[index].budget) { novelties[index].fit(budget: budget) }
    }
    if former.absence >= 0, rule.absence >= 0 {
      let index = Int(rule.absence)
      swap(&others.absences[Int(former.absence)], &absences[index])
      if let budget = change(absences[index].budget) { absences[index].fit(budget: budget) }
    }
    if former.sequence >= 0, rule.sequence >= 0 {
      let index = Int(rule.sequence)
      swap(&others.sequences[Int(former.sequence)], &sequences[index])
      sequences[index].adopt(program.sequences[index])
      if let budget = change(sequences[index].budget) { sequences[index].fit(budget: budget) }
    }
    if former.gauge >= 0, rule.gauge >= 0 {
      let index = Int(rule.gauge)
      swap(&others.gauges[Int(former.gauge)], &gauges[index])
      if let budget = change(gauges[index].budget) {
        gauges[index].fit(program.gauges[index], budget: budget)
      }
    }
  }

  /// Exchanges the silences of a rule with those that it had in another program.
  mutating func exchangeSilences(
    of rule: CompiledRule, with former: CompiledRule, _ others: inout RuleTables
  ) {
    guard former.suppression >= 0, rule.suppression >= 0 else { return }
    let index = Int(rule.suppression)
    swap(&others.suppressions[Int(former.suppression)], &suppressions[index])
    if let budget = change(suppressions[index].budget) { suppressions[index].fit(budget: budget) }
  }

  /// What a table may take here that had a share among other rules; nil when it is the same.
  private mutating func change(_ budget: Int) -> Int? {
    let kept = shares.keep(budget)
    return kept == budget ? nil : kept
  }
}

// MARK: - What is in them

extension RuleTables {
  /// Keys that were given up for want of room; asked for often, so no table is copied.
  var evictions: UInt64 {
    var sum: UInt64 = 0
    for index in windows.indices { sum &+= windows[index].evictions }
    for index in suppressions.indices { sum &+= suppressions[index].evictions }
    for index in novelties.indices { sum &+= novelties[index].evictions }
    for index in absences.indices { sum &+= absences[index].evictions }
    for index in sequences.indices { sum &+= sequences[index].evictions }
    for index in gauges.indices { sum &+= gauges[index].evictions }
    return sum
  }

  /// Bytes that all of them take.
  var byteCount: Int {
    windows.reduce(0) { $0 + $1.byteCount } + suppressions.reduce(0) { $0 + $1.byteCount }
      + novelties.reduce(0) { $0 + $1.byteCount } + absences.reduce(0) { $0 + $1.byteCount }
      + sequences.reduce(0) { $0 + $1.byteCount } + gauges.reduce(0) { $0 + $1.byteCount }
  }

  /// Matches of which a gap hides what followed.
  var unknownAbsences: UInt64 { absences.reduce(0) { $0 + $1.unknown } }

  /// Keys whose chains were given up because nothing is known of some time.
  var unknownSequences: UInt64 { sequences.reduce(0) { $0 + $1.unknown } }
}
