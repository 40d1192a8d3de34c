internal import Events
internal import Values

/// Questions that only an explanation asks.
extension RuleEngine {
  /// Whether the condition of a rule holds for an event, whatever else the rule says.
  mutating func holds(_ rule: Int, _ event: borrowing Event) -> Bool {
    let program = ruleSet.program
    evaluator.begin(event)
    defer { evaluator.end() }
    return evaluator.holds(program.rules[rule].start, program, event)
  }

  /// The parts of a rule's key with their values for an event; nil is absent.
  mutating func values(ofRule rule: Int, for event: borrowing Event) -> [(name: String, value: String?)] {
    let program = ruleSet.program
    let compiled = program.rules[rule]
    let keys: Range<Int32>
    if let own = program.correlationKeys(compiled) {
      keys = own
    } else {
      keys = compiled.suppression >= 0 ? program.suppressions[Int(compiled.suppression)].keys : 0..<0
    }
    evaluator.begin(event)
    defer { evaluator.end() }
    return zip(ruleSet.metadata[rule].groupKeys, keys).map { name, key in
      (name, evaluator.shownText(of: program.keySources[Int(key)], program, event))
    }
  }

  /// How far the block of a rule has come for the key of an event that was just counted.
  ///
  /// - Returns: what to show, and the count where the block counts towards a threshold.
  mutating func progress(
    ofRule rule: Int, for event: borrowing Event, _ checked: CheckedRule
  ) -> (values: [(name: String, value: String?)], count: Int) {
    let program = ruleSet.program
    let compiled = program.rules[rule]
    if compiled.measure >= 0, let declaration = checked.declaration.measure {
      readValues(of: compiled, program, event)
      let places = program.measures[Int(compiled.measure)].values.map(\.place)
      let values = zip(declaration.values, places).map { value, place in
        (value.name.value, evaluator.measured[place].shownNumber)
      }
      return (values, 0)
    }
    if compiled.novelty >= 0, let value = checked.noveltyValue {
      return ([(value.text, "seen before, or still learning")], 0)
    }
    guard compiled.window >= 0 else { return ([], 0) }
    let window = program.windows[Int(compiled.window)]
    evaluator.begin(event)
    defer { evaluator.end() }
    guard let key = evaluator.key(window.keys, allowsAbsent: false, hasher, program, event) else {
      return ([], 0)
    }
    let count = tables.windows[Int(compiled.window)].count(of: key)
    return ([(window.isDistinct ? "distinct" : "count", "\(count) of \(window.minimum)")], count)
  }
}

extension PredicateEvaluator {
  /// A value as people read it; nil when it is absent.
  fileprivate mutating func shownText(
    of source: ValueSource, _ program: RuleProgram, _ event: borrowing Event
  ) -> String? {
    let loaded = load(source, program, event)
    if case .list(let range) = loaded.value {
      let items = range.range.map { index -> String in
        switch event.items[index] {
        case .text(let text): String(decoding: event.text[text.range], as: UTF8.self)
        case let value: value.shownNumber ?? ""
        }
      }
      return "[" + items.joined(separator: ", ") + "]"
    }
    var bytes: [UInt8] = []
    guard appendText(of: source, to: &bytes, program, event) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension FieldValue {
  /// A number or a duration as people read it.
  fileprivate var shownNumber: String? {
    switch self {
    case .integer(let value): "\(value)"
    case .decimal(let value): "\(value)"
    case .duration(let value): DurationText.text(value)
    default: nil
    }
  }
}
