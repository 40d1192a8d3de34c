internal import Events
internal import Values

/// Rules over alerts: each alert becomes an event that keeps the fields of what fired it.
extension RuleEngine {
  /// Runs the rules over alerts on the alerts from an index on, and on those that they bring.
  ///
  /// - Parameter event: what fired them; nil when nothing but time did.
  mutating func chain(from start: Int, of event: EventSnapshot?, into alerts: inout [Alert]) {
    guard chains else { return }
    let outer = lineage
    defer { lineage = outer }
    var index = start
    while index < alerts.count {
      let alert = alerts[index]
      index += 1
      guard !alert.lineage.isFull else { continue }
      var context = Event(headerSlots: ruleSet.headerNames.names.count)
      if alert.hasEvent, let event {
        event.restore(&context)
      } else {
        _ = restoreEvent(of: alert, into: &context)
      }
      let rule = ruleSet.metadata[alert.rule]
      fill(&context, with: alert, of: rule)
      if held.isFull(for: context) { makeRoom(for: context, into: &alerts) }
      lineage = alert.lineage
      lineage.append(alert.rule)
      let first = alerts.count
      // Only an alert of a late event is late: that of an absence bears a deadline that is over.
      let isLate = alert.hasEvent && alert.timestamp.nanoseconds < now.saturatingSubtract(limits.lateness)
      meet(context, isLate: isLate, into: &alerts)
      totals.chained += 1
      guard !alert.hasEvent else { continue }
      for later in first..<alerts.count {
        alerts[later].heldEvent = alert.heldEvent
        alerts[later].isWithoutEvent = alert.heldEvent == nil
      }
    }
  }

  /// Makes what fired an alert the event of the alert.
  private mutating func fill(_ event: inout Event, with alert: Alert, of rule: RuleMetadata) {
    let group = group(of: alert, for: event)
    event.removeAlert()
    event.become(.alert, at: alert.timestamp, sequence: alert.sequence)
    if !alert.hasEvent, alert.heldEvent == nil {
      Self.set(group, of: rule.keys(of: alert.reason), into: &event)
    }
    event.set(
      alert, of: rule, group: group, lineage: alert.lineage.rules.map { ruleSet.metadata[$0].id })
  }

  /// Gives the event of a summary or an absence the fields that its key names.
  private static func set(_ group: [String], of keys: [String], into event: inout Event) {
    for (key, text) in zip(keys, group) where !text.isEmpty {
      guard let row = FieldCatalog.definition(named: key), !row.type.isList,
        let value = TestValue(text, row.type)
      else { continue }
      switch value {
      case .text: event.set(row.field, copying: text)
      case .integer(let number): event.set(row.field, .integer(number))
      case .decimal(let number): event.set(row.field, .decimal(number))
      case .ip(let address): event.set(row.field, .ip(address))
      case .bool(let flag): event.set(row.field, .bool(flag))
      case .time, .duration, .list: continue
      }
    }
  }

  /// The lineage of an alert that is given as an event, from the ids in it.
  func lineage(of event: borrowing Event) -> AlertLineage {
    var lineage = AlertLineage()
    guard case .text(let id) = event[.alertContextRule] else { return lineage }
    if case .list(let items) = event[.alertMetadataChainedFrom] {
      for index in items.range {
        guard case .text(let id) = event.items[index] else { continue }
        if let rule = rule(named: id, in: event) { lineage.append(rule) }
      }
    }
    if let rule = rule(named: id, in: event) { lineage.append(rule) }
    return lineage
  }

  private func rule(named id: ByteRange, in event: borrowing Event) -> Int? {
    ruleSet.ruleIndex(id: String(decoding: event.text[id.range], as: UTF8.self))
  }
}
