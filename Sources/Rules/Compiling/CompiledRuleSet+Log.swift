internal import Events

/// What a rule reads that no log has.
public struct UnloggedInput: Hashable, Sendable {
  /// Index of the rule.
  public let rule: Int
  /// Kinds of event that are not logged, by their names.
  public let kinds: [String]
  /// Fields that are not logged, as rules write them.
  public let fields: [String]
}

extension CompiledRuleSet {
  /// The enabled rules that need more than a log can have: kinds of event and fields for rules only, headers, the
  /// bytes of messages.
  public var unloggedInputs: [UnloggedInput] {
    checked.enumerated().compactMap { index, rule in
      guard rule.declaration.isEnabled else { return nil }
      let (kinds, fields) = (rule.unloggedKinds, rule.unloggedFields)
      guard !kinds.isEmpty || !fields.isEmpty else { return nil }
      return UnloggedInput(rule: index, kinds: kinds, fields: fields)
    }
  }
}

extension UnloggedInput {
  /// What is missing, for messages.
  public var needs: String { (kinds.map { "'\($0)' events" } + fields).joined(separator: ", ") }
}

extension CheckedRule {
  /// Kinds of event that it needs and no log has.
  var unloggedKinds: [String] {
    observedKinds.subtracting(.logged).kinds.map(\.name)
  }

  /// Fields and headers that it reads and no log has.
  var unloggedFields: [String] {
    var names: [String] = []
    for expression in expressions {
      for use in expression.fields {
        let row = FieldCatalog.definition(of: use.field)
        if case .hidden = row.format { names.append(row.name) }
      }
      let operands: [Operand] =
        switch expression.content {
        case .condition(let condition): condition.operands
        case .value(let operand, _): [operand]
        }
      names += operands.flatMap(\.headers).map { "header[\"\($0)\"]" }
    }
    return names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension Condition {
  /// The values that it tests.
  var operands: [Operand] {
    switch kind {
    case .constant: []
    case .not(let inner): inner.operands
    case .all(let parts), .any(let parts): parts.flatMap(\.operands)
    case .test(let test): test.operands
    }
  }
}

extension Operand {
  /// The headers that it is computed from, by their canonical names.
  var headers: [String] {
    switch self {
    case .header(let name): [name]
    case .arithmetic(_, let left, let right): left.headers + right.headers
    case .function(_, let argument): argument.headers
    default: []
    }
  }
}
