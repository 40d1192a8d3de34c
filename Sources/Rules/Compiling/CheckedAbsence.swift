internal import Events

/// The event that must follow a match.
struct CheckedAbsence: Sendable {
  var kinds: EventKindSet
  /// What `when` says, true without one.
  var condition: Condition
}

extension RuleChecker {
  /// The expected event of a rule; its keys must be fields of that event too.
  ///
  /// - Parameter checksKeys: whether the keys are right for the rule's own events; otherwise they were reported.
  mutating func absence(
    _ absence: AbsenceDeclaration, checksKeys: Bool, _ sink: inout DiagnosticSink
  ) -> CheckedAbsence? {
    guard let kinds = Self.kinds(named: absence.event, &sink) else { return nil }
    var scope = scope
    scope.kinds = kinds
    scope.eventName = absence.event.value
    var checker = RuleChecker(scope)
    if checksKeys { for source in absence.groupKeys { _ = checker.key(source, &sink) } }
    var checked = CheckedAbsence(
      kinds: kinds, condition: Condition(kind: .constant(true), span: absence.event.span))
    if let source = absence.condition, let condition = checker.condition(source, &sink) {
      checked.condition = condition
    }
    expressions += checker.expressions
    return checked
  }
}
