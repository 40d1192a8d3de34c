internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Bounds how many TLS handshakes are read at a time: a new one takes the place of the oldest.
struct HandshakeRing {
  /// With two messages and two records of 16 KiB a handshake this is 64 MiB at the very most.
  static let capacity = 1024

  private var streams: [Int] = []
  private var next = 0
  /// Handshakes that were given up for a newer one.
  var evictions: UInt64 = 0

  /// Takes a place for a stream's handshake, and says which stream had it before.
  mutating func take(for stream: Int) -> (place: Int, former: Int?) {
    let place = next
    next = (next + 1) % Self.capacity
    guard streams.count == Self.capacity else {
      streams.append(stream)
      return (place, nil)
    }
    let former = streams[place]
    streams[place] = stream
    return (place, former)
  }
}

/// Reads the handshakes of TLS connections.
extension MessageStage {
  /// The handshakes that are being read, with their bytes.
  var handshakeUsage: TableUsage {
    let connections = streams.compactMap(\.tls)
    return TableUsage(
      entries: connections.count, limit: HandshakeRing.capacity,
      bytes: connections.reduce(0) { $0 + $1.byteCount }, evictions: handshakes.evictions)
  }

  /// What streams keep of messages that are not complete.
  var streamUsage: TableUsage {
    TableUsage(
      entries: streams.count { $0.bufferedByteCount > 0 }, bytes: budget.bytes, byteLimit: budget.limit,
      evictions: budget.evictions)
  }

  /// Whether a direction's first bytes are those of TLS; then the connection is made ready to be read.
  mutating func beginsTLS(
    _ bytes: Bytes, _ half: inout StreamReader.Half, _ stream: Int, _ packet: borrowing Packet
  ) -> Bool {
    guard half.head.isEmpty, TLSHandshakeAssembler.isPlausibleStart(bytes) else {
      return false
    }
    half.mode = .tls
    if streams[stream].tls == nil { addHandshake(to: stream) }
    if let match = flows.find(packet) { flows.classify(stream: bytes, match) }
    return true
  }

  /// Reads on; a direction that has nothing more to tell is passed over from then on.
  mutating func readTLS(
    _ bytes: Bytes, _ half: inout StreamReader.Half, _ stream: Int, _ direction: TCPDirection,
    _ packet: borrowing Packet
  ) {
    half.mode = .ignored
    guard var connection = streams[stream].tls.take() else { return }
    switch connection.feed(bytes, isForward: direction == .forward) {
    case .needsMore:
      half.mode = .tls
      streams[stream].tls = connection
    case .complete:
      let isFromClient = connection.isClientForward == (direction == .forward)
      media.raise(connection, packet, isFromClient: isFromClient, &flows, &events)
      if let match = flows.find(packet) { flows.beginEncrypted(match, isForSIP: connection.isForSIP) }
    case .over: break
    }
  }

  private mutating func addHandshake(to stream: Int) {
    let (place, former) = handshakes.take(for: stream)
    if let former, former != stream, streams[former].tlsPlace == place, streams[former].tls != nil {
      streams[former].tls = nil
      handshakes.evictions &+= 1
    }
    streams[stream].tls = TLSConnection()
    streams[stream].tlsPlace = place
  }
}
