internal import Values

/// Rewrites rule files in the canonical form, with the same meaning and all comments.
public struct RuleFormatter: Sendable {
  /// What came of one file.
  public enum Outcome: Sendable {
    /// The file is in the canonical form.
    case unchanged
    /// The canonical form, which is another text.
    case changed([UInt8])
    /// The file does not load, or its canonical form could not be shown to mean the same.
    case refused(DiagnosticReport)
  }

  /// What loading depends on.
  public var options = RuleLoadingOptions()

  /// A formatter.
  public init() {}

  /// The rule files of paths, as `RuleLoader` finds them, and what is wrong with the paths.
  public func files(_ paths: [String]) -> (paths: [String], report: DiagnosticReport) {
    var finder = RuleFileFinder()
    for path in paths { finder.add(path) }
    var found: [String] = []
    var sources = SourceFiles()
    var sink = DiagnosticSink()
    for entry in finder.found {
      switch entry {
      case .file(let path): found.append(path)
      case .nothing(let path, let diagnostic):
        let id = sources.add(SourceFile(unreadPath: path))
        sink.report(diagnostic(SourceSpan(file: id, range: ByteRange())))
      }
    }
    return (found, DiagnosticReport(sink, sources: sources))
  }

  /// Formats a file; nothing is written.
  public func format(_ path: String) -> Outcome {
    do throws(FileProblem) {
      let bytes = try RegularFile.read(path, limit: options.maximumRuleFileSize)
      return format(SourceFile(path: path, bytes: bytes))
    } catch {
      var sources = SourceFiles()
      var sink = DiagnosticSink()
      let id = sources.add(SourceFile(unreadPath: path))
      let place = SourceSpan(file: id, range: ByteRange())
      sink.report(error.diagnostic(for: path, limit: options.maximumRuleFileSize, at: place))
      return .refused(DiagnosticReport(sink, sources: sources))
    }
  }

  /// Formats a file that was read before.
  public func format(_ file: SourceFile) -> Outcome {
    let before = ReadDocument(file, options.yaml)
    guard let root = before.root, !before.sink.hasErrors else {
      return .refused(DiagnosticReport(before.sink, sources: before.sources))
    }
    let (text, comments) = Self.canonical(root, of: file)
    let bytes = Array(text.utf8)
    guard bytes != file.bytes else { return .unchanged }
    let after = ReadDocument(SourceFile(path: file.path, bytes: bytes), options.yaml)
    guard let result = after.root, !after.sink.hasErrors, Self.isSame(root, result),
      Self.canonical(result, of: after.file).comments.sorted() == comments.sorted()
    else {
      var sink = DiagnosticSink()
      sink.error(
        .notFormatted, at: root.span, "the canonical form of this file would not mean the same",
        help: "the file is left as it is; please report it with the file")
      return .refused(DiagnosticReport(sink, sources: before.sources))
    }
    return .changed(bytes)
  }

  private static func canonical(_ root: YAMLNode, of file: SourceFile) -> (text: String, comments: [String]) {
    let layout = LayoutBuilder(file).entry(of: root)
    let comments = LayoutComments(file, layout)
    return (LayoutWriter.text(layout, footer: comments.footer, of: file), comments.texts)
  }

  /// Whether two documents are the same to the decoder of rule files: the same texts in the same places. The
  /// order of keys means something where the author chose them.
  private static func isSame(
    _ left: YAMLNode, _ right: YAMLNode, in context: LayoutContext = .root, section: String = ""
  ) -> Bool {
    switch (left, right) {
    case (.scalar(let left), .scalar(let right)):
      return left.text == right.text && left.isEmpty == right.isEmpty
        && (left.style == .folded) == (right.style == .folded)
    case (.sequence(let left), .sequence(let right)):
      return left.items.count == right.items.count
        && zip(left.items, right.items).allSatisfy { isSame($0, $1, in: context.item) }
    case (.mapping(let left), .mapping(let right)):
      guard left.entries.count == right.entries.count else { return false }
      if context.order == nil, left.entries.map(\.key.text) != right.entries.map(\.key.text) { return false }
      return left.entries.allSatisfy { entry in
        guard let other = right.value(of: entry.key.text) else { return false }
        let inner = context == .names ? context.value(ofName: section) : context.value(of: entry.key.text)
        return isSame(entry.value, other, in: inner, section: entry.key.text)
      }
    default: return false
    }
  }
}

/// A rule file that was read and decoded by itself.
private struct ReadDocument {
  let file: SourceFile
  private(set) var sources = SourceFiles()
  private(set) var sink = DiagnosticSink()
  private(set) var root: YAMLNode?

  init(_ file: SourceFile, _ yaml: StrictYAML) {
    self.file = file
    let id = sources.add(file)
    root = yaml.read(id, of: sources, diagnostics: &sink)
    guard let root, !sink.hasErrors else { return }
    _ = RuleDocumentDecoder.decode(root, file: id, of: sources, diagnostics: &sink)
  }
}

extension DiagnosticCode {
  static let notFormatted = DiagnosticCode(rawValue: "not-formatted")
}
