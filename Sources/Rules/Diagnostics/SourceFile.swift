internal import Values

/// The text of one file with its line table.
///
/// The bytes need not be valid UTF-8: a diagnostic may be about just that.
public struct SourceFile: Sendable {
  /// The path as it was given or found, for display.
  public let path: String
  /// The content, or nothing when the file could not be read or its text was dropped.
  public let bytes: [UInt8]
  /// Whether there is text to quote, be it empty.
  public let hasText: Bool
  private let lineStarts: [UInt32]

  /// A file with its content; at most 4 GiB.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    hasText = true
    var starts: [UInt32] = [0]
    let span = bytes.span
    for index in span.indices where span[index] == UInt8(ascii: "\n") {
      starts.append(UInt32(truncatingIfNeeded: index + 1))
    }
    lineStarts = starts
  }

  /// A path without its text: it could not be read, or nothing can be said about it any more.
  package init(unreadPath path: String) {
    self.path = path
    bytes = []
    hasText = false
    lineStarts = [0]
  }

  /// Number of lines; an empty file has one.
  public var lineCount: Int { lineStarts.count }

  /// The line of a byte offset, from 1; an offset behind the end is on the last line.
  public func line(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The bytes of a line, without its line break.
  public func range(ofLine line: Int) -> Range<Int> {
    guard line >= 1, line <= lineStarts.count else { return bytes.count..<bytes.count }
    let start = Int(lineStarts[line - 1])
    var end = line < lineStarts.count ? Int(lineStarts[line]) - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// Line and column of a byte offset.
  public func location(of offset: Int) -> SourceLocation {
    let line = line(of: offset)
    let start = Int(lineStarts[line - 1])
    let end = min(max(offset, start), bytes.count)
    var column = 1
    let span = bytes.span
    for index in start..<max(start, end) where span[index] & 0xc0 != 0x80 { column += 1 }
    return SourceLocation(line: line, column: column)
  }
}

/// All files of a run, in the order of loading.
public struct SourceFiles: Sendable {
  /// The files; a `SourceFileID` is an index into them.
  public private(set) var files: [SourceFile] = []

  /// No files yet.
  public init() {}

  /// Takes a file in and numbers it.
  public mutating func add(_ file: SourceFile) -> SourceFileID {
    files.append(file)
    return SourceFileID(index: files.count - 1)
  }

  /// The file of an identity that this collection gave out.
  public subscript(id: SourceFileID) -> SourceFile { files[id.index] }

  /// Frees the text of a file that nothing can be said about any more; its path stays.
  mutating func dropText(of id: SourceFileID) {
    files[id.index] = SourceFile(unreadPath: files[id.index].path)
  }

  /// The text of a stretch, repaired where it is not UTF-8.
  public func text(at span: SourceSpan) -> String {
    let bytes = self[span.file].bytes
    let end = min(span.range.end, bytes.count)
    let start = min(span.range.start, end)
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
