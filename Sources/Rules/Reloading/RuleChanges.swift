/// What the change from one rule set to another does, by the ids of rules.
public struct RuleChanges: Sendable, Equatable {
  /// Rules that were not there before.
  public var added: [String] = []
  /// Rules that are gone.
  public var removed: [String] = []
  /// Rules that count differently from now on, and so forget what they counted.
  public var reset: [String] = []
  /// Rules that keep what they counted and forget whom they are silent about.
  public var silencesReset: [String] = []
  /// Lists that had entries and have none now.
  public var emptied: [String] = []
  /// How many rules keep everything.
  public var keptCount = 0

  /// No change; of so many rules that keep everything.
  public init(keptCount: Int = 0) { self.keptCount = keptCount }

  /// Rules after the change.
  public var ruleCount: Int { added.count + reset.count + silencesReset.count + keptCount }

  /// The change in one line: `12 rules: 1 added (a), 1 reset (b), 10 kept`.
  ///
  /// - Parameter limit: more ids of one kind are counted only.
  public func summary(naming limit: Int = 20) -> String {
    var parts: [String] = []
    for (ids, word) in [
      (added, "added"), (removed, "removed"), (reset, "reset"), (silencesReset, "with silences reset"),
    ] where !ids.isEmpty {
      let names = ids.prefix(limit).joined(separator: ", ")
      let more = ids.count > limit ? " and \(ids.count - limit) more" : ""
      parts.append("\(ids.count) \(word) (\(names)\(more))")
    }
    parts.append("\(keptCount) kept")
    let lists = emptied.map { "; the list '\($0)' is empty now" }.joined()
    return "\(ruleCount) rule\(ruleCount == 1 ? "" : "s"): " + parts.joined(separator: ", ") + lists
  }
}
