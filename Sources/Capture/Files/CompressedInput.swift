internal import CZlib

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The bytes of a file or of standard input, unpacked when they are gzip.
///
/// zlib's `gz` functions decide by the first two bytes (1f 8b) and copy anything else through, read
/// concatenated gzip members, and work on pipes, so one path serves all of them but a pipe that is not
/// compressed, which must not wait (see `PipeInput`).
@safe final class CompressedInput {
  private let handle: gzFile?
  private let pipe: PipeInput?
  private var head: [UInt8] = []
  /// Bytes of the file on disk; nil for a pipe.
  let size: Int?

  /// Opens a path, or standard input for `-`, and looks at its first bytes.
  init(_ path: String, stop: StopFlag) throws(CaptureError) {
    let descriptor = path == "-" ? dup(0) : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.openError(path, errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw CaptureError(input: path, cause: "it is a folder", remedy: "name the capture files in it")
    }
    size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    pipe = status.st_mode & S_IFMT == S_IFIFO ? PipeInput(descriptor, stop: stop) : nil
    guard pipe == nil else {
      unsafe handle = nil
      return
    }
    guard let opened = unsafe gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw CaptureError(input: path, cause: "out of memory", remedy: "free some memory")
    }
    unsafe handle = opened
    // Reads of twice this size and more go past zlib's buffer when the data is not compressed.
    _ = unsafe gzbuffer(opened, 16 * 1024)
    head = readHead()
  }

  deinit {
    // Safety: opened in the initialiser, closed once.
    if let handle = unsafe handle { _ = unsafe gzclose(handle) }
  }

  /// The first bytes of the unpacked data, up to eight.
  var firstBytes: [UInt8] { pipe?.firstBytes ?? head }

  /// Fills a buffer as far as possible; 0 at the end, -1 after an error.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard head.isEmpty else { return unsafe takeHead(into: buffer) }
    if let pipe { return unsafe pipe.read(into: buffer) }
    guard let handle = unsafe handle, let base = buffer.baseAddress else { return 0 }
    // Safety: zlib writes at most the buffer's length.
    return Int(unsafe gzread(handle, base, UInt32(min(buffer.count, 1 << 30))))
  }

  /// Bytes of the file on disk that were read so far.
  var offset: Int { unsafe handle.map { unsafe max(0, gzoffset($0)) } ?? 0 }

  /// What is wrong with the gzip data or the file; nil when nothing is.
  var failure: String? {
    if let pipe, pipe.failureCode != 0 { return unsafe String(cString: strerror(pipe.failureCode)) }
    guard let handle = unsafe handle else { return nil }
    var code: Int32 = Z_OK
    let text = unsafe gzerror(handle, &code)
    switch code {
    case Z_OK, Z_STREAM_END: return nil
    case Z_BUF_ERROR: return "the gzip data ends too early"
    case Z_ERRNO: return unsafe String(cString: strerror(errno))
    default: return unsafe text.map { unsafe String(cString: $0) } ?? "the gzip data is damaged"
    }
  }

  private func readHead() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 8)
    // Safety: zlib writes at most eight bytes.
    guard let handle = unsafe handle else { return [] }
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe gzread(handle, $0.baseAddress, 8) }
    return Array(bytes.prefix(max(0, Int(count))))
  }

  private func takeHead(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(head.count, buffer.count)
    unsafe buffer.copyBytes(from: head[..<count])
    head.removeFirst(count)
    return count
  }

  private static func openError(_ path: String, _ code: Int32) -> CaptureError {
    let remedy =
      switch code {
      case ENOENT: "check the path"
      case EACCES: "check who may read the file and its folders"
      case EMFILE, ENFILE: "merge the files first (mergecap) or raise the limit (ulimit -n)"
      default: "check the file"
      }
    return CaptureError(input: path, cause: unsafe String(cString: strerror(code)), remedy: remedy)
  }
}
