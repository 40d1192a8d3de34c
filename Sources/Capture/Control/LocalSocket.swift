internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Why a local socket cannot be opened or reached.
public struct LocalSocketError: Error, CustomStringConvertible {
  /// Its path.
  public let path: String
  /// What went wrong, and what to do about it.
  public let cause: String

  /// The whole in one line.
  public var description: String { "\(path): \(cause)" }
}

/// A Unix stream socket that only the user who made it may use; one thread at a time reads, one writes.
public final class LocalSocket: Sendable {
  private let descriptor: Int32
  /// Of a listening socket, to remove it in the end.
  private let ownPath: String?

  private init(_ descriptor: Int32, ownPath: String? = nil) {
    self.descriptor = descriptor
    self.ownPath = ownPath
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit {
    _ = close(descriptor)
  }

  /// Removes the file of a listening socket.
  public func removeFile() {
    // Safety: the path is a C string for the length of the call.
    if let ownPath { _ = unsafe unlink(ownPath) }
  }

  // MARK: Opening

  /// Listens at a path, with mode 0600; a socket there that nobody listens at any more is replaced.
  public static func listening(at path: String) throws(LocalSocketError) -> LocalSocket {
    let address = try address(of: path)
    if (try? connected(to: path)) != nil {
      throw LocalSocketError(path: path, cause: "another ringwatch answers there; choose another path")
    }
    removeSocket(at: path)
    let opened = try open(path)
    // Linux gives the file the mode of the socket, so that it is never open to others.
    _ = fchmod(opened, 0o600)
    var status = address.bind(opened)
    if status == 0, listen(opened, 8) != 0 { status = errno }
    guard status == 0 else {
      _ = close(opened)
      throw LocalSocketError(path: path, cause: bindingCause(status))
    }
    return LocalSocket(opened, ownPath: path)
  }

  /// Connects to a path.
  public static func connected(to path: String) throws(LocalSocketError) -> LocalSocket {
    let address = try address(of: path)
    let opened = try open(path)
    let status = address.connect(opened)
    guard status == 0 else {
      _ = close(opened)
      let words = CaptureError.words(of: status)
      throw LocalSocketError(
        path: path, cause: "\(words); is a ringwatch running with --control \(path), by the same user?")
    }
    return LocalSocket(opened)
  }

  private static func open(_ path: String) throws(LocalSocketError) -> Int32 {
    let opened = UnixAddress.makeSocket()
    guard opened >= 0 else { throw LocalSocketError(path: path, cause: CaptureError.words(of: errno)) }
    return opened
  }

  private static func address(of path: String) throws(LocalSocketError) -> UnixAddress {
    guard let address = UnixAddress(path) else {
      let range = UnixAddress.pathRange
      throw LocalSocketError(
        path: path, cause: "the path of a socket has \(range.lowerBound) to \(range.upperBound) bytes")
    }
    return address
  }

  /// Removes what an earlier run left behind; never anything but a socket.
  private static func removeSocket(at path: String) {
    var status = stat()
    // Safety: pointers to a local variable and a path that do not outlive the calls.
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
    _ = unsafe unlink(path)
  }

  private static func bindingCause(_ number: Int32) -> String {
    let remedy =
      switch number {
      case EADDRINUSE: "something that is no socket is there; choose another path"
      case ENOENT: "make its folder, or choose another path"
      case EACCES, EPERM, EROFS: "choose a folder that the user of ringwatch may write"
      default: "choose another path"
      }
    return "\(CaptureError.words(of: number)); \(remedy)"
  }

  // MARK: Use

  /// The next connection; nil when none came within a time.
  public func accept(milliseconds: Int32) -> LocalSocket? {
    guard waits(for: Int16(POLLIN), milliseconds) else { return nil }
    let accepted = acceptConnection(descriptor)
    return accepted >= 0 ? LocalSocket(accepted) : nil
  }

  /// What came of reading.
  public enum Reading: Equatable {
    case bytes([UInt8])
    /// The other side is gone.
    case ended
    /// Nothing came in time.
    case silent
  }

  /// What is there, at most 4096 bytes.
  public func read(milliseconds: Int32) -> Reading {
    guard waits(for: Int16(POLLIN), milliseconds) else { return .silent }
    var room = [UInt8](repeating: 0, count: 4096)
    // Safety: the kernel writes at most as many bytes as the room has.
    let count = unsafe recv(descriptor, &room, room.count, 0)
    return count > 0 ? .bytes(Array(room[..<count])) : .ended
  }

  /// Writes everything; false when the other side is gone or takes nothing for a time.
  public func write(_ bytes: [UInt8], milliseconds: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard waits(for: Int16(POLLOUT), milliseconds) else { return false }
      // Safety: the kernel reads the bytes of the slice only.
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe send(
          descriptor, bytes.baseAddress, bytes.count,
          Int32(MSG_NOSIGNAL) | Int32(truncatingIfNeeded: MSG_DONTWAIT))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private func waits(for events: Int16, _ milliseconds: Int32) -> Bool {
    var waiting = [pollfd(fd: descriptor, events: events, revents: 0)]
    // Safety: the array has the one entry that is announced.
    return unsafe poll(&waiting, 1, milliseconds) > 0
  }
}

/// `accept`, outside of the class whose method has the same name.
private func acceptConnection(_ descriptor: Int32) -> Int32 {
  accept(descriptor, nil, nil)
}
