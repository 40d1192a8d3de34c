internal import Events
internal import Values

extension KindPlan {
  /// Adds the rules that an event can concern to the candidates.
  func collect(
    into candidates: inout CandidateSet, _ evaluator: inout PredicateEvaluator, _ program: RuleProgram,
    _ event: borrowing Event
  ) {
    for rule in always { candidates.insert(rule) }
    for source in equality.sources {
      guard let hash = evaluator.equalityHash(of: source, program, event) else { continue }
      equality.collect(hash, into: &candidates)
    }
    for access in patternAccesses {
      evaluator.scan(access.group, program, event)
      guard evaluator.patterns.isPresent(access.group) else { continue }
      evaluator.patterns.forEachMatch(of: program.patternGroups[access.group]) { pattern in
        for index in access.offsets[pattern]..<access.offsets[pattern + 1] {
          candidates.insert(access.rules[Int(index)])
        }
      }
    }
    for access in literalAccesses where evaluator.holds(access.literal, program, event) {
      for rule in access.rules { candidates.insert(rule) }
    }
  }
}

extension PredicateEvaluator {
  /// The hash that the equality index has for the value of a source; nil when the value is absent.
  fileprivate mutating func equalityHash(
    of source: ValueSource, _ program: RuleProgram, _ event: borrowing Event
  ) -> UInt64? {
    switch load(source, program, event).value {
    case .integer(let value), .duration(let value): EqualityIndex.hash(source, value)
    case .time(let time): EqualityIndex.hash(source, time.nanoseconds)
    case .ip(let address): EqualityIndex.hash(source, address)
    case .text(let range): EqualityIndex.hash(source, eventText.span.extracting(range.range))
    default: nil
    }
  }
}
