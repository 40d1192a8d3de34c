internal import Events
internal import Values

extension RuleEngine {
  /// Ends all chains of a key; it is counted when there is none.
  mutating func endChains(_ index: Int, _ key: KeyHash?, _ number: Int) {
    guard let key else { return countMissingKey(number) }
    tables.sequences[index].end(key)
  }

  /// Takes an event as a step if this needs none of its fields: no chain waits for it, and none has to know them later.
  ///
  /// - Returns: false when its fields are needed; it is then to be taken with them.
  mutating func passStep(
    _ index: Int, step: Int, _ key: KeyHash, _ moment: HeldMoment, _ program: RuleProgram
  ) -> Bool {
    tables.sequences[index].collect(key, step: step, at: moment.time)
    guard tables.sequences[index].candidates.isEmpty else { return false }
    guard step == 0 else { return true }
    guard program.sequences[index].steps[0].captures.isEmpty else { return false }
    tables.sequences[index].advance(
      key, step: 0, at: moment.time, sequence: moment.sequence, packet: moment.packet)
    tables.widenSequence(index)
    return true
  }

  /// Takes an event as a step of the chains that were collected for it; the alert when it completes one.
  mutating func take(
    _ event: borrowing Event, _ index: Int, step: Int, _ key: KeyHash, _ slot: Int, _ program: RuleProgram
  ) -> Alert? {
    let sequence = program.sequences[index]
    let time = event.timestamp.nanoseconds
    if sequence.steps[step].comparison != ConditionStep.accept { compare(index, step, program, event) }
    var alert: Alert?
    if step == sequence.steps.count - 1 { alert = complete(index, key, program, event) }
    alert?.heldEvent = HeldEvent(slot: slot)
    guard tables.sequences[index].canAdvance(step: step) else { return alert }
    for capture in sequence.steps[step].captures {
      let loaded = evaluator.load(sequence.captures[capture].source, program, event)
      tables.sequences[index].note(loaded, for: capture, evaluator.eventText)
    }
    tables.sequences[index].advance(
      key, step: step, at: time, sequence: event.sequence, packet: event.packetNumber)
    tables.widenSequence(index)
    return alert
  }

  /// Keeps the candidates to which an event belongs by the values of their earlier ones.
  private mutating func compare(_ index: Int, _ step: Int, _ program: RuleProgram, _ event: borrowing Event) {
    let start = program.sequences[index].steps[step].comparison
    var candidate = 0
    while candidate < tables.sequences[index].candidates.count {
      recall(tables.sequences[index].candidates[candidate], index, event)
      if evaluator.holds(start, program, event) {
        candidate += 1
      } else {
        tables.sequences[index].dropCandidate(at: candidate)
      }
    }
  }

  /// Gives the evaluator the earlier events of a chain; what it knew is forgotten.
  private mutating func recall(_ chain: Int32, _ index: Int, _ event: borrowing Event) {
    evaluator.begin(event)
    tables.sequences[index].load(chain, into: &evaluator)
  }

  /// The alert of the chain that an event completes, of several the one that began last.
  private mutating func complete(
    _ index: Int, _ key: KeyHash, _ program: RuleProgram, _ event: borrowing Event
  ) -> Alert? {
    guard var chain = tables.sequences[index].completing(before: nil) else { return nil }
    let sequence = program.sequences[index]
    let number = Int(sequence.rule)
    let rule = program.rules[number]
    countMatch(number)
    guard isScheduled(rule, program, event.timestamp) else { return nil }
    if !sequence.captures.isEmpty { recall(chain, index, event) }
    while isExcepted(rule, program, event) {
      guard sequence.hasComparingExceptions, let next = tables.sequences[index].completing(before: chain)
      else {
        return nil
      }
      chain = next
      recall(chain, index, event)
    }
    let time = event.timestamp.nanoseconds
    guard !isSuppressed(rule, number, key, at: time, program, event) else { return nil }
    tables.sequences[index].noteFired(key, at: time)
    countAlert(number)
    return alert(of: tables.sequences[index].chains[Int(chain)], sequence, program, event)
  }

  private mutating func alert(
    of chain: SequenceTable.Chain, _ sequence: CompiledSequence, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> Alert {
    var alert = Alert(rule: Int(sequence.rule), timestamp: event.timestamp, sequence: event.sequence)
    alert.windowStart = Timestamp(nanoseconds: chain.start)
    alert.windowEnd = event.timestamp
    alert.evidence = chain.evidence
    alert.evidence.push(event.packetNumber)
    alert.lineage = lineage
    if let keys = sequence.steps.last?.keys { alert.group = groupTexts(keys, program, event) }
    return alert
  }
}
