extension NodeDecoder {
  /// More values in one block are a mistake.
  static let maximumMeasuredValues = 16

  /// `measure` with `having`: one is nothing without the other.
  mutating func measure(_ rule: DecodedFields) -> MeasureDeclaration? {
    guard let node = rule["measure"] else {
      if let key = rule.key("having") {
        sink.error(
          .missingKey, at: key.span, "'having' is a condition over 'measure', which this rule does not have")
      }
      return nil
    }
    if let key = rule.key("measure"), rule["having"] == nil {
      sink.error(
        .missingKey, at: key.span, "'measure' has no condition",
        help: "write having: and a comparison of its values, such as having: total >= 50")
    }
    let having = rule["having"].flatMap { expression($0, of: "having") }
    guard let fields = fields(node, of: "measure", keys: RuleSchema.measure) else { return nil }
    let motion = windowMotion(fields)
    let keys = required("by", in: fields).flatMap { expressions($0, of: "by") }
    let window = required("within", in: fields).flatMap { duration($0, of: "within") }
    let values = required("values", in: fields).flatMap { measuredValues($0) }
    guard let having, let keys, let window, let values else { return nil }
    return MeasureDeclaration(
      groupKeys: keys, window: window, motion: motion, values: values, having: having,
      span: fields.mapping.span)
  }

  /// How the window of a block moves.
  mutating func windowMotion(_ fields: DecodedFields) -> WindowMotion {
    guard let node = fields["window"],
      let word = choice(
        node, of: "window", among: WindowMotion.allCases.map(\.rawValue), code: .unknownWindow)
    else { return .sliding }
    return WindowMotion(rawValue: word.value) ?? .sliding
  }

  private mutating func measuredValues(_ node: YAMLNode) -> [MeasureDeclaration.Value]? {
    guard let mapping = mapping(node, of: "values") else { return nil }
    guard !mapping.entries.isEmpty, mapping.entries.count <= Self.maximumMeasuredValues else {
      sink.error(
        .wrongType, at: mapping.span,
        "'values' has from 1 to \(Self.maximumMeasuredValues) values, not \(mapping.entries.count)")
      return nil
    }
    let values = mapping.entries.compactMap { entry -> MeasureDeclaration.Value? in
      let name = measuredName(entry.key)
      let kind = measuredKind(entry.value, entry.key.text)
      guard let name, let kind else { return nil }
      return MeasureDeclaration.Value(name: name, kind: kind)
    }
    // Without all of them the names in `having` would be unknown.
    return values.count == mapping.entries.count ? values : nil
  }

  private mutating func measuredName(_ key: YAMLScalar) -> Spanned<String>? {
    guard let name = name(key, of: "value") else { return nil }
    guard !ExpressionParser.reservedWords.contains(name.value) else {
      sink.error(
        .badName, at: key.span, "\(name.value.quoted) is a word of expressions and no name for a value")
      return nil
    }
    return name
  }

  private mutating func measuredKind(_ node: YAMLNode, _ name: String) -> MeasureDeclaration.Kind? {
    let keys = RuleSchema.measuredValue
    guard let fields = fields(node, of: "value", keys: keys + [RuleSchema.valueCondition]) else { return nil }
    let kinds = fields.mapping.entries.filter { $0.key.text != RuleSchema.valueCondition }
    guard kinds.count == 1, let entry = kinds.first else {
      if kinds.allSatisfy({ keys.contains($0.key.text) }) {
        sink.error(
          .conflictingKeys, at: kinds.last?.key.span ?? fields.mapping.span,
          "the value \(name.quoted) must be exactly one of \(RuleSchema.measuredValue.joined(separator: ", "))"
        )
      }
      return nil
    }
    if let key = fields.key(RuleSchema.valueCondition), entry.key.text != "distinct" {
      sink.error(
        .conflictingKeys, at: key.span, "'if' goes with 'distinct' only", help: "count with count_if: …")
    }
    switch entry.key.text {
    case "count":
      guard boolean(entry.value, of: "count") == false else { return .count }
      sink.error(.badBoolean, at: entry.value.span, "'count' of a value is true")
      return nil
    case "count_if": return expression(entry.value, of: "count_if").map { .countIf($0) }
    case "distinct":
      let condition = fields[RuleSchema.valueCondition].flatMap { expression($0, of: "if") }
      return expression(entry.value, of: "distinct").map { .distinct($0, where: condition) }
    default:
      guard let figure = MeasureDeclaration.Figure(rawValue: entry.key.text) else { return nil }
      return expression(entry.value, of: entry.key.text).map { .figure(figure, of: $0) }
    }
  }
}
