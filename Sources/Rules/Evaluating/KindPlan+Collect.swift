internal import Events
internal import Values

extension KindPlan {
  /// Adds the rules that an event can concern to the candidates.
  func collect(
    into candidates: inout CandidateSet, _ evaluator: inout PredicateEvaluator, _ program: RuleProgram,
    _ event: borrowing Event
  ) {
    for rule in always { candidates.insert(rule) }
    for lookup in equality.lookups {
      guard let hash = evaluator.hash(of: lookup, program, event) else { continue }
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
