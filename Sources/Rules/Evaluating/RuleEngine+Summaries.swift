public import Events
public import Values

extension RuleEngine {
  /// Lets time pass without an event: summaries and absences that are due by then are appended.
  public mutating func advance(to time: Timestamp, into alerts: inout [Alert]) {
    // A step that brings nothing up, as nearly every packet's.
    if clock != .min, max(clock, time.nanoseconds) < min(nextDeadline, nextSummary),
      time.nanoseconds <= clock.saturatingAdd(PacketClock.longestPause), !held.hasLent
    {
      clock = max(clock, time.nanoseconds)
      return
    }
    let start = alerts.count
    held.takeBack()
    passTime(to: time.nanoseconds, into: &alerts)
    if time.nanoseconds >= nextSummary { summarize(until: time.nanoseconds, into: &alerts) }
    if alerts.count > start { chain(from: start, of: nil, into: &alerts) }
  }

  /// Ends the input: absences that are due fire, others stay pending; silences that are still going on are summed up at the time of the newest event.
  public mutating func finish(into alerts: inout [Alert]) {
    held.takeBack()
    chainAll(from: alerts.count, into: &alerts)
    var start = alerts.count
    finishAbsences(into: &alerts)
    chainAll(from: start, into: &alerts)
    start = alerts.count
    summarize(until: .max, into: &alerts)
    chainAll(from: start, into: &alerts)
  }

  /// Looks at all events that wait, too; alerts may be among these, and each chain of alerts ends.
  mutating func chainAll(from start: Int, into alerts: inout [Alert]) {
    chain(from: start, of: nil, into: &alerts)
    while let first = held.firstTime, first < .max {
      let start = alerts.count
      settleHeld(before: .max, into: &alerts)
      chain(from: start, of: nil, into: &alerts)
    }
  }

  /// Begins packet time anew, at whatever time the next event has: the input's clock was set back.
  ///
  /// Windows and silences cannot be compared with what comes and are empty then; summaries of silences that
  /// still go on are appended. Absences that are due fire, others are unknown, as are sequences and what is
  /// live. What is known of values (`first_seen`) stays, or every account would have to learn again.
  public mutating func beginEpoch(into alerts: inout [Alert]) {
    finish(into: &alerts)
    for index in tables.absences.indices { tables.absences[index].restart() }
    forgetHeld(into: &alerts)
    held.beginEpoch()
    for index in tables.windows.indices { tables.windows[index].removeAll() }
    for index in tables.suppressions.indices { tables.suppressions[index].removeAll() }
    now = .min
    clock = .min
    nextDeadline = .max
    nextSummary = .max
  }

  /// Sums up silences of rules whose alerts are found with a delay, before one that may begin the next silence.
  mutating func summarizeDelayed(before time: Int64, into alerts: inout [Alert]) {
    let limit = time.saturatingAdd(limits.lateness)
    guard nextSummary <= limit else { return }
    for index in tables.suppressions.indices
    where tables.suppressions[index].isDelayed && tables.suppressions[index].hasSummary {
      guard let due = tables.suppressions[index].due, due <= limit else { continue }
      return summarize(until: limit, onlyDelayed: true, into: &alerts)
    }
  }

  mutating func summarize(until limit: Int64, onlyDelayed: Bool = false, into alerts: inout [Alert]) {
    while let rule = ruleOfFirstSummary(until: limit, onlyDelayed: onlyDelayed) {
      let index = Int(ruleSet.program.rules[rule].suppression)
      guard let (silence, group) = tables.suppressions[index].removeFirst(dueBy: limit) else { break }
      summarize(silence, group, of: rule, endedBy: limit, into: &alerts)
    }
    updateSummary()
  }

  /// Appends the summary of a silence that is over, unless nothing was kept back.
  mutating func summarize(
    _ silence: Suppression, _ group: [String], of rule: Int, endedBy limit: Int64,
    into alerts: inout [Alert]
  ) {
    guard silence.suppressed > 0 else { return }
    let end = Timestamp(nanoseconds: limit == .max ? min(silence.until, now) : silence.until)
    var alert = Alert(rule: rule, reason: .summary, timestamp: end, sequence: lastSequence)
    alert.windowStart = Timestamp(nanoseconds: silence.start)
    alert.windowEnd = end
    alert.suppressedCount = silence.suppressed
    alert.group = group
    countAlert(rule)
    alerts.append(alert)
  }

  /// Finds out when the first silence with a summary ends.
  mutating func updateSummary() {
    nextSummary = tables.suppressions.filter(\.hasSummary).compactMap(\.due).min() ?? .max
  }

