internal import CPcap

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A pipe whose bytes are given on as they come in, until it ends or the stop flag is raised.
///
/// zlib waits for a full buffer of 128 KiB, which may take hours on a pipe from a quiet network, and a
/// reader that waits inside `read(2)` cannot be stopped. So what is not compressed is read here.
final class PipeInput {
  /// The first bytes of the pipe, up to four; they are still to be read.
  let firstBytes: [UInt8]
  /// The system's error that ended the reading; 0 when there was none.
  private(set) var failureCode: Int32 = 0
  private let descriptor: Int32
  private let stop: StopFlag

  /// Takes a pipe over and closes it at the end; nil, without taking anything, when the descriptor is no
  /// pipe or its bytes are gzip.
  init?(_ descriptor: Int32, stop: StopFlag) {
    guard let bytes = Self.peek(descriptor, stop), !bytes.starts(with: [0x1f, 0x8b]) else { return nil }
    self.descriptor = descriptor
    self.stop = stop
    firstBytes = bytes
  }

  deinit {
    close(descriptor)
  }

  /// Reads what there is, waiting for at least one byte; 0 at the end or after a stop, -1 after an error.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    while Self.wait(descriptor, stop) != nil {
      // Safety: the system writes at most the buffer's length.
      let count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR || errno == EAGAIN else {
        failureCode = errno
        return -1
      }
    }
    return 0
  }

  /// Waits for bytes or the end of the pipe; nil when it was stopped, else whether the writer is gone.
  private static func wait(_ descriptor: Int32, _ stop: StopFlag) -> Bool? {
    while !stop.isRaised {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // Safety: one entry is announced and given.
      if unsafe poll(&entry, 1, 100) > 0 { return entry.revents & Int16(POLLHUP) != 0 }
    }
    return nil
  }

  /// Looks at the first four bytes without taking them; nil when the descriptor is no pipe.
  private static func peek(_ descriptor: Int32, _ stop: StopFlag) -> [UInt8]? {
    var copy: [Int32] = [-1, -1]
    guard unsafe pipe(&copy) == 0 else { return nil }
    defer { copy.forEach { _ = close($0) } }
    while let isAlone = wait(descriptor, stop) {
      let count = capture_tee(descriptor, copy[1], 4, 0)
      guard count >= 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: count)
      // Safety: as many bytes as the array holds; `tee` put them there.
      guard unsafe count == 0 || Glibc.read(copy[0], &bytes, count) == count else { return nil }
      if count == 4 || isAlone { return bytes }
      usleep(10_000)
    }
    return []
  }
}
