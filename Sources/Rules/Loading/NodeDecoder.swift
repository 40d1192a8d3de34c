internal import Values

/// Turns nodes into values by the schema and reports what does not fit.
///
/// Every function returns nil after it has reported, so that a caller goes on with the next key and all
/// faults of a file come out in one run.
package struct NodeDecoder {
  let file: SourceFile
  package var sink = DiagnosticSink()
  /// What overrides say, by the ids of rules.
  var overrides: [String: RuleOverride] = [:]
  /// The parameters of the rule that is being read; nil outside of rules.
  var parameters: [ParameterDeclaration]?
  /// Those that stand for numbers and durations of the rule.
  var usedParameters: Set<String> = []

  /// A decoder of the nodes of a file.
  package init(file: SourceFile) {
    self.file = file
  }

  /// A mapping whose keys are known, or nil; `what` names it in messages, such as `rule`.
  package mutating func fields(_ node: YAMLNode, of what: String, keys: [String]) -> DecodedFields? {
    guard let mapping = mapping(node, of: what) else { return nil }
    for entry in mapping.entries where !keys.contains(entry.key.text) {
      let key = entry.key.text
      let suggestion = Suggestion.phrase(for: key, among: keys)
      sink.error(
        .unknownKey, at: entry.key.span, "unknown key \(key.quoted) in this \(what)\(suggestion)",
        help: suggestion.isEmpty ? "known keys: \(keys.joined(separator: ", "))" : nil)
    }
    return DecodedFields(mapping: mapping, what: what)
  }

  /// A mapping with names of the author's choice.
  package mutating func mapping(_ node: YAMLNode, of what: String) -> YAMLMapping? {
    guard case .mapping(let mapping) = node else {
      var help = "write lines of 'key: value', or {key: value}"
      if what == "count", case .scalar(let scalar) = node, Int(scalar.text) != nil {
        help = "write {at_least: \(scalar.text)}"
      }
      return mismatch(node, expected: "a mapping", for: what, help: help)
    }
    return mapping
  }

  /// The items of a sequence.
  package mutating func items(_ node: YAMLNode, of what: String) -> [YAMLNode]? {
    guard case .sequence(let sequence) = node else {
      var help = "begin each item with '- ', or write [first, second]"
      if case .scalar(let scalar) = node, !scalar.isEmpty { help = "write [\(scalar.text)]" }
      return mismatch(node, expected: "a list", for: what, help: help)
    }
    return sequence.items
  }

  /// A value that must be there.
  package mutating func required(_ key: String, in fields: DecodedFields) -> YAMLNode? {
    if let node = fields[key] { return node }
    sink.error(.missingKey, at: fields.place, "\(fields.title) has no \(key.quoted)")
    return nil
  }

  /// Text that is not empty.
  package mutating func text(_ node: YAMLNode, of what: String) -> Spanned<String>? {
    guard let scalar = scalar(node, of: what) else { return nil }
    guard !scalar.text.isEmpty else {
      sink.error(.wrongType, at: scalar.span, "\(what.quoted) is empty")
      return nil
    }
    return Spanned(scalar.text, at: scalar.span)
  }

  /// A list of texts.
  package mutating func texts(_ node: YAMLNode, of what: String) -> [Spanned<String>]? {
    guard let items = items(node, of: what) else { return nil }
    return items.compactMap { text($0, of: what) }
  }

  /// A scalar that was not refused before.
  mutating func scalar(_ node: YAMLNode, of what: String) -> YAMLScalar? {
    guard case .scalar(let scalar) = node else { return mismatch(node, expected: "text", for: what) }
    guard !scalar.isFaulty else { return nil }
    guard !scalar.isEmpty else { return mismatch(node, expected: "text", for: what) }
    return scalar
  }

  /// An expression, still unparsed.
  mutating func expression(_ node: YAMLNode, of what: String) -> ExpressionSource? {
    guard case .scalar(let scalar) = node else {
      return mismatch(
        node, expected: "an expression", for: what,
        help: "quote an expression that begins with '[' or '{' or contains ': '")
    }
    return ExpressionSource(scalar, in: file, diagnostics: &sink)
  }

  /// A list of expressions.
  mutating func expressions(_ node: YAMLNode, of what: String) -> [ExpressionSource]? {
    guard let items = items(node, of: what) else { return nil }
    return items.compactMap { expression($0, of: what) }
  }

  /// A name that expressions can refer to.
  mutating func name(_ key: YAMLScalar, of what: String) -> Spanned<String>? {
    let bytes = Array(key.text.utf8)
    let isWord = bytes.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
        || byte == UInt8(ascii: "_")
    }
    guard isWord, bytes.count <= 64, let first = bytes.first, !(0x30...0x39).contains(first) else {
      sink.error(
        .badName, at: key.span, "\(key.text.quoted) is no name for a \(what)",
        help: "use at most 64 letters, digits and '_', and begin with a letter")
      return nil
    }
    return Spanned(key.text, at: key.span)
  }

  private mutating func mismatch<Value>(
    _ node: YAMLNode, expected: String, for what: String, help: String? = nil
  ) -> Value? {
    if case .scalar(let scalar) = node, scalar.isFaulty { return nil }
    sink.error(
      .wrongType, at: node.span, "expected \(expected) for \(what.quoted), found \(node.kindName)",
      help: help)
    return nil
  }
}

/// A mapping whose keys were checked.
package struct DecodedFields {
  let mapping: YAMLMapping
  let what: String

  /// The value of a key, or nil.
  package subscript(key: String) -> YAMLNode? { mapping.value(of: key) }

  /// The key itself.
  func key(_ key: String) -> YAMLScalar? {
    mapping.entries.first { $0.key.text == key }?.key
  }

  /// Where to point at when something is missing: the name if there is one, else the first key.
  package var place: SourceSpan {
    for name in ["id", "name"] {
      if case .scalar(let scalar)? = self[name], !scalar.isFaulty { return scalar.span }
    }
    return mapping.entries.first?.key.span ?? mapping.span
  }

  /// `rule 'x'` when it has a name, else `this rule`.
  var title: String {
    for name in ["id", "name"] {
      if case .scalar(let scalar)? = self[name], !scalar.text.isEmpty, !scalar.isFaulty {
        return "\(what) \(scalar.text.quoted)"
      }
    }
    return "this \(what)"
  }
}
