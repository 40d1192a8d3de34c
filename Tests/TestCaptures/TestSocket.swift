import Foundation
import Values

/// A socket that sends to this machine, for what listens.
public final class TestSocket {
  private let descriptor: Int32

  /// Something that the system refused.
  public struct Failure: Error {
    let call: String
    let number: Int32
  }

  /// Sends datagrams from an address, such as 127.0.0.2, to a port of 127.0.0.1.
  public static func datagrams(to port: UInt16, from source: String = "127.0.0.1") throws -> TestSocket {
    try TestSocket(Int32(SOCK_DGRAM.rawValue), source, port)
  }

  /// Connects from an address to a port of 127.0.0.1.
  public static func stream(to port: UInt16, from source: String = "127.0.0.1") throws -> TestSocket {
    try TestSocket(Int32(SOCK_STREAM.rawValue), source, port)
  }

  /// Connects to a Unix stream socket.
  public static func local(_ path: String) throws -> TestSocket {
    let opened = UnixAddress.makeSocket()
    guard let address = UnixAddress(path) else { throw Failure(call: "connect", number: ENAMETOOLONG) }
    let status = address.connect(opened)
    guard status == 0 else { throw Failure(call: "connect", number: status) }
    return TestSocket(opened)
  }

  /// A port that nothing listens on, neither over UDP nor over TCP.
  public static func freePort() throws -> UInt16 {
    for _ in 0..<100 {
      let port = UInt16.random(in: 20_000...32_000)
      let isFree = [SOCK_DGRAM, SOCK_STREAM].allSatisfy { kind in
        let trial = socket(AF_INET, Int32(kind.rawValue), 0)
        defer { close(trial) }
        return unsafe address(nil, port) { unsafe bind(trial, $0, $1) } == 0
      }
      if isFree { return port }
    }
    throw Failure(call: "bind", number: EADDRINUSE)
  }

  private init(_ kind: Int32, _ source: String, _ port: UInt16) throws {
    descriptor = socket(AF_INET, kind, 0)
    let descriptor = descriptor
    guard unsafe Self.address(source, 0, { unsafe bind(descriptor, $0, $1) }) == 0 else {
      throw Failure(call: "bind", number: errno)
    }
    guard unsafe Self.address("127.0.0.1", port, { unsafe connect(descriptor, $0, $1) }) == 0 else {
      throw Failure(call: "connect", number: errno)
    }
    limitWaiting()
  }

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
    limitWaiting()
  }

  private func limitWaiting() {
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit {
    close(descriptor)
  }

  /// Sends bytes as one datagram, or as the next ones of the stream; says whether they could be sent.
  @discardableResult
  public func send(_ bytes: [UInt8]) -> Bool {
    unsafe Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// What comes up to a line break, without it, or up to the end; nil when nothing comes.
  public func line() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while unsafe recv(descriptor, &byte, 1, 0) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// Waits until the other side closes the stream; false when it does not within half a minute.
  public func waitsForClose() -> Bool {
    var byte: UInt8 = 0
    let count = unsafe recv(descriptor, &byte, 1, 0)
    return count == 0 || (count < 0 && errno == ECONNRESET)
  }

  private static func address(
    _ text: String?, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = text.map { unsafe inet_addr($0) } ?? 0
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe body(generic, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
