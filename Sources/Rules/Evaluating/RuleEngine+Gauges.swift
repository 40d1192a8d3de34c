internal import Events
internal import Values

extension RuleEngine {
  /// Takes in what an event begins; the alert when there are too many now.
  mutating func beginLife(
    _ event: borrowing Event, _ index: Int, _ slot: Int, _ program: RuleProgram
  ) -> Alert? {
    let gauge = program.gauges[index]
    let number = Int(gauge.rule)
    let rule = program.rules[number]
    countMatch(number)
    guard isScheduled(rule, program, event.timestamp), !isExcepted(rule, program, event) else { return nil }
    guard let key = evaluator.key(gauge.keys, allowsAbsent: false, hasher, program, event),
      let owner = owner(gauge, program, event),
      let part = evaluator.key(gauge.identity, allowsAbsent: true, hasher, program, event)
    else {
      countMissingKey(number)
      return nil
    }
    let size = tables.gauges[index].begin(part, of: owner, key: key)
    tables.widenGauge(index)
    guard let size else { return nil }
    let time = event.timestamp.nanoseconds
    guard !isSuppressed(rule, number, key, at: time, program, event) else { return nil }
    countAlert(number)
    var alert = Alert(rule: number, timestamp: event.timestamp, sequence: event.sequence)
    alert.heldEvent = HeldEvent(slot: slot)
    alert.lineage = lineage
    alert.count = size
    alert.evidence.push(event.packetNumber)
    alert.group = groupTexts(gauge.keys, program, event)
    return alert
  }

  /// Takes out what an event ends.
  mutating func endLife(_ event: borrowing Event, _ index: Int, _ program: RuleProgram) {
    let gauge = program.gauges[index]
    guard let owner = owner(gauge, program, event),
      let part = evaluator.key(gauge.identity, allowsAbsent: true, hasher, program, event)
    else { return countMissingKey(Int(gauge.rule)) }
    if gauge.live == .registrations, isWildcard(event) {
      tables.gauges[index].end(allOf: owner)
    } else {
      tables.gauges[index].end(part)
    }
  }

  private mutating func owner(
    _ gauge: CompiledGauge, _ program: RuleProgram, _ event: borrowing Event
  ) -> KeyHash? {
    evaluator.key(gauge.owner, allowsAbsent: false, hasher, program, event)
  }

  /// Whether all bindings of an address of record are removed (RFC 3261 §10.2.2).
  private func isWildcard(_ event: borrowing Event) -> Bool {
    guard case .text(let range) = event[.registrationContact] else { return false }
    return range.count == 1 && event.text[range.start] == UInt8(ascii: "*")
  }
}
