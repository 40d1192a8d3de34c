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
    held.hold(event, lineage, for: index)
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
    let program = ruleSet.program
    // Taken out, so that it has one owner and refilling it copies nothing.
    var event = restored.take() ?? Event(headerSlots: ruleSet.headerNames.names.count)
    guard let slot = held.popFirst(into: &event) else { return }
    summarizeDelayed(before: event.timestamp.nanoseconds, into: &alerts)
    let outer = lineage
    lineage = held.lineage(slot)
    defer { lineage = outer }
    evaluator.begin(event)
    let before = alerts.count
    for index in 0..<held.itemCount(slot) {
      let item = program.heldItems[held.item(index, of: slot)]
      switch item.role {
      case .until(let sequence): endChains(Int(sequence), Int(item.rule), program, event)
      case .beginning(let gauge):
        if let alert = beginLife(event, Int(gauge), slot, program) { alerts.append(alert) }
      case .ending(let gauge): endLife(event, Int(gauge), program)
      case .step(let sequence, let step):
        if let alert = take(event, Int(sequence), step: Int(step), slot, program) { alerts.append(alert) }
      }
    }
    evaluator.end()
    if alerts.count > before { held.lend(slot) } else { held.release(slot) }
    restored = event
  }
}
