/// Loads, checks and compiles rule files in one go.
public enum RuleSetLoader {
  /// What came out.
  public struct Outcome: Sendable {
    /// The rules; nil when there is any error.
    public let ruleSet: CompiledRuleSet?
    /// All diagnostics of all files, in file order.
    public let report: DiagnosticReport
    /// How many of the report's files are rule files; the others are lists.
    let ruleFileCount: Int
    /// Folders that were searched, and list files that could not be read.
    let furtherPaths: [String]

    /// All files and folders that loading again reads.
    public var sourcePaths: [String] { report.sources.files.map(\.path) + furtherPaths }
  }

  /// Loads files, and folders with every rule file below them in sorted order.
  public static func load(
    _ paths: [String], options: RuleLoadingOptions = RuleLoadingOptions(), lint: LintOptions = LintOptions()
  ) -> Outcome {
    compile(RuleLoader(options: options).load(paths), lint)
  }

  /// Loads texts as if they were files.
  public static func load(
    texts: [(path: String, text: String)], options: RuleLoadingOptions = RuleLoadingOptions(),
    lint: LintOptions = LintOptions()
  ) -> Outcome {
    compile(
      RuleLoader(options: options).load(
        files: texts.map { SourceFile(path: $0.path, bytes: Array($0.text.utf8)) }), lint)
  }

  /// Loads rule files that were read before; their lists are read from disk.
  static func load(files: [SourceFile], options: RuleLoadingOptions) -> Outcome {
    compile(RuleLoader(options: options).load(files: files), LintOptions())
  }

  private static func compile(_ loaded: LoadedRules, _ lint: LintOptions) -> Outcome {
    var loaded = loaded
    let ruleSet = CompiledRuleSet.compile(&loaded, lint: lint)
    return Outcome(
      ruleSet: ruleSet, report: loaded.report, ruleFileCount: loaded.ruleFileCount,
      furtherPaths: loaded.furtherPaths)
  }
}
