internal import Events
internal import Values

extension RuleEngine {
  /// Whether the value of a match is new to its key; the key then, otherwise nil.
  mutating func findNovelty(
    _ novelty: CompiledNovelty, _ index: Int, _ rule: Int, _ program: RuleProgram, _ event: borrowing Event,
    isLate: Bool, _ alert: inout Alert
  ) -> KeyHash? {
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
    guard case .new(let count) = tables.novelties[index].add(key: key, value: value, time: time) else {
      return nil
    }
    alert.distinct = count
    alert.windowStart = Timestamp(nanoseconds: time.saturatingSubtract(novelty.memory))
    alert.windowEnd = event.timestamp
    return key
  }
}
