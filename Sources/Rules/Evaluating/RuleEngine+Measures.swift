internal import Events
internal import Values

extension RuleEngine {
  /// Adds a match to the windows of a measure; nil unless `having` holds over them then.
  mutating func measure(
    _ match: WindowHit, _ rule: CompiledRule, _ number: Int, _ program: RuleProgram, _ event: borrowing Event
  ) -> ReachedThreshold? {
    // By index: a measure or a window taken out would have an owner more of each of its own.
    let measure = Int(rule.measure)
    readInputs(of: measure, program, event)
    let windows = program.measures[measure].windows
    let first = windows.lowerBound
    let matches: Int
    let outcome = tables.windows[first].add(match, inputs: inputs)
    tables.widenWindow(first)
    switch outcome {
    case .late:
      countLate(number)
      return nil
    case .counting(let count): matches = count
    case .reached: matches = tables.windows[first].matches
    }
    let rank = tables.windows[first].rank(matches)
    for index in windows.dropFirst() {
      guard let source = program.windows[index].source else { continue }
      let part = part(of: match, source, index, program, event)
      _ = tables.windows[index].add(part, rank: rank)
      tables.widenWindow(index)
    }
    // With fewer matches `having` cannot hold, whatever else it asks.
    guard matches >= program.measures[measure].least else { return nil }
    readValues(of: measure, match.key, program)
    guard evaluator.holds(program.measures[measure].having, program, event) else { return nil }
    return ReachedThreshold(
      key: match.key, count: matches, start: tables.windows[first].start(of: match.key),
      end: tables.windows[first].end(of: match.key),
      measured: program.measures[measure].values.map { evaluator.measured[$0.place] })
  }

  private mutating func readInputs(of measure: Int, _ program: RuleProgram, _ event: borrowing Event) {
    inputs.removeAll(keepingCapacity: true)
    for index in program.measures[measure].inputs.indices {
      let input: Double =
        switch program.measures[measure].inputs[index] {
        case .one: 1
        case .condition(let start): evaluator.holds(start, program, event) ? 1 : 0
        case .number(let source): evaluator.number(source, program, event) ?? .nan
        case .presence(let source): evaluator.number(source, program, event) == nil ? 0 : 1
        }
      inputs.append(input)
    }
  }

  /// Gives the evaluator the values of a measure for the key of an event that was just counted.
  mutating func readValues(of rule: CompiledRule, _ program: RuleProgram, _ event: borrowing Event) {
    evaluator.begin(event)
    defer { evaluator.end() }
    guard let key = evaluator.key(of: Int(rule.window), hasher, program, event) else { return }
    readValues(of: Int(rule.measure), key, program)
  }

  /// Gives the evaluator the values of a measure for the key of the last match.
  private mutating func readValues(of measure: Int, _ key: KeyHash, _ program: RuleProgram) {
    let totals = program.measures[measure].windows.lowerBound
    for index in program.measures[measure].values.indices {
      let value = program.measures[measure].values[index]
      evaluator.measured[value.place] = self.value(value, of: key, totals)
    }
  }

  /// A match as a window of its own keeps it: a distinct value or a number, if the event has it.
  private mutating func part(
    of match: WindowHit, _ source: ValueSource, _ window: Int, _ program: RuleProgram,
    _ event: borrowing Event
  ) -> WindowHit {
    var part = match
    if let condition = program.windows[window].condition, !evaluator.holds(condition, program, event) {
      part.isPresent = false
      return part
    }
    let value: KeyHash? =
      if program.windows[window].isDistinct {
        evaluator.identity(in: window, source, hasher, program, event)
      } else {
        evaluator.number(source, program, event).map { KeyHash(high: 0, low: $0.bitPattern) }
      }
    part.isPresent = value != nil
    part.value = value ?? part.value
    return part
  }

  private mutating func value(
    _ value: CompiledMeasure.Value, of key: KeyHash, _ totals: Int
  ) -> FieldValue {
    let number: Double
    switch value.output {
    case .total(let position): number = tables.windows[totals].totals[position]
    case .quotient(let sum, let count):
      number = tables.windows[totals].totals[sum] / tables.windows[totals].totals[count]
    case .distinct(let window): return .integer(Int64(tables.windows[window].count(of: key)))
    case .percentile(let window): number = tables.windows[window].percentile95(of: key) ?? .nan
    }
    guard number.isFinite else { return .absent }
    guard value.isCount || value.type == .duration else { return .decimal(number) }
    guard let whole = Int64(exactly: number.rounded()) else { return .absent }
    return value.isCount ? .integer(whole) : .duration(whole)
  }
}

extension PredicateEvaluator {
  /// A number, or a duration in nanoseconds; nil for anything else.
  fileprivate mutating func number(
    _ source: ValueSource, _ program: RuleProgram, _ event: borrowing Event
  ) -> Double? {
    switch load(source, program, event).value {
    case .integer(let value), .duration(let value): Double(value)
    case .decimal(let value) where value.isFinite: value
    default: nil
    }
  }
}
