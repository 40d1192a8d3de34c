internal import Events

/// A rule whose expressions are sound.
struct CheckedRule: Sendable {
  var declaration: RuleDeclaration
  var kinds: EventKindSet
  /// What `when` says, true without one.
  var condition: Condition
  /// All expressions of the rule, for the lint.
  var expressions: [CheckedExpression]
  var exceptions: [Condition]
  var keys: [GroupKey]
  var distinct: GroupKey?
  var measure: CheckedMeasure?
  var absence: CheckedAbsence?
  var sequence: CheckedSequence?
  /// The value of `first_seen`.
  var noveltyValue: GroupKey?
  /// Keys of its own; nil for those of the window.
  var suppressionKeys: [GroupKey]?

  /// The kinds of event that can change what the rule does.
  var observedKinds: EventKindSet {
    var all = kinds.union(absence?.kinds ?? [])
    if let gauge = declaration.gauge { all.formUnion(gauge.live.value.ending) }
    for part in sequence?.parts ?? [] { all.formUnion(part.kinds) }
    return all
  }

  /// What is asked of the rule's events: `when`, of a sequence that of each step.
  var conditions: [Condition] {
    sequence?.parts.map(\.condition) ?? [condition]
  }

  /// The key that alerts of the rule have, part by part as written.
  var groupKeyTexts: [String] {
    (declaration.hasCorrelation ? keys : suppressionKeys ?? []).map(\.text)
  }

  /// The key that summaries have.
  var summaryKeyTexts: [String] { suppressionKeys?.map(\.text) ?? groupKeyTexts }

  /// A part of a group key.
  struct GroupKey: Sendable {
    var operand: Operand
    var type: ValueType
    var span: SourceSpan
    var text: String
  }
}

/// Checks what a rule says against the catalogue and against the names around it.
struct RuleChecker {
  /// More distinct values than this would make each match slow.
  static let maximumDistinct = 4096
  static let maximumCount = 100_000

  var scope: ExpressionScope
  var expressions: [CheckedExpression] = []

  init(_ scope: ExpressionScope) {
    self.scope = scope
  }

  /// The checked rule, or nil after an error about it.
  static func check(
    _ rule: RuleDeclaration, in scope: ExpressionScope, _ sink: inout DiagnosticSink
  ) -> CheckedRule? {
    let before = sink.errorCount
    // A rule without an event was reported already.
    guard !rule.event.value.isEmpty, let kinds = Self.kinds(named: rule.event, &sink) else { return nil }
    var scope = scope
    scope.kinds = kinds
    scope.eventName = rule.event.value
    for parameter in rule.parameters {
      if let constant = parameter.constant {
        scope.parameters[parameter.name.value] = constant
      } else {
        scope.brokenNames.insert(parameter.name.value)
      }
    }
    var checker = RuleChecker(scope)
    let checked = checker.check(rule, kinds, &sink)
    return sink.errorCount == before && rule.isComplete ? checked : nil
  }

  /// The kinds of event that a name stands for, or nil after an error about it.
  static func kinds(named name: Spanned<String>, _ sink: inout DiagnosticSink) -> EventKindSet? {
    if let kinds = EventKindSet(name: name.value) { return kinds }
    let suggestion = Suggestion.phrase(for: name.value, among: EventKindSet.names)
    let events = EventKindSet.emitted.kinds.map(\.name).joined(separator: ", ")
    sink.error(
      .unknownEvent, at: name.span, "unknown event \(name.value.quoted)" + suggestion,
      help: suggestion.isEmpty ? "events are \(events)" : nil)
    return nil
  }

