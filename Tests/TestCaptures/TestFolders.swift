public import Foundation

/// Folders that tests read.
public enum TestFolders {
  /// The root of the package.
  public static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  /// End-to-end cases.
  public static let cases = package.appendingPathComponent("Fixtures/Cases")
  /// Real captures beside the package, which are not part of it.
  public static let sharedCaptures = package.appendingPathComponent("../shared/captures").standardizedFileURL

  /// Whether the real captures are there.
  public static var hasSharedCaptures: Bool {
    FileManager.default.fileExists(atPath: sharedCaptures.appendingPathComponent("index.tsv").path)
  }

  /// The names of the real captures, relative to their folder, in the order of their table.
  public static func sharedCaptureNames() throws -> [String] {
    let table = try String(contentsOf: sharedCaptures.appendingPathComponent("index.tsv"), encoding: .utf8)
    return table.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != "\t" }) }
  }
}

/// A folder that is removed at the end of a test.
public final class TemporaryFolder {
  /// Where it is.
  public let url: URL

  /// A new empty folder.
  public init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("ringwatch-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  /// The path of something in it.
  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a file and returns its path.
  @discardableResult
  public func write(_ bytes: some Collection<UInt8>, as name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// Writes a text file and returns its path.
  @discardableResult
  public func write(_ text: String, as name: String) throws -> String {
    try write(Array(text.utf8), as: name)
  }

  /// What is in it, sorted; folders too, with everything in them.
  public func contents() -> [String] {
    FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String }.sorted() ?? []
  }
}
