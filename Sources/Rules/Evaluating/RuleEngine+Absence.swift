internal import Events
internal import Values

extension RuleEngine {
  /// Notes that packets were lost: whether the events that absences wait for came is unknown.
  public mutating func noteCaptureLoss() {
    for index in tables.absences.indices { tables.absences[index].forgetAll() }
    updateDeadline()
  }

  /// Lets packet time pass for absences.
  mutating func passTime(to time: Int64, into alerts: inout [Alert]) {
    guard !tables.absences.isEmpty || !ruleSet.program.heldItems.isEmpty else { return }
    if clock != .min, time > clock.saturatingAdd(PacketClock.longestPause) {
      forgetHeld(into: &alerts)
      noteCaptureLoss()
    }
    clock = max(clock, time)
    guard clock >= nextDeadline else { return }
    let horizon = clock.saturatingSubtract(limits.lateness)
    settleHeld(before: horizon, into: &alerts)
    fireAbsences(hitsBefore: horizon, deadlinesBefore: horizon, into: &alerts)
  }

  /// Ends the input: no event can be late any more, and what is not due stays pending.
  mutating func finishAbsences(into alerts: inout [Alert]) {
    guard !tables.absences.isEmpty, clock != .min else { return }
    fireAbsences(hitsBefore: clock.saturatingAdd(1), deadlinesBefore: clock, into: &alerts)
  }

  private mutating func fireAbsences(
    hitsBefore hits: Int64, deadlinesBefore deadlines: Int64, into alerts: inout [Alert]
  ) {
    var fired: [Alert] = []
    for index in tables.absences.indices {
      while let absence = tables.absences[index].next(hitsBefore: hits, deadlinesBefore: deadlines) {
        let end = absence.start.saturatingAdd(ruleSet.program.absences[index].length)
        summarizeDelayed(before: end, into: &fired)
        if let alert = alert(of: absence, index) { fired.append(alert) }
      }
    }
    updateDeadline()
    guard !fired.isEmpty else { return }
    fired.sort { ($0.timestamp.nanoseconds, $0.rule) < ($1.timestamp.nanoseconds, $1.rule) }
    alerts += fired
  }

  mutating func updateDeadline() {
    nextDeadline = tables.absences.reduce(heldDue) { min($0, $1.due) }
  }

  /// The alert of an absence at its deadline; nil in a silence.
  private mutating func alert(of absence: Absence, _ index: Int) -> Alert? {
    let compiled = ruleSet.program.absences[index]
    let number = Int(compiled.rule)
    let end = absence.start.saturatingAdd(compiled.length)
    let rule = ruleSet.program.rules[number]
    if rule.suppression >= 0 {
      let table = Int(rule.suppression)
      guard !isSilent(absence.suppressionKey, table, number, at: end) else { return nil }
      let hasOwnKeys = absence.group.count > compiled.keys.count
      beginSilence(
        absence.suppressionKey, table, at: end,
        group: hasOwnKeys ? Array(absence.group[compiled.keys.count...]) : absence.group)
    }
    var alert = Alert(
      rule: number, reason: .absence, timestamp: Timestamp(nanoseconds: end), sequence: lastSequence)
    alert.windowStart = Timestamp(nanoseconds: absence.start)
    alert.windowEnd = alert.timestamp
    alert.evidence.append(absence.packet)
    alert.group = Array(absence.group.prefix(compiled.keys.count))
    alert.lineage = absence.lineage
    countAlert(number)
    return alert
  }

  // MARK: Hits

  /// Begins to wait for the event that must follow a match.
  mutating func beginWaiting(
    _ index: Int, _ rule: CompiledRule, _ number: Int, _ program: RuleProgram, _ event: borrowing Event,
    isLate: Bool
  ) {
    let absence = program.absences[index]
    guard !isLate else { return countLate(number) }
    guard let key = evaluator.key(absence.keys, allowsAbsent: false, hasher, program, event) else {
      return countMissingKey(number)
    }
    var hit = AbsenceHit(
      time: event.timestamp.nanoseconds, sequence: event.sequence, key: key, isExpected: false,
      suppressionKey: key, packet: event.packetNumber)
    hit.lineage = lineage
    var summaryKeys: Range<Int32> = 0..<0
    if rule.suppression >= 0 {
      let suppression = program.suppressions[Int(rule.suppression)]
      if suppression.keys != absence.keys,
        let own = evaluator.key(suppression.keys, allowsAbsent: true, hasher, program, event)
      {
        hit.suppressionKey = own
        if suppression.hasSummary { summaryKeys = suppression.keys }
      }
    }
    groupText.removeAll(keepingCapacity: true)
    let share = AbsenceTable.bytesPerGroup / max(1, absence.keys.count + summaryKeys.count) - 2
    collectGroup(absence.keys, share: share, program, event)
    collectGroup(summaryKeys, share: share, program, event)
    tables.absences[index].add(match: hit, group: groupText)
    tables.widenAbsence(index)
    nextDeadline = min(nextDeadline, tables.absences[index].due)
  }

  /// Adds the texts of a key, each cut to its share and behind its length in two bytes.
  private mutating func collectGroup(
    _ keys: Range<Int32>, share: Int, _ program: RuleProgram, _ event: borrowing Event
  ) {
    for index in keys {
      let start = groupText.count
      groupText.append(0)
      groupText.append(0)
      _ = evaluator.appendText(of: program.keySources[Int(index)], to: &groupText, program, event)
      let length = min(groupText.count - start - 2, max(0, share))
      groupText.removeLast(groupText.count - start - 2 - length)
      groupText[start] = UInt8(truncatingIfNeeded: length >> 8)
      groupText[start + 1] = UInt8(truncatingIfNeeded: length)
    }
  }

  /// Looks whether an event is the one that an absence waits for.
  mutating func runExpectation(
    _ index: Int, _ program: RuleProgram, _ event: borrowing Event, isLate: Bool
  ) {
    let absence = program.absences[index]
    guard !lineage.contains(Int(absence.rule)), evaluator.holds(absence.start, program, event) else { return }
    guard !isLate else { return countLate(Int(absence.rule)) }
    guard let key = evaluator.key(absence.keys, allowsAbsent: false, hasher, program, event) else {
      return countMissingKey(Int(absence.rule))
    }
    tables.absences[index].add(expected: key, time: event.timestamp.nanoseconds, sequence: event.sequence)
    tables.widenAbsence(index)
    nextDeadline = min(nextDeadline, tables.absences[index].due)
  }
}
