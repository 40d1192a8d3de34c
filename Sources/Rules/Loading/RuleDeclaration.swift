public import Events

/// A rule as its file declares it: shapes and names are checked, expressions are still text.
public struct RuleDeclaration: Sendable {
  /// The name that people use; unique over all files.
  public var id: Spanned<String>
  /// `alert.signature_id`, 1 … 2³²−1; unique over all files.
  public var sid: Spanned<Int>
  /// `alert.rev`, 1 when the rule does not say.
  public var revision: Int
  /// `alert.signature`.
  public var title: Spanned<String>
  /// The name of an event type or of one kind of it, as written; of a sequence that of the last step,
  /// of a gauge what begins.
  public var event: Spanned<String>
  /// The predicate; without one every event of the type matches.
  public var condition: ExpressionSource?
  /// What keeps the rule silent.
  public var exceptions: [ExceptionDeclaration]
  /// The schedule outside of which the rule is silent.
  public var schedule: Spanned<String>?
  /// The counting block.
  public var threshold: ThresholdDeclaration?
  /// The measuring block; a rule has one block at most.
  public var measure: MeasureDeclaration?
  /// The block that looks for values never seen before.
  public var novelty: NoveltyDeclaration?
  /// The block of an event that must follow.
  public var absence: AbsenceDeclaration?
  /// The block of live things.
  public var gauge: GaugeDeclaration?
  /// The block of events that follow each other.
  public var sequence: SequenceDeclaration?
  /// What follows an alert; nil is the default of RULES.md section 6.3.
  public var suppression: SuppressionDeclaration?
  /// `alert.severity`.
  public var severity: Severity
  /// `alert.category`.
  public var category: Spanned<String>?
  /// Free words.
  public var tags: [Spanned<String>]
  /// MITRE ATT&CK techniques, as `T1110` or `T1110.001`.
  public var attackTechniques: [Spanned<String>]
  /// How easily the evidence is forged: 0 is proof, 3 proves nothing.
  public var spoofability: Spanned<Int>?
  /// Addresses of further reading.
  public var references: [Spanned<String>]
  /// Prose for the reader of an alert, from `description` or `documentation`.
  public var documentation: Spanned<String>?
  /// Constants that the rule names, as overrides set them.
  public var parameters: [ParameterDeclaration] = []
  /// Names of those that stand for a number or a duration of the rule.
  var usedParameters: Set<String> = []
  /// Parameters that its tests name.
  var testedParameters: Set<String> = []
  /// What overrides set: keys, and `params.NAME`.
  public var overriddenKeys: [String] = []
  /// Whether the rule runs.
  public var isEnabled: Bool
  /// Its tests, in the order of the file.
  public var tests: [RuleTestDeclaration]
  /// The whole rule in its file.
  public var span: SourceSpan
  /// Whether every key was understood. Otherwise there is an error in the sink and what is missing or
  /// broken is empty here, the event and the id too; the rest is worth checking, the whole is not.
  public var isComplete: Bool
}

/// One entry of `except`.
public struct ExceptionDeclaration: Sendable {
  /// What people call it.
  public var name: Spanned<String>
  /// When it holds, the rule is silent.
  public var condition: ExpressionSource
  /// Why it exists.
  public var reason: Spanned<String>?
  /// The last day on which it counts, by packet time in UTC.
  public var expires: Spanned<CalendarDate>?
  /// The whole entry.
  public var span: SourceSpan
}

/// A `threshold` block.
public struct ThresholdDeclaration: Sendable {
  /// The group key, one expression a part; empty means one counter for everything.
  public var groupKeys: [ExpressionSource]
  /// Length of the window in nanoseconds, greater than 0.
  public var window: Spanned<Int64>
  /// How the window moves.
  public var motion: WindowMotion
  /// What is counted.
  public var measure: Measure
  /// The smallest number that fires: `at_least: 5` is 5, `more_than: 5` is 6.
  public var minimum: Spanned<Int>
  /// The whole block.
  public var span: SourceSpan

  /// What a threshold counts.
  public enum Measure: Sendable {
    /// Matches.
    case count
    /// Distinct values of an expression.
    case distinct(of: ExpressionSource)
  }
}

/// A `suppress` block.
public struct SuppressionDeclaration: Sendable {
  /// The keys that share one silence; nil means the keys of the correlation block.
  public var groupKeys: [ExpressionSource]?
  /// How long, in nanoseconds; 0 lets every match through.
  public var duration: Spanned<Int64>
  /// Whether a summary alert tells how many were suppressed.
  public var summary: Bool
  /// The whole block.
  public var span: SourceSpan
}

/// A named expression of `macros`.
public struct MacroDeclaration: Sendable {
  /// The name, without `$`.
  public var name: Spanned<String>
  /// What it stands for.
  public var body: ExpressionSource
}
