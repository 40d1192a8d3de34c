internal import Values

/// Turns the paths that somebody gave into rule files: files as they are, folders by what is in them.
struct RuleFileFinder {
  /// Deeper folders are a loop or a mistake.
  private static let maximumDepth = 32

  /// What a path led to.
  enum Found {
    case file(String)
    /// Nothing that can be read, and what to say about it.
    case nothing(String, diagnostic: (SourceSpan) -> RuleDiagnostic)
  }

  private(set) var found: [Found] = []
  /// The folders that were searched.
  private(set) var folders: [String] = []
  private var seen: Set<FileIdentity> = []

  /// Adds a path: a file whatever its name, or every `*.yaml` and `*.yml` below a folder, sorted.
  mutating func add(_ path: String) {
    do throws(FileProblem) {
      let (kind, identity) = try RegularFile.examine(path)
      guard kind == .folder else {
        if seen.insert(identity).inserted { found.append(.file(path)) }
        return
      }
      let before = found.count
      try addFolder(path, identity, depth: 0)
      if found.count == before { reportEmpty(path) }
    } catch {
      report(error, path)
    }
  }

  private mutating func addFolder(
    _ path: String, _ identity: FileIdentity, depth: Int
  ) throws(FileProblem) {
    guard depth < Self.maximumDepth, seen.insert(identity).inserted else { return }
    folders.append(path)
    for name in try RegularFile.names(inFolder: path) {
      let child = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      let examined: (kind: FileKind, identity: FileIdentity)
      do throws(FileProblem) {
        examined = try RegularFile.examine(child)
      } catch {
        if Self.isRuleFile(name) { report(error, child) }
        continue
      }
      if examined.kind == .folder {
        do throws(FileProblem) {
          try addFolder(child, examined.identity, depth: depth + 1)
        } catch {
          report(error, child)
        }
      } else if Self.isRuleFile(name), seen.insert(examined.identity).inserted {
        found.append(.file(child))
      }
    }
  }

  private static func isRuleFile(_ name: String) -> Bool {
    name.hasSuffix(".yaml") || name.hasSuffix(".yml")
  }

  private mutating func report(_ problem: FileProblem, _ path: String) {
    found.append(.nothing(path) { problem.diagnostic(for: path, limit: 0, at: $0) })
  }

  private mutating func reportEmpty(_ path: String) {
    found.append(
      .nothing(path) { span in
        RuleDiagnostic(
          .noRuleFiles, .error, at: span, "there is no rule file in the folder '\(path)'",
          help: "rule files end in .yaml or .yml")
      })
  }
}
