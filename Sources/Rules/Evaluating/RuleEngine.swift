public import Events
internal import Values

/// Runs a rule set over a stream of events.
///
/// Time is the events' time; nothing else is looked at, so that two runs over the same events give the same
/// alerts. Nothing is allocated for an event that fires nothing, once the tables have grown.
///
/// Events come in the order of (timestamp, sequence). One that is late is counted where it belongs in the window of its
/// key. When it is older than the newest by more than `EngineLimits.lateness`, rules that wait for what may come late
/// (sequences, absences, gauges) and those over what is new pass it over.
public struct RuleEngine: ~Copyable {
  /// The rules.
  public internal(set) var ruleSet: CompiledRuleSet
  /// What each rule did, by its index.
  public internal(set) var ruleCounters: [RuleCounters]
  var evaluator: PredicateEvaluator
  var candidates: CandidateSet
  /// What the rules remember.
  var tables: RuleTables
  /// What a measure adds to its totals, for the current event.
  var inputs: [Double] = []
  /// Events that wait until nothing earlier can come.
  var held = HeldEvents(budget: 0)
  /// One of them while it is looked at.
  var restored: Event?
  var exceptionHits: [UInt64]
  var cursors: [ScheduleCursor]
  let limits: EngineLimits
  let hasher: KeyHasher
  /// The only rule that runs, in its own test.
  var soleRule: Int?
  /// The newest time so far.
  var now: Int64 = .min
  private(set) var lastSequence: UInt64 = 0
  var totals = EngineCounters()
  /// Packet time: events, and the time that passes between them.
  var clock: Int64 = .min
  /// When an absence has something to do.
  var nextDeadline: Int64 = .max
  /// Whether alerts become events.
  var chains = false
  /// The rules whose alerts led to the current event.
  var lineage = AlertLineage()
  /// Texts of a key on their way into a table.
  var groupText: [UInt8] = []
  /// When the first silence with a summary ends.
  var nextSummary: Int64 = .max

  /// An engine without history.
  ///
  /// - Parameter seed: keeps senders from aiming at hash buckets; it changes no result.
  public init(
    _ ruleSet: CompiledRuleSet, limits: EngineLimits = EngineLimits(), seed: UInt64 = 0x5bd1_e995_97f4_a7c1
  ) {
    self.ruleSet = ruleSet
    self.limits = limits
    hasher = KeyHasher(seed: seed)
    let program = ruleSet.program
    tables = RuleTables(program, limits: limits)
    evaluator = PredicateEvaluator(program)
    candidates = CandidateSet(ruleCount: program.candidateCount)
    ruleCounters = Array(repeating: RuleCounters(), count: program.rules.count)
    exceptionHits = Array(repeating: 0, count: program.exceptions.count)
    cursors = Array(repeating: ScheduleCursor(), count: program.schedules.count)
    restart()
  }

  /// Forgets all history.
  ///
  /// - Parameter soleRule: the only rule that runs from now on; nil for all enabled ones.
  public mutating func restart(soleRule: Int? = nil) {
    self.soleRule = soleRule
    tables = RuleTables(ruleSet.program, limits: limits)
    held = HeldEvents(budget: limits.heldBytes(tableCount: ruleSet.program.tableCount))
    restored = nil
    totals = EngineCounters()
    for index in ruleCounters.indices { ruleCounters[index] = RuleCounters() }
    for index in exceptionHits.indices { exceptionHits[index] = 0 }
    now = .min
    lastSequence = 0
    clock = .min
    nextDeadline = .max
    nextSummary = .max
    updateChains()
  }

  /// Finds out whether alerts become events.
  mutating func updateChains() {
    // A rule that runs alone has only its own alerts, which it never meets.
    chains = soleRule == nil && ruleSet.kinds.contains(EventKind.alert.set)
  }

  /// Runs all rules on an event and appends the alerts: summaries that are due, then by rule, then those of
  /// rules over alerts.
  public mutating func process(_ event: borrowing Event, into alerts: inout [Alert]) {
    totals.events += 1
    let start = alerts.count
    let time = event.timestamp.nanoseconds
    let isLate = time < now.saturatingSubtract(limits.lateness)
    now = max(now, time)
    held.takeBack()
    passTime(to: now, into: &alerts)
    if held.isFull(for: event) { makeRoom(for: event, into: &alerts) }
    if nextSummary <= now { summarize(until: now, into: &alerts) }
    lastSequence = event.sequence
    lineage = event.kind == .alert ? lineage(of: event) : AlertLineage()
    meet(event, isLate: isLate, into: &alerts)
    if chains, alerts.count > start { chain(from: start, of: EventSnapshot(event), into: &alerts) }
  }