  /// The rule whose silence ends first, the first one of several.
  private func ruleOfFirstSummary(until limit: Int64, onlyDelayed: Bool) -> Int? {
    var best: (rule: Int, end: Int64)?
    for (number, rule) in ruleSet.program.rules.enumerated() where rule.suppression >= 0 {
      let table = tables.suppressions[Int(rule.suppression)]
      guard table.hasSummary, table.isDelayed || !onlyDelayed, let end = table.due, end <= limit
      else { continue }
      if best.map({ end < $0.end }) ?? true { best = (number, end) }
    }
    return best?.rule
  }
}

// MARK: - What happened

extension RuleEngine {
  /// Keys given up because a table was full, so far.
  public var evictions: UInt64 {
    totals.evictions &+ tables.evictions
  }

  /// What the engine did so far.
  public var counters: EngineCounters {
    var counters = totals
    counters.evictions = evictions
    counters.pendingAbsences = tables.absences.reduce(0) { $0 + $1.pendingCount }
    counters.unknownAbsences += tables.unknownAbsences
    counters.pendingSequences = tables.sequences.reduce(0) { $0 + $1.keys.count }
    counters.unknownSequences += tables.unknownSequences
    counters.liveMembers = tables.gauges.reduce(0) { $0 + $1.memberCount }
    counters.heldEarly = held.early
    counters.windowKeys =
      tables.windows.reduce(0) { $0 + $1.keys.count } + tables.novelties.reduce(0) { $0 + $1.keys.count }
    counters.suppressedKeys = tables.suppressions.reduce(0) { $0 + $1.count }
    counters.bytes = tables.byteCount + (ruleSet.program.heldItems.isEmpty ? 0 : held.byteCount)
    counters.byteLimit = ruleSet.memoryBound(limits)
    let uses = exceptionUses
    counters.expiredExceptions = uses.count { $0.isExpired }
    counters.idleExceptions = uses.count { $0.hits == 0 && !$0.isExpired }
    counters.listEntries = ruleSet.program.lists.reduce(0) { $0 + $1.entryCount }
    return counters
  }

  /// The time of the newest event so far; nil before the first one.
  public var newestTime: Timestamp? { now == .min ? nil : Timestamp(nanoseconds: now) }

  /// How often each exception of a rule kept it silent, in the order of the rule.
  public func exceptionHits(ofRule rule: Int) -> [UInt64] {
    let compiled = ruleSet.program.rules[rule]
    let start = Int(compiled.firstException)
    return Array(exceptionHits[start..<start + Int(compiled.exceptionCount)])
  }

  /// What exceptions did so far, by rule, in their order.
  public var exceptionUses: [ExceptionUse] {
    var uses: [ExceptionUse] = []
    for (rule, metadata) in ruleSet.metadata.enumerated() where metadata.isEnabled {
      let first = Int(ruleSet.program.rules[rule].firstException)
      for (offset, name) in metadata.exceptions.enumerated() {
        let expiry = ruleSet.program.exceptions[first + offset].expiry
        uses.append(
          ExceptionUse(
            ruleID: metadata.id, name: name, hits: exceptionHits[first + offset],
            isExpired: now >= expiry && now != .min))
      }
    }
    return uses
  }

  /// The values of an alert's key, as texts; an absent one is empty.
  ///
  /// - Parameter event: the event that was given to the engine when it fired.
  public mutating func group(of alert: borrowing Alert, for event: borrowing Event) -> [String] {
    guard alert.hasEvent, alert.lineage.isEmpty else { return alert.group }
    let program = ruleSet.program
    evaluator.begin(event)
    defer { evaluator.end() }
    return groupTexts(groupKeys(alert.rule, program), program, event)
  }

  func groupKeys(_ rule: Int, _ program: RuleProgram) -> Range<Int32> {
    let compiled = program.rules[rule]
    if let keys = program.correlationKeys(compiled) { return keys }
    return compiled.suppression >= 0 ? program.suppressions[Int(compiled.suppression)].keys : 0..<0
  }

  mutating func groupTexts(
    _ keys: Range<Int32>, _ program: RuleProgram, _ event: borrowing Event
  ) -> [String] {
    var texts: [String] = []
    for index in keys {
      var bytes: [UInt8] = []
      _ = evaluator.appendText(of: program.keySources[Int(index)], to: &bytes, program, event)
      texts.append(String(decoding: bytes, as: UTF8.self))
    }
    return texts
  }
}
