internal import Foundation

/// What tells one state of a file or a folder from another.
struct FileState: Sendable, Equatable {
  private let modified: Date?
  private let size: UInt64?
  private let number: UInt64?

  init(_ path: String) {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
    modified = attributes?[.modificationDate] as? Date
    size = (attributes?[.size] as? NSNumber)?.uint64Value
    number = (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value
  }
}