  /// Runs the rules that an event can concern.
  mutating func meet(_ event: borrowing Event, isLate: Bool, into alerts: inout [Alert]) {
    let program = ruleSet.program
    evaluator.begin(event)
    collectCandidates(program, event)
    while let word = candidates.removeFirst() {
      for rule in word {
        if rule < program.rules.count {
          run(rule, program, event, isLate: isLate, into: &alerts)
        } else if rule < program.firstHeldItem {
          runExpectation(rule - program.rules.count, program, event, isLate: isLate)
        } else {
          hold(rule - program.firstHeldItem, program, event, isLate: isLate)
        }
      }
    }
    evaluator.end()
    if held.enqueueCurrent() { nextDeadline = min(nextDeadline, heldDue) }
  }

  // MARK: One rule

  private mutating func run(
    _ number: Int, _ program: RuleProgram, _ event: borrowing Event, isLate: Bool, into alerts: inout [Alert]
  ) {
    let rule = program.rules[number]
    guard !lineage.contains(number), evaluator.holds(rule.start, program, event) else { return }
    countMatch(number)
    guard isScheduled(rule, program, event.timestamp), !isExcepted(rule, program, event) else { return }
    guard rule.absence < 0 else {
      return beginWaiting(Int(rule.absence), rule, number, program, event, isLate: isLate)
    }
    if rule.window >= 0 {
      guard let reached = count(rule, number, program, event) else { return }
      fire(rule, number, reached, program, event, into: &alerts)
    } else if rule.novelty >= 0 {
      let index = Int(rule.novelty)
      guard let reached = findNovelty(program.novelties[index], index, number, program, event, isLate: isLate)
      else { return }
      fire(rule, number, reached, program, event, into: &alerts)
    } else {
      fire(rule, number, nil, program, event, into: &alerts)
    }
  }

  /// Appends the alert of a rule, unless its key is silent.
  private mutating func fire(
    _ rule: CompiledRule, _ number: Int, _ reached: ReachedThreshold?, _ program: RuleProgram,
    _ event: borrowing Event, into alerts: inout [Alert]
  ) {
    let key = reached?.key
    guard !isSuppressed(rule, number, key, at: now, program, event) else { return }
    var alert = Alert(rule: number, timestamp: event.timestamp, sequence: event.sequence)
    if let reached { alert.take(reached) }
    if let key, rule.window >= 0 {
      alert.evidence = tables.windows[Int(rule.window)].evidence(of: key)
    } else {
      alert.evidence.append(event.packetNumber)
    }
    if event.kind == .alert {
      alert.lineage = lineage
      alert.group = groupTexts(groupKeys(number, program), program, event)
    }
    countAlert(number)
    alerts.append(alert)
  }

  mutating func isScheduled(_ rule: CompiledRule, _ program: RuleProgram, _ time: Timestamp) -> Bool {
    guard rule.schedule >= 0 else { return true }
    let index = Int(rule.schedule)
    let isOn = cursors[index].contains(time, in: program.schedules[index])
    guard isOn == rule.isScheduleInverted else { return true }
    totals.offSchedule += 1
    return false
  }

  mutating func isExcepted(
    _ rule: CompiledRule, _ program: RuleProgram, _ event: borrowing Event
  ) -> Bool {
    for offset in 0..<rule.exceptionCount {
      let index = Int(rule.firstException + offset)
      let exception = program.exceptions[index]
      guard event.timestamp.nanoseconds < exception.expiry,
        evaluator.holds(exception.start, program, event)
      else { continue }
      exceptionHits[index] += 1
      totals.excepted += 1
      return true
    }
    return false
  }

