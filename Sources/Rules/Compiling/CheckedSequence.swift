internal import Events

/// A `sequence` block whose expressions are sound.
struct CheckedSequence: Sendable {
  struct Step: Sendable {
    var kinds: EventKindSet
    /// What `when` says, true without one.
    var condition: Condition
    var keys: [CheckedRule.GroupKey]

    /// The part that needs no other event.
    var own: Condition { part { $0.captured.isEmpty } }
    /// The part that reads earlier events; nil without one.
    var comparison: Condition? {
      let part = part { !$0.captured.isEmpty }
      if case .constant(true) = part.kind { return nil }
      return part
    }

    private func part(_ isWanted: (Condition) -> Bool) -> Condition {
      let parts = condition.conjuncts.filter(isWanted)
      guard parts.count != 1 else { return parts[0] }
      return Condition(kind: parts.isEmpty ? .constant(true) : .all(parts), span: condition.span)
    }
  }

  var steps: [Step]
  var until: Step?

  /// All that it looks at: the steps, and what ends chains.
  var parts: [Step] { steps + (until.map { [$0] } ?? []) }
}

extension RuleChecker {
  /// The checked block, or nil after an error about it; from then on names of steps mean something.
  mutating func sequence(
    _ sequence: SequenceDeclaration, ofRule sid: Int, _ sink: inout DiagnosticSink
  ) -> CheckedSequence? {
    let before = sink.errorCount
    checkNames(sequence.steps, &sink)
    var names = StepScope(rule: sid)
    for step in sequence.steps { names.others[step.name.value] = "the step is not earlier than this one" }
    var steps: [CheckedSequence.Step] = []
    for (position, step) in sequence.steps.enumerated() {
      if let checked = check(step, names, &sink) { steps.append(checked) }
      guard position < sequence.steps.count - 1 else { break }
      names.others[step.name.value] = nil
      names.earlier.append(
        StepScope.Step(
          name: step.name.value, eventName: step.event.value, kinds: EventKindSet(name: step.event.value),
          position: position))
    }
    var all = StepScope(rule: sid)
    for step in sequence.steps {
      all.others[step.name.value] = "'until' ends chains by what its own event says"
    }
    let until = sequence.until.flatMap { check($0, all, &sink) }
    scope.steps = names
    guard sink.errorCount == before else { return nil }
    checkKeys(sequence, steps, until, &sink)
    return sink.errorCount == before ? CheckedSequence(steps: steps, until: until) : nil
  }

  private mutating func check(
    _ step: SequenceDeclaration.Step, _ names: StepScope, _ sink: inout DiagnosticSink
  ) -> CheckedSequence.Step? {
    guard let kinds = Self.kinds(named: step.event, &sink) else { return nil }
    var checker = RuleChecker(scope)
    checker.scope.kinds = kinds
    checker.scope.eventName = step.event.value
    checker.scope.steps = StepScope(rule: names.rule)
    for name in names.earlier.map(\.name) + Array(names.others.keys) {
      checker.scope.steps?.others[name] = "a key is a value of the step's own event"
    }
    let keys = step.groupKeys.compactMap { checker.key($0, &sink) }
    checker.scope.steps = names
    var condition: Condition? = Condition(kind: .constant(true), span: step.event.span)
    if let source = step.condition { condition = checker.condition(source, &sink) }
    expressions += checker.expressions
    guard let condition else { return nil }
    return CheckedSequence.Step(kinds: kinds, condition: condition, keys: keys)
  }

  private func checkNames(_ steps: [SequenceDeclaration.Step], _ sink: inout DiagnosticSink) {
    let fields = Set(FieldCatalog.all.map { String($0.name.prefix { $0 != "." }) } + ["timestamp", "header"])
    var seen: Set<String> = []
    for name in steps.map(\.name) {
      if !seen.insert(name.value).inserted {
        sink.error(.duplicateName, at: name.span, "a step before it has the name \(name.value.quoted)")
        continue
      }
      let owner: String
      if fields.contains(name.value) {
        owner = "fields begin with it"
      } else if scope.lists[name.value] != nil {
        owner = "a list has it"
      } else if scope.macroNames.contains(name.value) {
        owner = "a macro has it"
      } else {
        continue
      }
      sink.error(
        .badName, at: name.span, "\(name.value.quoted) is no name for a step: \(owner)",
        help: "call it by what happens in it, such as 'failed' or 'called'")
    }
  }

  /// Values of different types are never equal, and so are keys of different length.
  private mutating func checkKeys(
    _ sequence: SequenceDeclaration, _ steps: [CheckedSequence.Step], _ until: CheckedSequence.Step?,
    _ sink: inout DiagnosticSink
  ) {
    guard let first = sequence.steps.first, let keys = steps.first?.keys else { return }
    var others = zip(sequence.steps, steps).dropFirst().map { ($0, $1) }
    if let declaration = sequence.until, let until { others.append((declaration, until)) }
    for (declaration, step) in others {
      let name = declaration.name.value.isEmpty ? "'until'" : "the step '\(declaration.name.value)'"
      guard step.keys.count == keys.count else {
        sink.error(
          .differentKeys, at: declaration.groupKeys.first?.span ?? declaration.event.span,
          "the key of \(name) has \(Self.parts(step.keys.count)), that of the step '\(first.name.value)' "
            + "\(Self.parts(keys.count))",
          help: "events belong together when their keys have the same values, part by part")
        continue
      }
      for (part, other) in zip(step.keys, keys) where part.type != other.type {
        sink.error(
          .differentKeys, at: part.span,
          "\(part.text.quoted) is \(part.type.phrase), and \(other.text.quoted) of the step "
            + "'\(first.name.value)' is \(other.type.phrase)",
          help: "events belong together when their keys have the same values, part by part")
      }
    }
  }

  private static func parts(_ count: Int) -> String {
    count == 0 ? "no parts" : count == 1 ? "one part" : "\(count) parts"
  }
}

extension DiagnosticCode {
  static let differentKeys = DiagnosticCode(rawValue: "different-keys")
}
