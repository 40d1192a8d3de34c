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

// Each gives a table more memory when it is nearly full and there is some; call after a match.
extension RuleTables {
  mutating func widenWindow(_ index: Int) { shares.widen(&windows, at: index) }

  mutating func widenNovelty(_ index: Int) { shares.widen(&novelties, at: index) }

  mutating func widenAbsence(_ index: Int) { shares.widen(&absences, at: index) }

  mutating func widenSequence(_ index: Int) { shares.widen(&sequences, at: index) }

  mutating func widenGauge(_ index: Int) { shares.widen(&gauges, at: index) }

  mutating func widenSuppression(_ index: Int) { shares.widen(&suppressions, at: index) }
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
      shares.exchange(&others.windows, from, with: &windows, to)
    }
    if former.novelty >= 0, rule.novelty >= 0 {
      shares.exchange(&others.novelties, Int(former.novelty), with: &novelties, Int(rule.novelty))
    }
    if former.absence >= 0, rule.absence >= 0 {
      shares.exchange(&others.absences, Int(former.absence), with: &absences, Int(rule.absence))
    }
    if former.sequence >= 0, rule.sequence >= 0 {
      others.sequences[Int(former.sequence)].adopt(program.sequences[Int(rule.sequence)])
      shares.exchange(&others.sequences, Int(former.sequence), with: &sequences, Int(rule.sequence))
    }
    if former.gauge >= 0, rule.gauge >= 0 {
      shares.exchange(&others.gauges, Int(former.gauge), with: &gauges, Int(rule.gauge))
    }
  }

  /// Exchanges the silences of a rule with those that it had in another program.
  mutating func exchangeSilences(
    of rule: CompiledRule, with former: CompiledRule, _ others: inout RuleTables
  ) {
    guard former.suppression >= 0, rule.suppression >= 0 else { return }
    shares.exchange(&others.suppressions, Int(former.suppression), with: &suppressions, Int(rule.suppression))
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
