import Packets
import Testing
import Values

@testable import Tracking

/// Packets on both sides of an address translation.
@Suite struct NATCopiesTests {
  private static let inner = (IPAddress(v4: 0x0a00_0005), UInt16(5060))
  private static let outer = (IPAddress(v4: 0xcb00_7107), UInt16(25_060))
  private static let peer = (IPAddress(v4: 0xc000_020a), UInt16(5060))

  typealias End = (address: IPAddress, port: UInt16)

  /// What is captured, and what came of it.
  private struct Sensor: ~Copyable {
    var copies = NATCopies(capacity: 64, seed: 1)
    var time = 0.0
    var inners = [inner.0, IPAddress(v4: 0x0a00_0006)]
    var outers = [outer.0]

    /// The source and destination that a packet is given; nil of one that is left out.
    ///
    /// - Parameter timeToLive: without one, as a router makes it of what leaves and enters.
    mutating func take(
      _ source: End, _ destination: End, _ content: String, transport: TransportProtocol = .udp,
      timeToLive: UInt8? = nil, after milliseconds: Double = 0.1, _ change: (inout Packet) -> Void = { _ in }
    ) -> [IPAddress]? {
      time += milliseconds
      var packet = Packet()
      let isBehind = outers.contains(source.address) || inners.contains(destination.address)
      packet.timeToLive = timeToLive ?? (isBehind ? 63 : 64)
      packet.timestamp = Timestamp(nanoseconds: 1_000_000_000_000 + Int64(time * 1e6))
      packet.transport = transport
      (packet.source, packet.sourcePort) = source
      (packet.destination, packet.destinationPort) = destination
      change(&packet)
      let bytes = Array(content.utf8)
      guard copies.mayConcern(packet, bytes.span) else { return [packet.source, packet.destination] }
      return copies.settle(&packet, bytes.span) ? nil : [packet.source, packet.destination]
    }
  }

  /// A message that no other is like.
  private static func message(_ name: String) -> String {
    "OPTIONS sip:\(name.filter { $0 != " " })@192.0.2.10 SIP/2.0\r\nCall-ID: \(name)\r\nContent-Length: 0\r\n\r\n"
      + String(repeating: " ", count: 20)
  }

  private static func media(_ number: Int) -> String { "\u{1}\u{2}media packet number \(number)" }

  /// A request and its answer, as a router shows them.
  private static func teach(_ sensor: inout Sensor, outer: End = outer) {
    _ = sensor.take(inner, peer, message("request"))
    _ = sensor.take(outer, peer, message("request"))
    _ = sensor.take(peer, outer, message("answer"), after: 5)
    _ = sensor.take(peer, inner, message("answer"))
  }

  @Test func `once requests and answers came twice, what comes again is left out`() {
    var sensor = Sensor()
    let (inner, outer, peer) = (Self.inner, Self.outer, Self.peer)
    #expect(sensor.take(inner, peer, Self.message("a")) == [inner.0, peer.0])
    #expect(sensor.take(outer, peer, Self.message("a")) == [outer.0, peer.0])
    #expect(sensor.take(peer, outer, Self.message("b"), after: 5) == [peer.0, outer.0])
    #expect(sensor.take(peer, inner, Self.message("b")) == [peer.0, inner.0])

    #expect(sensor.take(inner, peer, Self.message("c"), after: 900) == [inner.0, peer.0])
    #expect(sensor.take(outer, peer, Self.message("c")) == nil)
    #expect(sensor.take(peer, outer, Self.message("d"), after: 5) == [peer.0, inner.0])
    #expect(sensor.take(peer, inner, Self.message("d")) == nil)
    #expect(sensor.copies.count == 2)
  }

