import Events
import Packets
import Protocols
import Testing
import Values

@testable import Tracking

@Suite struct RelayTableTests {
  @Test func `requests to allocate and refusals tell of no allocation`() throws {
    var harness = RelayHarness()
    for type: UInt16 in [0x0003, 0x0113, 0x0114, 0x0118, 0x0119, 0x0001, 0x0101, 0x0011] {
      try harness.tell(RelayHarness.message(type), isBack: false)
      try harness.tell(RelayHarness.message(type), isBack: true)
      let path = harness.path(0x4000, isBack: false)
      #expect(path == nil, "\(type)")
    }
  }

  @Test(
    arguments: [(0x0103, false), (0x0104, false), (0x0108, false), (0x0109, false), (0x0017, false)]
      + [(0x0004, true), (0x0008, true), (0x0009, true), (0x0016, true)])
  func `what nobody exchanges without an allocation tells of one, and who the client is`(
    type: UInt16, isFromClient: Bool
  ) throws {
    for isBack in [false, true] {
      var harness = RelayHarness()
      try harness.tell(RelayHarness.message(type), isBack: isBack)
      let path = harness.path(0x4000, isBack: false)
      #expect(path?.isFromClient == (isFromClient != isBack))
    }
  }

  @Test func `the relayed address stands for the client, and for the peer whom its channel is bound to`()
    throws
  {
    var harness = RelayHarness()
    try harness.allocate(2, 50_000)
    try harness.bind(0x4001, 9, 5000)
    let (out, back) = (harness.path(0x4001, isBack: false), harness.path(0x4001, isBack: true))
    let packet = try #require(out).relayed(harness.packet(at: 0, isBack: false), uncapturedLength: 0)
    #expect(packet.source == IPAddress(v4: 2) && packet.sourcePort == 50_000)
    #expect(packet.destination == IPAddress(v4: 9) && packet.destinationPort == 5000)
    let answer = try #require(back).relayed(harness.packet(at: 0, isBack: true), uncapturedLength: 0)
    #expect(answer.source == IPAddress(v4: 9) && answer.destination == IPAddress(v4: 2))
    #expect(answer.sourcePort == 5000 && answer.destinationPort == 50_000)
  }

  @Test func `another client of the relay has channels of its own`() throws {
    var harness = RelayHarness()
    try harness.allocate()
    try harness.bind(0x4001, 9)
    let none = harness.path(0x4001, isBack: false, client: 5)
    #expect(none == nil)
    try harness.tell(RelayHarness.message(0x0108), isBack: true, client: 5)
    let path = harness.path(0x4001, isBack: false, client: 5)
    #expect(RelayPath.isStandIn(try #require(path).peer.address))
  }

  @Test func `the peer of a channel is another one once it is bound anew`() throws {
    var harness = RelayHarness()
    try harness.allocate()
    try harness.bind(0x4001, 9)
    try harness.bind(0x4001, 8)
    let path = harness.path(0x4001, isBack: false)
    #expect(path?.peer.address == IPAddress(v4: 8))
  }

  @Test(arguments: [0x0000, 0x3fff, 0x5000, 0x8000, 0xffff] as [UInt16])
  func `what is no number of a channel is not bound`(channel: UInt16) throws {
    var harness = RelayHarness()
    try harness.bind(channel, 9)
    #expect(harness.relays.usage.entries == 1 && harness.relays.channelUsage.entries == 0)
  }

  @Test func `what stands for peers differs by flow and by channel`() {
    var seen: Set<IPAddress> = []
    for flow: Int64 in [1, 2, 1 << 50] {
      for channel: UInt16 in [0x4000, 0x4001, 0x4fff] {
        let end = RelayPath.standIn(channel, flowID: flow)
        #expect(RelayPath.isStandIn(end.address) && end.port == channel)
        seen.insert(end.address)
      }
    }
    #expect(seen.count == 9)
  }

  @Test func `more allocations and channels than there is room for displace the oldest`() throws {
    var harness = RelayHarness(capacity: 64)
    for client in 10..<200 as Range<UInt32> {
      let attributes: [RelayHarness.Attribute] = [
        (0x0c, [0x40, 1, 0, 0]), (0x12, RelayHarness.address(9, 5000)),
      ]
      try harness.tell(RelayHarness.message(0x0009, attributes), isBack: false, client: client)
    }
    #expect(harness.relays.usage.entries == 64 && harness.relays.channelUsage.entries == 64)
    let first = harness.path(0x4001, isBack: false, client: 10)
    let last = harness.path(0x4001, isBack: false, client: 199)
    #expect(first == nil && last != nil)
  }

