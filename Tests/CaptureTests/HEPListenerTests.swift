import Packets
import TestCaptures
import Testing
import Values

@testable import Capture

/// Keeps the messages that listeners give.
private struct MessageCollector: FrameVisitor {
  var messages: [[UInt8]] = []
  var headers: [ReceivedHeader] = []

  mutating func visit(_ frame: Bytes, _ header: FrameHeader) {
    Issue.record("a listener gave a frame")
  }

  mutating func visit(received message: Bytes, _ header: ReceivedHeader) {
    var bytes: [UInt8] = []
    for index in message.indices { bytes.append(message[index]) }
    messages.append(bytes)
    headers.append(header)
  }
}

@Suite(.serialized) struct HEPListenerTests {
  private let port: UInt16

  init() throws {
    port = try TestSocket.freePort()
  }

  private func options(_ places: String...) throws -> LiveCaptureOptions {
    var options = LiveCaptureOptions(interfaces: [])
    options.hep.endpoints = try places.map { try HEPEndpoint("\($0):\(port)") }
    return options
  }

  /// Reads until a condition is met, some seconds at the most.
  private func read(
    _ capture: inout LiveCapture, upTo limit: Int = 64, into collector: inout MessageCollector,
    until condition: (MessageCollector, HEPStatistics) -> Bool
  ) throws {
    for _ in 0..<100 {
      if condition(collector, capture.statistics.hep) { return }
      _ = try capture.read(upTo: limit, visitor: &collector)
    }
    Issue.record("\(collector.messages.count) messages, \(capture.statistics.hep)")
  }

  private static func message(_ number: Int) -> [UInt8] {
    Mirrored.message(Array("OPTIONS sip:\(number) SIP/2.0\r\n\r\n".utf8))
  }

  @Test func `datagrams come with their addresses and time, and what is no HEP is counted`() throws {
    var capture = try LiveCapture(options("udp:0.0.0.0"), stop: StopFlag())
    #expect(capture.inputNames == ["udp:0.0.0.0:\(port)"])
    let before = Timestamp.now
    let sender = try TestSocket.datagrams(to: port, from: "127.0.0.7")
    sender.send(Self.message(1))
    for bad in [[], [0x48], Array("OPTIONS sip:a SIP/2.0\r\n\r\n".utf8), [1, 17, 2, 17, 0, 0, 0, 0]] {
      sender.send(bad)
    }
    sender.send(Self.message(2))
    var collector = MessageCollector()
    try read(&capture, into: &collector) { $0.messages.count == 2 && $1.rejected == 4 }
    #expect(collector.messages == [Self.message(1), Self.message(2)])
    #expect(collector.headers.map(\.number) == [1, 2])
    for header in collector.headers {
      #expect(header.source == IPAddress("127.0.0.7"))
      #expect(header.destination == IPAddress("127.0.0.1"))
      #expect(header.destinationPort == port)
      #expect(header.sourcePort > 0)
      #expect(header.transport == .udp)
      #expect(header.timestamp >= before && header.timestamp <= .now)
    }
    let statistics = capture.statistics
    #expect(statistics.hep.messages == 2)
    #expect(statistics.hep.bytes == UInt64(Self.message(1).count + Self.message(2).count))
    #expect(statistics.received == 0)
  }

  @Test func `a connection is read in pieces, and closed at the first byte that is no HEP`() throws {
    var capture = try LiveCapture(options("tcp:127.0.0.1"), stop: StopFlag())
    let agent = try TestSocket.stream(to: port, from: "127.0.0.9")
    var collector = MessageCollector()
    let stream = Self.message(1) + Self.message(2)
    for (index, byte) in stream.enumerated() {
      agent.send([byte])
      if index % 50 == 0 { _ = try capture.read(upTo: 64, visitor: &collector) }
    }
    agent.send(Self.message(3) + Array("garbage".utf8) + Self.message(4))
    try read(&capture, into: &collector) { $1.brokenConnections == 1 }
    #expect(agent.waitsForClose())
    #expect(collector.messages == [Self.message(1), Self.message(2), Self.message(3)])
    #expect(collector.headers.allSatisfy { $0.source == IPAddress("127.0.0.9") && $0.transport == .tcp })
    #expect(capture.statistics.hep.connections == 1)
  }