  @Test func `a server behind a translation has the address that it sends from itself`() {
    var sensor = Sensor()
    let (inner, outer, client) = (Self.inner, Self.outer, Self.peer)
    _ = sensor.take(client, outer, Self.message("a"))
    _ = sensor.take(client, inner, Self.message("a"))
    _ = sensor.take(inner, client, Self.message("b"))
    #expect(sensor.take(outer, client, Self.message("b")) == nil)
    #expect(sensor.take(client, outer, Self.message("c")) == [client.0, inner.0])
    #expect(sensor.take(client, inner, Self.message("c")) == nil)
    #expect(sensor.take(client, inner, Self.message("c")) == nil, "a third interface")
  }

  @Test(arguments: [TransportProtocol.udp, .tcp])
  func `other flows of the same addresses are translated, too`(transport: TransportProtocol) {
    var sensor = Sensor()
    Self.teach(&sensor)
    let (inner, outer) = ((Self.inner.0, UInt16(16_000)), (Self.outer.0, UInt16(40_000)))
    let server = (IPAddress(v4: 0xc000_0263), UInt16(30_000))
    // What comes in first has the outer address first; its copy has the inner one, and is the first that stays so.
    #expect(sensor.take(server, outer, Self.media(1), transport: transport) == [server.0, outer.0])
    #expect(sensor.take(server, inner, Self.media(1), transport: transport) == [server.0, inner.0])
    for number in 2..<20 {
      #expect(sensor.take(server, outer, Self.media(number), transport: transport) == [server.0, inner.0])
      #expect(sensor.take(server, inner, Self.media(number), transport: transport) == nil)
      #expect(sensor.take(inner, server, Self.media(-number), transport: transport) == [inner.0, server.0])
      #expect(sensor.take(outer, server, Self.media(-number), transport: transport) == nil)
    }
    // Without content nothing is left out.
    #expect(sensor.take(outer, server, "", transport: transport) == [inner.0, server.0])
    #expect(sensor.take(inner, server, "", transport: transport) == [inner.0, server.0])
  }

  @Test func `an echo is no copy`() {
    var sensor = Sensor()
    Self.teach(&sensor)
    for number in 0..<5 {
      #expect(sensor.take(Self.inner, Self.peer, Self.media(number)) == [Self.inner.0, Self.peer.0])
      #expect(sensor.take(Self.outer, Self.peer, Self.media(number)) == nil)
      #expect(sensor.take(Self.peer, Self.outer, Self.media(number)) == [Self.peer.0, Self.inner.0])
      #expect(sensor.take(Self.peer, Self.inner, Self.media(number)) == nil)
    }
  }

  @Test func `who sends from two addresses without getting the same answers is no translation`() {
    var sensor = Sensor()
    for number in 0..<20 {
      for source in [Self.inner, Self.outer] {
        #expect(sensor.take(source, Self.peer, Self.message("\(number)")) == [source.0, Self.peer.0])
      }
      for target in [Self.inner, Self.outer] {
        let answer = Self.message("\(number) for \(target.1)")
        #expect(sensor.take(Self.peer, target, answer) == [Self.peer.0, target.0])
      }
    }
    #expect(sensor.copies.count == 0)
  }

  @Test(arguments: [false, true])
  func `two that get the same answers as far from their sender are no translation, ever`(swaps: Bool) {
    var sensor = Sensor()
    for number in 0..<20 {
      let ends = swaps && number % 2 == 1 ? [Self.outer, Self.inner] : [Self.inner, Self.outer]
      for (place, end) in ends.enumerated() {
        let taken = sensor.take(end, Self.peer, Self.message("\(number)"), timeToLive: 64 - UInt8(place))
        #expect(taken == [end.0, Self.peer.0])
      }
      for end in ends {
        let taken = sensor.take(Self.peer, end, Self.message("\(number) back"), timeToLive: 60)
        #expect(taken == [Self.peer.0, end.0])
      }
    }
    Self.teach(&sensor)
    #expect(sensor.copies.count == 0)
  }

