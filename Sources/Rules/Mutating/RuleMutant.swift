internal import Values

/// A rule with one change that its tests should notice.
typealias RuleMutant = Mutated<CheckedRule>

extension CheckedRule {
  /// The rule with one change, each way once: a bound nudged, or a clause, an exception, the schedule or a part of a
  /// key dropped.
  var mutants: [RuleMutant] {
    conditionMutants + exceptionMutants + scheduleMutants + keyMutants + thresholdMutants + measureMutants
      + absenceMutants + noveltyMutants + sequenceMutants + gaugeMutants
  }

  /// A copy with a change.
  private func changed(_ change: (inout CheckedRule) -> Void) -> CheckedRule {
    var copy = self
    change(&copy)
    return copy
  }

  /// The rule with another condition at a place.
  private func mutants(
    of condition: Condition, _ place: (inout CheckedRule, Condition) -> Void
  ) -> [RuleMutant] {
    condition.mutants().map { mutant in
      mutant.map { condition in changed { place(&$0, condition) } }
    }
  }

  private var conditionMutants: [RuleMutant] {
    // The conditions of a sequence are those of its steps.
    sequence == nil ? mutants(of: condition) { $0.condition = $1 } : []
  }

  // MARK: What keeps it silent

  private var exceptionMutants: [RuleMutant] {
    exceptions.indices.flatMap { index in
      let whole = RuleMutant(
        value: changed {
          $0.exceptions.remove(at: index)
          $0.declaration.exceptions.remove(at: index)
        }, change: .dropped, span: declaration.exceptions[index].span)
      // An exception of one clause is dropped as a whole, not made to hold for everything.
      let parts = exceptions[index].mutants(isRoot: false).map { mutant in
        mutant.map { condition in changed { $0.exceptions[index] = condition } }
      }
      return [whole] + parts
    }
  }

  private var scheduleMutants: [RuleMutant] {
    guard let schedule = declaration.schedule else { return [] }
    return [
      RuleMutant(
        value: changed { $0.declaration.schedule = nil }, change: .dropped, span: schedule.span)
    ]
  }

  // MARK: Keys

  private var keyMutants: [RuleMutant] {
    let parts = keys.indices.map { index in
      RuleMutant(
        value: changed {
          $0.keys.remove(at: index)
          $0.sequence?.removeKey(at: index)
        }, change: .dropped, span: keys[index].span)
    }
    guard let own = suppressionKeys else { return parts }
    return parts
      + own.indices.map { index in
        RuleMutant(
          value: changed { $0.suppressionKeys?.remove(at: index) }, change: .dropped, span: own[index].span)
      }
  }

  // MARK: Blocks

  private var thresholdMutants: [RuleMutant] {
    guard let threshold = declaration.threshold else { return [] }
    let counts = Nudge.allCases.compactMap { nudge -> RuleMutant? in
      let minimum = threshold.minimum.value
      let other = Int(clamping: nudge.neighbour(of: Int64(minimum)))
      guard other > 0 else { return nil }
      return RuleMutant(
        value: changed { $0.declaration.threshold?.minimum.value = other },
        change: .nudged(from: "\(minimum)", to: "\(other)"), span: threshold.minimum.span)
    }
    return counts + mutants(ofLength: threshold.window) { $0.declaration.threshold?.window.value = $1 }
  }

  private var measureMutants: [RuleMutant] {
    guard let measure, let declaration = declaration.measure else { return [] }
    var found = mutants(of: measure.having) { $0.measure?.having = $1 }
    for (index, value) in measure.values.enumerated() {
      switch value {
      case .countIf(let condition):
        found += mutants(of: condition) { $0.measure?.values[index] = .countIf($1) }
      case .distinct(let operand, let condition?):
        found += mutants(of: condition) { $0.measure?.values[index] = .distinct(operand, where: $1) }
      default: break
      }
    }
    // A measure forgets its window in parts, so that a step within one part changes nothing.
    let percent: Int64 = declaration.motion == .sliding ? 5 : 1
    return found
      + mutants(ofLength: declaration.window, percent: percent) { $0.declaration.measure?.window.value = $1 }
  }

