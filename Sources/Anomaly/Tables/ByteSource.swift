internal import Foundation

/// Where the bytes of a table come from: a file, standard input, or a closure in tests.
struct ByteSource {
  /// The name for diagnostics.
  let name: String
  private let next: () throws -> [UInt8]

  /// Chunks that a closure hands out; an empty one is the end.
  init(name: String, next: @escaping () throws -> [UInt8]) {
    self.name = name
    self.next = next
  }

  /// A file, or standard input for `-`.
  init(path: String) throws(TableError) {
    let isStandardInput = path == "-"
    let name = isStandardInput ? "standard input" : path
    let kind = isStandardInput ? nil : try? FileManager.default.attributesOfItem(atPath: path)[.type]
    if kind as? FileAttributeType == .typeDirectory {
      throw TableError(path: path, cause: "this is a folder", remedy: "name a CSV file in it")
    }
    guard let handle = isStandardInput ? .standardInput : FileHandle(forReadingAtPath: path) else {
      throw TableError(
        path: path, cause: "there is no such file, or it cannot be read", remedy: "check the path")
    }
    self.init(name: name) { [UInt8](try handle.read(upToCount: 1 << 18) ?? Data()) }
  }

  /// The next bytes; empty at the end.
  func read() throws(TableError) -> [UInt8] {
    do {
      return try next()
    } catch {
      throw TableError(path: name, cause: "reading broke off", remedy: "check the disk or the program before")
    }
  }
}
