import Foundation

/// Finds the scenarios that are shipped with the program.
enum ScenarioFolder {
  /// The path of a scenario by its name, or of a file; nil when there is neither.
  static func path(of name: String) -> String? {
    if name.contains("/") || name.hasSuffix(".yaml") {
      return name
    }
    guard let folder = shipped() else { return nil }
    let path = "\(folder)/\(name).yaml"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// The names of the shipped scenarios, sorted.
  static func names() -> [String] {
    guard let folder = shipped(), let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
    else {
      return []
    }
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// Beside the shipped rules when installed, with the fixtures in a checkout.
  private static func shipped() -> String? {
    guard let rules = RuleFolder.shipped() else { return nil }
    let home = URL(fileURLWithPath: rules).deletingLastPathComponent()
    return ["scenarios", "Fixtures/Scenarios"].map { home.appendingPathComponent($0).path }
      .first { FileManager.default.fileExists(atPath: $0) }
  }
}
