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
    clauses = Self.add(watched.condition, watched.kinds, template, sources, to: &rules)
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
    return condition.conjuncts.compactMap { part in
      if case .constant = part.kind { return nil }
      var holds = rule(silent, kinds, part)
      holds.suppressionKeys = part.shownOperands.map { operand in
        CheckedRule.GroupKey(operand: operand, span: part.span, text: operand.text)
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

extension CheckedRule {
  /// The kinds of event that can change what the rule does.
  fileprivate var observedKinds: EventKindSet { kinds.union(absence?.kinds ?? []) }
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
    case .measured: "value"
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
    case .digits: "digits(\(argument))"
    case .entropy: "entropy(\(argument))"
    }
  }
}
