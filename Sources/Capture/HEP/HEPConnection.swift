internal import Packets
internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// One TCP connection of a capture agent.
final class HEPConnection {
  /// How reading ended.
  enum Outcome {
    /// All that came was given, or as much as was asked for.
    case open
    /// The agent closed the connection, or it failed, between two messages.
    case ended
    /// It ended within a message, or carries something else.
    case broken
  }

  /// The agent.
  let peer: IPAddress
  /// Its descriptor, to wait for.
  var descriptor: Int32 { socket.descriptor }
  /// Whether there may be messages that came and were not given.
  var isPending = false
  private let socket: Socket
  private var header: ReceivedHeader
  private var buffer = HEPStreamBuffer()
  private var lastReceived = ContinuousClock.now
  private var messageBegan: ContinuousClock.Instant?

  init(_ socket: Socket, header: ReceivedHeader) {
    self.socket = socket
    self.header = header
    peer = header.source
  }

  /// Gives at most a number of messages to the visitor.
  func read<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, number: inout UInt64, counting statistics: inout HEPStatistics, visitor: inout V
  ) -> Outcome {
    var given = 0
    isPending = false
    while given < limit, !visitor.isFull {
      switch buffer.next() {
      case .message(let range):
        given += 1
        messageBegan = nil
        number += 1
        header.number = number
        statistics.messages += 1
        statistics.bytes += UInt64(range.count)
        visitor.visit(received: buffer.bytes.span.extracting(range), header)
      case .broken: return .broken
      case .incomplete:
        guard let end = receive() else { continue }
        return end
      }
    }
    isPending = true
    return .open
  }

  /// Receives more; how reading ends when there is nothing, or nil.
  private func receive() -> Outcome? {
    let socket = socket
    // Safety: the room is memory of the buffer, filled by the socket during the call alone.
    let count = unsafe buffer.fill { room in unsafe socket.receive(into: room) }
    if count > 0 {
      header.timestamp = .now
      lastReceived = .now
      return nil
    }
    switch Int32(clamping: -count) {
    case EINTR: return nil
    case EAGAIN:
      messageBegan = buffer.isInsideMessage ? messageBegan ?? lastReceived : nil
      return .open
    default: return buffer.isInsideMessage ? .broken : .ended
    }
  }

  /// Whether nothing came for too long, or a message takes too long.
  func isIdle(at now: ContinuousClock.Instant, _ options: HEPListenerOptions) -> Bool {
    if let messageBegan, now - messageBegan > options.messageTimeout { return true }
    return now - lastReceived > options.idleTimeout
  }
}
