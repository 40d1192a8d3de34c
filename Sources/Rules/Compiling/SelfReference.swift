internal import Events

/// Rules over alerts that ask for their own.
extension RuleChecker {
  /// Reports conditions that only alerts of the rule itself could meet: a rule never meets those.
  func checkSelfReference(of rule: CheckedRule, _ sink: inout DiagnosticSink) {
    let declaration = rule.declaration
    let (id, sid) = (Array(declaration.id.value.utf8), Int64(declaration.sid.value))
    let steps = rule.sequence?.steps.map(\.condition) ?? []
    for condition in [rule.condition, rule.absence?.condition].compactMap(\.self) + steps {
      guard let span = condition.placeAsking(forID: id, sid: sid) else { continue }
      sink.error(
        .selfReference, at: span, "a rule never meets its own alerts",
        help: "name the rules whose alerts are meant; what leads back to the rule itself is left out anyway")
    }
  }
}

extension Condition {
  /// Where it asks for alerts of a rule; nil when it does not.
  fileprivate func placeAsking(forID id: [UInt8], sid: Int64) -> SourceSpan? {
    switch kind {
    case .constant, .not: nil
    case .test(let test): test.asks(forID: id, sid: sid) ? span : nil
    case .all(let parts), .any(let parts):
      parts.lazy.compactMap { $0.placeAsking(forID: id, sid: sid) }.first
    }
  }
}

extension Test {
  fileprivate func asks(forID id: [UInt8], sid: Int64) -> Bool {
    guard quantifier == .one else { return false }
    switch (subject, check) {
    case (.field(.alertContextRule), .equals(.text(let text))): return text == id
    case (.field(.alertContextRule), .inTexts(let texts)): return texts.contains(id)
    case (.field(.alertSignatureID), .equals(.integer(let number))): return number == sid
    case (.field(.alertSignatureID), .inRanges(let ranges)):
      return ranges.contains { $0.lower == sid && $0.upper == sid }
    default: return false
    }
  }
}

extension DiagnosticCode {
  // Chaining.
  static let selfReference = DiagnosticCode(rawValue: "self-reference")
}
