import Foundation
import Pipeline
import Rules
import TestCaptures
import Testing
import Values

/// What a TURN client and its relay exchange, through the whole line.
@Suite struct RelayedMediaTests {
  typealias Attribute = (type: Int, value: [UInt8])

  static func message(_ type: Int, _ attributes: [Attribute], cookie: Int = 0x2112_a442) -> [UInt8] {
    var body: [UInt8] = []
    for attribute in attributes {
      body += HostileFrames.big(attribute.type) + HostileFrames.big(attribute.value.count)
      body += attribute.value
      while body.count & 3 != 0 { body.append(0) }
    }
    var head = HostileFrames.big(type) + HostileFrames.big(body.count)
    head += HostileFrames.big(cookie, 4) + [UInt8](repeating: 9, count: 12)
    return head + body
  }

  /// The peer 192.0.2.`host`:5000 under the cookie.
  static func peer(_ host: UInt8) -> Attribute {
    let address: [UInt8] = [192 ^ 0x21, 0x12, 2 ^ 0xa4, host ^ 0x42]
    return (0x12, [0, 1] + HostileFrames.big(5000 ^ 0x2112) + address)
  }

  static func send(_ data: [UInt8], to host: UInt8 = 7) -> [UInt8] {
    message(0x0016, [peer(host), (0x13, data)])
  }

  static func channel(_ data: [UInt8], _ number: Int = 0x4000) -> [UInt8] {
    HostileFrames.big(number) + HostileFrames.big(data.count) + data
  }

  static func bind(_ number: Int, to host: UInt8 = 7) -> [UInt8] {
    message(0x0009, [(0x0c, HostileFrames.big(number) + [0, 0]), peer(host)])
  }

  static func rtp(_ number: Int) -> [UInt8] {
    let numbers = HostileFrames.big(number) + HostileFrames.big(number * 160, 4)
    return [0x80, 0] + numbers + [0, 0, 0, 1] + [UInt8](repeating: 0xd5, count: 160)
  }

  /// A client's datagrams to its relay.
  static func run(_ datagrams: [[UInt8]], uncaptured: Int = 0) throws -> SensorRun {
    try run(frames: datagrams.map { HostileFrames.udp($0, host: 1, to: 3478) }, uncaptured: uncaptured)
  }

  static func run(frames: [[UInt8]], uncaptured: Int = 0) throws -> SensorRun {
    var capture = CaptureBytes()
    for (number, frame) in frames.enumerated() {
      let cut = max(0, min(uncaptured, frame.count - 60))
      capture.add(
        frame: Array(frame.dropLast(cut)), at: Int64(20 * number), originalLength: frame.count)
    }
    return try SensorRun(capture, rules: .none)
  }

  /// The last event of each stream.
  static func ended(_ run: SensorRun) throws -> [[String: Any]] {
    try run.log.split(separator: 0x0a).compactMap { line in
      let event = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      let stream = event?["rtp"] as? [String: Any]
      return stream?["event"] as? String == "ended" ? event : nil
    }
  }

  @Test func `indications and channels with one peer are one stream`() throws {
    let first = (0..<20).map { Self.send(Self.rtp($0)) }
    let rest = (20..<50).map { Self.channel(Self.rtp($0), 0x4fff) }
    let events = try Self.ended(Self.run(first + [Self.bind(0x4fff)] + rest))
    #expect(events.count == 1)
    let event = try #require(events.first)
    #expect((event["rtp"] as? [String: Any])?["packets"] as? Int == 50)
    let relayed = try #require(event["turn"] as? [String: Any])
    #expect(relayed["channel"] as? Int == 0x4fff && relayed["peer_ip"] as? String == "192.0.2.7")
    #expect(event["dest_ip"] as? String == "192.0.2.9" && event["dest_port"] as? Int == 3478)
  }

  @Test(arguments: [1, 3, 4, 100, 150])
  func `packets that a snap length cut are counted with their whole length`(uncaptured: Int) throws {
    let padded = (0..<50).map { Self.channel(Self.rtp($0)) + [0, 0, 0] }
    let events = try Self.ended(Self.run([Self.bind(0x4000)] + padded, uncaptured: uncaptured))
    let stream = try #require(events.first?["rtp"] as? [String: Any])
    #expect(events.count == 1 && stream["packets"] as? Int == 50 && stream["bytes"] as? Int == 8000)
  }

