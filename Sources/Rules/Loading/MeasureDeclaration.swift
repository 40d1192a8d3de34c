/// A `measure` block with its `having`.
public struct MeasureDeclaration: Sendable {
  /// The group key, one expression a part; empty means one window for everything.
  public var groupKeys: [ExpressionSource]
  /// Length of the window in nanoseconds, greater than 0.
  public var window: Spanned<Int64>
  /// How the window moves.
  public var motion: WindowMotion
  /// What is measured, in the order of the file.
  public var values: [Value]
  /// The condition over the names of the values.
  public var having: ExpressionSource
  /// The whole block.
  public var span: SourceSpan

  /// A named value.
  public struct Value: Sendable {
    /// What `having` calls it.
    public var name: Spanned<String>
    /// What it is.
    public var kind: Kind
  }

  /// What is measured over the matches in a window.
  public enum Kind: Sendable {
    /// Their number.
    case count
    /// The number of those for which a condition is true.
    case countIf(ExpressionSource)
    /// The number of distinct values of an expression, up to `MeasureDeclaration.maximumDistinct`; of those matches for which
    /// a condition is true, where there is one.
    case distinct(ExpressionSource, where: ExpressionSource?)
    /// A figure of the values of an expression, a number or a duration.
    case figure(Figure, of: ExpressionSource)
  }

  /// A figure of numbers.
  public enum Figure: String, CaseIterable, Sendable {
    case sum
    case average = "avg"
    case minimum = "min"
    case maximum = "max"
    /// The value that 95 % do not exceed, by nearest rank.
    case percentile95 = "p95"
  }

  /// Distinct values are counted up to this number; more are as many.
  public static let maximumDistinct = 1024
  /// A percentile looks at so many values of a key, the most recent ones.
  public static let maximumSamples = 1024
  /// Parts of a sliding window, each of which is added up or forgotten as a whole.
  public static let subWindows = 64
}

extension RuleDeclaration {
  /// Length of the window of its block in nanoseconds; nil without a window.
  var windowLength: Int64? { threshold?.window.value ?? measure?.window.value }
}
