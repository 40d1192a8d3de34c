/// How bad a diagnostic is.
public enum DiagnosticSeverity: String, Hashable, Sendable {
  /// Nothing is loaded.
  case error
  /// It is loaded, but it will surprise somebody.
  case warning
}

/// The stable name of a kind of diagnostic, for scripts and for SARIF.
///
/// Each stage lists its codes in an extension. A code is never reused for something else.
public struct DiagnosticCode: RawRepresentable, Hashable, Sendable {
  /// The name: lower-case words joined by hyphens.
  public let rawValue: String

  /// A code from its name.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }
}

/// One thing that is wrong in a rule file or a list, with its place and what to do about it.
public struct RuleDiagnostic: Hashable, Sendable {
  /// The kind.
  public var code: DiagnosticCode
  /// Error or warning.
  public var severity: DiagnosticSeverity
  /// The place; in a file without text the path alone is shown.
  public var span: SourceSpan
  /// What is wrong, in one line, without a full stop.
  public var message: String
  /// What to do, in one line, when the message does not say it.
  public var help: String?
  /// The rule that lacks something, where many may lack it and one line for all of them says enough.
  public var subject: String?

  /// A diagnostic about a place.
  public init(
    _ code: DiagnosticCode, _ severity: DiagnosticSeverity, at span: SourceSpan, _ message: String,
    help: String? = nil, subject: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.span = span
    self.message = message
    self.help = help
    self.subject = subject
  }
}