  @Test func `what speaks for both is no translation`() {
    var sensor = Sensor()
    for (first, second) in [(Self.inner, Self.outer), (Self.outer, Self.inner)] {
      _ = sensor.take(first, Self.peer, Self.message("\(first)"), timeToLive: 64)
      _ = sensor.take(second, Self.peer, Self.message("\(first)"), timeToLive: 63)
    }
    Self.teach(&sensor)
    #expect(sensor.take(Self.inner, Self.peer, Self.message("later")) != nil)
    #expect(sensor.take(Self.outer, Self.peer, Self.message("later")) != nil)
  }

  @Test func `an inner address is a private one, and what is in a tunnel or is no SIP teaches nothing`() {
    let answer = String(repeating: "A", count: 100)
    var sensor = Sensor()
    for number in 0..<3 {
      _ = sensor.take(Self.inner, Self.peer, "\(answer)\(number)")
      _ = sensor.take(Self.outer, Self.peer, "\(answer)\(number)")
      _ = sensor.take(Self.peer, Self.outer, "\(answer)\(number)x")
      _ = sensor.take(Self.peer, Self.inner, "\(answer)\(number)x")
    }
    for (number, kind) in [Tunnel.Kind.vxlan, .hep].enumerated() {
      for content in ["\(number)", "\(number) more"] {
        for (from, to) in [
          (Self.inner, Self.peer), (Self.outer, Self.peer), (Self.peer, Self.outer), (Self.peer, Self.inner),
        ] {
          let message = Self.message(content + (from == Self.peer ? " back" : ""))
          _ = sensor.take(from, to, message) { $0.tunnel.kind = kind }
        }
      }
    }
    let public1 = (IPAddress(v4: 0xcb00_7108), UInt16(5060))
    sensor.inners.append(public1.0)
    for content in ["a", "b"] {
      _ = sensor.take(public1, Self.peer, Self.message(content))
      _ = sensor.take(Self.outer, Self.peer, Self.message(content))
      _ = sensor.take(Self.peer, Self.outer, Self.message(content + " back"))
      _ = sensor.take(Self.peer, public1, Self.message(content + " back"))
    }
    #expect(sensor.copies.count == 0)
  }

