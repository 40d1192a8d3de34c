internal import Values

/// Collects the diagnostics of all stages; handed down as `inout`.
public struct DiagnosticSink: Sendable {
  /// Everything reported so far, in the order of reporting.
  public private(set) var diagnostics: [RuleDiagnostic] = []
  /// Number of errors among them.
  public private(set) var errorCount = 0

  /// An empty sink.
  public init() {}

  /// Whether nothing may be loaded.
  public var hasErrors: Bool { errorCount > 0 }

  /// Takes a diagnostic.
  public mutating func report(_ diagnostic: RuleDiagnostic) {
    diagnostics.append(diagnostic)
    if diagnostic.severity == .error { errorCount += 1 }
  }

  /// Reports an error.
  public mutating func error(
    _ code: DiagnosticCode, at span: SourceSpan, _ message: String, help: String? = nil
  ) {
    report(RuleDiagnostic(code, .error, at: span, message, help: help))
  }

  /// Reports a warning.
  public mutating func warning(
    _ code: DiagnosticCode, at span: SourceSpan, _ message: String, help: String? = nil
  ) {
    report(RuleDiagnostic(code, .warning, at: span, message, help: help))
  }
}

/// Finished diagnostics with the files they point into: what the renderers take.
public struct DiagnosticReport: Sendable {
  /// In file order, within a file by place, at one place in the order of reporting.
  public let diagnostics: [RuleDiagnostic]
  /// The files.
  public let sources: SourceFiles

  /// A report of everything in a sink.
  public init(_ sink: DiagnosticSink, sources: SourceFiles) {
    let numbered = sink.diagnostics.enumerated().sorted { left, right in
      let (a, b) = (left.element.span, right.element.span)
      if a.file != b.file { return a.file < b.file }
      if a.range.start != b.range.start { return a.range.start < b.range.start }
      return left.offset < right.offset
    }
    diagnostics = numbered.map(\.element)
    self.sources = sources
  }

  /// Number of errors.
  public var errorCount: Int { diagnostics.count { $0.severity == .error } }
  /// Number of warnings.
  public var warningCount: Int { diagnostics.count { $0.severity == .warning } }
}