  @Test func `messages with any attributes are taken without harm`() {
    var harness = RelayHarness()
    var generator = SeededGenerator(seed: 8656)
    for _ in 0..<20_000 {
      let types: [UInt16] = [0x0103, 0x0009, 0x0016, 0x0017, 0x0004]
      let attributes = (0..<Int.random(in: 0...4, using: &generator)).map { _ -> RelayHarness.Attribute in
        let type = ([0x0c, 0x12, 0x13, 0x16] as [UInt16]).randomElement(using: &generator) ?? 0
        let count = 4 * Int.random(in: 0...5, using: &generator)
        return (type, (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
      }
      var bytes = RelayHarness.message(types.randomElement(using: &generator) ?? 0, attributes)
      bytes[3] = UInt8.random(in: 0...255, using: &generator)
      guard let message = try? STUNMessage(parsing: bytes.span) else { continue }
      let packet = harness.packet(at: 0, isBack: Bool.random(using: &generator))
      harness.relays.learn(message, packet)
      _ = harness.relays.path(of: message, packet)
      _ = harness.path(UInt16.random(in: 0...UInt16.max, using: &generator), isBack: false)
    }
    #expect(harness.relays.channelUsage.entries <= 64)
  }
}

@Suite struct RelayedStreamTests {
  @Test func `the same SSRC in two channels is two streams, and none takes the place of the other`() throws {
    var harness = RelayHarness()
    try harness.allocate()
    try harness.bind(0x4001, 9)
    for part in 0..<20 as Range<UInt16> {
      let times = Double(part) * 200
      harness.talk(part * 10..<part * 10 + 10, in: 0x4001, from: times)
      harness.talk(5000 + part * 10..<5000 + part * 10 + 10, in: 0x4002, from: times + 3)
      harness.talk(part * 10..<part * 10 + 10, ssrc: 2, in: 0x4001, isBack: true, from: times + 5)
      harness.talk(part * 10..<part * 10 + 10, ssrc: 3, in: 0x4002, isBack: true, from: times + 7)
    }
    let streams = harness.finish()
    #expect(streams.count == 4 && streams.allSatisfy { $0.packets == 200 && $0.lost == 0 })
    #expect(harness.changes.isEmpty)
    let flows = harness.paths.map(\.flow)
    #expect(Set(flows).count == 1 && flows[0].lowerAddress == IPAddress(v4: 1))
    let channels = harness.paths.map(\.channel)
    #expect(channels == [0x4001, 0x4002, 0x4001, 0x4002])
  }

  @Test func `both legs of a call between two clients of a relay are streams`() throws {
    var harness = RelayHarness()
    // The clients are the hosts 1 and 5; 0.0.0.2:50000 and 0.0.0.2:50001 are relayed to them.
    try harness.allocate(2, 50_000)
    try harness.bind(0x4001, 2, 50_001)
    try harness.tell(
      RelayHarness.message(0x0103, [(0x16, RelayHarness.address(2, 50_001))]), isBack: true, client: 5)
    let attributes: [RelayHarness.Attribute] = [
      (0x0c, [0x40, 1, 0, 0]), (0x12, RelayHarness.address(2, 50_000)),
    ]
    try harness.tell(RelayHarness.message(0x0009, attributes), isBack: false, client: 5)
    for part in 0..<10 as Range<UInt16> {
      let sequences = part * 10..<part * 10 + 10
      harness.talk(sequences, in: 0x4001, from: Double(part) * 200)
      harness.talk(sequences, in: 0x4001, isBack: true, from: Double(part) * 200 + 2, client: 5)
    }
    let streams = harness.finish()
    #expect(streams.map(\.packets) == [100, 100] && streams.allSatisfy { $0.duplicates == 0 })
    #expect(streams.allSatisfy { $0.sourcePort == 50_000 && $0.destinationPort == 50_001 })
    #expect(harness.changes.isEmpty)
  }

  @Test func `packets beside a channel are no part of its streams`() throws {
    var harness = RelayHarness()
    try harness.tell(RelayHarness.message(0x0108), isBack: true)
    harness.talk(0..<20, in: 0x4001)
    harness.talkPlainly(100..<150)
    harness.talk(20..<40, in: 0x4001, from: 400)
    let streams = harness.finish()
    #expect(streams.map(\.packets) == [40, 50] && streams.map(\.isRelayed) == [true, false])
  }

  @Test func `a stream belongs to the call that names the relayed address, or that of the peer`() throws {
    var harness = RelayHarness()
    try harness.allocate(2, 50_000)
    try harness.bind(0x4001, 9, 5000)
    harness.announce(2, 50_000, isCaller: true)
    harness.announce(9, 5000, isCaller: false)
    harness.talk(0..<10, ssrc: 1, in: 0x4001)
    harness.talk(0..<10, ssrc: 2, in: 0x4001, isBack: true)
    let streams = harness.finish()
    #expect(streams.map { $0.owner?.isCaller } == [false, true])
    #expect(streams.allSatisfy { $0.isAnnounced && $0.owner?.call.serial == 7 && !$0.hasUnknownSender })
  }

  @Test
  func `of a channel whose binding was not seen the direction to the client tells the call of the other`()
    throws
  {
    var harness = RelayHarness()
    try harness.allocate(2, 50_000)
    harness.announce(2, 50_000, isCaller: true)
    harness.talk(0..<100, ssrc: 2, in: 0x4001, isBack: true)
    harness.talk(0..<100, ssrc: 1, in: 0x4001, from: 3)
    let streams = harness.finish()
    #expect(streams.map { $0.owner?.isCaller } == [true, false])
    #expect(streams.map(\.hasUnknownSender) == [true, false])
  }

  @Test func `RTCP in a channel is about the streams of that channel`() throws {
    var harness = RelayHarness()
    try harness.allocate()
    try harness.bind(0x4001, 9)
    try harness.bind(0x4002, 8)
    harness.talk(0..<100, in: 0x4001)
    harness.talk(0..<100, in: 0x4002, from: 3)
    let block: [UInt8] =
      [0, 0, 0, 1, 64, 0, 0, 5, 0, 0, 0, 99, 0, 0, 0, 80] + [UInt8](repeating: 0, count: 8)
    harness.report([0x81, 201, 0, 7, 0, 0, 0, 2] + block, in: 0x4001, isBack: true, at: 2000)
    let streams = harness.finish()
    #expect(streams.map { $0.quality().remoteLoss } == [0.05, nil])
  }

  @Test func `how a stream goes is remembered until it was collected, and no longer`() throws {
    var harness = RelayHarness()
    try harness.allocate()
    for channel in 0x4000..<0x4020 as Range<UInt16> { harness.talk(0..<10, in: channel) }
    // Too few for streams.
    for channel in 0x4100..<0x4110 as Range<UInt16> { harness.talk(0..<1, ssrc: 5, in: channel) }
    #expect(harness.streams.paths.count == 48)
    let streams = harness.finish()
    #expect(streams.count == 32 && harness.streams.paths.count == 32)
    let channels = harness.paths.map(\.channel)
    #expect(channels == Array(0x4000..<0x4020))
    harness.streams.removeEnded()
    #expect(harness.streams.paths.count == 0)
  }

  @Test func `more streams than there is room for leave nothing behind`() throws {
    var harness = RelayHarness()
    try harness.allocate()
    for channel in 0x4000..<0x4800 as Range<UInt16> {
      harness.talk(0..<UInt16(channel & 7), ssrc: UInt32(channel), in: channel)
      harness.streams.removeEnded()
      #expect(harness.streams.paths.count == harness.streams.count)
    }
    #expect(harness.streams.count == 64)
  }

  @Test func `an event tells the channel and the peer, and of an unknown peer the channel alone`() throws {
    var harness = RelayHarness()
    try harness.allocate()
    try harness.bind(0x4001, 9, 5000)
    let fields = PacketEventFields(inputNames: [], isOffline: true)
    var event = Event()
    for (channel, peer) in [(0x4001, FieldValue.ip(IPAddress(v4: 9))), (0x4002, .absent)] {
      event.reset(.rtpEnded, at: Timestamp(nanoseconds: 0), sequence: 1)
      let path = harness.path(UInt16(channel), isBack: true)
      fields.set(try #require(path), into: &event)
      #expect(event.integer(.turnChannel) == Int64(channel) && event[.turnPeerIP] == peer)
      #expect(event.integer(.turnPeerPort) == (channel == 0x4001 ? 5000 : nil))
    }
  }
}
