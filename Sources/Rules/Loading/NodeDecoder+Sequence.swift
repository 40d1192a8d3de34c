internal import Values

extension RuleSchema {
  static let sequence = ["within", "steps", "until"]
  static let sequenceStep = ["name", "event", "when", "by", "count"]
  static let sequenceEnd = ["event", "when", "by"]
}

/// A `sequence` block: events that follow each other.
public struct SequenceDeclaration: Sendable {
  /// One of the events.
  public struct Step: Sendable {
    /// What later steps call it; empty for `until`.
    public var name: Spanned<String>
    /// The name of the event's type or kind, as written.
    public var event: Spanned<String>
    /// The predicate; without one any event of the type is it.
    public var condition: ExpressionSource?
    /// The group key, one expression a part; steps of a chain have the same values.
    public var groupKeys: [ExpressionSource]
    /// How many matches the step takes.
    public var count: Spanned<Int>
    /// The whole step.
    public var span: SourceSpan
  }

  /// How long a chain may take, in nanoseconds, greater than 0.
  public var window: Spanned<Int64>
  /// The steps in their order, two at the least.
  public var steps: [Step]
  /// What ends all chains of a key.
  public var until: Step?
  /// The whole block.
  public var span: SourceSpan

  /// More steps are a mistake.
  static let maximumSteps = 16
  /// More matches in a chain would make each of them slow.
  static let maximumMatches = 64
}

extension NodeDecoder {
  mutating func sequence(_ node: YAMLNode) -> SequenceDeclaration? {
    guard let fields = fields(node, of: "sequence", keys: RuleSchema.sequence) else { return nil }
    let window = required("within", in: fields).flatMap { duration($0, of: "within") }
    let until = fields["until"].flatMap { sequenceStep($0, of: "until") }
    guard let list = required("steps", in: fields), let items = items(list, of: "steps") else { return nil }
    let steps = items.compactMap { sequenceStep($0, of: "step") }
    guard steps.count == items.count else { return nil }
    guard (2...SequenceDeclaration.maximumSteps).contains(steps.count) else {
      sink.error(
        .wrongType, at: list.span,
        "a sequence has from 2 to \(SequenceDeclaration.maximumSteps) steps, not \(steps.count)",
        help: steps.count == 1 ? "one event that matches often is a 'threshold'" : nil)
      return nil
    }
    guard checkMatches(steps), let window else { return nil }
    return SequenceDeclaration(window: window, steps: steps, until: until, span: fields.mapping.span)
  }

  private mutating func checkMatches(_ steps: [SequenceDeclaration.Step]) -> Bool {
    var total = 0
    for step in steps {
      total += step.count.value
      guard total > SequenceDeclaration.maximumMatches else { continue }
      sink.error(
        .thresholdTooLarge, at: step.count.span,
        "the steps of a sequence take at most \(SequenceDeclaration.maximumMatches) matches together")
      return false
    }
    return true
  }

  private mutating func sequenceStep(_ node: YAMLNode, of what: String) -> SequenceDeclaration.Step? {
    let isStep = what == "step"
    let keys = isStep ? RuleSchema.sequenceStep : RuleSchema.sequenceEnd
    guard let fields = fields(node, of: what, keys: keys) else { return nil }
    let nothing = Spanned("", at: fields.place)
    let stepName = isStep ? required("name", in: fields).flatMap { self.stepName($0) } : nothing
    let event = required("event", in: fields).flatMap { text($0, of: "event") }
    let groupKeys = required("by", in: fields).flatMap { expressions($0, of: "by") }
    let before = sink.errorCount
    let condition = fields["when"].flatMap { expression($0, of: "when") }
    var count = Spanned(1, at: fields.place)
    if let node = fields["count"] {
      guard let bound = self.fields(node, of: "count", keys: RuleSchema.boundWords),
        let minimum = minimum(bound)
      else { return nil }
      count = minimum
    }
    guard let stepName, let event, let groupKeys, sink.errorCount == before else { return nil }
    return SequenceDeclaration.Step(
      name: stepName, event: event, condition: condition, groupKeys: groupKeys, count: count,
      span: fields.mapping.span)
  }

  private mutating func stepName(_ node: YAMLNode) -> Spanned<String>? {
    guard let scalar = scalar(node, of: "name") else { return nil }
    return name(scalar, of: "step")
  }

  /// Reports `event` and `when` of a rule whose block has its own.
  mutating func refuseEvent(of fields: DecodedFields) {
    for name in ["event", "when"] {
      guard let key = fields.key(name) else { continue }
      sink.error(
        .conflictingKeys, at: key.span, "a rule with 'sequence' has no '\(name)' of its own",
        help: "each step has its '\(name)'")
    }
  }
}
