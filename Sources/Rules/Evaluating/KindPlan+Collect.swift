internal import Events
internal import Values

extension KindPlan {
  /// Adds the rules that an event can concern to the candidates.
  func collect(
    into candidates: inout CandidateSet, _ evaluator: inout PredicateEvaluator, _ program: RuleProgram,
    _ event: borrowing Event
  ) {
    // By index: an access taken out of its array would have an owner more of each of its own.
    candidates.insert(always)
    for index in equality.lookups.indices {
      guard let hash = evaluator.hash(of: equality.lookups[index], program, event) else { continue }
      equality.collect(hash, into: &candidates)
    }
    for index in patternAccesses.indices {
      evaluator.scan(patternAccesses[index].group, program, event)
      evaluator.patterns.forEachMatch(of: patternAccesses[index].group) { pattern in
        let offsets = patternAccesses[index].offsets
        candidates.insert(patternAccesses[index].rules, offsets[pattern]..<offsets[pattern + 1])
      }
    }
    for index in literalAccesses.indices
    where evaluator.holds(literalAccesses[index].literal, program, event) {
      candidates.insert(literalAccesses[index].rules)
    }
  }
}

extension PredicateEvaluator {
  /// The hash that the index has for the value of a source; nil when there is none.
  fileprivate mutating func hash(
    of lookup: EqualityIndex.Lookup, _ program: RuleProgram, _ event: borrowing Event
  ) -> UInt64? {
    switch load(lookup.source, program, event).value {
    case .integer(let value), .duration(let value): return EqualityIndex.hash(lookup, value)
    case .time(let time): return EqualityIndex.hash(lookup, time.nanoseconds)
    case .ip(let address):
      guard lookup.prefixLength > 0 else { return EqualityIndex.hash(lookup, address) }
      guard lookup.prefixLength <= address.bitWidth else { return nil }
      return EqualityIndex.hash(lookup, IPNetwork(address, prefixLength: lookup.prefixLength).address)
    case .text(let text):
      var range = text.range
      if lookup.prefixLength > 0 {
        guard range.count >= lookup.prefixLength else { return nil }
        range = range.prefix(lookup.prefixLength)
      }
      return EqualityIndex.hash(lookup, eventText.span.extracting(range))
    default: return nil
    }
  }
}