  private var absenceMutants: [RuleMutant] {
    guard let absence, let declaration = declaration.absence else { return [] }
    return mutants(of: absence.condition) { $0.absence?.condition = $1 }
      + mutants(ofLength: declaration.window) { $0.declaration.absence?.window.value = $1 }
  }

  private var noveltyMutants: [RuleMutant] {
    guard let novelty = declaration.novelty else { return [] }
    let memory = mutants(ofLength: novelty.memory) { $0.declaration.novelty?.memory.value = $1 }
    guard novelty.warmup > 0 else { return memory }
    return memory
      + mutants(ofLength: Spanned(novelty.warmup, at: novelty.span)) { $0.declaration.novelty?.warmup = $1 }
  }

  private var sequenceMutants: [RuleMutant] {
    guard let sequence, let declaration = declaration.sequence else { return [] }
    var found = mutants(ofLength: declaration.window) { $0.declaration.sequence?.window.value = $1 }
    for (index, step) in sequence.steps.enumerated() {
      found += mutants(of: step.condition) { $0.sequence?.steps[index].condition = $1 }
      let count = declaration.steps[index].count
      for nudge in Nudge.allCases where count.value > 1 {
        let other = Int(clamping: nudge.neighbour(of: Int64(count.value)))
        found.append(
          RuleMutant(
            value: changed { $0.declaration.sequence?.steps[index].count.value = other },
            change: .nudged(from: "\(count.value)", to: "\(other)"), span: count.span))
      }
    }
    guard let until = sequence.until, let place = declaration.until?.span else { return found }
    found += mutants(of: until.condition) { $0.sequence?.until?.condition = $1 }
    return found + [
      RuleMutant(
        value: changed {
          $0.sequence?.until = nil
          $0.declaration.sequence?.until = nil
        }, change: .dropped, span: place)
    ]
  }

  private var gaugeMutants: [RuleMutant] {
    guard let gauge = declaration.gauge else { return [] }
    let limits = Nudge.allCases.compactMap { nudge -> RuleMutant? in
      let other = Int(clamping: nudge.neighbour(of: Int64(gauge.limit.value)))
      guard other >= 0 else { return nil }
      return RuleMutant(
        value: changed { $0.declaration.gauge?.limit.value = other },
        change: .nudged(from: "\(gauge.limit.value)", to: "\(other)"), span: gauge.limit.span)
    }
    let bounds = Nudge.allCases.compactMap { nudge -> RuleMutant? in
      let other = Int(clamping: nudge.neighbour(of: Int64(gauge.clearBelow)))
      guard (1...gauge.limit.value + 1).contains(other) else { return nil }
      return RuleMutant(
        value: changed { $0.declaration.gauge?.clearBelow = other },
        change: .nudged(from: "\(gauge.clearBelow)", to: "\(other)"), span: gauge.span)
    }
    return limits + bounds
  }

  private func mutants(
    ofLength length: Spanned<Int64>, percent: Int64 = 1, _ place: (inout CheckedRule, Int64) -> Void
  ) -> [RuleMutant] {
    Nudge.allCases.map { nudge in
      let other = nudge.length(near: length.value, percent: percent)
      return RuleMutant(
        value: changed { place(&$0, other) },
        change: .nudged(from: DurationText.text(length.value), to: DurationText.text(other)),
        span: length.span)
    }
  }
}

extension CheckedSequence {
  /// Takes a part of the key out of all steps, which must have keys of one length.
  fileprivate mutating func removeKey(at index: Int) {
    for step in steps.indices { steps[step].keys.remove(at: index) }
    until?.keys.remove(at: index)
  }
}
