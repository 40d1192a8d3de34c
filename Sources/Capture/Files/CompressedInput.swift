#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// `read(2)`, outside of the class whose method has the same name.
private func readDescriptor(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  // Safety: the kernel writes at most the buffer's length.
  unsafe read(descriptor, buffer.baseAddress, buffer.count)
}

/// The bytes of a file, of standard input or of whoever gives them, unpacked when they are gzip (first bytes 1f 8b).
///
/// A read gives what is there and waits only for the first byte, so frames of a live pipe are not late.
final class CompressedInput {
  /// Where the bytes come from.
  private enum Origin {
    case descriptor(Int32)
    case pieces(CapturePieces)
  }

  /// Bytes of the file on disk; nil for a pipe and for pieces.
  let size: Int?
  /// The first bytes of the unpacked data, up to four or as many as were asked for.
  var firstBytes: [UInt8] { head }
  /// What ended the reading before the end; nil when nothing did.
  private(set) var failure: String?
  /// Bytes of the file on disk that were read so far.
  private(set) var offset = 0
  private let origin: Origin
  private let stop: StopFlag
  private var inflater: GzipInflater?
  /// Unpacked bytes that were looked at and not yet given.
  private var head: [UInt8] = []

  /// Opens a path, or standard input for `-`, and looks at its first bytes.
  ///
  /// - Parameter stop: ends the waiting for a pipe that has nothing to say.
  init(_ path: String, stop: StopFlag) throws(CaptureError) {
    self.stop = stop
    let descriptor = path == "-" ? dup(0) : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.openError(path, errno) }
    var status = stat()
    let isKnown = unsafe fstat(descriptor, &status) == 0
    size = isKnown && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    origin = .descriptor(descriptor)
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw CaptureError(input: path, cause: "it is a folder", remedy: "name the files in it")
    }
    lookAtBeginning()
  }

  /// Takes pieces one after the other, and looks at the first bytes.
  init(_ pieces: CapturePieces) {
    stop = StopFlag()
    size = nil
    origin = .pieces(pieces)
    lookAtBeginning()
  }

  private func lookAtBeginning() {
    var beginning = readFully(2)
    if beginning == [0x1f, 0x8b] {
      inflater = GzipInflater(beginning: beginning)
      beginning = []
    }
    beginning += readFully(4 - beginning.count)
    head = beginning
  }

  /// Looks at more of the first bytes; only before anything is read.
  func lookAhead(_ count: Int) {
    head = readFully(count)
  }

  deinit {
    if case .descriptor(let descriptor) = origin { close(descriptor) }
  }

  /// Fills a buffer with what is there; 0 at the end, -1 after an error.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if !head.isEmpty { return unsafe readBehindHead(into: buffer) }
    guard let inflater else { return unsafe readPacked(buffer) }
    let count = unsafe inflater.read(into: buffer) { unsafe self.readPacked($0) }
    if count < 0, failure == nil { failure = inflater.failure }
    return count
  }

  /// Reads the file itself.
  private func readPacked(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    switch origin {
    case .descriptor(let descriptor): unsafe readPacked(buffer, from: descriptor)
    case .pieces(let pieces): unsafe pieces.read(into: buffer)
    }
  }

  private func readPacked(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32) -> Int {
    while true {
      guard size != nil || isReady(descriptor) else { return 0 }
      let count = unsafe readDescriptor(descriptor, buffer)
      if count >= 0 {
        offset += count
        return count
      }
      guard errno == EINTR else {
        failure = unsafe String(cString: strerror(errno))
        return -1
      }
    }
  }

  /// Waits until a pipe has something; false when a stop was asked for meanwhile.
  private func isReady(_ descriptor: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while !stop.isRaised {
      // Safety: one structure, alive during the call. An error shows itself in the read that follows; a
      // signal is none, and may be what asked for the stop.
      let count = unsafe poll(&request, 1, Self.pollMilliseconds)
      if count > 0 || count < 0 && errno != EINTR { return true }
    }
    return false
  }

  /// Whether a read would wait for a pipe.
  var mustWait: Bool {
    guard size == nil, head.isEmpty, case .descriptor(let descriptor) = origin else { return false }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Safety: one structure, alive during the call.
    return unsafe poll(&request, 1, 0) == 0
  }

  private static let pollMilliseconds: Int32 = 100

  private func readFully(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let added = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      }
      guard added > 0 else { break }
      filled += added
    }
    return Array(bytes.prefix(filled))
  }

  /// Gives the head, and of a file what follows it: so reads stay on page boundaries of file and buffer,
  /// which halves the time that the kernel takes to copy.
  private func readBehindHead(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = unsafe takeHead(into: buffer)
    guard size != nil, inflater == nil, head.isEmpty else { return count }
    let rest = unsafe readPacked(UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
    return rest > 0 ? count + rest : count
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
      case EMFILE, ENFILE: "read fewer files at once, or raise the limit (ulimit -n)"
      default: "check the file"
      }
    return CaptureError(input: path, cause: unsafe String(cString: strerror(code)), remedy: remedy)
  }
}
