/// A value of a strictly read YAML document: text, a sequence or a mapping, each with its place.
public indirect enum YAMLNode: Sendable {
  /// Text; whether it is a number is for the schema to say.
  case scalar(YAMLScalar)
  /// Items in order.
  case sequence(YAMLSequence)
  /// Keys with values, in the order of the file.
  case mapping(YAMLMapping)

  /// Where the value stands.
  public var span: SourceSpan {
    switch self {
    case .scalar(let scalar): scalar.span
    case .sequence(let sequence): sequence.span
    case .mapping(let mapping): mapping.span
    }
  }

  /// What people call this kind of value.
  public var kindName: String {
    switch self {
    case .scalar(let scalar): scalar.isEmpty ? "nothing" : "text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A scalar: exactly the text that stands there.
public struct YAMLScalar: Sendable {
  /// How the text is written.
  public enum Style: Sendable {
    /// Bare.
    case plain
    /// In `'…'`.
    case singleQuoted
    /// In `"…"`, with escapes.
    case doubleQuoted
    /// A `|` block.
    case literal
    /// A `>` block.
    case folded
  }

  /// The text after YAML's unescaping and folding.
  public internal(set) var text: String
  /// How it is written.
  public let style: Style
  /// The place, quotes and block header included.
  public let span: SourceSpan
  /// The comment behind a plain scalar on the same line: YAML cuts there without a word, so a value that
  /// may contain `#` must look at it.
  public let trailingComment: SourceSpan?
  /// Whether an error was already reported about it, so that nothing more needs to be said.
  public let isFaulty: Bool

  /// Whether nothing stands there: a plain scalar without text, which YAML calls null.
  public var isEmpty: Bool { style == .plain && text.isEmpty }
}

/// A sequence.
public struct YAMLSequence: Sendable {
  /// The items in order.
  public let items: [YAMLNode]
  /// From the first item or bracket to the last.
  public let span: SourceSpan
}

/// A mapping; its keys are distinct.
public struct YAMLMapping: Sendable {
  /// The entries in the order of the file.
  public let entries: [YAMLEntry]
  /// From the first key or brace to the last value.
  public let span: SourceSpan

  /// The value of a key, or nil.
  public func value(of key: String) -> YAMLNode? {
    entries.first { $0.key.text == key }?.value
  }
}

/// A key with its value.
public struct YAMLEntry: Sendable {
  /// The key, always text.
  public let key: YAMLScalar
  /// The value.
  public let value: YAMLNode
}
