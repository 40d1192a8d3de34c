internal import Values

extension RuleSchema {
  static let absence = ["by", "within", "expect"]
  static let expectedEvent = ["event", "when"]
}

/// An `absence` block: an event that did not follow.
public struct AbsenceDeclaration: Sendable {
  /// The group key, one expression a part, of the match and of the expected event.
  public var groupKeys: [ExpressionSource]
  /// How long after a match the event may come, in nanoseconds, greater than 0.
  public var window: Spanned<Int64>
  /// The name of the expected event's type or kind, as written.
  public var event: Spanned<String>
  /// The predicate of the expected event; without one any event of the type is it.
  public var condition: ExpressionSource?
  /// The whole block.
  public var span: SourceSpan
}

extension NodeDecoder {
  mutating func absence(_ node: YAMLNode) -> AbsenceDeclaration? {
    guard let fields = fields(node, of: "absence", keys: RuleSchema.absence) else { return nil }
    let keys = required("by", in: fields).flatMap { expressions($0, of: "by") }
    let window = required("within", in: fields).flatMap { duration($0, of: "within") }
    guard let node = required("expect", in: fields),
      let expected = self.fields(node, of: "expect", keys: RuleSchema.expectedEvent)
    else { return nil }
    let event = required("event", in: expected).flatMap { text($0, of: "event") }
    let condition = expected["when"].flatMap { expression($0, of: "when") }
    guard let keys, let window, let event else { return nil }
    return AbsenceDeclaration(
      groupKeys: keys, window: window, event: event, condition: condition, span: fields.mapping.span)
  }
}
