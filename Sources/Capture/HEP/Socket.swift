internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// One socket that never blocks; it is closed when nobody has it any more.
final class Socket {
  let descriptor: Int32

  /// Takes an open descriptor over.
  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  deinit {
    _ = close(descriptor)
  }

  /// A socket that is bound to an endpoint and, for TCP, takes connections.
  static func listening(on endpoint: HEPEndpoint, bufferSize: Int) throws(CaptureError) -> Socket {
    let place = SocketAddress(endpoint.address, port: endpoint.port)
    let opened = socket(place.family, endpoint.transport == .udp ? datagrams : stream, 0)
    guard opened >= 0 else { throw endpoint.openingError(errno) }
    let new = Socket(opened)
    // Each family has a socket of its own, so that IPv4 senders never appear as IPv6 addresses.
    if place.address.isIPv6 { new.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
    if endpoint.transport == .udp {
      new.prepareDatagrams(isIPv6: place.address.isIPv6, bufferSize: bufferSize)
    } else {
      new.set(SOL_SOCKET, SO_REUSEADDR, 1)
    }
    var failure = new.bind(to: place)
    if failure == 0, endpoint.transport == .tcp, listen(opened, backlog) != 0 { failure = errno }
    guard failure == 0 else { throw endpoint.openingError(failure) }
    return new
  }

  private static let backlog: Int32 = 128

  /// Asks for the address that a datagram was sent to, when it came, and how many were dropped before it.
  private func prepareDatagrams(isIPv6: Bool, bufferSize: Int) {
    if isIPv6 {
      set(Int32(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1)
    } else {
      set(Int32(IPPROTO_IP), IP_PKTINFO, 1)
    }
    set(SOL_SOCKET, SO_TIMESTAMPNS, 1)
    set(SOL_SOCKET, SO_RXQ_OVFL, 1)
    let size = Int32(clamping: bufferSize)
    // Only CAP_NET_ADMIN may go beyond the limit of the system.
    if !set(SOL_SOCKET, SO_RCVBUFFORCE, size) { set(SOL_SOCKET, SO_RCVBUF, size) }
  }

  /// What came of accepting a connection.
  enum Acceptance {
    case connection(Socket, peer: SocketAddress)
    /// None, with the kernel's error number.
    case none(Int32)
  }

  /// Takes the next connection that waits.
  func accept() -> Acceptance {
    var structure = [UInt8](repeating: 0, count: SocketAddress.maximumCount)
    var length = socklen_t(structure.count)
    let accepted = unsafe structure.withUnsafeMutableBytes { bytes in
      // Safety: the kernel writes at most `length` bytes, which are there.
      unsafe acceptConnection(
        descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
    }
    guard accepted >= 0 else { return .none(errno) }
    let connection = Socket(accepted)
    // An agent that vanished without a word is noticed.
    connection.set(SOL_SOCKET, SO_KEEPALIVE, 1)
    guard let peer = SocketAddress(structure.span) else { return .none(ECONNABORTED) }
    return .connection(connection, peer: peer)
  }

  /// The address of this end.
  var localAddress: SocketAddress? {
    var structure = [UInt8](repeating: 0, count: SocketAddress.maximumCount)
    var length = socklen_t(structure.count)
    let status = unsafe structure.withUnsafeMutableBytes { bytes -> Int32 in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
      // Safety: the kernel writes at most `length` bytes, which are there.
      return unsafe getsockname(descriptor, start, &length)
    }
    return status == 0 ? SocketAddress(structure.span) : nil
  }

  /// Receives what is there, up to the size of the room; 0 at the end of a stream, the negative error number
  /// when nothing came.
  func receive(into room: UnsafeMutableRawBufferPointer) -> Int {
    // Safety: the kernel writes at most as many bytes as the room has.
    let count = unsafe recv(descriptor, room.baseAddress, room.count, 0)
    return count >= 0 ? count : -Int(errno)
  }

  /// Binds; returns 0 or the error number.
  private func bind(to place: SocketAddress) -> Int32 {
    let structure = place.structure
    return unsafe structure.withUnsafeBytes { bytes in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
        return EINVAL
      }
      // Safety: the structure is as long as is said.
      return unsafe bindSocket(descriptor, start, socklen_t(bytes.count)) == 0 ? 0 : errno
    }
  }

  @discardableResult
  private func set(_ level: Int32, _ option: Int32, _ value: Int32) -> Bool {
    var value = value
    // Safety: the value lives during the call and has the size that is said.
    return unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
  }

  #if canImport(Glibc)
    private static let datagrams = Int32(SOCK_DGRAM.rawValue)
    private static let stream = Int32(SOCK_STREAM.rawValue)
  #else
    private static let datagrams = SOCK_DGRAM
    private static let stream = SOCK_STREAM
  #endif
}

/// `accept`, outside of the class whose method has the same name.
private func acceptConnection(
  _ descriptor: Int32, _ address: UnsafeMutablePointer<sockaddr>?, _ length: inout socklen_t
) -> Int32 {
  unsafe accept(descriptor, address, &length)
}

/// `bind`, likewise.
private func bindSocket(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32
{
  unsafe bind(descriptor, address, length)
}

extension HEPEndpoint {
  /// Why an endpoint cannot be opened, from the number that the kernel gave.
  fileprivate func openingError(_ number: Int32) -> CaptureError {
    let remedy =
      switch number {
      case EADDRINUSE:
        "stop what listens there (ss -lnp 'sport = :\(port)'), name it once only, or choose another port"
      case EADDRNOTAVAIL: "choose an address of this machine (ip address), or 0.0.0.0 or [::] for all"
      case EACCES: "choose a port from 1024, or grant CAP_NET_BIND_SERVICE"
      case EAFNOSUPPORT:
        "this machine has no IPv\(address.isIPv6 ? 6 : 4): choose an address of the other family"
      case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
      default: "choose another address or port"
      }
    return CaptureError(input: description, cause: CaptureError.words(of: number), remedy: remedy)
  }
}

extension CaptureError {
  /// What the system says of an error number.
  static func words(of number: Int32) -> String {
    // Safety: the text stays valid until the next call, and is copied at once.
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }
}