  @Test func `one level is read, and what is inside of it is not`() throws {
    let nested: [([UInt8]) -> [UInt8]] = [
      { Self.send(Self.send($0)) }, { Self.send(Self.channel($0)) }, { Self.channel(Self.send($0)) },
      { Self.channel(Self.channel($0)) },
      { data in (0..<8).reduce(data) { inner, _ in Self.send(inner) } },
      { data in (0..<300).reduce(data) { inner, _ in Self.channel(inner) } },
    ]
    for wrap in nested {
      let run = try Self.run([Self.bind(0x4000)] + (0..<50).map { wrap(Self.rtp($0)) })
      #expect(run.report["rtp.streams"] == 0)
    }
  }

  @Test func `what is bound inside of a relay's data is not bound`() throws {
    let inner = Self.send(Self.bind(0x4001, to: 8))
    let run = try Self.run([Self.bind(0x4000), inner] + (0..<9).map { Self.channel(Self.rtp($0), 0x4001) })
    let relayed = try #require(Self.ended(run).first?["turn"] as? [String: Any])
    #expect(relayed["channel"] as? Int == 0x4001 && relayed["peer_ip"] == nil)
    #expect(run.report["turn.allocations.active"] == 1 && run.report["turn.channels.active"] == 1)
  }

  @Test func `on a flow without an allocation only RTP makes a channel one`() throws {
    let report: [UInt8] = [0x80, 201, 0, 1, 0, 0, 0, 1]
    let check = Self.message(0x0001, [(0x06, [0x61, 0x3a, 0x62, 0x63])])
    let before = (0..<10).flatMap { _ in [Self.channel(report), Self.channel(check)] }
    let none = try Self.run(before)
    #expect(none.report["rtcp.packets"] == 0 && none.report["stun.messages"] == 0)
    #expect(none.report["turn.allocations.active"] == 0)
    let all = try Self.run(before + (0..<9).map { Self.channel(Self.rtp($0)) } + before)
    #expect(all.report["rtcp.packets"] == 10 && all.report["stun.messages"] == 10)
    #expect(all.report["rtp.streams"] == 1 && all.report["turn.allocations.active"] == 1)
  }

  @Test func `an indication without the cookie of TURN, or without a peer, relays nothing`() throws {
    let datagrams = (0..<50).flatMap {
      [
        Self.message(0x0016, [Self.peer(7), (0x13, Self.rtp($0))], cookie: 7),
        Self.message(0x0016, [(0x13, Self.rtp($0))]),
        Self.message(0x0011, [Self.peer(7), (0x13, Self.rtp($0))]),
      ]
    }
    #expect(try Self.run(datagrams).report["rtp.streams"] == 0)
  }

  @Test func `every cut of what is relayed is taken without harm`() throws {
    let whole = [
      Self.send(Self.rtp(1)), Self.channel(Self.rtp(1)), Self.bind(0x4000),
      Self.channel(Self.message(0x0001, [])), Self.channel([0x80, 201, 0, 1, 0, 0, 0, 1]),
    ]
    let cuts = whole.flatMap { bytes in (1..<bytes.count).map { Array(bytes.prefix($0)) } }
    let run = try Self.run([Self.bind(0x4000)] + cuts)
    #expect(run.report["rtp.streams"] == 0)
  }

  @Test func `flows with damaged relays' messages find no streams out of noise`() throws {
    var random = SplitMix(state: 8656)
    let frames = (0..<20_000).map { number -> [UInt8] in
      let host = 1 + random.below(8)
      var bytes =
        switch random.below(5) {
        case 0: Self.bind(0x4000 + random.below(3), to: UInt8(random.below(4)))
        case 1: Self.send(Self.rtp(number), to: UInt8(random.below(4)))
        case 2: Self.channel(Self.message(0x0017, [Self.peer(1), (0x13, Self.rtp(number))]))
        default: Self.channel(Self.rtp(number), 0x4000 + random.below(3))
        }
      for _ in 0..<random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      if random.below(8) == 0 { bytes.removeLast(random.below(bytes.count)) }
      return HostileFrames.udp(bytes, host: host, isAnswer: random.below(2) == 0, to: 3478)
    }
    let run = try Self.run(frames: frames)
    #expect(run.report["decoder.pkts"] == 20_000)
    for line in run.log.split(separator: 0x0a) {
      #expect((try? JSONSerialization.jsonObject(with: Data(line))) != nil)
    }
  }
}
