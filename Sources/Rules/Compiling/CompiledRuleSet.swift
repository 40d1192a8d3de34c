public import Events

/// All rules of a run, checked and ready to be evaluated; immutable, shared by any number of engines.
public struct CompiledRuleSet: Sendable {
  /// The rules; an alert names its rule by its index here.
  public let metadata: [RuleMetadata]
  /// In words, how events find each rule, for `check`.
  public let accesses: [String]
  /// Each rule's memory, for `check`.
  public let memory: [RuleMemory]
  /// The rules as they were checked: what tests, mutants and explanations read.
  let checked: [CheckedRule]
  let program: RuleProgram
  /// What the state of each rule means.
  let states: [RuleState]

  /// Number of rules.
  public var ruleCount: Int { metadata.count }

  /// The headers that events must carry for these rules, in the order of their slots.
  public var headerNames: HeaderNames { program.pool.headerNames }

  /// The fields that conditions and keys read.
  public var fieldsRead: Set<Field> { Set(program.fieldsRead) }

  /// Whether a rule remembers matches, so that their order can matter.
  func hasState(rule: Int) -> Bool {
    let compiled = program.rules[rule]
    return compiled.window >= 0 || compiled.novelty >= 0 || compiled.absence >= 0
      || compiled.suppression >= 0
  }

  /// The index of a rule by its id, or nil.
  public func ruleIndex(id: String) -> Int? { metadata.firstIndex { $0.id == id } }

  /// The kinds of event that some enabled rule meets; others need not be made.
  public var kinds: EventKindSet {
    let expected =
      program.absences.filter { metadata[Int($0.rule)].isEnabled }.map(\.kinds)
      + program.heldItems.filter { metadata[Int($0.rule)].isEnabled }.map(\.kinds)
    return (metadata.filter(\.isEnabled).map(\.kinds) + expected).reduce(into: []) { $0.formUnion($1) }
  }

  /// Upper bound of the memory of all windows and suppressions of an engine, in bytes.
  public func memoryBound(_ limits: EngineLimits) -> Int {
    let shares = MemoryShares(limits, program)
    let (least, most) = memory.indices.reduce((0, 0)) { sum, rule in
      (sum.0 + bound(ofRule: rule, shares.least), sum.1 + bound(ofRule: rule, shares.most))
    }
    return heldMemoryBound(limits) + min(most, least + shares.spare)
  }

  /// Upper bound of the memory of events that wait for their turn, which all rules share; 0 when none do.
  public func heldMemoryBound(_ limits: EngineLimits) -> Int {
    guard !program.heldItems.isEmpty else { return 0 }
    return HeldEvents.bound(budget: limits.heldBytes(tableCount: program.tableCount))
  }

  /// Upper bound of the memory of a rule's windows and suppressions, in bytes; 0 for a rule without state.
  ///
  /// All rules together stay within less than the sum, see ``memoryBound(_:)``.
  public func memoryBound(ofRule rule: Int, _ limits: EngineLimits) -> Int {
    bound(ofRule: rule, MemoryShares(limits, program).most)
  }

  private func bound(ofRule rule: Int, _ budget: Int) -> Int {
    let compiled = program.rules[rule]
    var bytes = 0
    for window in program.windows(of: compiled) {
      bytes += WindowTable.bound(program.windows[window], budget: budget)
    }
    if compiled.novelty >= 0 { bytes += NoveltyTable.bound(budget: budget) }
    if compiled.absence >= 0 { bytes += AbsenceTable.bound(budget: budget) }
    if compiled.sequence >= 0 {
      bytes += SequenceTable.bound(program.sequences[Int(compiled.sequence)], budget: budget)
    }
    if compiled.gauge >= 0 {
      bytes += GaugeTable.bound(program.gauges[Int(compiled.gauge)], budget: budget)
    }
    if compiled.suppression >= 0 { bytes += SuppressionTable.bound(budget: budget) }
    return bytes
  }
}

/// What a rule remembers.
public struct RuleMemory: Sendable {
  /// Length of its window in nanoseconds; nil without one.
  public let window: Int64?
  /// How many matches or values of a key fire.
  public let minimum: Int?
  /// Whether it counts distinct values.
  public let countsDistinct: Bool
  /// Length of the silence after an alert in nanoseconds; 0 for none.
  public let suppression: Int64
}
