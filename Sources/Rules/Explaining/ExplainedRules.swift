internal import Events
internal import Values

/// A rule set in which a rule can be watched: the rules as they are, one more that fires at each event of interest,
/// and the clauses of the rule as rules that do not run.
struct ExplainedRules {
  /// A clause of a condition.
  struct Clause {
    /// As it is written.
    let text: String
    /// The rule whose condition it is, and the one whose condition is its opposite.
    let holds: Int
    let fails: Int
  }

  let ruleSet: CompiledRuleSet
  /// The rule that fires at each event of interest.
  let probe: Int
  /// The parts of `when`, in the order in which they are written.
  let clauses: [Clause]
  /// The parts of the condition of an expected event.
  let expectedClauses: [Clause]
  /// Where an event is held until nothing earlier can come: the steps of a sequence, or the begin of what a gauge
  /// counts; empty for other rules.
  let steps: [Step]

  /// One of the events that a rule with a delay looks at.
  struct Step {
    /// The name of the step; empty for a gauge.
    let name: String
    let kinds: EventKindSet
    /// The parts of its condition that read no other event.
    let clauses: [Clause]
  }

  /// Nil when there is no such rule.
  init?(_ ruleSet: CompiledRuleSet, rule: Int, sources: SourceFiles) {
    guard ruleSet.checked.indices.contains(rule), let template = Self.template else { return nil }
    let watched = ruleSet.checked[rule]
    var rules = ruleSet.checked
    probe = rules.count
    var always = template
    always.suppression = nil
    rules.append(
      Self.rule(always, watched.observedKinds, Condition(kind: .constant(true), span: template.span)))
    if let sequence = watched.sequence, let declared = watched.declaration.sequence {
      clauses = []
      steps = zip(declared.steps, sequence.steps).map { declaration, step in
        Step(
          name: declaration.name.value, kinds: step.kinds,
          clauses: Self.add(step.own, step.kinds, template, sources, to: &rules))
      }
    } else {
      clauses = Self.add(watched.condition, watched.kinds, template, sources, to: &rules)
      steps =
        watched.declaration.gauge == nil ? [] : [Step(name: "", kinds: watched.kinds, clauses: clauses)]
    }
    expectedClauses =
      watched.absence.map { Self.add($0.condition, $0.kinds, template, sources, to: &rules) } ?? []
    guard let compiled = ruleSet.compile(rules, sources: sources) else { return nil }
    self.ruleSet = compiled
  }

  private static func add(
    _ condition: Condition, _ kinds: EventKindSet, _ template: RuleDeclaration, _ sources: SourceFiles,
    to rules: inout [CheckedRule]
  ) -> [Clause] {
    var silent = template
    silent.isEnabled = false
    return condition.conjuncts.compactMap { part -> Clause? in
      if case .constant = part.kind { return nil }
      var holds = rule(silent, kinds, part)
      holds.suppressionKeys = part.shownOperands.map { operand in
        // Only shown, and compared with nothing, so that its type does not matter.
        CheckedRule.GroupKey(operand: operand, type: .text, span: part.span, text: operand.text)
      }
      rules.append(holds)
      rules.append(rule(silent, kinds, Condition(kind: .not(part), span: part.span)))
      return Clause(text: sources.text(at: part.span), holds: rules.count - 2, fails: rules.count - 1)
    }
  }

  private static func rule(
    _ declaration: RuleDeclaration, _ kinds: EventKindSet, _ condition: Condition
  ) -> CheckedRule {
    CheckedRule(
      declaration: declaration, kinds: kinds, condition: condition, expressions: [], exceptions: [], keys: [])
  }

  /// A rule without any block, so that it fires at each event; `info` alerts move no reputation.
  private static var template: RuleDeclaration? {
    let text = """
      rules:
        - {id: explained, sid: 1, title: Explained, event: sip, severity: info, suppress: {by: [], for: 1ms}}

      """
    let loaded = RuleLoader().load(files: [SourceFile(path: "", bytes: Array(text.utf8))])
    return loaded.rules.first
  }
}

extension Condition {
  /// The values that it reads from the event, each once.
  fileprivate var shownOperands: [Operand] {
    operands.filter { !$0.isConstant }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension Operand {
  /// As a rule author writes it.
  fileprivate var text: String {
    switch self {
    case .field(let field): FieldCatalog.definition(of: field).name
    case .header(let name): "header[\"\(name)\"]"
    case .timestamp: "timestamp"
    case .integer(let value): "\(value)"
    case .decimal(let value): "\(value)"
    case .duration(let value): DurationText.text(value)
    case .ip(let address): "\(address)"
    case .text(let bytes): "\"\(String(decoding: bytes, as: UTF8.self))\""
    case .bool(let value): "\(value)"
    case .measured, .captured: "value"
    case .arithmetic(let sign, let left, let right): "\(left.text) \(sign.rawValue) \(right.text)"
    case .function(let function, let argument): function.call(on: argument.text)
    }
  }
}

extension OperandFunction {
  fileprivate func call(on argument: String) -> String {
    switch self {
    case .length: "len(\(argument))"
    case .lower: "lower(\(argument))"
    case .count: "count(\(argument))"
    case .hour: "hour(\(argument))"
    case .prefix(let length): "prefix(\(argument), \(length))"
    case .suffix(let length): "suffix(\(argument), \(length))"
    case .digits: "digits(\(argument))"
    case .entropy: "entropy(\(argument))"
    }
  }
}
