/// Loads the lists of a rule set again when their files change, with the rules as they were at the start.
///
/// The whole set is checked and built anew, so that a new list takes effect at once or not at all.
public struct ListReloader: Sendable {
  private let ruleFiles: [SourceFile]
  private let options: RuleLoadingOptions
  private let paths: [String]
  private var states: [FileState]

  /// A reloader for what was loaded; nil when no list comes from a file.
  public init?(_ outcome: RuleSetLoader.Outcome, options: RuleLoadingOptions) {
    let files = outcome.report.sources.files
    ruleFiles = Array(files.prefix(outcome.ruleFileCount))
    paths = files.dropFirst(outcome.ruleFileCount).map(\.path)
    guard !paths.isEmpty else { return nil }
    self.options = options
    states = paths.map(FileState.init)
  }

  /// What came of loading again, or nil when no file has changed since the last call.
  public mutating func reloadIfChanged() -> RuleSetLoader.Outcome? {
    let now = paths.map(FileState.init)
    guard now != states else { return nil }
    states = now
    return RuleSetLoader.load(files: ruleFiles, options: options)
  }
}
