#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A log file, or standard output.
public final class FileSink: EVESink {
  private let path: String
  private var descriptor: Int32
  private let isOwned: Bool
  private let overwrites: Bool
  /// Whether the file is as the first line wants it.
  private var hasBegun = false

  /// Opens a file for writing and leaves what is in it; its folder must exist.
  ///
  /// - Parameter overwrite: starts the file anew; otherwise lines are added at its end.
  public init(path: String, overwrite: Bool) throws(SinkError) {
    self.path = path
    descriptor = try Self.open(path)
    isOwned = true
    overwrites = overwrite
  }

  /// Starts the file anew, or goes on behind what is in it: a line that was cut at its end, by a crash or a full disk, is
  /// ended there. The first line does that as well.
  public func begin() throws(SinkError) {
    guard isOwned, !hasBegun else { return }
    hasBegun = true
    guard overwrites, let size = fileSize, size > 0 else { return try endLine() }
    guard ftruncate(descriptor, 0) == 0 else {
      throw SinkError(target: path, cause: SinkError.words(of: errno), remedy: "choose another place")
    }
  }

  /// Opens the path again; the old file stays open when that fails.
  public func reopen() throws(SinkError) {
    guard isOwned else { return }
    let former = descriptor
    descriptor = try Self.open(path)
    _ = close(former)
    try endLine()
  }

  private static func open(_ path: String) throws(SinkError) -> Int32 {
    // Safety: the path is a Swift string that lives through the call.
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0o640)
    guard descriptor >= 0 else {
      throw SinkError(
        target: path, cause: SinkError.words(of: errno),
        remedy: "check the path and its permissions, or choose -l DIR")
    }
    return descriptor
  }

  /// Standard output.
  public init() {
    path = "standard output"
    descriptor = 1
    isOwned = false
    overwrites = false
  }

  deinit {
    if isOwned { _ = close(descriptor) }
  }

  /// Writes all bytes, however many calls of the system it takes.
  public func write(_ lines: Span<UInt8>) throws(SinkError) {
    try begin()
    var offset = 0
    while offset < lines.count {
      let rest = lines.extracting(offset...)
      // Safety: the buffer is the span's own memory, alive during the call.
      let written = unsafe rest.withUnsafeBytes { unsafe Self.write(descriptor, $0) }
      if written > 0 {
        offset += written
      } else if errno != EINTR {
        let cause = SinkError.words(of: errno)
        let remedy =
          errno == EPIPE
          ? "nothing reads it any more, so no more is written to it"
          : "make room on the disk or choose another place\(isOwned ? "; the lines so far are complete" : "")"
        takeBack(Self.partialCount(lines, offset))
        throw SinkError(target: path, cause: cause, remedy: remedy)
      }
    }
  }

  /// Bytes behind the last end of a line among the first ones.
  private static func partialCount(_ lines: Span<UInt8>, _ count: Int) -> Int {
    var start = count
    while start > 0, lines[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return count - start
  }

  /// Removes the beginning of a line that found no room; what is no file keeps it.
  private func takeBack(_ count: Int) {
    guard count > 0, let size = fileSize, size >= count else { return }
    _ = ftruncate(descriptor, off_t(size - count))
  }

  /// Ends the line that the file breaks off in; of a file that may not be read nothing is known.
  private func endLine() throws(SinkError) {
    guard let size = fileSize, size > 0 else { return }
    // Safety: the path is a Swift string that lives through the call.
    let reader = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard reader >= 0 else { return }
    defer { _ = close(reader) }
    var last = UInt8(ascii: "\n")
    // Safety: one byte is read into a variable that lives through the call.
    guard unsafe pread(reader, &last, 1, off_t(size - 1)) == 1, last != UInt8(ascii: "\n") else { return }
    try write([UInt8(ascii: "\n")].span)
  }

  /// Bytes of the file; nil for a pipe, a device and their kin.
  private var fileSize: Int? {
    var status = stat()
    // Safety: the status lives through the call.
    guard isOwned, unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  @unsafe private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
  }
}

extension SinkError {
  /// What the system says of an error number.
  static func words(of number: Int32) -> String {
    // Safety: strerror returns a string that is valid until the next call; it is copied at once.
    unsafe String(cString: strerror(number))
  }
}
