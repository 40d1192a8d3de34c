internal import Packets
internal import Values

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Listens for HEP on UDP and TCP and gives each message to the pipeline with the addresses that it came by.
///
/// Anybody may send to it, so memory is bounded by the number of connections, and everything that is refused
/// is counted. It never waits: who uses it polls its descriptors.
struct HEPListener: ~Copyable {
  /// What was received and refused so far.
  private(set) var statistics = HEPStatistics()
  private let options: HEPListenerOptions
  private var doors: [Door] = []
  private var connections: [HEPConnection] = []
  private let receiver = DatagramReceiver()
  private var polled: [pollfd] = []
  private var turn = 0
  private var lastSweep = ContinuousClock.now
  /// Until the next sweep, for want of descriptors.
  private var isAcceptingPaused = false

  /// A socket that everybody can reach.
  private struct Door {
    let socket: Socket
    let endpoint: HEPEndpoint
    let interface: UInt16
    /// The kernel's count of drops when it was told last.
    var dropped: UInt32 = 0
    /// Errors one after the other.
    var failures = 0
  }

  /// Opens all endpoints, the first of which has the given index among the inputs; throws for the first that
  /// cannot be opened.
  init(_ options: HEPListenerOptions, firstIndex: Int) throws(CaptureError) {
    self.options = options
    for (index, endpoint) in options.endpoints.enumerated() {
      let socket = try Socket.listening(on: endpoint, bufferSize: options.bufferSize)
      doors.append(
        Door(socket: socket, endpoint: endpoint, interface: UInt16(clamping: firstIndex + index)))
    }
  }

  /// Whether anything may still come.
  var isOpen: Bool { !doors.isEmpty || !connections.isEmpty }

  /// Adds the descriptors that tell when there is something to read.
  func appendDescriptors(to list: inout [pollfd]) {
    for door in doors {
      let isPaused = isAcceptingPaused && door.endpoint.transport == .tcp
      list.append(pollfd(fd: door.socket.descriptor, events: isPaused ? 0 : Int16(POLLIN), revents: 0))
    }
    for connection in connections {
      list.append(pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0))
    }
  }

  /// Gives what is waiting, at most `limit` messages, to the visitor; returns how many.
  ///
  /// Each endpoint and each connection has an equal share, so that a busy one does not starve another.
  mutating func drain<V: FrameVisitor & ~Copyable>(
    upTo limit: Int, number: inout UInt64, visitor: inout V
  ) throws(CaptureError) -> Int {
    polled.removeAll(keepingCapacity: true)
    var descriptors: [pollfd] = []
    swap(&descriptors, &polled)
    appendDescriptors(to: &descriptors)
    polled = descriptors
    let pending = connections.count { $0.isPending }
    // Safety: the array has as many entries as are announced.
    let signalled = unsafe poll(&polled, nfds_t(polled.count), 0)
    let ready = pending + max(0, Int(signalled))
    guard ready > 0 else {
      closeIdle()
      return 0
    }
    let start = statistics.messages
    let share = max(1, limit / ready)
    for index in doors.indices where polled[index].revents != 0 {
      let remaining = limit - Int(statistics.messages - start)
      guard remaining > 0, doors[index].endpoint.transport == .udp else { continue }
      try receive(index, upTo: min(share, remaining), number: &number, visitor: &visitor)
    }
    let remaining = limit - Int(statistics.messages - start)
    readConnections(share: share, limit: remaining, number: &number, visitor: &visitor)
    closeIdle()
    // Last, because it moves the connections' places.
    for index in doors.indices where polled[index].revents != 0 && doors[index].endpoint.transport == .tcp {
      try accept(index)
    }
    return Int(statistics.messages - start)
  }

  private func isTrusted(_ address: IPAddress) -> Bool {
    options.agents.isEmpty || options.agents.contains { $0.contains(address) }
  }
}

extension HEPListener {
  /// Receives a number of datagrams, refused ones included.
  private mutating func receive<V: FrameVisitor & ~Copyable>(
    _ index: Int, upTo limit: Int, number: inout UInt64, visitor: inout V
  ) throws(CaptureError) {
    let socket = doors[index].socket
    for _ in 0..<limit where !visitor.isFull {
      guard let facts = receiver.receive(from: socket) else {
        if receiver.failure == EINTR { continue }
        if receiver.failure != EAGAIN { try noteFailure(receiver.failure, index) }
        return
      }
      doors[index].failures = 0
      if let dropped = facts.dropped {
        statistics.droppedByKernel += UInt64(dropped &- doors[index].dropped)
        doors[index].dropped = dropped
      }
      give(facts, index, number: &number, visitor: &visitor)
    }
  }