  /// Counts a match in the rule's window; nil unless the threshold is reached.
  private mutating func count(
    _ rule: CompiledRule, _ number: Int, _ program: RuleProgram, _ event: borrowing Event
  ) -> ReachedThreshold? {
    // By index: a window taken out would have an owner more of what it keeps.
    let window = Int(rule.window)
    guard let key = evaluator.key(of: window, hasher, program, event),
      let hit = hit(key, window, program, event)
    else {
      countMissingKey(number)
      return nil
    }
    if rule.measure >= 0 {
      return measure(hit, rule, number, program, event)
    }
    let outcome = tables.windows[window].add(hit)
    tables.widenWindow(window)
    switch outcome {
    case .late:
      countLate(number)
      return nil
    case .counting: return nil
    case .reached(let end):
      let (minimum, isDistinct) = (program.windows[window].minimum, program.windows[window].isDistinct)
      return ReachedThreshold(
        key: key, count: isDistinct ? nil : minimum, distinct: isDistinct ? minimum : nil,
        start: tables.windows[window].start(of: key), end: end)
    }
  }

  mutating func countMatch(_ number: Int) {
    totals.matches += 1
    ruleCounters[number].matches += 1
  }

  mutating func countAlert(_ number: Int) {
    totals.alerts += 1
    ruleCounters[number].alerts += 1
  }

  mutating func countMissingKey(_ number: Int) {
    totals.missingKeys += 1
    ruleCounters[number].missingKeys += 1
  }

  mutating func countLate(_ number: Int) {
    totals.late += 1
    ruleCounters[number].late += 1
  }

  private mutating func hit(
    _ key: KeyHash, _ window: Int, _ program: RuleProgram, _ event: borrowing Event
  ) -> WindowHit? {
    var hit = WindowHit(
      key: key, time: event.timestamp.nanoseconds,
      packet: event.packetNumber)
    guard let source = program.windows[window].source else { return hit }
    guard let value = evaluator.identity(in: window, source, hasher, program, event) else { return nil }
    hit.value = value
    return hit
  }

  /// Whether the key is silent; otherwise its silence begins.
  mutating func isSuppressed(
    _ rule: CompiledRule, _ number: Int, _ blockKey: KeyHash?, at time: Int64, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> Bool {
    guard rule.suppression >= 0 else { return false }
    let index = Int(rule.suppression)
    let suppression = program.suppressions[index]
    var key = blockKey
    if program.correlationKeys(rule) != suppression.keys {
      key = evaluator.key(suppression.keys, allowsAbsent: true, hasher, program, event)
    }
    guard let key else { return false }
    guard !isSilent(key, index, number, at: time) else { return true }
    let group = suppression.hasSummary ? groupTexts(suppression.keys, program, event) : []
    beginSilence(key, index, at: time, group: group)
    return false
  }

  /// Whether a key is silent in a table of silences; the match is counted then.
  mutating func isSilent(_ key: KeyHash, _ table: Int, _ number: Int, at time: Int64) -> Bool {
    guard tables.suppressions[table].suppress(key, at: time) else { return false }
    totals.suppressed += 1
    ruleCounters[number].suppressed += 1
    return true
  }

  /// Begins the silence of a key.
  ///
  /// - Parameter group: the texts of the key, for the summary.
  mutating func beginSilence(_ key: KeyHash, _ table: Int, at time: Int64, group: [String]) {
    tables.suppressions[table].begin(key, at: time, group: group)
    tables.widenSuppression(table)
    guard tables.suppressions[table].hasSummary else { return }
    nextSummary = min(nextSummary, tables.suppressions[table].due ?? .max)
  }

  // MARK: Candidates

  /// Finds the rules that the event can concern.
  private mutating func collectCandidates(_ program: RuleProgram, _ event: borrowing Event) {
    if let soleRule {
      // Also a disabled rule runs in its own test.
      let kinds = ruleSet.metadata[soleRule].kinds
      if kinds.contains(event.kind.set) { candidates.insert(soleRule) }
      let absence = program.rules[soleRule].absence
      if absence >= 0, program.absences[Int(absence)].kinds.contains(event.kind.set) {
        candidates.insert(program.rules.count + Int(absence))
      }
      for (index, item) in program.heldItems.enumerated()
      where Int(item.rule) == soleRule && item.kinds.contains(event.kind.set) {
        candidates.insert(program.firstHeldItem + index)
      }
      return
    }
    program.plans[Int(event.kind.rawValue)].collect(into: &candidates, &evaluator, program, event)
  }
}
