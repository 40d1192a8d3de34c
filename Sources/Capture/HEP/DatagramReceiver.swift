internal import Packets
internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Receives datagrams with what the kernel knows of them; its memory serves all of them.
final class DatagramReceiver {
  /// What the kernel tells with a datagram.
  struct Facts {
    /// Bytes of the datagram.
    var count = 0
    /// Who sent it; nil when the kernel does not say so.
    var sender: SocketAddress?
    /// The address that it was sent to.
    var destination: IPAddress?
    /// When it arrived.
    var time: Timestamp?
    /// Datagrams that the socket dropped so far, a counter that wraps; nil when there was none.
    var dropped: UInt32?
  }

  /// The datagram that was received last; what is behind its end has no meaning.
  private(set) var bytes = [UInt8](repeating: 0, count: 65_536)
  /// Why there was no datagram: the kernel's error number.
  private(set) var failure: Int32 = 0
  private var sender = [UInt8](repeating: 0, count: SocketAddress.maximumCount)
  private var control = [UInt8](repeating: 0, count: 256)

  /// Receives the next datagram that waits; nil when there is none, and `failure` says why.
  func receive(from socket: Socket) -> Facts? {
    var header = unsafe msghdr()
    let count = unsafe bytes.withUnsafeMutableBytes { data in
      unsafe sender.withUnsafeMutableBytes { sender in
        unsafe control.withUnsafeMutableBytes { control in
          var vector = unsafe iovec(iov_base: data.baseAddress, iov_len: data.count)
          return unsafe withUnsafeMutablePointer(to: &vector) { vector in
            unsafe header.msg_name = sender.baseAddress
            unsafe header.msg_namelen = socklen_t(sender.count)
            unsafe header.msg_iov = vector
            unsafe header.msg_iovlen = 1
            unsafe header.msg_control = control.baseAddress
            unsafe header.msg_controllen = .init(control.count)
            // Safety: the three buffers and the vector live during the call and have the sizes that are said.
            return unsafe recvmsg(socket.descriptor, &header, 0)
          }
        }
      }
    }
    guard count >= 0 else {
      failure = errno
      return nil
    }
    var facts = Facts(count: count)
    facts.sender = SocketAddress(sender.span.extracting(..<min(sender.count, Int(unsafe header.msg_namelen))))
    let told = control
    read(told.span.extracting(..<min(told.count, Int(unsafe header.msg_controllen))), into: &facts)
    return facts
  }

  private static let word = MemoryLayout<Int>.size

  /// Control messages, cmsg(3): length with header, level, type, value, filled up to whole words.
  private func read(_ control: Bytes, into facts: inout Facts) {
    let headerCount = Self.word + 8
    var start = 0
    while start + headerCount <= control.count {
      let length = Self.word == 8 ? control.native64(start) : Int64(control.native32(start))
      guard length >= headerCount, length <= control.count - start else { return }
      let level = control.native32(start + Self.word)
      let type = control.native32(start + Self.word + 4)
      let value = control.extracting(start + headerCount..<start + Int(length))
      read(value, level: level, type: type, into: &facts)
      start += (Int(length) + Self.word - 1) / Self.word * Self.word
    }
  }

  private func read(_ value: Bytes, level: Int32, type: Int32, into facts: inout Facts) {
    switch (level, type) {
    case (SOL_SOCKET, SO_TIMESTAMPNS) where value.count >= 16 && Self.word == 8:
      facts.time = Timestamp(seconds: value.native64(0), nanoseconds: value.native64(8))
    case (SOL_SOCKET, SO_RXQ_OVFL) where value.count >= 4:
      facts.dropped = UInt32(bitPattern: value.native32(0))
    case (Int32(IPPROTO_IP), IP_PKTINFO) where value.count >= 12:
      facts.destination = IPAddress(v4: value.uint32(at: 8))
    case (Int32(IPPROTO_IPV6), IPV6_PKTINFO) where value.count >= 16:
      facts.destination = IPAddress(v6High: value.uint64(at: 0), low: value.uint64(at: 8))
    default: break
    }
  }
}

extension Span where Element == UInt8 {
  /// A number in the byte order of the machine; its bytes must be there.
  fileprivate func native32(_ offset: Int) -> Int32 {
    Int32(bitPattern: UInt32(bigEndian: uint32(at: offset)))
  }

  /// A number in the byte order of the machine; its bytes must be there.
  fileprivate func native64(_ offset: Int) -> Int64 {
    Int64(bitPattern: UInt64(bigEndian: uint64(at: offset)))
  }
}
