internal import Foundation

/// Writes a table of comma-separated values, whole or not at all.
///
/// Rows go to a file beside the target, which takes the target's place in `finish()`; a writer that is given
/// up before removes it. Standard output (`-`) and what is no regular file are written as the rows come.
public final class TableWriter {
  private let path: String
  private let partial: String?
  private let handle: FileHandle
  private var buffer: [UInt8] = []
  private var isFirstInRow = true
  private var isFinished = false

  /// Opens the target and writes the names of the columns; fails before anything is computed for nothing.
  public init(path: String, columns: [String]) throws(TableError) {
    (self.path, partial, handle) = try Self.open(path)
    for column in columns { append(text: column) }
    try endRow()
  }

  deinit {
    guard !isFinished, let partial else { return }
    try? handle.close()
    try? FileManager.default.removeItem(atPath: partial)
  }

  private static func open(_ path: String) throws(TableError) -> (String, String?, FileHandle) {
    if path == "-" { return ("standard output", nil, .standardOutput) }
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let kind = (try? FileManager.default.attributesOfItem(atPath: target))?[.type] as? FileAttributeType
    if let kind, kind != .typeRegular {
      guard kind != .typeDirectory, let handle = FileHandle(forWritingAtPath: target) else {
        throw TableError(path: path, cause: "this is no file", remedy: "name a file to write")
      }
      return (path, nil, handle)
    }
    let partial = "\(target).\(ProcessInfo.processInfo.processIdentifier).part"
    do {
      let url = URL(fileURLWithPath: partial)
      try Data().write(to: url, options: .withoutOverwriting)
      return (target, partial, try FileHandle(forWritingTo: url))
    } catch {
      throw TableError(
        path: path, cause: "the table cannot be written here",
        remedy: "check that the folder exists and may be written to")
    }
  }

  /// A cell with a text, in quotes where it needs them.
  public func append(text: String) {
    separate()
    let utf8 = text.utf8
    let isPlain = utf8.allSatisfy { $0 != 0x2c && $0 != 0x22 && $0 != 0x0a && $0 != 0x0d }
    guard !isPlain else { return buffer.append(contentsOf: utf8) }
    buffer.append(UInt8(ascii: "\""))
    for byte in utf8 {
      if byte == UInt8(ascii: "\"") { buffer.append(byte) }
      buffer.append(byte)
    }
    buffer.append(UInt8(ascii: "\""))
  }

  /// A cell with a number: at most six decimals; an empty one for what is not finite.
  public func append(_ number: Double) {
    separate()
    guard number.isFinite else { return }
    guard abs(number) < 9e12 else { return buffer.append(contentsOf: "\(number)".utf8) }
    // The whole and the rest apart: together they have more digits than a double.
    var whole = UInt64(abs(number))
    var fraction = UInt64(((abs(number) - Double(whole)) * 1_000_000).rounded())
    if fraction == 1_000_000 { (whole, fraction) = (whole + 1, 0) }
    if number < 0, whole + fraction > 0 { buffer.append(UInt8(ascii: "-")) }
    append(digits: whole)
    guard fraction > 0 else { return }
    buffer.append(UInt8(ascii: "."))
    var unit: UInt64 = 100_000
    while fraction > 0 {
      buffer.append(UInt8(ascii: "0") + UInt8(fraction / unit))
      fraction %= unit
      unit /= 10
    }
  }

  /// A cell with a whole number.
  public func append(_ number: Int) {
    separate()
    if number < 0 { buffer.append(UInt8(ascii: "-")) }
    append(digits: UInt64(number.magnitude))
  }

  /// Ends the row.
  public func endRow() throws(TableError) {
    buffer.append(UInt8(ascii: "\n"))
    isFirstInRow = true
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Writes the rest and puts the table in its place.
  public func finish() throws(TableError) {
    try flush()
    guard let partial else { return isFinished = true }
    do {
      try handle.close()
      // rename(2) replaces the target in one step, so that nobody ever sees half a table.
      // Safety: both paths are Swift strings that live through the call.
      guard unsafe rename(partial, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      throw writingFailed()
    }
    isFinished = true
  }

  private func flush() throws(TableError) {
    do {
      try handle.write(contentsOf: Data(buffer))
    } catch {
      throw writingFailed()
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func writingFailed() -> TableError {
    TableError(
      path: path, cause: "the table could not be written", remedy: "make room or choose another place")
  }

  private func separate() {
    if !isFirstInRow { buffer.append(UInt8(ascii: ",")) }
    isFirstInRow = false
  }

  private func append(digits value: UInt64) {
    var divisor: UInt64 = 1
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      buffer.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
}
