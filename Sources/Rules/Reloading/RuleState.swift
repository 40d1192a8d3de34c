internal import Events

/// Tells whether what a rule remembers means the same as before, for the reload of rules.
///
/// What decides what is counted and when it is enough goes into it, with macros, parameters and overrides
/// in place: the event, `when`, the block and whether the rule is enabled; for silences `suppress` too. All
/// that is only said about a rule does not, nor do `except` and `during`, which decide about one event at a
/// time, except for the values of earlier events of a sequence that exceptions read. Lists count by their
/// names. The numbers compare within one process only.
struct RuleState: Equatable, Sendable {
  /// Windows, values and matches that wait.
  let counting: Int
  /// Silences.
  let silence: Int
}

extension RuleState {
  /// - Parameter lists: the names of the lists, by their indices.
  init(_ rule: CheckedRule, lists: [String]) {
    var digest = RuleStateDigest(lists: lists)
    digest.combine(rule)
    counting = digest.value
    let suppression = rule.declaration.suppression
    digest.combine(rule.suppressionKeys)
    digest.hasher.combine(suppression?.duration.value)
    digest.hasher.combine(suppression?.summary ?? false)
    silence = digest.value
  }
}

/// Gathers what goes into a rule's state.
struct RuleStateDigest {
  let lists: [String]
  var hasher = Hasher()

  var value: Int { hasher.finalize() }

  init(lists: [String]) {
    self.lists = lists
  }

  mutating func combine(_ rule: CheckedRule) {
    hasher.combine(rule.declaration.isEnabled)
    hasher.combine(rule.kinds)
    combine(rule.condition)
    combine(rule.keys)
    if let threshold = rule.declaration.threshold {
      hasher.combine("threshold")
      combine(window: threshold.window.value, threshold.motion)
      hasher.combine(threshold.minimum.value)
      hasher.combine(rule.distinct?.operand)
    }
    if let measure = rule.measure, let declaration = rule.declaration.measure {
      combine(measure, declaration)
    }
    if let novelty = rule.declaration.novelty {
      hasher.combine("first_seen")
      hasher.combine(rule.noveltyValue?.operand)
      hasher.combine(novelty.memory.value)
      hasher.combine(novelty.warmup)
    }
    if let absence = rule.absence, let declaration = rule.declaration.absence {
      hasher.combine("absence")
      hasher.combine(declaration.window.value)
      hasher.combine(absence.kinds)
      combine(absence.condition)
    }
    if let gauge = rule.declaration.gauge {
      hasher.combine("gauge")
      hasher.combine(gauge.live.value)
      hasher.combine(gauge.limit.value)
      hasher.combine(gauge.clearBelow)
    }
    if let sequence = rule.sequence, let declaration = rule.declaration.sequence {
      combine(sequence, declaration)
      // What a chain keeps of its events is decided by all that reads them.
      hasher.combine(rule.exceptions.flatMap(\.captured))
    }
  }

  private mutating func combine(_ sequence: CheckedSequence, _ declaration: SequenceDeclaration) {
    hasher.combine("sequence")
    hasher.combine(declaration.window.value)
    hasher.combine(sequence.steps.count)
    for (step, written) in zip(sequence.steps, declaration.steps) {
      combine(step)
      hasher.combine(written.count.value)
    }
    hasher.combine(sequence.until != nil)
    if let until = sequence.until { combine(until) }
  }

  private mutating func combine(_ step: CheckedSequence.Step) {
    hasher.combine(step.kinds)
    combine(step.condition)
    combine(step.keys)
  }

  private mutating func combine(window length: Int64, _ motion: WindowMotion) {
    hasher.combine(length)
    hasher.combine(motion)
  }

  private mutating func combine(_ measure: CheckedMeasure, _ declaration: MeasureDeclaration) {
    hasher.combine("measure")
    combine(window: declaration.window.value, declaration.motion)
    for value in measure.values {
      switch value {
      case .count: hasher.combine("count")
      case .countIf(let condition): combine(condition)
      case .distinct(let operand, let condition):
        hasher.combine(operand)
        if let condition { combine(condition) }
      case .figure(let figure, let operand, _):
        hasher.combine(figure)
        hasher.combine(operand)
      }
    }
    combine(measure.having)
  }

  mutating func combine(_ keys: [CheckedRule.GroupKey]?) {
    hasher.combine(keys?.map(\.operand))
  }

  /// A condition, with the names of lists in the place of their indices, which change from load to load.
  mutating func combine(_ condition: Condition) {
    switch condition.kind {
    case .constant(let value): hasher.combine(value)
    case .test(let test): combine(test)
    case .not(let inner):
      hasher.combine("not")
      combine(inner)
    case .all(let parts), .any(let parts):
      hasher.combine(condition.isConjunction)
      hasher.combine(parts.count)
      for part in parts { combine(part) }
    }
  }

  private mutating func combine(_ test: Test) {
    guard case .inList(let list) = test.check else { return hasher.combine(test) }
    hasher.combine(test.subject)
    hasher.combine(test.quantifier)
    hasher.combine(test.isNegated)
    hasher.combine(lists[list])
  }
}

extension Condition {
  /// Whether all of its parts must be true.
  fileprivate var isConjunction: Bool { if case .all = kind { true } else { false } }
}