  @Test func `several hosts behind one address are told apart, also when one gets the port of another`() {
    var sensor = Sensor()
    let other = (IPAddress(v4: 0x0a00_0006), UInt16(5060))
    let ports: [(inner: End, outer: End)] = [
      (Self.inner, Self.outer), (other, (Self.outer.0, 25_062)), (other, Self.outer),
    ]
    for (round, port) in ports.enumerated() {
      for number in 0..<5 {
        let (request, answer) = ("\(round) \(number)", "\(round) \(number) back")
        #expect(
          sensor.take(port.inner, Self.peer, Self.message(request), after: 1000) == [
            port.inner.0, Self.peer.0,
          ])
        let copy = sensor.take(port.outer, Self.peer, Self.message(request))
        #expect(number == 0 || copy == nil)
        let first = sensor.take(Self.peer, port.outer, Self.message(answer))
        #expect(number == 0 || first == [Self.peer.0, port.inner.0])
        let second = sensor.take(Self.peer, port.inner, Self.message(answer))
        #expect(number == 0 || second == nil)
      }
    }
  }

  @Test func `a translation in use is known for longer than an hour, for new flows too`() {
    var sensor = Sensor()
    Self.teach(&sensor)
    for minute in 0..<180 {
      #expect(sensor.take(Self.inner, Self.peer, Self.message("\(minute)"), after: 60_000) != nil)
      let copy = sensor.take(Self.outer, Self.peer, Self.message("\(minute)"))
      #expect(copy == nil, "minute \(minute)")
    }
    let (inner, outer) = ((Self.inner.0, UInt16(16_000)), (Self.outer.0, UInt16(40_000)))
    #expect(sensor.take(inner, Self.peer, Self.media(1)) == [inner.0, Self.peer.0])
    #expect(sensor.take(outer, Self.peer, Self.media(1)) == nil)
  }

  @Test func `a flood of the same is no copy, and neither is what differs late`() {
    var sensor = Sensor()
    Self.teach(&sensor)
    _ = sensor.take(Self.inner, Self.peer, Self.message("x"))
    var kept = 0
    for _ in 0..<100 where sensor.take(Self.outer, Self.peer, Self.message("x"), after: 0.01) != nil {
      kept += 1
    }
    #expect(kept == 97)
    let long = Self.message("y") + String(repeating: "z", count: 2000)
    _ = sensor.take(Self.inner, Self.peer, long + "1", after: 100)
    #expect(sensor.take(Self.outer, Self.peer, long + "2") != nil)
    #expect(sensor.take(Self.outer, Self.peer, long + "1") == nil)
  }

  @Test func `any number of the same at one instant is counted`() {
    var sensor = Sensor()
    Self.teach(&sensor)
    for source in [Self.inner, Self.outer] {
      for _ in 0..<66_000 { _ = sensor.take(source, Self.peer, Self.message("x"), after: 0) }
    }
    #expect(sensor.copies.count == 66_000)
  }

  @Test func `tags are those of the inner side`() {
    var sensor = Sensor()
    let tag = { (packet: inout Packet) in (packet.outerVLAN, packet.vlanCount) = (10, 1) }
    for content in ["a", "b"] {
      _ = sensor.take(Self.inner, Self.peer, Self.message(content), tag)
      _ = sensor.take(Self.outer, Self.peer, Self.message(content))
      _ = sensor.take(Self.peer, Self.outer, Self.message(content + " back"))
      _ = sensor.take(Self.peer, Self.inner, Self.message(content + " back"), tag)
    }
    var packet = Packet()
    (packet.transport, packet.timestamp) = (.udp, Timestamp(nanoseconds: 1_000_100_000_000))
    (packet.source, packet.sourcePort) = Self.peer
    (packet.destination, packet.destinationPort) = Self.outer
    let isCopy = sensor.copies.settle(&packet, Array(Self.message("c").utf8).span)
    #expect(!isCopy && packet.destination == Self.inner.0 && packet.outerVLAN == 10 && packet.vlanCount == 1)
  }

  @Test func `the same later, at other ports of the peer or between four hosts is no copy`() {
    var sensor = Sensor()
    let other = (Self.peer.0, UInt16(5080))
    let stranger = (IPAddress(v4: 0xc633_6409), UInt16(5060))
    for number in 0..<10 {
      for (peer, pause) in [(Self.peer, 25.0), (other, 0.1), (stranger, 0.1)] {
        _ = sensor.take(Self.inner, Self.peer, Self.message("\(number) \(peer.1) \(pause)"), after: 50)
        _ = sensor.take(Self.outer, peer, Self.message("\(number) \(peer.1) \(pause)"), after: pause)
        _ = sensor.take(Self.peer, Self.outer, Self.message("\(number) back \(peer.1) \(pause)"), after: 50)
        _ = sensor.take(peer, Self.inner, Self.message("\(number) back \(peer.1) \(pause)"), after: pause)
      }
    }
    #expect(sensor.copies.count == 0)
  }

  @Test func `media alone teach nothing, and time that begins anew forgets`() {
    var sensor = Sensor()
    for number in 0..<5 {
      _ = sensor.take(Self.inner, Self.peer, Self.media(number))
      _ = sensor.take(Self.outer, Self.peer, Self.media(number))
      _ = sensor.take(Self.peer, Self.outer, Self.media(-number))
      _ = sensor.take(Self.peer, Self.inner, Self.media(-number))
    }
    #expect(sensor.copies.count == 0)
    Self.teach(&sensor)
    sensor.copies.restart()
    _ = sensor.take(Self.inner, Self.peer, Self.message("later"))
    #expect(sensor.take(Self.outer, Self.peer, Self.message("later")) == [Self.outer.0, Self.peer.0])
  }
}
