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

  /// Opens a file for writing; its folder must exist.
  ///
  /// - Parameter overwrite: starts the file anew; otherwise lines are added at its end.
  public init(path: String, overwrite: Bool) throws(SinkError) {
    self.path = path
    descriptor = try Self.open(path, overwrite ? O_TRUNC : O_APPEND)
    isOwned = true
  }

  /// Opens the path again; the old file stays open when that fails.
  public func reopen() throws(SinkError) {
    guard isOwned else { return }
    let former = descriptor
    descriptor = try Self.open(path, O_APPEND)
    _ = close(former)
  }

  private static func open(_ path: String, _ mode: Int32) throws(SinkError) -> Int32 {
    // Safety: the path is a Swift string that lives through the call.
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0o640)
    guard descriptor >= 0 else {
      throw SinkError(
        target: path, cause: errorText(), remedy: "check the path and its permissions, or choose -l DIR")
    }
    return descriptor
  }

  /// Standard output.
  public init() {
    path = "standard output"
    descriptor = 1
    isOwned = false
  }

  deinit {
    if isOwned { _ = close(descriptor) }
  }

  /// Writes all bytes, however many calls of the system it takes.
  public func write(_ lines: Span<UInt8>) throws(SinkError) {
    var offset = 0
    while offset < lines.count {
      let rest = lines.extracting(offset...)
      // Safety: the buffer is the span's own memory, alive during the call.
      let written = unsafe rest.withUnsafeBytes { unsafe Self.write(descriptor, $0) }
      if written > 0 {
        offset += written
      } else if errno != EINTR {
        let remedy =
          errno == EPIPE
          ? "nothing reads it any more, so no more is written to it"
          : "make room on the disk or choose another place; the lines so far are complete"
        throw SinkError(target: path, cause: Self.errorText(), remedy: remedy)
      }
    }
  }

  @unsafe private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
  }

  private static func errorText() -> String {
    // Safety: strerror returns a string that is valid until the next call; it is copied at once.
    unsafe String(cString: strerror(errno))
  }
}
