internal import Values

extension NodeDecoder {
  /// The largest count that a threshold may ask for: a window keeps as many times for each key.
  static let maximumCount = 1_000_000

  mutating func threshold(_ node: YAMLNode) -> ThresholdDeclaration? {
    guard let fields = fields(node, of: "threshold", keys: RuleSchema.threshold) else { return nil }
    let motion = windowMotion(fields)
    let keys = required("by", in: fields).flatMap { expressions($0, of: "by") }
    let window = required("within", in: fields).flatMap { duration($0, of: "within") }
    if let key = fields.key("distinct"), fields["count"] != nil {
      sink.error(.conflictingKeys, at: key.span, "a threshold has 'count' or 'distinct', not both")
    }
    if let count = fields["count"] {
      guard let bound = self.fields(count, of: "count", keys: RuleSchema.boundWords),
        let minimum = minimum(bound), let keys, let window
      else { return nil }
      return ThresholdDeclaration(
        groupKeys: keys, window: window, motion: motion, measure: .count, minimum: minimum,
        span: fields.mapping.span)
    }
    guard let distinct = fields["distinct"] else {
      sink.error(.missingKey, at: fields.place, "this threshold has neither 'count' nor 'distinct'")
      return nil
    }
    guard let bound = self.fields(distinct, of: "distinct", keys: RuleSchema.distinct) else {
      return nil
    }
    let value = required("of", in: bound).flatMap { expression($0, of: "of") }
    guard let minimum = minimum(bound), let value, let keys, let window else { return nil }
    return ThresholdDeclaration(
      groupKeys: keys, window: window, motion: motion, measure: .distinct(of: value), minimum: minimum,
      span: fields.mapping.span)
  }

  /// The smallest number that fires.
  mutating func minimum(_ bound: DecodedFields) -> Spanned<Int>? {
    switch (bound["at_least"], bound["more_than"]) {
    case (let node?, nil):
      return number(node, of: "at_least", in: 1...Self.maximumCount)
    case (nil, let node?):
      guard let most = number(node, of: "more_than", in: 0...Self.maximumCount - 1) else { return nil }
      return Spanned(most.value + 1, at: most.span)
    case (nil, nil):
      sink.error(
        .missingKey, at: bound.place, "\(bound.what.quoted) has no bound",
        help: "write at_least: N or more_than: N")
    default:
      sink.error(.conflictingKeys, at: bound.place, "\(bound.what.quoted) has two bounds")
    }
    return nil
  }

  mutating func suppression(_ node: YAMLNode) -> SuppressionDeclaration? {
    guard let fields = fields(node, of: "suppress block", keys: RuleSchema.suppression) else { return nil }
    let keys = fields["by"].flatMap { expressions($0, of: "by") }
    let summary = fields["summary"].flatMap { boolean($0, of: "summary") } ?? false
    guard let node = required("for", in: fields),
      let duration = duration(node, of: "for", allowsZero: true)
    else { return nil }
    return SuppressionDeclaration(
      groupKeys: keys, duration: duration, summary: summary, span: fields.mapping.span)
  }
}
