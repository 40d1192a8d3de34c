import Foundation

/// Test material that lies beside the package and is not part of it.
enum SharedFiles {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")

  static let tortureMessages = folder.appendingPathComponent("messages/rfc4475")

  static var hasTortureMessages: Bool {
    FileManager.default.fileExists(atPath: tortureMessages.path)
  }

  static func tortureMessage(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: tortureMessages.appendingPathComponent(name + ".dat")))
  }
}
