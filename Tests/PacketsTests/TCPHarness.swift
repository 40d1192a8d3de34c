import Packets
import Values

/// Everything that a reassembler tells, in a form that compares easily.
enum TCPEvent: Equatable, Sendable {
  case start(Int, isMidstream: Bool)
  case data(Int, TCPDirection, [UInt8])
  case gap(Int, TCPDirection, Int)
  case conflict(Int, TCPDirection, Int)
  case end(Int, TCPCloseReason)
}

/// Keeps the events, with the data of neighbouring visits joined.
struct TCPCollector: TCPStreamVisitor {
  var events: [TCPEvent] = []
  var times: [Int64] = []
  /// Whether what is given is compared with what comes again.
  var comparesCopies = true

  borrowing func comparesCopies(stream: Int, direction: TCPDirection) -> Bool { comparesCopies }

  mutating func visitStart(stream: Int, isMidstream: Bool, packet: borrowing Packet) {
    events.append(.start(stream, isMidstream: isMidstream))
  }

  mutating func visit(_ bytes: Bytes, stream: Int, direction: TCPDirection, packet: borrowing Packet) {
    times.append(packet.timestamp.nanoseconds)
    let copied = Array(copying: bytes)
    if case .data(stream, direction, let before) = events.last {
      events[events.count - 1] = .data(stream, direction, before + copied)
    } else {
      events.append(.data(stream, direction, copied))
    }
  }

  mutating func visitGap(byteCount: Int, stream: Int, direction: TCPDirection, packet: borrowing Packet) {
    events.append(.gap(stream, direction, byteCount))
  }

  mutating func visitConflict(
    byteCount: Int, stream: Int, direction: TCPDirection, packet: borrowing Packet
  ) {
    events.append(.conflict(stream, direction, byteCount))
  }

  mutating func visitEnd(stream: Int, reason: TCPCloseReason) {
    events.append(.end(stream, reason))
  }

  /// All data of a direction, whatever stream, gaps left out.
  func data(_ direction: TCPDirection) -> [UInt8] {
    events.flatMap { event -> [UInt8] in
      if case .data(_, direction, let bytes) = event { return bytes }
      return []
    }
  }

  var gaps: [Int] {
    events.compactMap { event in
      if case .gap(_, _, let count) = event { return count }
      return nil
    }
  }

  var conflicts: [Int] {
    events.compactMap { event in
      if case .conflict(_, _, let count) = event { return count }
      return nil
    }
  }

  var ends: [TCPCloseReason] {
    events.compactMap { event in
      if case .end(_, let reason) = event { return reason }
      return nil
    }
  }
}

/// Sends segments between two hosts.
struct TCPHarness {
  var reassembler: TCPReassembler
  var collector = TCPCollector()
  var milliseconds: Int64 = 0
  /// The client's port, to make several connections.
  var clientPort: UInt16 = 40_000

  init(limits: TCPLimits = TCPLimits()) {
    reassembler = TCPReassembler(limits: limits, seed: 5)
  }

  /// A segment from the client (forward) or the server (backward), one millisecond after the last one.
  mutating func send(
    _ direction: TCPDirection, _ sequence: UInt32, _ text: String = "", _ flags: TCPFlags = [],
    acknowledging number: UInt32? = nil, uncaptured: Int = 0
  ) {
    send(direction, sequence, Array(text.utf8), flags, acknowledging: number, uncaptured: uncaptured)
  }

  mutating func send(
    _ direction: TCPDirection, _ sequence: UInt32, _ bytes: [UInt8], _ flags: TCPFlags = [],
    acknowledging number: UInt32? = nil, uncaptured: Int = 0
  ) {
    milliseconds += 1
    var packet = Packet()
    packet.timestamp = Timestamp(nanoseconds: milliseconds * 1_000_000)
    packet.ipVersion = 4
    packet.transport = .tcp
    let client = IPAddress(v4: 0x0a00_0001)
    let server = IPAddress(v4: 0x0a00_0002)
    packet.source = direction == .forward ? client : server
    packet.destination = direction == .forward ? server : client
    packet.sourcePort = direction == .forward ? clientPort : 5060
    packet.destinationPort = direction == .forward ? 5060 : clientPort
    packet.tcpSequence = sequence
    packet.tcpAcknowledgement = number ?? 0
    packet.tcpFlags = number == nil ? flags : flags.union(.ack)
    packet.uncapturedLength = uncaptured
    reassembler.process(packet, payload: bytes.span, visitor: &collector)
  }

  /// A handshake with initial sequence numbers 99 and 499, so that data begins at 100 and 500.
  mutating func connect() {
    send(.forward, 99, "", .syn)
    send(.backward, 499, "", .syn, acknowledging: 100)
    send(.forward, 100, "", [], acknowledging: 500)
  }

  mutating func flush() {
    reassembler.flush(visitor: &collector)
  }
}