  @Test func `messages before the end of a connection are given, and an end within one is counted`() throws {
    var capture = try LiveCapture(options("tcp:127.0.0.1"), stop: StopFlag())
    var collector = MessageCollector()
    try TestSocket.stream(to: port).send(Self.message(1))
    try read(&capture, into: &collector) { $0.messages.count == 1 && $1.connections == 1 }
    try TestSocket.stream(to: port).send(Array(Self.message(2).dropLast()))
    try read(&capture, into: &collector) { $1.brokenConnections == 1 }
    #expect(collector.messages == [Self.message(1)])
  }

  @Test func `no read gives more than its limit, and every connection has its turn`() throws {
    var capture = try LiveCapture(options("tcp:127.0.0.1", "udp:127.0.0.1"), stop: StopFlag())
    let busy = try TestSocket.stream(to: port)
    busy.send((0..<200).flatMap { Self.message($0) })
    let quiet = try TestSocket.stream(to: port)
    quiet.send(Self.message(1000))
    let datagrams = try TestSocket.datagrams(to: port)
    for number in 2000..<2100 { datagrams.send(Self.message(number)) }
    var collector = MessageCollector()
    var reads = 0
    while collector.messages.count < 301, reads < 400 {
      let before = collector.messages.count
      _ = try capture.read(upTo: 8, visitor: &collector)
      #expect(collector.messages.count - before <= 8)
      reads += 1
    }
    #expect(collector.messages.count == 301)
    let place = try #require(collector.messages.firstIndex(of: Self.message(1000)))
    #expect(place < 100)
    #expect(collector.messages.filter { $0 == Self.message(199) }.count == 1)
    #expect(collector.headers.map(\.number) == Array(1...301))
  }