  private mutating func check(
    _ rule: RuleDeclaration, _ kinds: EventKindSet, _ sink: inout DiagnosticSink
  ) -> CheckedRule {
    var checked = CheckedRule(
      declaration: rule, kinds: kinds, condition: Condition(kind: .constant(true), span: rule.event.span),
      expressions: [], exceptions: [], keys: [])
    if let source = rule.condition, let condition = condition(source, &sink) { checked.condition = condition }
    if let sequence = rule.sequence {
      checked.sequence = self.sequence(sequence, ofRule: rule.sid.value, &sink)
      if let last = checked.sequence?.steps.last {
        (checked.condition, checked.keys) = (last.condition, last.keys)
      }
    }
    for exception in rule.exceptions {
      if let condition = condition(exception.condition, &sink) { checked.exceptions.append(condition) }
    }
    scope.steps = nil
    if let threshold = rule.threshold {
      checked.keys = threshold.groupKeys.compactMap { key($0, &sink) }
      if case .distinct(let source) = threshold.measure { checked.distinct = key(source, &sink) }
      checkMinimum(threshold, &sink)
    }
    if let measure = rule.measure {
      checked.keys = measure.groupKeys.compactMap { key($0, &sink) }
      checked.measure = check(measure, ofRule: rule.sid.value, &sink)
    }
    if let absence = rule.absence {
      checked.keys = absence.groupKeys.compactMap { key($0, &sink) }
      checked.absence = self.absence(
        absence, checksKeys: checked.keys.count == absence.groupKeys.count, &sink)
    }
    if let gauge = rule.gauge { checked.keys = gauge.groupKeys.compactMap { key($0, &sink) } }
    if let novelty = rule.novelty {
      checked.keys = novelty.groupKeys.compactMap { key($0, &sink) }
      checked.noveltyValue = key(novelty.value, &sink)
    }
    if let keys = rule.suppression?.groupKeys { checked.suppressionKeys = keys.compactMap { key($0, &sink) } }
    checkSelfReference(of: checked, &sink)
    checked.expressions = expressions
    return checked
  }

  /// A condition over named values instead of an event's fields.
  mutating func condition(
    over names: [String: TypedOperand], _ source: ExpressionSource, _ sink: inout DiagnosticSink
  ) -> Condition? {
    var scope = scope
    scope.measured = names
    guard let checked = ExpressionChecker.condition(source, in: scope, &sink) else { return nil }
    expressions.append(checked)
    return checked.condition
  }

  mutating func condition(_ source: ExpressionSource, _ sink: inout DiagnosticSink) -> Condition? {
    guard let checked = ExpressionChecker.condition(source, in: scope, &sink) else { return nil }
    expressions.append(checked)
    return checked.condition
  }

  mutating func key(
    _ source: ExpressionSource, _ sink: inout DiagnosticSink
  ) -> CheckedRule.GroupKey? {
    typedKey(source, &sink).map {
      CheckedRule.GroupKey(operand: $0.operand, type: $0.type, span: source.span, text: source.text)
    }
  }

  /// A single value with its type.
  mutating func typedKey(
    _ source: ExpressionSource, _ sink: inout DiagnosticSink
  ) -> (operand: Operand, type: ValueType)? {
    guard let checked = ExpressionChecker.value(source, in: scope, &sink),
      case .value(let operand, let type) = checked.content
    else { return nil }
    expressions.append(checked)
    return (operand, type)
  }

  private func checkMinimum(_ threshold: ThresholdDeclaration, _ sink: inout DiagnosticSink) {
    let isDistinct = if case .distinct = threshold.measure { true } else { false }
    let maximum = isDistinct ? Self.maximumDistinct : Self.maximumCount
    guard threshold.minimum.value > maximum else { return }
    sink.error(
      .thresholdTooLarge, at: threshold.minimum.span,
      "a threshold is at most \(maximum) \(isDistinct ? "distinct values" : "matches")",
      help: "use a shorter window")
  }
}

extension DiagnosticCode {
  // Rules as a whole.
  static let unknownEvent = DiagnosticCode(rawValue: "unknown-event")
  static let thresholdTooLarge = DiagnosticCode(rawValue: "threshold-too-large")
}
