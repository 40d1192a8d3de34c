public import Values

/// One entry of a rule's `tests`.
public struct RuleTestDeclaration: Sendable {
  /// What it shows.
  public var name: Spanned<String>
  /// What is put in.
  public var input: Input
  /// The instant of offset 0 for inline events, when the test sets one.
  public var start: Spanned<Timestamp>?
  /// What must come out.
  public var expectation: Expectation
  /// The whole test.
  public var span: SourceSpan

  /// Where the events of a test come from.
  public enum Input: Sendable {
    /// They stand in the test.
    case events([TestEventDeclaration])
    /// They are made of what something else says.
    case traffic(TestTraffic)
  }

  /// What a test expects.
  public enum Expectation: Sendable {
    /// So many alerts.
    case count(Spanned<Int>)
    /// Exactly these alerts, in order.
    case alerts([ExpectedAlertDeclaration])
  }
}

/// What a test names in the place of events.
public enum TestTraffic: Sendable {
  /// The packets of a file, by its path as written.
  case capture(Spanned<String>)
  /// The packets that a simulation makes.
  case scenario(ScenarioDeclaration)
  /// The logged events of a file, by its path as written.
  case log(Spanned<String>)

  /// The key that it stands behind.
  var key: String {
    switch self {
    case .capture: "pcap"
    case .scenario: "scenario"
    case .log: "eve"
    }
  }

  /// The path, or the name of the scenario.
  public var name: Spanned<String> {
    switch self {
    case .capture(let path), .log(let path): path
    case .scenario(let scenario): scenario.name
    }
  }

  /// Where it is named.
  var span: SourceSpan {
    switch self {
    case .scenario(let scenario): scenario.span
    default: name.span
    }
  }
}

/// A scenario that is simulated for a test; what is left out is as `ringwatch simulate` has it.
public struct ScenarioDeclaration: Sendable {
  /// The name of a scenario that comes with the program, or the path of a file.
  public var name: Spanned<String>
  /// Attacks besides those of the scenario, each as in a scenario file; only the simulation understands them.
  public var attacks: [YAMLNode] = []
  /// Whether the attacks of the scenario are left away.
  public var isBenign = false
  /// The first instant.
  public var start: Timestamp?
  /// The length in nanoseconds.
  public var duration: Int64?
  /// How much media: `none`, `all` or a length, still unread.
  public var media: Spanned<String>?
  /// Two simulations with one seed are the same.
  public var seed: Int?
  /// The whole entry.
  public var span: SourceSpan
}

/// When something happens in a test.
public enum TestTime: Hashable, Sendable {
  /// Nanoseconds after the start of the test.
  case offset(Int64)
  /// An instant with its zone.
  case instant(Timestamp)
}

/// Inline events: one, or the same one several times.
public struct TestEventDeclaration: Sendable {
  /// How many, from 1.
  public var repetitions: Int
  /// Nanoseconds from one to the next.
  public var interval: Spanned<Int64>?
  /// When the first one happens; nil means right after the one before.
  public var time: Spanned<TestTime>?
  /// The event type; nil means the rule's.
  public var event: Spanned<String>?
  /// Fields in the order of the file.
  public var fields: [TestFieldDeclaration]
  /// The whole entry.
  public var span: SourceSpan
}

/// A field with a value in a test, both still text.
public struct TestFieldDeclaration: Sendable {
  /// The name of the field, dots included.
  public var name: Spanned<String>
  /// The value.
  public var value: Value

  /// One text or several.
  public enum Value: Sendable {
    /// A scalar field.
    case scalar(YAMLScalar)
    /// A list field.
    case list([YAMLScalar], SourceSpan)
  }
}

/// One alert that a test expects; what is nil may be anything.
public struct ExpectedAlertDeclaration: Sendable {
  /// When it fires.
  public var time: Spanned<TestTime>?
  /// The group key.
  public var key: [TestFieldDeclaration]
  /// `alert.context.count`.
  public var count: Spanned<Int>?
  /// `alert.context.distinct`.
  public var distinct: Spanned<Int>?
  /// The whole entry.
  public var span: SourceSpan
}
