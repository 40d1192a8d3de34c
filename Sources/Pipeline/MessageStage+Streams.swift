internal import Packets
internal import Protocols
internal import Tracking
internal import Values

/// Reads SIP from TCP connections, bare (RFC 3261 §18.3) or in WebSockets (RFC 7118).
extension MessageStage: TCPStreamVisitor {
  mutating func visitStart(stream: Int, isMidstream: Bool, packet: borrowing Packet) {
    while streams.count <= stream { streams.append(StreamReader()) }
    forget(stream)
  }

  mutating func visit(
    _ bytes: Bytes, stream: Int, direction: TCPDirection, packet: borrowing Packet
  ) {
    var half = streams[stream].take(direction)
    let before = half.bufferedByteCount
    let isTLS = half.mode == .beginning ? beginsTLS(bytes, &half, stream, packet) : half.mode == .tls
    if isTLS {
      readTLS(bytes, &half, stream, direction, packet)
    } else {
      read(bytes, &half, packet)
    }
    budget.change(from: before, to: half.bufferedByteCount)
    streams[stream][direction] = half
    streams[stream].isFed = true
    if budget.isExceeded { budget.shed(&streams) }
  }

  /// Empties the place of a stream that is over.
  private mutating func forget(_ stream: Int) {
    budget.change(from: streams[stream].bufferedByteCount, to: 0)
    streams[stream].reset()
  }

  mutating func visitGap(
    byteCount: Int, stream: Int, direction: TCPDirection, packet: borrowing Packet
  ) {
    let match = flows.find(packet)
    let packet = copy packet
    var half = streams[stream].take(direction)
    let before = half.bufferedByteCount
    switch half.mode {
    case .beginning, .sip:
      half.mode = .sip
      half.head = []
      half.sip.gap(byteCount: byteCount) { message, note in
        process(message, packet, match, Carriage(transport: "tcp", isStream: true, note: note))
      }
      if half.sip.verdict == .sip { raise(.gap, byteCount: byteCount, packet, match) }
    case .webSocket:
      half.webSocket.gap(byteCount: byteCount)
      raise(.gap, byteCount: byteCount, packet, match)
    case .tls: half.mode = .ignored
    case .hep: half.hep = HEPStreamFramer()
    case .ignored: break
    }
    budget.change(from: before, to: half.bufferedByteCount)
    streams[stream][direction] = half
  }

  borrowing func comparesCopies(stream: Int, direction: TCPDirection) -> Bool {
    switch direction == .forward ? streams[stream].forward.mode : streams[stream].backward.mode {
    case .beginning, .sip, .webSocket, .hep: true
    case .tls, .ignored: false
    }
  }

  mutating func visitConflict(
    byteCount: Int, stream: Int, direction: TCPDirection, packet: borrowing Packet
  ) {
    raise(.overlapConflict, byteCount: byteCount, packet, flows.find(packet))
  }

  mutating func visitEnd(stream: Int, reason: TCPCloseReason) {
    for direction in [TCPDirection.forward, .backward] {
      var half = streams[stream].take(direction)
      budget.change(from: half.bufferedByteCount, to: 0)
      guard let packet = half.unfinished else { continue }
      let match = flows.find(packet)
      half.sip.finish { message, note in
        process(message, packet, match, Carriage(transport: "tcp", isStream: true, note: note))
      }
    }
    forget(stream)
  }

  private mutating func read(
    _ bytes: Bytes, _ half: inout StreamReader.Half, _ packet: borrowing Packet
  ) {
    switch half.mode {
    case .tls, .ignored: return
    case .beginning: begin(bytes, &half, packet)
    case .sip: readSIP(bytes, &half, packet)
    case .webSocket: readWebSocket(bytes, &half, packet)
    case .hep: readHEP(bytes, &half, packet)
    }
  }

  private static let magicOfHEP = Array("HEP3".utf8)

  /// The first bytes of a direction decide: mirrored packets, an upgrade to a WebSocket, or whatever the
  /// framer finds.
  private mutating func begin(
    _ bytes: Bytes, _ half: inout StreamReader.Half, _ packet: borrowing Packet
  ) {
    let known = half.head.count
    for index in bytes.indices { half.head.append(bytes[index]) }
    guard WebSocketHandshake.mayBeDecided(half.head.span, from: known) else { return }
    let head = half.head
    if head.count < Self.magicOfHEP.count, Self.magicOfHEP.starts(with: head) { return }
    if head.starts(with: Self.magicOfHEP) {
      half.mode = .hep
      half.head = []
      return readHEP(head.span, &half, packet)
    }
    switch WebSocketHandshake(head.span) {
    case .incomplete: return
    case .other:
      half.mode = .sip
      half.head = []
      readSIP(head.span, &half, packet)
      if half.sip.verdict == .notSIP, let match = flows.find(packet) {
        flows.classify(stream: head.span, match)
      }
    case .upgrade(let length, _, let isSIP):
      half.mode = isSIP ? .webSocket : .ignored
      half.head = []
      if isSIP { readWebSocket(head.span.extracting(length...), &half, packet) }
    }
  }

  private mutating func readSIP(
    _ bytes: Bytes, _ half: inout StreamReader.Half, _ packet: borrowing Packet
  ) {
    let match = flows.find(packet)
    let packet = copy packet
    half.sip.feed(bytes) { message, note in
      process(message, packet, match, Carriage(transport: "tcp", isStream: true, note: note))
    }
    half.unfinished = half.sip.bufferedByteCount > 0 ? packet : nil
    if half.sip.verdict == .notSIP { half.mode = .ignored }
  }

  /// Each WebSocket message is one SIP message with a border of its own (RFC 7118 §5).
  private mutating func readWebSocket(
    _ bytes: Bytes, _ half: inout StreamReader.Half, _ packet: borrowing Packet
  ) {
    let match = flows.find(packet)
    let packet = copy packet
    half.webSocket.feed(bytes) { message, _ in
      process(message, packet, match, Carriage(transport: "ws"))
    }
    if half.webSocket.isClosed { half.mode = .ignored }
  }

  /// Packets that a SIP server or an agent mirrors wait until the stage that reads packets is free.
  private mutating func readHEP(
    _ bytes: Bytes, _ half: inout StreamReader.Half, _ packet: borrowing Packet
  ) {
    if let match = flows.find(packet) { flows.setAppProtocol(.hep, of: match.number) }
    var offset = 0
    while let range = half.hep.next(in: bytes, from: &offset) {
      let message = half.hep.buffer
      mirrored.append(message.span.extracting(range.range), carrier: packet)
    }
  }
}
