internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// One connected Unix socket that never waits by itself and never raises SIGPIPE; closed with the object.
final class UnixSender {
  private let descriptor: Int32

  /// A number of the system that says why not.
  struct Failure: Error {
    let number: Int32

    /// The system's words.
    var words: String { SinkError.words(of: number) }
  }

  /// Connects to a socket that somebody listens at or reads.
  init(_ path: String, datagrams: Bool) throws(Failure) {
    guard let address = UnixAddress(path) else { throw Failure(number: ENAMETOOLONG) }
    let opened = UnixAddress.makeSocket(datagrams: datagrams)
    guard opened >= 0 else { throw Failure(number: errno) }
    _ = fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) | O_NONBLOCK)
    let status = address.connect(opened)
    guard status == 0 else {
      _ = close(opened)
      throw Failure(number: status)
    }
    descriptor = opened
  }

  deinit {
    _ = close(descriptor)
  }

  /// What came of sending.
  enum Outcome {
    /// So many bytes were taken.
    case sent(Int)
    /// The reader has no room as yet.
    case full
    /// It is more than a message may be.
    case tooLong
    /// Nobody reads any more.
    case gone(Failure)
  }

  /// Sends bytes without waiting.
  func send(_ bytes: ArraySlice<UInt8>) -> Outcome {
    while true {
      // Safety: the kernel reads the bytes of the slice only, during the call.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe sendBytes(descriptor, bytes.baseAddress, bytes.count)
      }
      guard count < 0 else { return .sent(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN, ENOBUFS, ENOMEM: return .full
      case EMSGSIZE: return .tooLong
      default: return .gone(Failure(number: errno))
      }
    }
  }

  /// Waits until there may be room, or for a time; whether all of that passed.
  func wait(milliseconds: Int32) -> Bool {
    var waiting = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
    // Safety: the array has the one entry that is announced.
    return unsafe poll(&waiting, 1, milliseconds) == 0
  }

  /// Waits for a time.
  static func pause(milliseconds: Int32) {
    _ = poll(nil, 0, milliseconds)
  }
}

/// `send`, outside of the class whose method has the same name.
@unsafe private func sendBytes(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe send(descriptor, start, count, Int32(MSG_NOSIGNAL) | Int32(truncatingIfNeeded: MSG_DONTWAIT))
}