  private mutating func give<V: FrameVisitor & ~Copyable>(
    _ facts: DatagramReceiver.Facts, _ index: Int, number: inout UInt64, visitor: inout V
  ) {
    guard let sender = facts.sender, isTrusted(sender.address) else {
      statistics.untrusted += 1
      return
    }
    let bytes = receiver.bytes
    let datagram = bytes.span.extracting(..<min(facts.count, bytes.count))
    guard Self.mayBeHEP(datagram) else {
      statistics.rejected += 1
      return
    }
    let endpoint = doors[index].endpoint
    let place = SocketAddress(facts.destination ?? endpoint.address, port: endpoint.port)
    var header = ReceivedHeader(.udp, from: sender, to: place, interface: doors[index].interface)
    number += 1
    header.number = number
    header.timestamp = facts.time ?? .now
    statistics.messages += 1
    statistics.bytes += UInt64(datagram.count)
    visitor.visit(received: datagram, header)
  }

  /// Whether a datagram begins as HEP: the magic of version 3, or version and header length of 1 and 2.
  private static func mayBeHEP(_ datagram: Bytes) -> Bool {
    guard datagram.count > 6 else { return false }
    if datagram.uint32(at: 0) == 0x4845_5033 { return true }
    switch (datagram[0], datagram[1]) {
    case (1, 16), (1, 40), (2, 16), (2, 28), (2, 40), (2, 52): return true
    default: return false
    }
  }
}

extension HEPListener {
  private mutating func readConnections<V: FrameVisitor & ~Copyable>(
    share: Int, limit: Int, number: inout UInt64, visitor: inout V
  ) {
    guard !connections.isEmpty else { return }
    let end = statistics.messages + UInt64(limit)
    var ended: [Int] = []
    turn = (turn + 1) % connections.count
    for offset in connections.indices {
      let index = (turn + offset) % connections.count
      let connection = connections[index]
      guard connection.isPending || polled[doors.count + index].revents != 0 else { continue }
      guard statistics.messages < end else {
        connection.isPending = true
        continue
      }
      let count = min(share, Int(end - statistics.messages))
      let outcome = connection.read(upTo: count, number: &number, counting: &statistics, visitor: &visitor)
      if outcome == .broken { statistics.brokenConnections += 1 }
      if outcome != .open { ended.append(index) }
    }
    for index in ended.sorted(by: >) { connections.remove(at: index) }
  }

  /// How many connections are taken at a time, so that a flood of them leaves time for messages.
  private static let acceptLimit = 64

  private mutating func accept(_ index: Int) throws(CaptureError) {
    for _ in 0..<Self.acceptLimit {
      switch doors[index].socket.accept() {
      case .connection(let socket, let peer):
        doors[index].failures = 0
        admit(socket, from: peer, by: index)
      case .none(EAGAIN): return
      case .none(EINTR), .none(ECONNABORTED): continue
      case .none(EMFILE), .none(ENFILE), .none(ENOBUFS), .none(ENOMEM):
        // What waits would wake the poll again and again.
        isAcceptingPaused = true
        statistics.refusedConnections += 1
        return
      case .none(let number): return try noteFailure(number, index)
      }
    }
  }

  /// Keeps a connection, or lets go of it, which closes it.
  private mutating func admit(_ socket: Socket, from peer: SocketAddress, by index: Int) {
    guard isTrusted(peer.address) else {
      statistics.untrusted += 1
      return
    }
    guard connections.count < options.connectionLimit,
      connections.count(where: { $0.peer == peer.address }) < options.connectionLimitPerAgent
    else {
      statistics.refusedConnections += 1
      return
    }
    statistics.connections += 1
    let door = doors[index]
    let place = socket.localAddress ?? SocketAddress(door.endpoint.address, port: door.endpoint.port)
    let header = ReceivedHeader(.tcp, from: peer, to: place, interface: door.interface)
    connections.append(HEPConnection(socket, header: header))
  }

  /// Now and then closes the connections that nothing comes from any more, as far as they were read.
  private mutating func closeIdle() {
    let now = ContinuousClock.now
    guard now - lastSweep >= options.sweepInterval else { return }
    lastSweep = now
    isAcceptingPaused = false
    let count = connections.count
    let options = options
    connections.removeAll { !$0.isPending && $0.isIdle(at: now, options) }
    statistics.idleConnections += UInt64(count - connections.count)
  }
}

extension HEPListener {
  /// How many errors in a row mean that an endpoint is lost; single ones are told of a packet or a peer.
  private static let failureLimit = 100

  private mutating func noteFailure(_ number: Int32, _ index: Int) throws(CaptureError) {
    doors[index].failures += 1
    guard doors[index].failures >= Self.failureLimit else { return }
    let door = doors.remove(at: index)
    throw CaptureError(
      input: door.endpoint.description, lastFrame: statistics.messages, cause: CaptureError.words(of: number),
      remedy: "check the interface (ip address) and start again")
  }
}
