internal import Values

extension RuleSchema {
  /// The blocks that say how matches belong together; a rule has one of them at the most.
  static let correlationBlocks = ["threshold", "measure", "gauge", "sequence", "absence", "first_seen"]

  static let novelty = ["of", "by", "memory", "warmup"]
}

/// A `first_seen` block: a value that a key never had before.
public struct NoveltyDeclaration: Sendable {
  /// The value.
  public var value: ExpressionSource
  /// The group key, one expression a part; empty means one memory for everything.
  public var groupKeys: [ExpressionSource]
  /// How long a value is remembered after it was last seen, in nanoseconds, greater than 0.
  public var memory: Spanned<Int64>
  /// How long each key learns from its first match on, in nanoseconds; 0 fires on the first value too.
  public var warmup: Int64
  /// The whole block.
  public var span: SourceSpan
}

extension NodeDecoder {
  /// Reports all correlation blocks of a rule but the first.
  mutating func refuseSecondBlock(_ fields: DecodedFields) {
    let blocks = fields.mapping.entries.filter { RuleSchema.correlationBlocks.contains($0.key.text) }
    guard let first = blocks.first?.key.text else { return }
    for block in blocks.dropFirst() where block.key.text != first {
      sink.error(
        .conflictingKeys, at: block.key.span, "a rule has '\(first)' or '\(block.key.text)', not both",
        help: "write a second rule")
    }
  }

  mutating func novelty(_ node: YAMLNode) -> NoveltyDeclaration? {
    guard let fields = fields(node, of: "first_seen", keys: RuleSchema.novelty) else { return nil }
    let value = required("of", in: fields).flatMap { expression($0, of: "of") }
    let keys = required("by", in: fields).flatMap { expressions($0, of: "by") }
    let memory = required("memory", in: fields).flatMap { duration($0, of: "memory") }
    let warmup = fields["warmup"].flatMap { duration($0, of: "warmup", allowsZero: true) }
    guard let value, let keys, let memory else { return nil }
    if let warmup, warmup.value >= memory.value {
      sink.error(
        .badDuration, at: warmup.span, "'warmup' must be shorter than 'memory'",
        help: "what is learned at its beginning would be forgotten at its end")
    }
    return NoveltyDeclaration(
      value: value, groupKeys: keys, memory: memory, warmup: warmup?.value ?? 0, span: fields.mapping.span)
  }
}
