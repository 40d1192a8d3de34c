import Foundation

/// Whether two paths lead to the same file.
enum FileIdentity {
  /// Whether both exist and are one file, by whatever names and links.
  static func isSame(_ left: String, _ right: String) -> Bool {
    let identities = [left, right].map { path -> [UInt64?] in
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
      let keys: [FileAttributeKey] = [.systemNumber, .systemFileNumber]
      return keys.map { (attributes?[$0] as? NSNumber)?.uint64Value }
    }
    return identities[0] == identities[1] && !identities[0].contains(nil)
  }
}
