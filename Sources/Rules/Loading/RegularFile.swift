#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Why a file could not be read.
enum FileProblem: Error {
  case notFound
  case isFolder
  /// A pipe, a device or a socket: reading it could hang.
  case isSpecial
  case notPermitted
  /// Larger than allowed; what was read of it, up to one byte more than that.
  case tooLarge(beginning: [UInt8], size: Int)
  case failed(String)
}

/// What a path leads to.
enum FileKind {
  case regular, folder, special
}

/// An identity that tells whether two paths lead to one file.
struct FileIdentity: Hashable {
  let device: UInt64
  let inode: UInt64
}

/// `read(2)`, which the method of the same name hides.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  // Safety: the caller vouches for the buffer.
  unsafe read(descriptor, buffer, count)
}

/// Reading of whole files, with a limit.
enum RegularFile {
  /// The bytes of a file of at most `limit` bytes.
  static func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
    // Without O_NONBLOCK the opening of a pipe would wait for a writer.
    // Safety: the path is a C string for the length of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw problem(errno) }
    defer { close(descriptor) }
    var status = stat()
    // Safety: the pointer to a local variable does not outlive the call.
    guard unsafe fstat(descriptor, &status) == 0 else { throw problem(errno) }
    switch kind(status) {
    case .regular: break
    case .folder: throw .isFolder
    case .special: throw .isSpecial
    }
    let bytes = try readAll(descriptor, limit: limit, expected: Int(status.st_size))
    guard bytes.count <= limit else {
      throw .tooLarge(beginning: bytes, size: max(Int(status.st_size), bytes.count))
    }
    return bytes
  }

  /// What a path leads to, and its identity.
  static func examine(_ path: String) throws(FileProblem) -> (kind: FileKind, identity: FileIdentity) {
    var status = stat()
    // Safety: the pointer to a local variable does not outlive the call.
    guard unsafe stat(path, &status) == 0 else { throw problem(errno) }
    let identity = FileIdentity(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    return (kind(status), identity)
  }

  /// The names in a folder, sorted by their bytes; hidden ones are left out.
  static func names(inFolder path: String) throws(FileProblem) -> [String] {
    guard let folder = unsafe opendir(path) else { throw problem(errno) }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    // Safety: readdir's entry is valid until the next call, and its name is copied out before that.
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func readAll(
    _ descriptor: Int32, limit: Int, expected: Int
  ) throws(FileProblem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: min(max(expected, 0), limit) + 1)
    var filled = 0
    while filled < bytes.count {
      let room = bytes.count - filled
      // Safety: `filled` is inside the buffer, and read writes at most `room` bytes behind it.
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe systemRead(descriptor, buffer.baseAddress?.advanced(by: filled), room)
      }
      if count == 0 { break }
      if count < 0 {
        guard errno == EINTR else { throw problem(errno) }
        continue
      }
      filled += count
      // The file grew since it was examined.
      if filled == bytes.count, bytes.count <= limit {
        bytes.append(contentsOf: [UInt8](repeating: 0, count: min(bytes.count, limit + 1 - bytes.count)))
      }
    }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  private static func kind(_ status: stat) -> FileKind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .regular
    case S_IFDIR: .folder
    default: .special
    }
  }

  private static func problem(_ code: Int32) -> FileProblem {
    switch code {
    case ENOENT, ENOTDIR: .notFound
    case EACCES, EPERM: .notPermitted
    // Safety: strerror gives a static or thread-local string, copied at once.
    default: .failed(unsafe String(cString: strerror(code)))
    }
  }
}

extension FileProblem {
  /// The diagnostic for a path, at the place that names it.
  func diagnostic(for path: String, limit: Int, at span: SourceSpan) -> RuleDiagnostic {
    switch self {
    case .notFound:
      RuleDiagnostic(
        .fileNotFound, .error, at: span, "there is no file '\(path)'",
        help: "check the path; a relative one starts at the working directory, in a rule file at its folder")
    case .isFolder:
      RuleDiagnostic(.notAFile, .error, at: span, "'\(path)' is a folder", help: "name a file in it")
    case .isSpecial:
      RuleDiagnostic(
        .notAFile, .error, at: span, "'\(path)' is no regular file",
        help: "pipes, devices and sockets cannot be read here; copy the content to a file")
    case .notPermitted:
      RuleDiagnostic(
        .fileUnreadable, .error, at: span, "no permission to read '\(path)'",
        help: "give the user that runs ringwatch read access")
    case .tooLarge(_, let size):
      RuleDiagnostic(
        .fileTooLarge, .error, at: span,
        "the file has \(size) bytes, which is more than the limit of \(limit)",
        help: "split the file, or move data to list files")
    case .failed(let reason):
      RuleDiagnostic(
        .fileUnreadable, .error, at: span, "cannot read '\(path)': \(reason)",
        help: "check the file and the disk")
    }
  }
}
