internal import Events
internal import Values

extension RuleSetCompiler {
  /// Adds a sequence and what it wants of events.
  mutating func add(
    _ sequence: CheckedSequence, _ declaration: SequenceDeclaration, of rule: CheckedRule,
    lastKeys: Range<Int32>, silence: Int64
  ) {
    let number = Int32(truncatingIfNeeded: parts.rules.count)
    let index = Int32(truncatingIfNeeded: parts.sequences.count)
    var compiled = CompiledSequence(rule: number, length: declaration.window.value, silence: silence)
    addCaptures(of: sequence, rule, to: &compiled)
    var matches = 0
    for (position, step) in sequence.steps.enumerated() {
      let written = declaration.steps[position]
      let isLast = position == sequence.steps.count - 1
      compiled.steps.append(
        CompiledSequence.Step(
          keys: isLast ? lastKeys : add(keys: step.keys),
          comparison: step.comparison.map { predicates.add($0).start } ?? ConditionStep.accept,
          first: matches, last: matches + written.count.value,
          captures: compiled.captures.indices.filter { compiled.captures[$0].step == position }))
      matches += written.count.value
    }
    if let until = sequence.until {
      compiled.until = add(keys: until.keys)
      addHeldItem(.until(index), number, until.kinds, until.condition, rule)
    }
    for (position, step) in sequence.steps.enumerated().reversed() {
      let role = HeldItem.Role.step(index, Int32(truncatingIfNeeded: position))
      addHeldItem(role, number, step.kinds, step.own, rule)
    }
    parts.sequences.append(compiled)
  }

  private mutating func addCaptures(
    of sequence: CheckedSequence, _ rule: CheckedRule, to compiled: inout CompiledSequence
  ) {
    var readers = sequence.steps.map(\.condition.captured)
    let exceptions = rule.exceptions.flatMap(\.captured)
    compiled.hasComparingExceptions = !exceptions.isEmpty
    readers[readers.count - 1] += exceptions
    for (reader, values) in readers.enumerated() {
      for value in values {
        let place = Int(predicates.source(of: .captured(value)).index)
        if let known = compiled.captures.firstIndex(where: { $0.place == place }) {
          compiled.captures[known].lastReader = reader
          continue
        }
        let isText = value.field.map { FieldCatalog.definition(of: $0).type == .text } ?? false
        compiled.captures.append(
          CompiledSequence.Capture(
            source: predicates.source(of: value.field.map { .field($0) } ?? .timestamp),
            text: isText ? compiled.textCount : nil, step: value.step, lastReader: reader, place: place))
        if isText { compiled.textCount += 1 }
      }
    }
  }

  /// Adds a gauge and what it wants of events.
  mutating func add(_ gauge: GaugeDeclaration, of rule: CheckedRule, keys: Range<Int32>) {
    let number = Int32(truncatingIfNeeded: parts.rules.count)
    let index = Int32(truncatingIfNeeded: parts.gauges.count)
    let live = gauge.live.value
    let start = Int32(truncatingIfNeeded: parts.keySources.count)
    for field in live.identity { parts.keySources.append(predicates.source(of: .field(field))) }
    parts.gauges.append(
      CompiledGauge(
        rule: number, live: live, keys: keys,
        identity: start..<Int32(truncatingIfNeeded: parts.keySources.count), ownerParts: 1,
        limit: gauge.limit.value, clearBelow: gauge.clearBelow))
    addHeldItem(.beginning(index), number, rule.kinds, rule.condition, rule)
    let always = Condition(kind: .constant(true), span: gauge.live.span)
    addHeldItem(.ending(index), number, live.ending, always, rule)
  }

  private mutating func addHeldItem(
    _ role: HeldItem.Role, _ number: Int32, _ kinds: EventKindSet, _ condition: Condition, _ rule: CheckedRule
  ) {
    let entry = predicates.add(condition)
    parts.heldItems.append(HeldItem(role: role, rule: number, kinds: kinds, start: entry.start))
    let kinds = rule.declaration.isEnabled ? kinds : []
    heldPlaces.append(RuleIndexer.Item(rule: number, kinds: kinds, required: entry.required))
  }

  /// Gives held items a place in the index, behind rules and absences.
  mutating func addHeldItems(_ ruleCount: Int) {
    for (index, place) in heldPlaces.enumerated() {
      var item = place
      item.rule = Int32(truncatingIfNeeded: ruleCount + parts.absences.count + index)
      items.append(item)
    }
  }

  /// How each rule is found; a sequence by its steps, a gauge by beginnings and ends.
  func describe(_ accesses: [String], _ rules: [CheckedRule]) -> [String] {
    var texts = Array(accesses.prefix(rules.count))
    let held = zip(parts.heldItems, accesses.dropFirst(rules.count + parts.absences.count))
    for (number, items) in Dictionary(grouping: held, by: { Int($0.0.rule) }) {
      let (rule, own) = (rules[number], items.map(\.1))
      if let live = rule.declaration.gauge?.live.value.rawValue, own.count == 2 {
        texts[number] = "begin of \(live) \(own[0]), end \(own[1])"
      }
      guard let steps = rule.declaration.sequence?.steps else { continue }
      texts[number] = zip(steps, own.suffix(steps.count).reversed()).map {
        "'\($0.name.value)' \($1)"
      }.joined(separator: ", ")
    }
    return texts
  }
}
