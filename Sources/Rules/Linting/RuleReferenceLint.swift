internal import Events
internal import Values

/// Finds comparisons of alerts with rules that are not there.
struct RuleReferenceLint {
  private let ids: [String]
  private let sids: [Int64]

  init(_ rules: [RuleDeclaration]) {
    ids = rules.map(\.id.value)
    sids = rules.map { Int64($0.sid.value) }
  }

  /// Warns where a condition of a rule names a rule that no file has.
  func check(_ rule: CheckedRule, _ sink: inout DiagnosticSink) {
    for (test, span) in rule.expressions.compactMap(\.condition).flatMap(\.tests) { check(test, span, &sink) }
  }

  private func check(_ test: Test, _ span: SourceSpan, _ sink: inout DiagnosticSink) {
    switch (test.subject.comparedField, test.check) {
    case (.alertContextRule, .equals(.text(let text))), (.alertMetadataChainedFrom, .equals(.text(let text))):
      check(text, span, &sink)
    case (.alertContextRule, .inTexts(let texts)), (.alertMetadataChainedFrom, .inTexts(let texts)):
      for text in texts { check(text, span, &sink) }
    case (.alertSignatureID, .equals(.integer(let number))): check(number...number, span, &sink)
    case (.alertSignatureID, .inRanges(let ranges)):
      for range in ranges { check(range.lower...range.upper, span, &sink) }
    default: return
    }
  }

  private func check(_ text: [UInt8], _ span: SourceSpan, _ sink: inout DiagnosticSink) {
    let id = String(decoding: text, as: UTF8.self)
    guard !ids.contains(id) else { return }
    sink.warning(
      .unknownRule, at: span, "no rule has the id \(id.quoted)" + Suggestion.phrase(for: id, among: ids),
      help: "name all rule files and folders of the run")
  }

  private func check(_ numbers: ClosedRange<Int64>, _ span: SourceSpan, _ sink: inout DiagnosticSink) {
    guard !sids.contains(where: { numbers.contains($0) }) else { return }
    let words =
      numbers.lowerBound == numbers.upperBound
      ? "the sid \(numbers.lowerBound)" : "a sid in \(numbers.lowerBound)..\(numbers.upperBound)"
    sink.warning(
      .unknownRule, at: span, "no rule has \(words)", help: "name all rule files and folders of the run")
  }
}

extension Operand {
  /// The field that is compared, of this event or of that of an earlier step.
  fileprivate var comparedField: Field? {
    switch self {
    case .field(let field): field
    case .captured(let value): value.field
    default: nil
    }
  }
}
