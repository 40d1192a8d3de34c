import Foundation

/// Finds the scenarios that are shipped with the program.
enum ScenarioFolder {
  /// The path of a scenario by its name, or of a file; nil when there is neither.
  static func path(of name: String) -> String? {
    if name.contains("/") || name.hasSuffix(".yaml") {
      return name
    }
    return all().first { $0.name == name }?.path
  }

  /// The names of the shipped scenarios, sorted.
  static func names() -> [String] { all().map(\.name) }

  /// The shipped scenarios, sorted by their names.
  static func all() -> [(name: String, path: String)] {
    guard let folder = shipped(), let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else {
      return []
    }
    return files.filter { $0.hasSuffix(".yaml") }.sorted().map { (String($0.dropLast(5)), "\(folder)/\($0)") }
  }

  /// Beside the shipped rules when installed, with the fixtures in a checkout.
  private static func shipped() -> String? {
    guard let rules = RuleFolder.shipped() else { return nil }
    let home = URL(fileURLWithPath: rules).deletingLastPathComponent()
    return ["scenarios", "Fixtures/Scenarios"].map { home.appendingPathComponent($0).path }
      .first { FileManager.default.fileExists(atPath: $0) }
  }
}
