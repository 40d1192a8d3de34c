/// A `first_seen` block: values that a key never had before.
struct CompiledNovelty: Sendable, Equatable {
  var keys: Range<Int32>
  var value: ValueSource
  /// Nanoseconds.
  var memory: Int64
  /// Nanoseconds.
  var warmup: Int64
}

extension RuleProgram {
  /// How many tables with state an engine has; they share its memory.
  var tableCount: Int {
    windows.count + novelties.count + absences.count + sequences.count + gauges.count
      + suppressions.count
      + (heldItems.isEmpty ? 0 : 1)
  }

  /// The group key of a rule's correlation block; nil without one.
  func correlationKeys(_ rule: CompiledRule) -> Range<Int32>? {
    if rule.window >= 0 { return windows[Int(rule.window)].keys }
    if rule.novelty >= 0 { return novelties[Int(rule.novelty)].keys }
    if rule.absence >= 0 { return absences[Int(rule.absence)].keys }
    if rule.gauge >= 0 { return gauges[Int(rule.gauge)].keys }
    if rule.sequence >= 0 { return sequences[Int(rule.sequence)].steps.last?.keys }
    return nil
  }
}

extension RuleDeclaration {
  /// Whether matches belong together by a key.
  var hasCorrelation: Bool {
    threshold != nil || measure != nil || novelty != nil || absence != nil || sequence != nil
      || gauge != nil
  }

  /// Length of the window in nanoseconds, and of the silence unless the rule says; nil without a window.
  var window: Int64? { windowLength ?? absence?.window.value ?? sequence?.window.value }
}
