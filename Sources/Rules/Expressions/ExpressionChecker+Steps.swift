internal import Events

/// The steps that an expression of a sequence can name.
struct StepScope: Sendable {
  /// An earlier step.
  struct Step: Sendable {
    var name: String
    /// What its events are called.
    var eventName: String
    /// Nothing when its event is unknown, which was reported.
    var kinds: EventKindSet?
    var position: Int
  }

  /// The rule's `sid`.
  var rule: Int
  /// The steps whose values can be read.
  var earlier: [Step] = []
  /// The names of the others, and why they cannot be read here.
  var others: [String: String] = [:]
}

extension ExpressionChecker {
  /// A value of an earlier step, or an error about it; nil when the name means something else.
  mutating func stepValue(_ name: String, _ range: Range<Int>) -> TypedOperand?? {
    guard let steps = scope.steps, let dot = name.firstIndex(of: ".") else { return nil }
    let head = String(name[..<dot])
    let rest = String(name[name.index(after: dot)...])
    if let step = steps.earlier.first(where: { $0.name == head }) {
      return .some(captured(rest, of: step, steps.rule, range))
    }
    if let reason = steps.others[head] {
      error(.unknownStep, range, "'\(head)' cannot be read here: \(reason)")
      return .some(nil)
    }
    guard FieldCatalog.definition(named: name) == nil,
      rest == "timestamp" || FieldCatalog.definition(named: rest) != nil
    else { return nil }
    let names = steps.earlier.map(\.name)
    error(
      .unknownStep, range, "unknown step \(head.quoted)" + Suggestion.phrase(for: head, among: names),
      help: names.isEmpty ? "no step is earlier" : "earlier steps: \(names.joined(separator: ", "))")
    return .some(nil)
  }

  private mutating func captured(
    _ name: String, of step: StepScope.Step, _ rule: Int, _ range: Range<Int>
  ) -> TypedOperand? {
    guard let kinds = step.kinds else { return nil }
    var value = CapturedValue(rule: rule, step: step.position, field: nil)
    if name == "timestamp" { return TypedOperand(operand: .captured(value), type: .time, range: range) }
    guard let row = FieldCatalog.definition(named: name) else {
      error(
        .unknownField, range,
        "the step '\(step.name)' has no field \(name.quoted)" + FieldSuggestion.phrase(for: name, kinds))
      return nil
    }
    guard !row.kinds.isDisjoint(with: kinds) else {
      error(
        .fieldNotInEvent, range, "'\(step.eventName)' events of the step '\(step.name)' have no '\(row.name)'"
      )
      return nil
    }
    guard !row.type.isList, row.field != .payload else {
      error(
        .typeMismatch, range, "'\(row.name)' of an earlier step is not kept",
        help: "only single values are; test it in the step '\(step.name)' itself")
      return nil
    }
    result.fields.append(FieldUse(field: row.field, span: source.span(of: range)))
    value.field = row.field
    return TypedOperand(operand: .captured(value), type: ValueType(row.type), range: range)
  }
}

extension DiagnosticCode {
  static let unknownStep = DiagnosticCode(rawValue: "unknown-step")
}
