import Foundation

/// Finds the rules that are shipped with the program.
enum RuleFolder {
  /// The folder of the shipped rules: beside the installed program, or in the checkout it was built in.
  static func shipped() -> String? {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var folder = program.deletingLastPathComponent()
    var candidates = [folder.deletingLastPathComponent().appendingPathComponent("share/ringwatch/rules")]
    for _ in 0..<5 {
      folder.deleteLastPathComponent()
      let isCheckout = FileManager.default.fileExists(
        atPath: folder.appendingPathComponent("Package.swift").path)
      if isCheckout { candidates.append(folder.appendingPathComponent("rules")) }
    }
    return candidates.map(\.path).first { FileManager.default.fileExists(atPath: $0) }
  }
}