  @Test func `only trusted agents are heard`() throws {
    var options = try options("tcp:127.0.0.1", "udp:127.0.0.1")
    options.hep.agents = [try #require(IPNetwork("10.0.0.0/8")), try #require(IPNetwork("127.0.0.2"))]
    var capture = try LiveCapture(options, stop: StopFlag())
    var collector = MessageCollector()
    let stranger = try TestSocket.stream(to: port, from: "127.0.0.1")
    try TestSocket.datagrams(to: port, from: "127.0.0.1").send(Self.message(1))
    try read(&capture, into: &collector) { $1.untrusted == 2 }
    #expect(stranger.waitsForClose())
    try TestSocket.datagrams(to: port, from: "127.0.0.2").send(Self.message(2))
    let agent = try TestSocket.stream(to: port, from: "127.0.0.2")
    agent.send(Self.message(3))
    try read(&capture, into: &collector) { collected, _ in collected.messages.count == 2 }
    #expect(Set(collector.messages) == [Self.message(2), Self.message(3)])
    #expect(capture.statistics.hep.connections == 1)
  }

  @Test func `one address cannot take all connections, all together no more than the limit`() throws {
    var options = try options("tcp:127.0.0.1")
    options.hep.connectionLimit = 4
    options.hep.connectionLimitPerAgent = 3
    var capture = try LiveCapture(options, stop: StopFlag())
    var collector = MessageCollector()
    let first = try (0..<5).map { _ in try TestSocket.stream(to: port, from: "127.0.0.1") }
    try read(&capture, into: &collector) { $1.connections == 3 && $1.refusedConnections == 2 }
    let others = try (0..<2).map { _ in try TestSocket.stream(to: port, from: "127.0.0.2") }
    try read(&capture, into: &collector) { $1.connections == 4 && $1.refusedConnections == 3 }
    #expect(first[4].waitsForClose() && others[1].waitsForClose())
    others[0].send(Self.message(1))
    try read(&capture, into: &collector) { collected, _ in collected.messages.count == 1 }
  }

  @Test func `a silent connection ends after an hour, one within a message after half a minute`() throws {
    let options = try options("tcp:127.0.0.1").hep
    let door = try Socket.listening(on: options.endpoints[0], bufferSize: 0)
    let agent = try TestSocket.stream(to: port)
    guard case .connection(let socket, let peer) = door.accept() else {
      Issue.record("no connection")
      return
    }
    let header = ReceivedHeader(.tcp, from: peer, to: peer, interface: 0)
    let connection = HEPConnection(socket, header: header)
    var collector = MessageCollector()
    var statistics = HEPStatistics()
    var number: UInt64 = 0
    for (part, isSlow) in [(Self.message(1), false), ([0x48], true)] {
      agent.send(part)
      let outcome = connection.read(
        upTo: 9, number: &number, counting: &statistics, visitor: &collector)
      #expect(outcome == .open)
      #expect(connection.isIdle(at: .now + .seconds(31), options) == isSlow)
      #expect(!connection.isIdle(at: .now + .seconds(20), options))
      #expect(connection.isIdle(at: .now + .seconds(3601), options))
    }
    #expect(collector.messages.count == 1)
  }

  @Test func `a connection that takes too long is closed, one whose messages wait for their turn is not`()
    throws
  {
    var options = try options("tcp:127.0.0.1")
    options.hep.sweepInterval = .zero
    options.hep.messageTimeout = .zero
    var capture = try LiveCapture(options, stop: StopFlag())
    var collector = MessageCollector()
    let agents = try (0..<3).map { _ in try TestSocket.stream(to: port) }
    try read(&capture, into: &collector) { $1.connections == 3 }
    for agent in agents { agent.send(Self.message(1) + Self.message(2)) }
    agents[1].send([0x48])
    try read(&capture, upTo: 1, into: &collector) { $1.idleConnections == 1 }
    #expect(agents[1].waitsForClose())
    try read(&capture, upTo: 1, into: &collector) { collected, _ in collected.messages.count == 6 }
    agents[0].send(Self.message(3))
    try read(&capture, into: &collector) { collected, _ in collected.messages.last == Self.message(3) }
    #expect(capture.statistics.hep.idleConnections == 1)
  }

  @Test func `datagrams that the kernel drops are counted`() throws {
    var options = try options("udp:127.0.0.1")
    options.hep.bufferSize = 4096
    var capture = try LiveCapture(options, stop: StopFlag())
    let sender = try TestSocket.datagrams(to: port)
    for number in 0..<500 { sender.send(Self.message(number)) }
    var collector = MessageCollector()
    while try capture.read(upTo: 64, visitor: &collector) == .more {}
    // The kernel tells with the next datagram.
    sender.send(Self.message(500))
    try read(&capture, into: &collector) { collected, _ in collected.messages.last == Self.message(500) }
    let statistics = capture.statistics.hep
    #expect(statistics.droppedByKernel > 0)
    #expect(statistics.messages + statistics.droppedByKernel == 501)
  }

  @Test func `an endpoint that cannot be opened is named with what to do`() throws {
    var options = try options("udp:127.0.0.1")
    let first = try LiveCapture(options, stop: StopFlag())
    #expect(first.inputNames.count == 1)
    #expect(
      refusal(options)?.description == """
        udp:127.0.0.1:\(port): Address already in use; stop what listens there (ss -lnp 'sport = :\(port)'), \
        name it once only, or choose another port
        """)
    options.hep.endpoints = [try HEPEndpoint("tcp:192.0.2.1:\(port)")]
    #expect(
      refusal(options)?.description == """
        tcp:192.0.2.1:\(port): Cannot assign requested address; choose an address of this machine \
        (ip address), or 0.0.0.0 or [::] for all
        """)
  }

  private func refusal(_ options: LiveCaptureOptions) -> CaptureError? {
    do throws(CaptureError) {
      let capture = try LiveCapture(options, stop: StopFlag())
      Issue.record("\(capture.inputNames) was opened")
      return nil
    } catch {
      #expect(error.lastFrame == nil)
      return error
    }
  }

  @Test func `listening ends when it is told to`() throws {
    let stop = StopFlag()
    var capture = try LiveCapture(options("udp:127.0.0.1"), stop: stop)
    capture.timeoutMilliseconds = 1
    var collector = MessageCollector()
    #expect(try capture.read(upTo: 8, visitor: &collector) == .idle)
    stop.raise()
    #expect(try capture.read(upTo: 8, visitor: &collector) == .ended)
  }
}
