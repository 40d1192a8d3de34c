#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The path of a Unix socket, as the system takes it.
public struct UnixAddress: Sendable {
  /// Bytes that a path may have.
  public static let pathRange = 1...107

  /// `sockaddr_un`: the family, in the byte order of the machine, then the path and a zero.
  private let bytes: [UInt8]

  /// The address of a path; nil when it has no bytes or too many.
  public init?(_ path: String) {
    guard Self.pathRange.contains(path.utf8.count) else { return nil }
    let family = UInt16(AF_UNIX)
    let low = UInt8(truncatingIfNeeded: family.littleEndian == family ? family : family >> 8)
    let high = UInt8(truncatingIfNeeded: family.littleEndian == family ? family >> 8 : family)
    bytes = [low, high] + Array(path.utf8) + [0]
  }

  /// A socket for such addresses, closed in programs that this one starts; -1 with the error number when there is none.
  public static func makeSocket(datagrams: Bool = false) -> Int32 {
    #if canImport(Glibc)
      let kind = Int32((datagrams ? SOCK_DGRAM : SOCK_STREAM).rawValue)
    #else
      let kind = datagrams ? SOCK_DGRAM : SOCK_STREAM
    #endif
    let opened = socket(AF_UNIX, kind, 0)
    if opened >= 0 { _ = fcntl(opened, F_SETFD, FD_CLOEXEC) }
    return opened
  }

  /// Connects a socket to the address; 0 or the error number.
  public func connect(_ descriptor: Int32) -> Int32 {
    // Safety: the structure is as long as is said, see `call`.
    unsafe call { unsafe connectSocket(descriptor, $0, $1) }
  }

  /// Gives a socket the address; 0 or the error number.
  public func bind(_ descriptor: Int32) -> Int32 {
    // Safety: the structure is as long as is said, see `call`.
    unsafe call { unsafe bindSocket(descriptor, $0, $1) }
  }

  private func call(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
        return EINVAL
      }
      // Safety: the structure is as long as is said.
      return unsafe body(start, socklen_t(bytes.count)) == 0 ? 0 : errno
    }
  }
}

/// `connect`, outside of the type whose method has the same name.
@unsafe private func connectSocket(_ descriptor: Int32, _ place: UnsafePointer<sockaddr>, _ size: socklen_t)
  -> Int32
{
  unsafe connect(descriptor, place, size)
}

/// `bind`, likewise.
@unsafe private func bindSocket(_ descriptor: Int32, _ place: UnsafePointer<sockaddr>, _ size: socklen_t)
  -> Int32
{
  unsafe bind(descriptor, place, size)
}
