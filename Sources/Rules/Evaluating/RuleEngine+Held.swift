public import Events
internal import Values

extension RuleEngine {
  /// Makes an event what the one was that fired an alert, if the engine held it.
  ///
  /// - Parameter event: one with as many header slots as the rules have header names.
  /// - Returns: false for an alert without such an event, and for one that was not appended by the last
  ///   call of `process`, `advance` or `finish`.
  public func restoreEvent(of alert: Alert, into event: inout Event) -> Bool {
    guard let slot = alert.heldEvent?.slot else { return false }
    return held.restoreLent(slot, into: &event)
  }

  /// Lets an event wait for its turn if what an item asks of it alone is true.
  mutating func hold(_ index: Int, _ program: RuleProgram, _ event: borrowing Event, isLate: Bool) {
    let item = program.heldItems[index]
    guard !lineage.contains(Int(item.rule)), evaluator.holds(item.start, program, event) else { return }
    guard !isLate, !held.isTooLate(event) else {
      // What ended is known to have ended, however late that is noticed.
      if case .ending(let gauge) = item.role { return endLife(event, Int(gauge), program) }
      return countLate(Int(item.rule))
    }
    held.hold(
      event, lineage,
      for: HeldEvents.Want(item: Int32(truncatingIfNeeded: index), key: key(item, program, event)))
  }

  /// What the chains have in common to which a step belongs, or which an event ends.
  private mutating func key(
    _ item: HeldItem, _ program: RuleProgram, _ event: borrowing Event
  ) -> KeyHash? {
    let keys: Range<Int32>? =
      switch item.role {
      case .until(let sequence): program.sequences[Int(sequence)].until
      case .step(let sequence, let step): program.sequences[Int(sequence)].steps[Int(step)].keys
      case .beginning, .ending: nil
      }
    return keys.flatMap { evaluator.key($0, allowsAbsent: false, hasher, program, event) }
  }

  /// Looks at events before their time, so that there is room for another one.
  mutating func makeRoom(for event: borrowing Event, into alerts: inout [Alert]) {
    while held.isFull(for: event) {
      held.noteEarly()
      settleFirst(into: &alerts)
    }
    updateDeadline()
  }

  /// When the first event that waits has waited long enough.
  var heldDue: Int64 {
    held.firstTime?.saturatingAdd(limits.lateness).saturatingAdd(1) ?? .max
  }

  /// Looks at the events before an instant, in the order of time.
  mutating func settleHeld(before limit: Int64, into alerts: inout [Alert]) {
    guard let first = held.firstTime, first < limit else { return }
    while let time = held.firstTime, time < limit { settleFirst(into: &alerts) }
    updateDeadline()
  }

  /// Begins anew after the events that wait: nothing is known of the time since the last one.
  mutating func forgetHeld(into alerts: inout [Alert]) {
    settleHeld(before: .max, into: &alerts)
    for index in tables.sequences.indices { tables.sequences[index].forgetAll() }
    for index in tables.gauges.indices { tables.gauges[index].forgetAll() }
  }

  private mutating func settleFirst(into alerts: inout [Alert]) {
    guard let moment = held.popFirst() else { return }
    summarizeDelayed(before: moment.time, into: &alerts)
    let outer = lineage
    lineage = held.lineage(moment.slot)
    defer { lineage = outer }
    let program = ruleSet.program
    let before = alerts.count
    // Most of them neither end a sequence nor have to be looked at.
    for index in 0..<held.wantCount(moment.slot)
    where !settle(held.want(index, of: moment.slot), moment, program) {
      settleWithEvent(from: index, moment, program, into: &alerts)
      break
    }
    if alerts.count > before { held.lend(moment.slot) } else { held.release(moment.slot) }
  }

  /// Settles what an item wants without the event; false when that needs its fields.
  private mutating func settle(
    _ want: HeldEvents.Want, _ moment: HeldMoment, _ program: RuleProgram
  ) -> Bool {
    let item = program.heldItems[Int(want.item)]
    switch item.role {
    case .beginning, .ending: return false
    case .until(let sequence): endChains(Int(sequence), want.key, Int(item.rule))
    case .step(let sequence, let step):
      guard let key = want.key else {
        countMissingKey(Int(item.rule))
        return true
      }
      return passStep(Int(sequence), step: Int(step), key, moment, program)
    }
    return true
  }

  /// Settles the rest of what is wanted of an event, with its fields.
  private mutating func settleWithEvent(
    from start: Int, _ moment: HeldMoment, _ program: RuleProgram, into alerts: inout [Alert]
  ) {
    // Taken out, so that the engine can be asked while it is looked at.
    var event = restored.take() ?? Event(headerSlots: ruleSet.headerNames.names.count)
    held.restore(moment.slot, into: &event)
    evaluator.begin(event)
    for index in start..<held.wantCount(moment.slot) {
      let want = held.want(index, of: moment.slot)
      guard !settle(want, moment, program) else { continue }
      if let alert = alert(of: program.heldItems[Int(want.item)].role, want.key, event, moment.slot, program)
      {
        alerts.append(alert)
      }
    }
    evaluator.end()
    restored = consume event
  }

  /// Settles what an item wants with the fields of the event; the alert that comes of it.
  private mutating func alert(
    of role: HeldItem.Role, _ key: KeyHash?, _ event: borrowing Event, _ slot: Int, _ program: RuleProgram
  ) -> Alert? {
    switch role {
    case .beginning(let gauge): return beginLife(event, Int(gauge), slot, program)
    case .ending(let gauge): endLife(event, Int(gauge), program)
    case .step(let sequence, let step):
      return key.flatMap { take(event, Int(sequence), step: Int(step), $0, slot, program) }
    case .until: break
    }
    return nil
  }
}
