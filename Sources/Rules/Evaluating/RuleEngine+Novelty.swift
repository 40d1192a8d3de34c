internal import Events
internal import Values

extension RuleEngine {
  /// Takes the value of a match; nil unless it is new to its key.
  mutating func findNovelty(
    _ novelty: CompiledNovelty, _ index: Int, _ rule: Int, _ program: RuleProgram, _ event: borrowing Event,
    isLate: Bool
  ) -> ReachedThreshold? {
    guard !isLate else {
      countLate(rule)
      return nil
    }
    guard let key = evaluator.key(novelty.keys, allowsAbsent: false, hasher, program, event),
      let value = evaluator.identity(novelty.value, hasher, program, event)
    else {
      countMissingKey(rule)
      return nil
    }
    let time = event.timestamp.nanoseconds
    let outcome = tables.novelties[index].add(key: key, value: value, time: time)
    tables.widenNovelty(index)
    guard case .new(let count) = outcome else { return nil }
    return ReachedThreshold(
      key: key, distinct: count, start: time.saturatingSubtract(novelty.memory), end: time)
  }
}
