import Values

@testable import Rules

extension SourceFile {
  /// A file made of a text.
  init(_ path: String = "rules.yaml", text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }
}

/// Loads one text as a rule file.
func loadText(_ text: String) -> LoadedRules {
  RuleLoader().load(files: [SourceFile(text: text)])
}

/// The messages of a report, without places.
func messages(_ loaded: LoadedRules) -> [String] {
  loaded.report.diagnostics.map(\.message)
}

extension ExpressionSource {
  /// An expression that is a whole file: every offset is the place itself.
  init(inlineText text: String, file: SourceFileID) {
    self.init(
      text: text, span: SourceSpan(file: file, range: ByteRange(0, text.utf8.count)),
      segments: [Segment(textOffset: 0, fileOffset: 0, isVerbatim: true)])
  }
}
