/// Notices that rule files, list files or the folders of rule files changed: by their time, size and number.
public struct RuleWatch: Sendable {
  private var states: [String: FileState] = [:]

  /// Watches what a rule set was loaded from, and what could not be loaded.
  public init(_ outcome: RuleSetLoader.Outcome) {
    watch(outcome)
  }

  /// Whether anything is not as it was when this was asked last, or when it was loaded.
  public mutating func hasChanged() -> Bool {
    var hasChanged = false
    for (path, state) in states {
      let now = FileState(path)
      guard now != state else { continue }
      states[path] = now
      hasChanged = true
    }
    return hasChanged
  }

  /// Goes on with the files of another load.
  ///
  /// Those that were watched before keep the state that was seen before the load, so that a change during
  /// the load is noticed.
  public mutating func watch(_ outcome: RuleSetLoader.Outcome) {
    let before = states
    states = [:]
    for path in outcome.sourcePaths {
      states[path] = before[path] ?? FileState(path)
    }
  }
}
